"""A file of the hot folder is taken: into the dossier its name begins with, or into a tray."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import BinaryIO
from uuid import UUID, uuid4

from services.intake.add_papers import Addition, enter_papers, keep_new, new_papers, store_original
from services.intake.codes import addressed
from services.intake.dossiers import Act, Paper, PaperState
from services.intake.draft import Draft
from services.intake.files import Judged, without_extension
from services.intake.ports import Desk, Entries
from shared.errors import AlreadyExists
from shared.object_store import original_name
from shared.topics import Lane


@dataclass(frozen=True)
class HotFile:
    """A file that stopped growing, open for reading; ``place`` is its path inside the hot folder."""

    place: str
    name: str
    lane: Lane
    counter: str
    modified_ns: int
    stream: BinaryIO


class Taken(StrEnum):
    """What became of a file; each of these means that it need not lie in the hot folder any more."""

    NEW = "new"
    DUPLICATE = "duplicate"
    WAITING = "waiting"
    KNOWN = "known"


@dataclass(frozen=True)
class _Addressee:
    """The dossier, and its component, a file belongs to by its name."""

    dossier_id: UUID
    component: str | None


def take_file(desk: Desk, found: HotFile, *, act: Act) -> Taken:
    """Take a file, once, however often it is found; raises ``FileRefused``."""
    file = desk.judge(found.stream, found.name)
    digest = desk.digests.of("hot-file", found.place, str(file.size_bytes), str(found.modified_ns), file.sha256)
    with desk.ledger.reading() as entries:
        if entries.hot_file(digest):
            return Taken.KNOWN
        addressee = _addressee(entries, found.name)
    paper = _paper(found, file, addressee, act=act)
    try:
        taken = _keep(desk, paper, file, digest=digest, act=act)
    except AlreadyExists:  # another replica took the very same file meanwhile
        return Taken.KNOWN
    desk.wake()
    return taken


def _addressee(entries: Entries, name: str) -> _Addressee | None:
    address = addressed(without_extension(name))
    dossier_id = entries.dossier_of_code(address.code) if address else None
    if address is None or dossier_id is None:
        return None
    # a component the dossier lacks is no reason to lose the dossier as well
    known = address.component in entries.components(dossier_id)
    return _Addressee(dossier_id, address.component if known else None)


def _paper(found: HotFile, file: Judged, addressee: _Addressee | None, *, act: Act) -> Paper:
    kept_under = addressee.dossier_id if addressee else uuid4()
    component = addressee.component if addressee else None
    (paper,) = new_papers(kept_under, [file], [component], lane=found.lane, act=act)
    return paper if addressee else replace(paper, dossier_id=None, state=PaperState.WAITING)


def _keep(desk: Desk, paper: Paper, file: Judged, *, digest: str, act: Act) -> Taken:
    with Draft(desk.store) as draft:
        store_original(draft, paper, file)
        with desk.ledger.transaction() as entries:
            entries.add_hot_file(digest, act.at)
            addition = _enter(entries, paper, act=act)
        if addition is None:
            draft.keep(paper.kept_under, original_name(paper.id))
            return Taken.WAITING
        keep_new(draft, addition)
        return Taken.DUPLICATE if addition.placed[0].duplicate else Taken.NEW


def _enter(entries: Entries, paper: Paper, *, act: Act) -> Addition | None:
    if paper.dossier_id is not None:
        return enter_papers(entries, paper.dossier_id, [paper], act=act)
    entries.add_papers([paper])
    return None
