"""The projection in the database."""

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update

from services.registry import tables
from services.registry.bulk import among, insert_all, upsert_all, values_of
from services.registry.dialect import lock, upsert
from services.registry.dossier_state import ComponentState, DossierState, StepState, TaskState, TransferState
from services.registry.happening import Happening, understand
from services.registry.paper_state import PaperState
from services.registry.project import project
from services.registry.projecting import Changed
from services.registry.tables import (
    FOLLOWER,
    PROJECTION,
    SHAPE,
    counter,
    dossier,
    history,
    paper,
    positions,
    projection_shape,
)
from services.registry.tallies import Key
from shared.log import Record

State = TypeVar("State", DossierState, PaperState, ComponentState, TaskState, TransferState)
_who = attrgetter("subject", "role", "counter", "unit", "client")  # in the order of the columns
_NOBODY = (None,) * 5
_TALLY_KEY = ("name", "a", "b", "c", "day")


class TableProjection:
    """The projection within one transaction."""

    def __init__(self, connection: Connection, cluster_id: str) -> None:
        self._connection = connection
        self.cluster_id = cluster_id

    def dossiers(self, dossier_ids: Collection[str]) -> Mapping[str, DossierState]:
        """Return those of these dossiers that are known."""
        states = self._states(DossierState, dossier, dossier.c.dossier_id, dossier_ids)
        return {state.dossier_id: state for state in states}

    def papers(self, paper_ids: Collection[str]) -> Mapping[str, PaperState]:
        """Return those of these papers that are known."""
        return {state.paper_id: state for state in self._states(PaperState, paper, paper.c.paper_id, paper_ids)}

    def papers_of(self, dossier_ids: Collection[str]) -> Sequence[PaperState]:
        """Return what is known of the papers of these dossiers."""
        return self._states(PaperState, paper, paper.c.dossier_id, dossier_ids)

    def components(self, dossier_ids: Collection[str]) -> Sequence[ComponentState]:
        """Return what is known of the components of these dossiers."""
        return self._states(ComponentState, tables.component, tables.component.c.dossier_id, dossier_ids)

    def tasks(self, dossier_ids: Collection[str]) -> Sequence[TaskState]:
        """Return what is known of the tasks of these dossiers."""
        return self._states(TaskState, tables.task, tables.task.c.dossier_id, dossier_ids)

    def transfers(self, dossier_ids: Collection[str]) -> Sequence[TransferState]:
        """Return what is known of the transfers of these dossiers."""
        return self._states(TransferState, tables.transfer, tables.transfer.c.dossier_id, dossier_ids)

    def _states(self, kind: type[State], table: Table, key: ColumnElement[Any], ids: Collection[str]) -> list[State]:
        if not ids:
            return []
        columns = [table.c[f.name] for f in fields(kind)]
        query = select(*columns).where(among(self._connection, key, ids))
        return [kind(*row) for row in self._connection.execute(query)]

    def clusters(self, event_ids: Collection[str]) -> Mapping[str, str]:
        """Return, for those of these events that are known, the cluster each was last read from."""
        those = among(self._connection, history.c.event_id, event_ids)
        query = select(history.c.event_id, history.c.cluster_id).where(those)
        return {r.event_id: r.cluster_id for r in self._connection.execute(query)}

    def sequences(self, dossier_ids: Collection[str]) -> Mapping[str, set[int]]:
        """Return the sequences seen of each of these dossiers."""
        seen: dict[str, set[int]] = {dossier_id: set() for dossier_id in dossier_ids}
        query = select(history.c.dossier_id, history.c.sequence).where(self._in_ledgers(dossier_ids))
        for row in self._connection.execute(query):
            seen[row.dossier_id].add(row.sequence)
        return seen

    def history(self, dossier_ids: Collection[str]) -> Sequence[Happening]:
        """Return what was kept of the ledgers of these dossiers."""
        rows = self._connection.execute(select(history).where(self._in_ledgers(dossier_ids)))
        return [_happening(row) for row in rows]

    def _in_ledgers(self, dossier_ids: Collection[str]) -> ColumnElement[bool]:
        return among(self._connection, history.c.dossier_id, dossier_ids) & history.c.sequence.is_not(None)

    def keep(self, happenings: Sequence[Happening]) -> None:
        """Add to the history."""
        rows = [_history_row(h, self.cluster_id) for h in happenings]
        insert_all(self._connection, history, [c.name for c in history.columns], rows)

    def read_again(self, event_ids: Collection[str]) -> None:
        """Note that these known events were now read from this cluster."""
        if event_ids:
            those = among(self._connection, history.c.event_id, event_ids)
            self._connection.execute(update(history).where(those).values(cluster_id=self.cluster_id))

    def put(self, changed: Changed) -> None:
        """Write states over those known before, and add differences to the tallies."""
        self._write(dossier, DossierState, changed.dossiers)
        self._write(paper, PaperState, changed.papers)
        self._write(tables.component, ComponentState, changed.components)
        self._write(tables.task, TaskState, changed.tasks)
        self._write(tables.transfer, TransferState, changed.transfers)
        self._write(tables.step, StepState, changed.steps)
        self._tally(changed.tallies)

    def _tally(self, differences: Mapping[Key, int]) -> None:
        changed = [(*key, value) for key, value in differences.items() if value]
        if changed:
            upsert_all(self._connection, tables.tally, (*_TALLY_KEY, "value"), changed, adding=True)
            self._connection.execute(delete(tables.tally).where(tables.tally.c.value == 0))

    def _write(self, table: Table, kind: type[Any], states: Collection[Any]) -> None:
        names = [f.name for f in fields(kind)]
        upsert_all(self._connection, table, names, values_of(names, states))

    def count(self, counts: Mapping[str, int]) -> None:
        """Add to the counters."""
        for name, value in counts.items():
            if value:
                self._add(name, value)

    def _add(self, name: str, value: int) -> None:
        added = update(counter).where(counter.c.name == name).values(value=counter.c.value + value)
        if self._connection.execute(added).rowcount == 0:
            self._connection.execute(insert(counter).values(name=name, value=value))


def apply(connection: Connection, records: Sequence[Record]) -> None:
    """Project a batch within the transaction that moves the offsets."""
    with _uncollected():
        project(TableProjection(connection, positions.cluster_id(connection, FOLLOWER)), records)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for garbage among the states of a batch, which took half of the time; none is there."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def renew(connection: Connection) -> bool:
    """Empty a projection of another shape, so that it is made anew from the log; return whether it was one."""
    lock(connection, projection_shape)
    known = connection.execute(select(projection_shape.c.shape)).scalar()
    if known == SHAPE:
        return False
    positions.forget(connection, FOLLOWER)
    empty(connection)
    upsert(connection, projection_shape, [{"one": 1, "shape": SHAPE}])
    return True


def empty(connection: Connection) -> None:
    """Empty the projection; the reference data stays, and what was announced as due."""
    for table in PROJECTION:
        connection.execute(delete(table))


def _history_row(happening: Happening, cluster_id: str) -> tuple[Any, ...]:
    actor = None if happening.data is None else vars(happening.data).get("actor")
    return (
        happening.event_id,
        happening.dossier_id,
        happening.sequence,
        happening.type,
        happening.occurred_at,
        *(_NOBODY if actor is None else _who(actor)),
        happening.raw,
        cluster_id,
    )


def _happening(row: Any) -> Happening:
    return Happening(
        event_id=row.event_id,
        dossier_id=row.dossier_id,
        sequence=row.sequence,
        type=row.type,
        occurred_at=row.occurred_at,
        raw=row.data,
        data=understand(row.type, row.data),
    )
