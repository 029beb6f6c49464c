"""What every command about a dossier begins and ends with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.announcements import Announced
from services.intake.dossiers import Act, Dossier
from services.intake.draft import Draft
from services.intake.notes import store_note
from services.intake.once import Once
from services.intake.ports import Answer, Desk, Entries
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.transitions import STAYING, Command, after
from shared.clock import VIETNAM
from shared.events import Status


@dataclass(frozen=True)
class Instruction:
    """A command as it came: on which dossier, by whom, on which version of it; when it happened, what was noted."""

    command: Command
    dossier_id: UUID
    act: Act
    version: int | None = None
    happened_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True)
class Turn:
    """A dossier in the hands of one command: as it was, the status it comes to, and the moment it does."""

    instruction: Instruction
    before: Dossier
    status: Status
    at: datetime
    note_id: UUID | None

    @property
    def act(self) -> Act:
        """Who does it."""
        return self.instruction.act

    @property
    def sequence(self) -> int:
        """The sequence of the event that tells of it."""
        return self.before.sequence + 1


Work = Callable[[Entries, Turn], Dossier]


def take_turn(desk: Desk, instruction: Instruction, work: Work, once: Once[Dossier]) -> Answer:
    """Do what a command does, in one transaction; its note, if any, is stored before."""

    def enter(entries: Entries, note_id: UUID | None) -> Dossier:
        return work(entries, _turn(entries, instruction, note_id))

    note, act = instruction.note, instruction.act
    if note is None:
        return once.run(lambda entries: enter(entries, None), act.at).answer
    earlier = once.earlier()
    if earlier is not None:
        return earlier
    with Draft(desk.store) as draft:
        note_id = store_note(draft, instruction.dossier_id, note, act=act)
        outcome = once.run(lambda entries: enter(entries, note_id), act.at)
        if outcome.result is not None:
            draft.keep_all()
    return outcome.answer


def _turn(entries: Entries, instruction: Instruction, note_id: UUID | None) -> Turn:
    entries.life.keep_calendars()
    dossier = entries.lock(instruction.dossier_id)
    if instruction.version is not None and instruction.version != dossier.version:
        raise Rejected(Reason.STALE_VERSION)
    status = after(dossier.standing, instruction.command)
    steps = instruction.command not in STAYING
    earliest = dossier.since if steps else dossier.accepted_at or dossier.opened_at
    at = timely(instruction.happened_at, instruction.act, not_before=earliest)
    return Turn(instruction, dossier, status, at, note_id)


def timely(happened_at: datetime | None, act: Act, *, not_before: datetime) -> datetime:
    """Return the moment of an act; raises ``Rejected`` for one that was entered later and cannot be."""
    if happened_at is None:
        return act.at
    if happened_at > act.at:
        raise Rejected(Reason.UNTIMELY, Fault("happened_at", "in-the-future"))
    if happened_at < not_before:
        raise Rejected(Reason.UNTIMELY, Fault("happened_at", f"before-{to_the_second(not_before)}"))
    return happened_at


def to_the_second(moment: datetime) -> str:
    """Return a moment as an error names it, in Viet Nam's time."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def conclude(entries: Entries, turn: Turn, changed: Dossier, events: Sequence[Announced]) -> Dossier:
    """Write what a command changed, announce it, and return the dossier with all its parts."""
    entries.save(changed)
    entries.announce(events)
    if turn.note_id is not None:
        entries.life.add_note(changed.id, turn.sequence, turn.note_id)
    return entries.dossier(changed.id)
