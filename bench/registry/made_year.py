"""A made-up year of dossiers, as the events the ledger would have announced.

Every dossier lives its own life, drawn from a seed: submitted, refused, supplemented, paid for, suspended,
extended, rerouted, entered late, withdrawn, stopped, finished, returned, or still open when the year ends. The
due dates are plain arithmetic, so that whoever counts them needs no calendar.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from shared.clock import VIETNAM
from shared.events import (
    Actor,
    Channel,
    Component,
    ComponentRecorded,
    ComponentState,
    CopyKind,
    DossierAccepted,
    DossierExtended,
    DossierFinished,
    DossierHandedOver,
    DossierOpened,
    DossierRefused,
    DossierRerouted,
    DossierResumed,
    DossierReturned,
    DossierStopped,
    DossierSupplemented,
    DossierSuspended,
    DossierWithdrawn,
    Duty,
    Event,
    FeePaid,
    FeeRequested,
    LedgerData,
    PaymentChannel,
    ResultDigitised,
    ResultKind,
    ReturnChannel,
    Status,
    SupplementRequested,
    deterministic_id,
)

SOURCE = "/hoso/intake"
LIMITS = (1, 3, 5, 7, 10, 15, 20)  # days
CLERK = Actor(subject="clerk-7", role="one-stop-clerk", counter="quay-03", client="made-year")


@dataclass(frozen=True)
class Province:
    """Where dossiers are received, who is competent, and for what."""

    receiving: Sequence[str]
    competent: Sequence[str]
    procedures: Sequence[str]


@dataclass(frozen=True)
class Year:
    """How many dossiers, opened from ``first`` to ``last``, drawn from ``seed``."""

    count: int
    province: Province
    first: date = date(2025, 12, 15)
    last: date = date(2026, 12, 14)
    seed: int = 1

    def dossiers(self, begin: int = 0) -> Iterator[list[Event]]:
        """Yield the events of each dossier, in the order of its ledger."""
        for number in range(begin, self.count):
            yield _Life(self, number).lived()


@dataclass
class _Life:
    """One dossier: what happened to it so far."""

    year: Year
    number: int
    events: list[Event] = field(default_factory=list)
    over: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.year.seed}/{self.number}")  # noqa: S311  # a made-up life, no secret
        self.id: UUID = deterministic_id("made-year", self.year.seed, self.number)
        days = (self.year.last - self.year.first).days
        day = self.year.first + timedelta(days=self.chance.randrange(days + 1))
        minutes = self.chance.randrange(7 * 60, 17 * 60)
        self.now = datetime.combine(day, time(), VIETNAM) + timedelta(minutes=minutes)
        self.status = Status.REGISTERED
        self.due: datetime | None = None

    @property
    def ends(self) -> datetime:
        """The moment the year ends; nothing is known of what would come after it."""
        return datetime.combine(self.year.last, time(23, 59), VIETNAM)

    def lived(self) -> list[Event]:
        """Return the whole life, up to the end of the year."""
        self._open()
        if self._happens(0.01) or not self._wait(hours=40):
            return self.events
        if self._happens(0.03):
            self._move(Status.REFUSED, DossierRefused, reason_code="wrong-agency")
            return self.events
        self._accept()
        for step in (self._hand_over, self._reroute, self._supplement, self._fee, self._suspend, self._extend):
            step()
        self._end()
        return self.events

    def _happens(self, likelihood: float) -> bool:
        return self.chance.random() < likelihood

    def _wait(self, *, hours: float) -> bool:
        """Let time pass; returns whether the year is not over yet."""
        later = self.now + timedelta(minutes=self.chance.randrange(1, int(hours * 60)))
        self.over = later > self.ends
        if not self.over:
            self.now = later
        return not self.over

    def _tell(self, data: LedgerData) -> None:
        late = getattr(data, "happened_at", None)
        told_at = self.now if late is None else late + timedelta(days=self.chance.randrange(1, 20))
        if self.events:  # the ledger is written in order, also what is entered late
            told_at = max(told_at, self.events[-1].time)
        sequence = len(self.events) + 1
        self.events.append(
            Event(
                id=deterministic_id(self.id, sequence),
                source=SOURCE,
                subject=str(self.id),
                time=told_at.astimezone(UTC),
                data=data,
                key=str(self.id),
                sequence=sequence,
            )
        )

    def _open(self) -> None:
        province = self.year.province
        unit = self.chance.choice(province.receiving)
        self.components = tuple(
            Component(
                code=f"T{n}",
                copy_kind=CopyKind.ORIGINAL,
                quantity=1,
                duty=self.chance.choice((Duty.REQUIRED, Duty.REQUIRED, Duty.REUSED)),
            )
            for n in range(self.chance.randrange(1, 4))
        )
        self.unit = self.chance.choice(province.competent)
        self._tell(
            DossierOpened(
                dossier_id=self.id,
                actor=CLERK,
                code=f"{unit}-{self.now:%y%m%d}-{self.number:07d}",
                procedure_code=self.chance.choice(province.procedures),
                procedure_version=1,
                channel=self.chance.choices(list(Channel), (35, 60, 5))[0],
                receiving_unit=unit,
                competent_unit=self.unit,
                components=self.components,
                identity_verified=self._happens(0.6),
            )
        )

    def _move(self, status: Status, kind: type, **values: object) -> None:
        told_later = bool(self.events) and self.events[-1].time > self.now
        late = self.now if told_later or self._happens(0.01) else None
        self._tell(
            kind(
                dossier_id=self.id,
                actor=CLERK,
                from_status=self.status,
                to_status=status,
                happened_at=late,
                due_at=self.due,
                **values,
            )
        )
        self.status = status

    def _accept(self) -> None:
        days = self.chance.choice(LIMITS)
        self.due = self.now + timedelta(days=days)
        self._move(Status.ACCEPTED, DossierAccepted, limit=days, limit_unit="calendar_day")
        if self._happens(0.8):
            for component in self.components[:1]:
                self._tell(
                    ComponentRecorded(
                        dossier_id=self.id,
                        actor=CLERK,
                        component_code=component.code,
                        state=self.chance.choice((ComponentState.DIGITISED, ComponentState.REUSED)),
                    )
                )

    def _goes_on(self, likelihood: float, *, hours: float) -> bool:
        return not self.over and self._happens(likelihood) and self._wait(hours=hours)

    def _hand_over(self) -> None:
        if self._goes_on(0.9, hours=8):
            self._move(Status.IN_PROGRESS, DossierHandedOver)

    def _reroute(self) -> None:
        if not self._goes_on(0.01, hours=8):
            return
        to_unit = self.chance.choice(self.year.province.competent)
        code = f"{to_unit}-{self.now:%y%m%d}-{self.number:07d}"
        self._tell(
            DossierRerouted(dossier_id=self.id, actor=CLERK, from_unit=self.unit, to_unit=to_unit, added_code=code)
        )
        self.unit = to_unit

    def _supplement(self) -> None:
        number = 1
        while number <= 2 and self._goes_on(0.08, hours=48):
            before, asked_at = self.status, self.now
            self._move(Status.AWAITING_SUPPLEMENT, SupplementRequested, number=number)
            if not self._wait(hours=240):
                return
            due_before = self._pushed(asked_at)
            self._move(before, DossierSupplemented, number=number, due_before=due_before)
            number += 1

    def _pushed(self, paused_at: datetime) -> datetime | None:
        """Move the due date by the length of a pause that began before it; returns what it was."""
        before = self.due
        if before is not None and paused_at < before:
            self.due = before + (self.now - paused_at)
        return before

    def _fee(self) -> None:
        if not self._goes_on(0.3, hours=24):
            return
        before, asked_at = self.status, self.now
        self._move(Status.AWAITING_FEE, FeeRequested, amount=50_000)
        if self._wait(hours=48):
            due_before = self._pushed(asked_at)
            self._move(
                Status.IN_PROGRESS if before is not Status.FINISHED else before,
                FeePaid,
                amount=50_000,
                payment_channel=self.chance.choice(list(PaymentChannel)),
                due_before=due_before,
            )

    def _suspend(self) -> None:
        if self.status is Status.AWAITING_FEE or not self._goes_on(0.03, hours=24):
            return
        asked_at = self.now
        self._move(Status.STOPPED, DossierSuspended, reason_code="expert-opinion")
        if self._wait(hours=240):
            due_before = self._pushed(asked_at)
            self._move(Status.IN_PROGRESS, DossierResumed, due_before=due_before)

    def _extend(self) -> None:
        if self.due is None or not self._goes_on(0.02, hours=24):
            return
        later = self.due + timedelta(days=self.chance.randrange(2, 10))
        self._tell(
            DossierExtended(
                dossier_id=self.id,
                actor=CLERK,
                apology_paper_id=deterministic_id(self.id, "apology"),
                due_before=self.due,
                due_at=later,
            )
        )
        self.due = later

    def _end(self) -> None:
        """End as most do, or stay open where the year ended or somebody is waited for."""
        if self.over or self.status in {Status.AWAITING_SUPPLEMENT, Status.AWAITING_FEE, Status.STOPPED}:
            return
        # most are done within their time, some on the very day, a few late
        left = max(1.0, (self.due - self.now).total_seconds() / 3600) if self.due else 24.0
        if not self._wait(hours=max(1.0, left * self.chance.choice((0.5, 0.7, 0.9, 1.0, 1.0, 1.1, 1.5)))):
            return
        if self._happens(0.02):
            self._move(Status.WITHDRAWN, DossierWithdrawn)
        elif self._happens(0.01):
            self._move(Status.STOPPED, DossierStopped, reason_code="applicant-unreachable")
        else:
            self._finish()

    def _finish(self) -> None:
        self._move(Status.FINISHED, DossierFinished)
        if self._happens(0.7):
            self._tell(
                ResultDigitised(
                    dossier_id=self.id,
                    actor=CLERK,
                    paper_id=deterministic_id(self.id, "result"),
                    kind=self.chance.choice(list(ResultKind)),
                )
            )
        if self._wait(hours=100):
            self._move(Status.RETURNED, DossierReturned, return_channel=self.chance.choice(list(ReturnChannel)))
