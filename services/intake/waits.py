"""What a dossier waits for, and what other agencies do for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.events import PaymentChannel


class WaitKind(StrEnum):
    """What a dossier waits for: papers of the applicant, their money, or the end of a suspension."""

    SUPPLEMENT = "supplement"
    FEE = "fee"
    SUSPENSION = "suspension"


@dataclass(frozen=True)
class Wait:
    """A wait of a dossier; without ``ends`` it waits still.

    ``sequence`` is that of the event which began it, ``number`` counts the waits of its kind from 1. Whether the
    clock stands still meanwhile is settled when it begins. ``due_before`` and ``due_after`` are the dates promised
    before and after its end.
    """

    sequence: int
    kind: WaitKind
    number: int
    begins: datetime
    stops_clock: bool
    ends: datetime | None = None
    reason_code: str | None = None
    legal_basis: str | None = None
    component_codes: tuple[str, ...] = ()
    amount: int | None = None
    payment_channel: PaymentChannel | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None


@dataclass(frozen=True)
class Task:
    """The part of another agency in a dossier, which counts once all the same."""

    id: UUID
    unit: str
    opened_at: datetime
    due_at: datetime | None = None
    closed_at: datetime | None = None
    done: bool | None = None


@dataclass(frozen=True)
class AddedCode:
    """A further code of a dossier that went to another unit, perhaps in another system."""

    code: str
    unit: str
    system_of_record: str
    added_at: datetime
