"""What the API reads of dossiers.

A list of a unit is what it received and what it is competent for. Asked with ``or``, no index serves
both: each is read from an index of its own, in the order of the list, and no further than the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    Select,
    Table,
    and_,
    func,
    or_,
    select,
    true,
    tuple_,
    union,
)

from services.registry import tables
from services.registry.dossier_matches import RUNNING, DossierFilter, matches
from services.registry.tables import dossier, history, paper
from services.registry.tally_queries import Units
from shared.database import Database

Fields = dict[str, Any]
Place = tuple[datetime, str]  # of a dossier in a list

_REVIEWED = paper.c.version.is_not(None) & paper.c.reviewed_version.is_not_distinct_from(paper.c.version)
_MOST_BRANCHES = 16  # of more units it is rather the whole list that is asked for
_PARTS: Mapping[str, tuple[Table, Sequence[ColumnElement[Any]]]] = {
    "papers": (paper, (paper.c.accepted_at, paper.c.paper_id)),
    "component_list": (tables.component, (tables.component.c.code,)),
    "steps": (tables.step, (tables.step.c.at, tables.step.c.paper_id, tables.step.c.step)),
    "task_list": (tables.task, (tables.task.c.opened_at, tables.task.c.task_id)),
    "transfers": (tables.transfer, (tables.transfer.c.at, tables.transfer.c.transfer_id)),
}


@dataclass(frozen=True)
class Due:
    """Which open dossiers are asked for by their due date: from a moment on, up to another."""

    units: Units
    before: datetime
    since: datetime | None = None


class DossierQueries:
    """Reads dossiers; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def dossiers(self, wanted: DossierFilter, *, limit: int, after: Place | None) -> list[Fields]:
        """Return dossiers, newest first, from behind ``after`` on.

        A dossier whose opening was not seen is in no list: nobody knows whose it is.
        """
        d = dossier.c
        asked = and_(d.opened_at.is_not(None), matches(wanted))
        if after is not None:
            asked &= tuple_(d.opened_at, d.dossier_id) < after
        order = (d.opened_at.desc(), d.dossier_id.desc())
        places = _places(asked, wanted.units, (d.receiving_unit, d.competent_unit), order=order, limit=limit)
        with self._database.reading() as connection:
            return _found(connection, places, order=order, limit=limit)

    def due(self, wanted: Due, *, limit: int, after: Place | None) -> list[Fields]:
        """Return dossiers whose clock runs, of competent units, by their due date, from behind ``after`` on."""
        d = dossier.c
        asked = and_(RUNNING, d.due_at < wanted.before)
        if wanted.since is not None:
            asked &= d.due_at >= wanted.since
        if after is not None:
            asked &= tuple_(d.due_at, d.dossier_id) > after
        order = (d.due_at.asc(), d.dossier_id.asc())
        places = _places(asked, wanted.units, (d.competent_unit,), order=order, limit=limit)
        with self._database.reading() as connection:
            return _found(connection, places, order=order, limit=limit)

    def dossier(self, dossier_id: str) -> Fields | None:
        """Return a dossier with all that belongs to it."""
        with self._database.reading() as connection:
            row = connection.execute(_one(dossier_id)).mappings().first()
            if row is None:
                return None
            (found,) = _with_reviews(connection, [row])
            for name, (table, order) in _PARTS.items():
                query = select(table).where(table.c.dossier_id == dossier_id).order_by(*order)
                found[name] = list(connection.execute(query).mappings())
            return found

    def history(self, dossier_id: str) -> Sequence[Row[Any]] | None:
        """Return what happened to a dossier: its ledger in order, then what no ledger numbers, in time."""
        rows = history.c
        order = (rows.sequence.is_(None), rows.sequence, rows.occurred_at, rows.event_id)
        with self._database.reading() as connection:
            if connection.execute(_one(dossier_id)).first() is None:
                return None
            query = select(history).where(rows.dossier_id == dossier_id).order_by(*order)
            return connection.execute(query).all()


def _one(dossier_id: str) -> Select[Any]:
    return select(dossier).where(dossier.c.dossier_id == dossier_id)


def _places(
    asked: ColumnElement[bool],
    units: Units,
    columns: Sequence[ColumnElement[Any]],
    *,
    order: Sequence[ColumnElement[Any]],
    limit: int,
) -> Any:
    """Return a query for the ids of one page: one branch for each unit and each way of being of it."""
    ids = select(dossier.c.dossier_id).where(asked)
    if units is None or len(units) > _MOST_BRANCHES:
        those = true() if units is None else or_(*(column.in_(units) for column in columns))
        return ids.where(those).order_by(*order).limit(limit)
    branches = [
        ids.where(column == unit).order_by(*order).limit(limit).subquery()
        for column in columns
        for unit in dict.fromkeys(units)
    ]
    return union(*(select(branch) for branch in branches))


def _found(connection: Connection, places: Any, *, order: Sequence[ColumnElement[Any]], limit: int) -> list[Fields]:
    page = places.subquery()
    query = select(dossier).join(page, page.c.dossier_id == dossier.c.dossier_id).order_by(*order).limit(limit)
    return _with_reviews(connection, connection.execute(query).mappings().all())


def _with_reviews(connection: Connection, rows: Sequence[RowMapping]) -> list[Fields]:
    """Return dossiers with what is told of them beside their state."""
    c = paper.c
    looks = select(c.dossier_id, func.count().filter(c.awaits_review), func.count().filter(_REVIEWED))
    looks = looks.where(c.dossier_id.in_([row["dossier_id"] for row in rows])).group_by(c.dossier_id)
    counts = {dossier_id: (waiting, done) for dossier_id, waiting, done in connection.execute(looks)}
    return [_told(row, *counts.get(row["dossier_id"], (0, 0))) for row in rows]


def _told(row: RowMapping, waiting: int, reviewed: int) -> Fields:
    missing = row["last_sequence"] - row["events_seen"]
    return {**row, "missing": missing, "needs_review": waiting, "reviewed": reviewed}
