"""A citizen is sent an apology with a new date (form 04); the date first promised stays for the figures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake import life_announcements as announcements
from services.intake.dossiers import Dossier
from services.intake.once import Once
from services.intake.ports import Answer, Desk, Entries
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.turns import Instruction, Turn, conclude, take_turn, to_the_second


@dataclass(frozen=True)
class Extension:
    """The apology, a paper of the dossier, and the date it names."""

    apology_paper_id: UUID
    due_at: datetime


def extend(desk: Desk, instruction: Instruction, extension: Extension, *, once: Once[Dossier]) -> Answer:
    """Promise a later date, if there is an apology and the dossier was not extended too often."""

    def work(entries: Entries, turn: Turn) -> Dossier:
        _check(turn, extension, most=desk.rules.extensions)
        _check_apology(entries, turn.before, extension.apology_paper_id)
        return _extend(entries, turn, extension)

    return take_turn(desk, instruction, work, once)


def _check(turn: Turn, extension: Extension, *, most: int) -> None:
    present = turn.before.due_at
    if present is None:
        raise Rejected(Reason.NO_DUE_DATE)
    if turn.before.extensions >= most:
        raise Rejected(Reason.EXTENSIONS_USED_UP, Fault("most", str(most)))
    earliest = max(present, turn.at)
    if extension.due_at <= earliest:
        raise Rejected(Reason.DUE_NOT_LATER, Fault("due_at", f"not-after-{to_the_second(earliest)}"))


def _check_apology(entries: Entries, dossier: Dossier, paper_id: UUID) -> None:
    unknown = Rejected(Reason.UNKNOWN_APOLOGY, Fault("apology_paper_id", "unknown"))
    try:
        paper = entries.paper(paper_id)
    except Rejected:
        raise unknown from None
    if paper.dossier_id != dossier.id:
        raise unknown


def _extend(entries: Entries, turn: Turn, extension: Extension) -> Dossier:
    extended = turn.before.changed(
        announced=1,
        due_at=extension.due_at,
        provisional=False,
        extensions=turn.before.extensions + 1,
        extended_at=turn.at,
        extended_to=extension.due_at,
    )
    event = announcements.extended(turn, extended, extension.apology_paper_id)
    return conclude(entries, turn, extended, [event])
