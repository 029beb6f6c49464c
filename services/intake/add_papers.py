"""Papers are added to a dossier: judged, stored, entered into the ledger, announced; all or none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO
from uuid import UUID, uuid4

from services.intake import announcements
from services.intake.dossiers import Act, Dossier, Paper, PaperState
from services.intake.draft import Draft
from services.intake.files import Judged
from services.intake.once import Once, Outcome
from services.intake.ports import Desk, Entries, Judge
from services.intake.records import step_done
from services.intake.refusals import FileRefused
from services.intake.rejections import Fault, Reason, Rejected
from shared.events import Step
from shared.object_store import original_name
from shared.topics import Lane


@dataclass(frozen=True)
class Placed:
    """A paper of a dossier, and whether the dossier had it before."""

    paper: Paper
    duplicate: bool


@dataclass(frozen=True)
class Addition:
    """The dossier after papers were added, and what became of each file."""

    dossier: Dossier
    placed: Sequence[Placed]


def judge_all(judge: Judge, files: Sequence[tuple[BinaryIO, str]]) -> list[Judged]:
    """Return the facts about every file; raises ``Rejected`` naming each one that is refused."""
    judged, faults = [], []
    for index, (stream, name) in enumerate(files):
        try:
            judged.append(judge(stream, name))
        except FileRefused as error:
            faults.append(Fault("file", error.reason, index))
    if faults:
        raise Rejected(Reason.REFUSED_FILES, *faults)
    return judged


def new_papers(
    dossier_id: UUID, files: Sequence[Judged], components: Sequence[str | None], *, lane: Lane, act: Act
) -> list[Paper]:
    """Return a paper for each file."""
    return [
        Paper(
            id=uuid4(),
            kept_under=dossier_id,
            dossier_id=dossier_id,
            component_code=component,
            lane=lane,
            counter=act.actor.counter,
            media_type=file.media_type,
            name_mismatch=file.name_mismatch,
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            state=PaperState.ACCEPTED,
            received_at=act.at,
        )
        for file, component in zip(files, components, strict=True)
    ]


def add_papers(
    desk: Desk, dossier_id: UUID, papers: Sequence[Paper], files: Sequence[Judged], *, act: Act, once: Once[Addition]
) -> Outcome[Addition]:
    """Store the originals, then enter the papers into the ledger and announce them."""
    earlier = once.earlier()
    if earlier is not None:
        return Outcome(earlier, None)
    known = _check(desk, dossier_id, papers)
    with Draft(desk.store) as draft:
        for paper, file in zip(papers, files, strict=True):
            if paper.sha256 not in known:
                known.add(paper.sha256)
                store_original(draft, paper, file)
        outcome = once.run(lambda entries: enter_papers(entries, dossier_id, papers, act=act), act.at)
        keep_new(draft, outcome.result)
    return outcome


def _check(desk: Desk, dossier_id: UUID, papers: Sequence[Paper]) -> set[str]:
    """Return the hashes of the files the dossier has; raises ``Rejected`` before anything is stored."""
    with desk.ledger.reading() as entries:
        check_components(entries.components(dossier_id), papers)
        return {twin.sha256 for twin in entries.twins(dossier_id, [paper.sha256 for paper in papers])}


def check_components(known: Collection[str], papers: Sequence[Paper]) -> None:
    """Return if every paper is meant for a component that is known, or for none."""
    faults = [
        Fault("component_code", "unknown", index)
        for index, paper in enumerate(papers)
        if paper.component_code is not None and paper.component_code not in known
    ]
    if faults:
        raise Rejected(Reason.UNKNOWN_COMPONENT, *faults)


def store_original(draft: Draft, paper: Paper, file: Judged) -> None:
    """Store a file as the original of a paper."""
    draft.put(
        paper.kept_under,
        original_name(paper.id),
        file.stream,
        size_bytes=file.size_bytes,
        media_type=file.media_type,
    )


def keep_new(draft: Draft, addition: Addition | None) -> None:
    """Keep the originals of the papers that entered the ledger."""
    for placed in addition.placed if addition else ():
        if not placed.duplicate:
            draft.keep(placed.paper.kept_under, original_name(placed.paper.id))


def enter_papers(entries: Entries, dossier_id: UUID, papers: Sequence[Paper], *, act: Act) -> Addition:
    """Enter the papers a dossier does not have yet into the ledger, and announce them."""
    dossier = entries.lock(dossier_id)
    placed = _placed(entries.twins(dossier_id, [paper.sha256 for paper in papers]), papers)
    fresh = in_line(dossier, [p.paper for p in placed if not p.duplicate], act.at)
    if fresh:
        entries.add_papers(fresh)
        dossier = announce_papers(entries, dossier, fresh, act=act)
    return Addition(dossier, placed)


def _placed(twins: Sequence[Paper], papers: Sequence[Paper]) -> list[Placed]:
    known = {twin.sha256: twin for twin in twins}
    placed = []
    for paper in papers:
        placed.append(Placed(known.get(paper.sha256, paper), paper.sha256 in known))
        known.setdefault(paper.sha256, paper)
    return placed


def in_line(dossier: Dossier, papers: Sequence[Paper], at: datetime) -> list[Paper]:
    """Return papers with the sequence each has in the dossier it joins now."""
    return [replace(paper, sequence=dossier.sequence + n, accepted_at=at) for n, paper in enumerate(papers, start=1)]


def announce_papers(entries: Entries, dossier: Dossier, papers: Sequence[Paper], *, act: Act) -> Dossier:
    """Announce papers that joined a dossier, and return the dossier after that."""
    entries.announce([event for paper in papers for event in announcements.accepted(paper, dossier.id, act)])
    # the first step of digitising a paper is its acceptance, and is announced as that
    entries.records.add_steps([step_done(paper.id, Step.COPIED, act.actor, at=act.at) for paper in papers])
    after = dossier.changed(announced=len(papers), papers=(*dossier.papers, *papers))
    entries.save(after)
    return after
