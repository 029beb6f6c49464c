"""Rows of the ledger as the nouns they are."""

from typing import Any
from uuid import UUID

from services.intake.dossiers import Component, Dossier, Paper, PaperState
from services.intake.records import ComponentRecord
from services.intake.waits import AddedCode, Task, Wait, WaitKind
from shared.events import Channel, ComponentState, CopyKind, Duty, PaymentChannel, ReusedFrom, Status
from shared.topics import Lane
from shared.working_time import TimeUnit


def component_row(dossier_id: UUID, place: int, component: Component) -> dict[str, object]:
    """Return the row of a component."""
    asked_for = {name: value for name, value in vars(component).items() if name != "record"}
    return {"dossier_id": dossier_id, "place": place, **asked_for}


def component_of(row: Any) -> Component:
    """Return the component of a row."""
    return Component(
        code=row.code,
        name=row.name,
        copy_kind=CopyKind(row.copy_kind),
        quantity=row.quantity,
        duty=Duty(row.duty),
        exempt_reason=row.exempt_reason,
        record=None if row.record_state is None else _record_of(row),
    )


def _record_of(row: Any) -> ComponentRecord:
    return ComponentRecord(
        state=ComponentState(row.record_state),
        exempt_reason=row.record_exempt_reason,
        reused_from=None if row.record_reused_from is None else ReusedFrom(row.record_reused_from),
        paper_id=row.record_paper_id,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )


def paper_of(row: Any) -> Paper:
    """Return the paper of a row."""
    values = row._asdict() | {"lane": Lane(row.lane), "state": PaperState(row.state)}
    return Paper(**values | {name: tuple(values[name] or ()) for name in ("review_reasons", "review_fields")})


def dossier_of(row: Any, **parts: Any) -> Dossier:
    """Return the dossier of a row, with the parts that were read."""
    values = row._asdict() | {"status": Status(row.status), "channel": Channel(row.channel)}
    values["came_from"] = None if row.came_from is None else Status(row.came_from)
    values["limit_unit"] = None if row.limit_unit is None else TimeUnit(row.limit_unit)
    return Dossier(**values, **parts)


def wait_row(dossier_id: UUID, wait: Wait) -> dict[str, object]:
    """Return the row of a wait."""
    return {"dossier_id": dossier_id, **vars(wait), "component_codes": list(wait.component_codes)}


def wait_of(row: Any) -> Wait:
    """Return the wait of a row."""
    values = row._asdict()
    del values["dossier_id"]
    paid = row.payment_channel
    values |= {"kind": WaitKind(row.kind), "component_codes": tuple(row.component_codes)}
    return Wait(**values | {"payment_channel": None if paid is None else PaymentChannel(paid)})


def task_of(row: Any) -> Task:
    """Return the task of a row."""
    return Task(row.id, row.unit, row.opened_at, due_at=row.due_at, closed_at=row.closed_at, done=row.done)


def code_of(row: Any) -> AddedCode:
    """Return the further code of a row."""
    return AddedCode(row.code, row.unit, row.system_of_record, row.added_at)
