"""What the use cases ask of the ledger about a dossier's life: waits, tasks, codes, notes, calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.intake.dossiers import Dossier
from services.intake.published_calendars import KnownCalendar
from services.intake.waits import AddedCode, Task, Wait


@dataclass(frozen=True)
class CalendarChange:
    """A calendar that changed; every dossier up to ``after``, in the order of ids, was counted again."""

    code: str
    revision: int
    after: UUID | None = None


@dataclass(frozen=True)
class Concerned:
    """Dossiers that a calendar's change concerns, with their waits, in the order of ids; perhaps there are more."""

    dossiers: Sequence[Dossier]
    more: bool


class Life(Protocol):
    """What the ledger knows of dossiers' lives, inside one transaction."""

    def keep_calendars(self) -> None:
        """Let no calendar change before we commit; to be called before anything is locked.

        Who counts a due date without it could count with a calendar that changed meanwhile, when those who count
        again have passed by already.
        """

    def calendar(self, unit: str) -> KnownCalendar | None:
        """Return the calendar of a unit, else the national one; nothing where none is known or it cannot be used."""

    def waits(self, dossier_id: UUID) -> tuple[Wait, ...]:
        """Return the waits of a dossier in their order."""

    def begin_wait(self, dossier_id: UUID, wait: Wait) -> None:
        """Add a wait."""

    def end_wait(self, dossier_id: UUID, wait: Wait) -> None:
        """Write how a wait ended."""

    def task(self, dossier_id: UUID, task_id: UUID) -> Task:
        """Return a task of a dossier; raises ``Rejected``."""

    def open_task(self, dossier_id: UUID, task: Task) -> None:
        """Add a task."""

    def close_task(self, task: Task) -> None:
        """Write how a task ended."""

    def add_code(self, dossier_id: UUID, code: AddedCode) -> None:
        """Add a further code of a dossier, or write anew what is known of it."""

    def add_note(self, dossier_id: UUID, sequence: int, text_id: UUID) -> None:
        """Write which object holds the note to an event of a dossier."""

    def note(self, dossier_id: UUID, sequence: int) -> UUID:
        """Return the object that holds the note to an event of a dossier; raises ``Rejected``."""

    def note_texts(self, dossier_id: UUID) -> set[UUID]:
        """Return the objects that hold the notes of a dossier."""

    def calendar_change(self) -> CalendarChange | None:
        """Return a change whose dossiers are not all counted again yet; nobody else gets it before we commit."""

    def concerned(self, change: CalendarChange, limit: int) -> Concerned:
        """Return the next dossiers at work that a change concerns, locked; fewer where somebody else holds one.

        Left out are those the calendar does not move: they wait, or an apology names their date.
        """

    def counted_again(self, dossiers: Sequence[Dossier]) -> None:
        """Write due date, version and sequence of dossiers."""

    def went_on(self, change: CalendarChange, after: UUID | None, *, done: bool) -> None:
        """Write how far a change has come."""
