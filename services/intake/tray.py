"""Papers that wait in a tray: each finds its dossier, or, as a back-file, opens one."""

import hashlib
import logging
import tempfile
from dataclasses import replace
from typing import BinaryIO, cast
from uuid import UUID, uuid4

from services.intake.add_papers import Addition, Placed, announce_papers, check_components, in_line
from services.intake.dossiers import Act, Application, Dossier, Paper, PaperState
from services.intake.draft import Draft
from services.intake.once import Once, Outcome
from services.intake.open_dossier import Form, check, enter, store_form
from services.intake.ports import Answer, Desk, Entries
from services.intake.rejections import Reason, Rejected
from shared.errors import HosoError, ObjectMissing, Unavailable
from shared.object_store import ObjectStore, original_name
from shared.topics import Lane

SPOOL_BYTES = 1024 * 1024
log = logging.getLogger(__name__)


def attach(
    desk: Desk, paper_id: UUID, dossier_id: UUID, *, component: str | None, act: Act, once: Once[Addition]
) -> Outcome[Addition]:
    """Move a paper from its tray into a dossier, where its processing begins."""
    earlier = once.earlier()
    if earlier is not None:
        return Outcome(earlier, None)
    waiting = _waiting(desk, paper_id)
    paper = _placed(waiting, dossier_id, component)
    with desk.ledger.reading() as entries:
        check_components(entries.components(dossier_id), [paper])
    # no draft: who loses against another clerk must not delete what that clerk copied to the same place
    _copy(desk, waiting, paper)
    outcome = once.run(lambda entries: _enter(entries, dossier_id, paper, act=act), act.at)
    _let_go(desk.store, waiting)
    return outcome


def open_back_file(
    desk: Desk,
    paper_id: UUID,
    application: Application,
    form: Form,
    *,
    component: str | None,
    act: Act,
    once: Once[Dossier],
) -> Answer:
    """Open a dossier for a paper of the bulk lane and move the paper into it."""
    earlier = once.earlier()
    if earlier is not None:
        return earlier
    waiting = _waiting(desk, paper_id)
    paper = _placed(waiting, uuid4(), component)
    _check_back_file(paper, application)
    check(desk, application)
    with Draft(desk.store) as draft:
        store_form(draft, paper.kept_under, form)
        _copy(desk, waiting, paper)
        outcome = once.run(lambda entries: _open(entries, paper, application, form=form, act=act), act.at)
        if outcome.result is not None:
            draft.keep_all()
    _let_go(desk.store, waiting)
    return outcome.answer


def _waiting(desk: Desk, paper_id: UUID) -> Paper:
    with desk.ledger.reading() as entries:
        paper = entries.paper(paper_id)
    if paper.state is not PaperState.WAITING:
        raise Rejected(Reason.NOT_IN_TRAY)
    return paper


def _check_back_file(paper: Paper, application: Application) -> None:
    if paper.lane is not Lane.BULK:
        raise Rejected(Reason.NOT_A_BACK_FILE)
    check_components({component.code for component in application.components}, [paper])


def _placed(waiting: Paper, dossier_id: UUID, component: str | None) -> Paper:
    return replace(
        waiting,
        dossier_id=dossier_id,
        kept_under=dossier_id,
        component_code=component,
        state=PaperState.ACCEPTED,
    )


def _copy(desk: Desk, source: Paper, target: Paper) -> None:
    try:
        copy_original(desk.store, source, target)
    except ObjectMissing:
        _waiting(desk, source.id)  # somebody else attached it meanwhile: say that instead
        raise


def copy_original(store: ObjectStore, source: Paper, target: Paper) -> None:
    """Copy an original, and read the copy back; raises ``HosoError`` where its bytes are not the paper's."""
    name = original_name(source.id)
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
        with store.open(source.kept_under, name) as chunks:
            for chunk in chunks:
                spool.write(chunk)
        spool.seek(0)
        content = cast("BinaryIO", spool)
        store.put(target.kept_under, name, content, size_bytes=source.size_bytes, media_type=source.media_type)
    digest = hashlib.sha256()
    with store.open(target.kept_under, name) as chunks:
        for chunk in chunks:
            digest.update(chunk)
    if digest.hexdigest() != source.sha256:
        raise HosoError("an original in the store is not what was handed in", reason="original-damaged")


def _enter(entries: Entries, dossier_id: UUID, paper: Paper, *, act: Act) -> Addition:
    dossier = entries.lock(dossier_id)
    for twin in entries.twins(dossier_id, [paper.sha256]):
        entries.remove_waiting(paper.id)
        return Addition(dossier, [Placed(twin, duplicate=True)])
    return Addition(_join(entries, dossier, paper, act=act), [Placed(paper, duplicate=False)])


def _open(entries: Entries, paper: Paper, application: Application, *, form: Form, act: Act) -> Dossier:
    dossier = enter(entries, paper.kept_under, application, form=form, act=act)
    return _join(entries, dossier, paper, act=act)


def _join(entries: Entries, dossier: Dossier, paper: Paper, *, act: Act) -> Dossier:
    (joined,) = in_line(dossier, [paper], act.at)
    entries.attach(joined)
    return announce_papers(entries, dossier, [joined], act=act)


def _let_go(store: ObjectStore, waiting: Paper) -> None:
    try:
        store.delete(waiting.kept_under, original_name(waiting.id))
    except Unavailable:
        log.info("an original that was copied to its dossier is left to the sweep")
