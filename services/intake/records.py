"""The record of digitisation: what became of components, the four steps of a paper, results, transfers; pure rules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.intake.rejections import Fault, Reason, Rejected
from shared.events import (
    Actor,
    ComponentState,
    Duty,
    ResultKind,
    ReusedFrom,
    Step,
    TransferObject,
    TransferOutcome,
)


@dataclass(frozen=True)
class ComponentRecord:
    """What became of a component; by nobody and at no time where it follows by itself."""

    state: ComponentState
    exempt_reason: int | None = None
    reused_from: ReusedFrom | None = None
    paper_id: UUID | None = None
    recorded_by: str | None = None
    recorded_at: datetime | None = None

    def says_the_same_as(self, other: "ComponentRecord | None") -> bool:
        """Return whether two records differ at most in who and when."""
        return other is not None and replace(self, recorded_by=None, recorded_at=None) == replace(
            other, recorded_by=None, recorded_at=None
        )


_BY_DUTY = {
    Duty.REQUIRED: ComponentState.PENDING,
    Duty.REUSED: ComponentState.REUSED,
    Duty.EXEMPT: ComponentState.EXEMPT,
}


def by_duty(duty: Duty, exempt_reason: int | None) -> ComponentRecord:
    """Return what becomes of a component as long as nobody says anything and no paper is digitised."""
    return ComponentRecord(_BY_DUTY[duty], exempt_reason)


def must_agree(decision: ComponentRecord) -> None:
    """Return if a decision brings what its state needs and nothing else; raises ``Rejected`` naming each field."""
    state = decision.state
    faults = [
        *_iff("paper_id", decision.paper_id, state, ComponentState.DIGITISED, also=ComponentState.REUSED),
        *_iff("exempt_reason", decision.exempt_reason, state, ComponentState.EXEMPT),
        *_iff("reused_from", decision.reused_from, state, ComponentState.REUSED),
    ]
    if decision.paper_id and decision.reused_from not in {None, ReusedFrom.EARLIER_DOSSIER}:
        faults.append(Fault("paper_id", "only-from-an-earlier-dossier"))
    if faults:
        raise Rejected(Reason.CONTRADICTORY_RECORD, *faults)


def _iff(
    field: str, value: object, state: ComponentState, owner: ComponentState, *, also: ComponentState | None = None
) -> list[Fault]:
    if value is None:
        return [Fault(field, f"needed-if-{owner}")] if state is owner else []
    return [] if state in {owner, also} else [Fault(field, f"not-if-{state}")]


@dataclass(frozen=True)
class StepRecord:
    """One of the four steps of a paper: when, who, and what it gave; by nobody known in a ledger of before."""

    paper_id: UUID
    step: Step
    at: datetime
    subject: str | None = None
    unit: str | None = None
    digitisation_code: str | None = None
    place: str | None = None


Steps = Mapping[Step, StepRecord]


def step_done(paper_id: UUID, step: Step, actor: Actor, *, at: datetime) -> StepRecord:
    """Return a step that somebody did."""
    return StepRecord(paper_id, step, at, actor.subject, actor.unit)


def must_be_next(steps: Collection[Step], step: Step) -> None:
    """Return if every step before this one is done; raises ``Rejected`` naming the first that is missing."""
    for before in Step:
        if before < step and before not in steps:
            raise Rejected(Reason.STEP_MISSING, Fault("step", before.name.lower()))


@dataclass(frozen=True)
class ResultRecord:
    """The result of a dossier that is there electronically, as one of its papers."""

    paper_id: UUID
    dossier_id: UUID
    kind: ResultKind
    result_code: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class Parcel:
    """What is transferred, and to which software of a sector."""

    target: str
    object: TransferObject
    component_code: str | None = None
    paper_id: UUID | None = None


@dataclass(frozen=True)
class Attempt:
    """What the software of a sector answered to one attempt, and when."""

    outcome: TransferOutcome
    reason_code: str | None
    at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Transfer:
    """A transfer, after so many attempts."""

    id: UUID
    dossier_id: UUID
    parcel: Parcel
    last: Attempt
    first_at: datetime
    attempt: int = 1

    def tried_again(self, last: Attempt) -> "Transfer":
        """Return the transfer after one more attempt; raises ``Rejected`` where it was accepted: that is final."""
        must_be_open(self)
        return replace(self, last=last, attempt=self.attempt + 1)


def must_be_open(transfer: Transfer) -> None:
    """Return unless a transfer was accepted; raises ``Rejected`` naming it."""
    if transfer.last.outcome is TransferOutcome.ACCEPTED:
        raise Rejected(Reason.TRANSFER_ACCEPTED, Fault("transfer_id", str(transfer.id)))


def parcel_faults(parcel: Parcel) -> list[Fault]:
    """Return what is wrong with a parcel by itself: a component names its code, a dossier names no part."""
    faults = []
    if parcel.object is TransferObject.COMPONENT and parcel.component_code is None:
        faults.append(Fault("component_code", "needed-if-component"))
    if parcel.object is not TransferObject.COMPONENT and parcel.component_code is not None:
        faults.append(Fault("component_code", f"not-if-{parcel.object}"))
    if parcel.object is TransferObject.DOSSIER and parcel.paper_id is not None:
        faults.append(Fault("paper_id", "not-if-dossier"))
    return faults
