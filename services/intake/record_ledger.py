"""The record of digitisation on PostgreSQL and SQLite: the queries behind ``record_ports.Records``."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, func, insert, select, update

from services.intake import tables as t
from services.intake.dossiers import Component, PaperState
from services.intake.ledger_rows import component_of
from services.intake.records import (
    Attempt,
    ComponentRecord,
    Parcel,
    ResultRecord,
    StepRecord,
    Steps,
    Transfer,
)
from services.intake.rejections import Reason, Rejected
from shared.events import (
    ResultKind,
    Step,
    TransferObject,
    TransferOutcome,
)

_c, _p, _s, _r, _t = t.component.c, t.paper.c, t.paper_step.c, t.result.c, t.transfer.c
# what every paper needs, built once, as in ``ledger``
_ADD_STEPS = insert(t.paper_step)
_OF_PAPER: BindParameter[UUID] = bindparam("paper_id")
_STEPS = select(t.paper_step).where(_s.paper_id == _OF_PAPER).order_by(_s.step)


class SqlRecords:
    """The record inside one transaction; what each method promises stands in ``record_ports.Records``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def component(self, dossier_id: UUID, code: str) -> Component:
        """Return a component."""
        query = select(t.component).where(_c.dossier_id == dossier_id, _c.code == code)
        row = self._connection.execute(query).first()
        if row is None:
            raise Rejected(Reason.NO_SUCH_COMPONENT)
        return component_of(row)

    def record_component(self, dossier_id: UUID, code: str, record: ComponentRecord) -> None:
        """Write the record beside the component."""
        values = {
            "record_state": record.state,
            "record_exempt_reason": record.exempt_reason,
            "record_reused_from": record.reused_from,
            "record_paper_id": record.paper_id,
            "recorded_by": record.recorded_by,
            "recorded_at": record.recorded_at,
        }
        this = and_(_c.dossier_id == dossier_id, _c.code == code)
        self._connection.execute(update(t.component).where(this).values(values))

    def digitised_as(self, dossier_id: UUID, code: str) -> UUID | None:
        """Return the first digitised paper of a component."""
        those = and_(_p.dossier_id == dossier_id, _p.component_code == code, _p.state == PaperState.DIGITISED)
        return self._connection.execute(select(_p.id).where(those).order_by(_p.sequence).limit(1)).scalar()

    def steps(self, paper_id: UUID) -> Steps:
        """Return a paper's steps."""
        rows = self._connection.execute(_STEPS, {"paper_id": paper_id})
        return {Step(row.step): StepRecord(**row._asdict() | {"step": Step(row.step)}) for row in rows}

    def add_steps(self, steps: Sequence[StepRecord]) -> None:
        """Add steps."""
        if steps:
            self._connection.execute(_ADD_STEPS, [vars(step) for step in steps])

    def is_code_taken(self, code: str) -> bool:
        """Return whether a code is taken."""
        return self._connection.execute(select(_s.step).where(_s.digitisation_code == code)).first() is not None

    def coded(self, dossier_id: UUID, component_code: str | None) -> int:
        """Count the coded papers."""
        those = and_(_p.dossier_id == dossier_id, _p.component_code.is_not_distinct_from(component_code))
        query = select(func.count()).select_from(t.paper_step.join(t.paper)).where(those, _s.step == Step.CODED)
        return int(self._connection.execute(query).scalar_one())

    def results(self, dossier_id: UUID) -> Sequence[ResultRecord]:
        """Return the results."""
        rows = select(t.result).where(_r.dossier_id == dossier_id).order_by(_r.recorded_at, _r.paper_id)
        found = self._connection.execute(rows)
        return [ResultRecord(**row._asdict() | {"kind": ResultKind(row.kind)}) for row in found]

    def add_result(self, result: ResultRecord) -> None:
        """Add a result."""
        self._connection.execute(insert(t.result).values(vars(result)))

    def transfers(self, dossier_id: UUID) -> Sequence[Transfer]:
        """Return all transfers of a dossier."""
        return self._transfers(select(t.transfer).where(_t.dossier_id == dossier_id))

    def transfer(self, dossier_id: UUID, transfer_id: UUID) -> Transfer:
        """Return one transfer."""
        found = self._transfers(select(t.transfer).where(_t.dossier_id == dossier_id, _t.id == transfer_id))
        if not found:
            raise Rejected(Reason.UNKNOWN_TRANSFER)
        return found[0]

    def transfers_of(self, dossier_id: UUID, parcel: Parcel) -> Sequence[Transfer]:
        """Return the transfers of a parcel."""
        same = [_t[name].is_not_distinct_from(value) for name, value in vars(parcel).items()]
        return self._transfers(select(t.transfer).where(_t.dossier_id == dossier_id, *same))

    def _transfers(self, query: Select[Any]) -> list[Transfer]:
        return [_transfer(row) for row in self._connection.execute(query.order_by(_t.first_at, _t.id))]

    def add_transfer(self, transfer: Transfer) -> None:
        """Add a transfer."""
        self._connection.execute(insert(t.transfer).values(_transfer_row(transfer)))

    def save_transfer(self, transfer: Transfer) -> None:
        """Write a transfer."""
        self._connection.execute(update(t.transfer).where(_t.id == transfer.id).values(_transfer_row(transfer)))


def _transfer(row: Any) -> Transfer:
    return Transfer(
        id=row.id,
        dossier_id=row.dossier_id,
        parcel=Parcel(row.target, TransferObject(row.object), row.component_code, row.paper_id),
        last=Attempt(TransferOutcome(row.outcome), row.reason_code, row.at, row.recorded_by),
        first_at=row.first_at,
        attempt=row.attempt,
    )


def _transfer_row(transfer: Transfer) -> dict[str, Any]:
    row = vars(transfer) | vars(transfer.parcel) | vars(transfer.last)
    return {column.name: row[column.name] for column in t.transfer.c}
