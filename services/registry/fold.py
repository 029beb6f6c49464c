"""The state of a dossier as a fold of its ledger, in the ledger's order.

A moment is ``happened_at`` where it was entered later, else the event's time. ``follow`` changes the
dossier of the life it is handed, because copying its sixty fields for each event took most of the
time; the parts of a life are replaced, so whoever kept the old ones sees what changed.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from services.registry import punctuality, record_fold
from services.registry.dossier_state import DossierState, Life, TaskState
from services.registry.happening import Happening
from shared.clock import local_day
from shared.events import (
    Channel,
    ComponentRecorded,
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
    DueDateChanged,
    FeePaid,
    FeeRequested,
    PaperAccepted,
    ResultDigitised,
    Status,
    StatusChanged,
    StepDone,
    SupplementRequested,
    TaskClosed,
    TaskOpened,
    TransferRecorded,
)

_MOST = 2**63 - 1  # what a column of the database can hold
_WAITING = (int(Status.AWAITING_SUPPLEMENT), int(Status.AWAITING_FEE))


def fold(dossier_id: str, happenings: Iterable[Happening]) -> Life:
    """Return the life after all ``happenings`` of a dossier's ledger, whatever order they came in."""
    life = Life(DossierState(dossier_id))
    for happening in sorted(happenings, key=attrgetter("sequence")):
        follow(life, happening)
    return life


def follow(life: Life, happening: Happening) -> None:
    """Bring a life on by the next happening in the order of the ledger."""
    assert happening.sequence is not None
    dossier = life.dossier
    dossier.last_sequence = happening.sequence
    dossier.events_seen += 1
    apply = _RULES.get(type(happening.data))
    if apply is not None:
        at = vars(happening.data).get("happened_at") or happening.occurred_at
        apply(life, happening.data, at)


def day_of(moment: datetime | None) -> date | None:
    """Return the day in Viet Nam of a moment."""
    return None if moment is None else local_day(moment)


def _opened(life: Life, data: DossierOpened, at: datetime) -> None:
    dossier = life.dossier
    for name in _SAID_AT_OPENING:
        setattr(dossier, name, getattr(data, name))
    dossier.channel = int(data.channel)
    dossier.status = int(data.status)
    dossier.opened_at = at
    dossier.opened_day = day_of(at)
    dossier.submitted_at = at if data.channel is Channel.ONLINE else None
    record_fold.declared(life, data.components)


_SAID_AT_OPENING = (
    "code",
    "external_code",
    "system_of_record",
    "procedure_code",
    "procedure_version",
    "receiving_unit",
    "competent_unit",
    "back_file",
    "identity_verified",
)


def _moved(life: Life, data: StatusChanged, at: datetime) -> None:
    """Move to another status: pauses begin and end, the due date is what the event says."""
    dossier = life.dossier
    dossier.status = int(data.to_status)
    if dossier.opened_at is not None and at < dossier.opened_at:  # whatever was entered, the opening came first
        dossier.opened_at, dossier.opened_day = at, day_of(at)
    if dossier.supplement_since is not None and dossier.status != Status.AWAITING_SUPPLEMENT:
        dossier.supplement_seconds += max(int((at - dossier.supplement_since).total_seconds()), 0)
        dossier.supplement_since = None
    dossier.suspended_since = (dossier.suspended_since or at) if isinstance(data, DossierSuspended) else None
    paused = dossier.status in _WAITING or dossier.suspended_since is not None
    dossier.paused_since = (dossier.paused_since or at) if paused else None
    if data.due_at is not None:
        punctuality.moved(dossier, data.due_at, before=vars(data).get("due_before"))


def _accepted(life: Life, data: DossierAccepted, at: datetime) -> None:
    _moved(life, data, at)
    if life.dossier.accepted_at is None:  # the clock of the time limit started once, with the first acceptance
        life.dossier.accepted_at = at
        life.dossier.received_day = day_of(at)
        life.dossier.provisional = data.provisional


def _handed_over(life: Life, data: DossierHandedOver, at: datetime) -> None:
    _moved(life, data, at)
    life.dossier.handed_over_at = life.dossier.handed_over_at or at


def _supplement_requested(life: Life, data: SupplementRequested, at: datetime) -> None:
    _moved(life, data, at)
    dossier = life.dossier
    dossier.supplements += 1
    dossier.supplement_requested_at = dossier.supplement_requested_at or at
    dossier.supplement_since = dossier.supplement_since or at


def _fee_requested(life: Life, data: FeeRequested, at: datetime) -> None:
    _moved(life, data, at)
    life.dossier.fee_asked = min((life.dossier.fee_asked or 0) + (data.amount or 0), _MOST)


def _fee_paid(life: Life, data: FeePaid, at: datetime) -> None:
    _moved(life, data, at)
    dossier = life.dossier
    asked, paid = dossier.fee_asked or 0, dossier.fee_paid or 0
    dossier.fee_paid = min(paid + data.amount, _MOST) if data.amount is not None else max(asked, paid)
    dossier.payment_channel = int(data.payment_channel)


def _refused(life: Life, data: DossierRefused, at: datetime) -> None:
    _moved(life, data, at)
    life.dossier.refused_at = at


def _finished(life: Life, data: DossierFinished, at: datetime) -> None:
    _moved(life, data, at)
    life.dossier.finished_at = life.dossier.finished_at or at  # a fee asked for afterwards makes nothing unfinished
    punctuality.settled(life.dossier, at, day_of(at), finished=True)


def _withdrawn(life: Life, data: DossierWithdrawn, at: datetime) -> None:
    _moved(life, data, at)
    life.dossier.withdrawn_at = at
    punctuality.settled(life.dossier, at, day_of(at), finished=False)


def _stopped(life: Life, data: DossierStopped, at: datetime) -> None:
    _moved(life, data, at)
    life.dossier.stopped_at = at
    punctuality.settled(life.dossier, at, day_of(at), finished=False)


def _returned(life: Life, data: DossierReturned, at: datetime) -> None:
    _moved(life, data, at)
    life.dossier.returned_at = at
    life.dossier.return_channel = int(data.return_channel)


def _extended(life: Life, data: DossierExtended, _: datetime) -> None:
    life.dossier.extensions += 1
    life.dossier.due_at = data.due_at  # statistics keep the date promised before the apology


def _due_changed(life: Life, data: DueDateChanged, _: datetime) -> None:
    punctuality.moved(life.dossier, data.due_at, before=data.due_before)
    life.dossier.provisional = data.provisional


def _rerouted(life: Life, data: DossierRerouted, _: datetime) -> None:
    life.dossier.competent_unit = data.to_unit
    life.dossier.added_code = data.added_code
    life.dossier.system_of_record = data.system_of_record


def _task_opened(life: Life, data: TaskOpened, at: datetime) -> None:
    _put_task(life, replace(_task(life, data), unit=data.unit, due_at=data.due_at, opened_at=at))


def _task_closed(life: Life, data: TaskClosed, at: datetime) -> None:
    _put_task(life, replace(_task(life, data), closed_at=at, done=data.done))


def _task(life: Life, data: TaskOpened | TaskClosed) -> TaskState:
    task_id = str(data.task_id)
    return life.tasks.get(task_id) or TaskState(task_id, life.dossier.dossier_id, data.unit)


def _put_task(life: Life, task: TaskState) -> None:
    life.tasks[task.task_id] = task
    life.dossier.tasks = len(life.tasks)
    life.dossier.tasks_open = sum(task.closed_at is None for task in life.tasks.values())


_RULES: dict[Any, Callable[[Life, Any, datetime], None]] = {
    DossierOpened: _opened,
    DossierAccepted: _accepted,
    DossierRefused: _refused,
    DossierHandedOver: _handed_over,
    SupplementRequested: _supplement_requested,
    DossierSupplemented: _moved,
    FeeRequested: _fee_requested,
    FeePaid: _fee_paid,
    DossierSuspended: _moved,
    DossierResumed: _moved,
    DossierStopped: _stopped,
    DossierWithdrawn: _withdrawn,
    DossierFinished: _finished,
    DossierReturned: _returned,
    DossierExtended: _extended,
    DueDateChanged: _due_changed,
    DossierRerouted: _rerouted,
    TaskOpened: _task_opened,
    TaskClosed: _task_closed,
    ComponentRecorded: record_fold.recorded,
    PaperAccepted: record_fold.handed_in,
    StepDone: record_fold.step_done,
    ResultDigitised: record_fold.result_digitised,
    TransferRecorded: record_fold.transferred,
}
