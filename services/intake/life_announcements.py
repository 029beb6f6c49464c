"""What the ledger announces of a dossier's life: each step, each new due date, each change of hands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.intake.announcements import Announced, of_ledger
from services.intake.dossiers import Act, Dossier
from services.intake.life_ports import CalendarChange
from services.intake.transitions import Command
from services.intake.turns import Turn
from services.intake.waits import AddedCode, Task, Wait
from shared.events import (
    DossierAccepted,
    DossierExtended,
    DossierFinished,
    DossierHandedOver,
    DossierRefused,
    DossierRerouted,
    DossierResumed,
    DossierReturned,
    DossierStopped,
    DossierSupplemented,
    DossierSuspended,
    DossierWithdrawn,
    DueDateChanged,
    FeePaid,
    FeeRequested,
    PaymentChannel,
    ReturnChannel,
    StatusChanged,
    SupplementRequested,
    TaskClosed,
    TaskOpened,
)


@dataclass(frozen=True)
class Details:
    """What a step brings beside its name; each command takes what concerns it."""

    reason_code: str | None = None
    legal_basis: str | None = None
    component_codes: tuple[str, ...] = ()
    amount: int | None = None
    payment_channel: PaymentChannel = PaymentChannel.OFFLINE
    return_channel: ReturnChannel = ReturnChannel.COUNTER


@dataclass(frozen=True)
class Step:
    """A step a dossier took: what it came with, and the waits that began and ended by it."""

    turn: Turn
    moved: Dossier
    details: Details
    begun: Wait | None = None
    ended: Wait | None = None


def _nothing(_: Step) -> dict[str, Any]:
    return {}


def _reason(step: Step) -> dict[str, Any]:
    return {"reason_code": step.details.reason_code}


def _accepted(step: Step) -> dict[str, Any]:
    moved = step.moved
    return {"limit": moved.time_limit, "limit_unit": moved.limit_unit, "provisional": moved.provisional}


def _supplement_requested(step: Step) -> dict[str, Any]:
    assert step.begun is not None
    return {"number": step.begun.number, "component_codes": step.begun.component_codes, **_reason(step)}


def _supplemented(step: Step) -> dict[str, Any]:
    assert step.ended is not None
    return {"number": step.ended.number, **_due_before(step)}


def _due_before(step: Step) -> dict[str, Any]:
    return {"due_before": step.turn.before.due_at}


def _fee_requested(step: Step) -> dict[str, Any]:
    return {"amount": step.details.amount}


def _fee_paid(step: Step) -> dict[str, Any]:
    assert step.ended is not None
    return {"amount": step.ended.amount, "payment_channel": step.details.payment_channel, **_due_before(step)}


def _suspended(step: Step) -> dict[str, Any]:
    return {"legal_basis": step.details.legal_basis, **_reason(step)}


def _returned(step: Step) -> dict[str, Any]:
    return {"return_channel": step.details.return_channel}


_STEPS: Mapping[Command, tuple[type[StatusChanged], Callable[[Step], dict[str, Any]]]] = {
    Command.ACCEPT: (DossierAccepted, _accepted),
    Command.REFUSE: (DossierRefused, _reason),
    Command.HAND_OVER: (DossierHandedOver, _nothing),
    Command.REQUEST_SUPPLEMENT: (SupplementRequested, _supplement_requested),
    Command.SUPPLEMENT: (DossierSupplemented, _supplemented),
    Command.REQUEST_FEE: (FeeRequested, _fee_requested),
    Command.PAY: (FeePaid, _fee_paid),
    Command.SUSPEND: (DossierSuspended, _suspended),
    Command.RESUME: (DossierResumed, _due_before),
    Command.STOP: (DossierStopped, _reason),
    Command.WITHDRAW: (DossierWithdrawn, _reason),
    Command.FINISH: (DossierFinished, _nothing),
    Command.RETURN: (DossierReturned, _returned),
}


def decided(step: Step) -> Announced:
    """Return the event of a step."""
    turn, moved = step.turn, step.moved
    kind, details = _STEPS[turn.instruction.command]
    data = kind(
        dossier_id=moved.id,
        actor=turn.act.actor,
        from_status=turn.before.status,
        to_status=moved.status,
        happened_at=turn.instruction.happened_at,
        due_at=moved.due_at,
        **details(step),
    )
    return of_ledger(data, turn.sequence, turn.act, subject=moved.id)


def _common(turn: Turn) -> dict[str, Any]:
    instruction = turn.instruction
    return {"dossier_id": turn.before.id, "actor": turn.act.actor, "happened_at": instruction.happened_at}


def extended(turn: Turn, extended_dossier: Dossier, apology_paper_id: Any) -> Announced:
    """Return the event of an apology with a new date."""
    data = DossierExtended(
        apology_paper_id=apology_paper_id,
        due_before=turn.before.due_at,
        due_at=extended_dossier.due_at,
        **_common(turn),
    )
    return of_ledger(data, turn.sequence, turn.act, subject=turn.before.id)


def rerouted(turn: Turn, added: AddedCode) -> Announced:
    """Return the event of a dossier that went to another unit."""
    data = DossierRerouted(
        from_unit=turn.before.competent_unit,
        to_unit=added.unit,
        added_code=added.code,
        system_of_record=added.system_of_record,
        **_common(turn),
    )
    return of_ledger(data, turn.sequence, turn.act, subject=turn.before.id)


def due_date_changed(before: Dossier, after: Dossier, change: CalendarChange, act: Act) -> Announced:
    """Return the event of a due date that another calendar moved; it is the dossier's last one."""
    data = DueDateChanged(
        dossier_id=after.id,
        actor=act.actor,
        due_before=before.due_at,
        due_at=after.due_at,
        calendar=change.code,
        calendar_revision=change.revision,
        provisional=after.provisional,
    )
    return of_ledger(data, after.sequence, act, subject=after.id)


def task_opened(turn: Turn, task: Task) -> Announced:
    """Return the event of another agency being asked for its part."""
    data = TaskOpened(task_id=task.id, unit=task.unit, due_at=task.due_at, **_common(turn))
    return of_ledger(data, turn.sequence, turn.act, subject=turn.before.id)


def task_closed(turn: Turn, task: Task) -> Announced:
    """Return the event of another agency's part being over."""
    data = TaskClosed(task_id=task.id, unit=task.unit, done=bool(task.done), **_common(turn))
    return of_ledger(data, turn.sequence, turn.act, subject=turn.before.id)
