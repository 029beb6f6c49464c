"""What the API and the metrics read from the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, Select, func, or_, select, true, tuple_

from services.registry.levels import Scope
from services.registry.reference_queries import ReferenceQueries
from services.registry.tables import PROJECTION, counter, dossier, history, paper
from shared.database import Database
from shared.events import Status

Units = Sequence[str] | None  # none: every unit, asked for as such
Fields = dict[str, Any]
Place = tuple[datetime, str]  # of a dossier in the list


_REVIEWED = paper.c.version.is_not(None) & paper.c.reviewed_version.is_not_distinct_from(paper.c.version)
_AWAITS_REVIEW = paper.c.needs_review & ~_REVIEWED


@dataclass(frozen=True)
class DossierFilter:
    """Which dossiers are asked for; an empty choice is no condition."""

    units: Units
    statuses: Sequence[Status] = ()
    procedures: Sequence[str] = ()
    channels: Sequence[int] = ()


@dataclass(frozen=True)
class Figures:
    """What the metrics show, read in one transaction."""

    procedures: Sequence[tuple[str, str, int]]  # unit, level
    dossiers: Sequence[tuple[str | None, int | None, int]]  # competent unit, status
    papers: dict[str, int]
    awaiting_review: dict[str | None, int]  # by lane
    pages: int
    missing: int
    counters: dict[str, int]
    last_event_at: datetime | None
    units: Sequence[str]


class Queries:
    """Reads the registry's database; every method is one transaction.

    Raises ``DatabaseUnavailable``.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.reference = ReferenceQueries(database)

    def dossiers(self, wanted: DossierFilter, *, limit: int, after: Place | None) -> list[Fields]:
        """Return dossiers, newest first, from behind ``after`` on.

        A dossier whose opening was not seen is in no list: nobody knows whose it is.
        """
        place = tuple_(dossier.c.opened_at, dossier.c.dossier_id)
        query = select(dossier).where(dossier.c.opened_at.is_not(None), _matches(wanted))
        if after is not None:
            query = query.where(place < after)
        newest = query.order_by(dossier.c.opened_at.desc(), dossier.c.dossier_id.desc()).limit(limit)
        with self._database.reading() as connection:
            return _dossiers(connection, connection.execute(newest).mappings().all())

    def dossier(self, dossier_id: str) -> Fields | None:
        """Return a dossier with its papers."""
        papers = select(paper).where(paper.c.dossier_id == dossier_id).order_by(paper.c.accepted_at, paper.c.paper_id)
        with self._database.reading() as connection:
            row = connection.execute(_one(dossier_id)).mappings().first()
            if row is None:
                return None
            (found,) = _dossiers(connection, [row])
            return found | {"papers": list(connection.execute(papers).mappings())}

    def history(self, dossier_id: str) -> Sequence[Row[Any]] | None:
        """Return what happened to a dossier: its ledger in order, then the outcomes of its papers in time."""
        rows = history.c
        order = (rows.sequence.is_(None), rows.sequence, rows.occurred_at, rows.event_id)
        with self._database.reading() as connection:
            if connection.execute(_one(dossier_id)).first() is None:
                return None
            query = select(history).where(rows.dossier_id == dossier_id).order_by(*order)
            return connection.execute(query).all()

    def summary(self, units: Units) -> tuple[dict[int | None, int], dict[str, int], int]:
        """Return dossiers by status, papers by state, and pages digitised, of some units."""
        theirs = _of(units, dossier.c.receiving_unit, dossier.c.competent_unit)
        by_status = select(dossier.c.status, func.count()).where(theirs).group_by(dossier.c.status)
        # outer: a paper may be known before its dossier, and then belongs to no unit
        owned = paper.outerjoin(dossier, paper.c.dossier_id == dossier.c.dossier_id)
        with self._database.reading() as connection:
            statuses: dict[int | None, int] = dict(connection.execute(by_status).all())
            states, pages = _papers(connection, _paper_counts().select_from(owned).where(theirs))
            return statuses, states, pages

    def figures(self) -> Figures:
        """Return what the metrics show."""
        by_unit = select(dossier.c.competent_unit, dossier.c.status, func.count())
        by_unit = by_unit.group_by(dossier.c.competent_unit, dossier.c.status)
        waiting = select(paper.c.lane, func.count()).where(_AWAITS_REVIEW).group_by(paper.c.lane)
        missing = select(func.coalesce(func.sum(dossier.c.last_sequence - dossier.c.events_seen), 0))
        with self._database.reading() as connection:
            states, pages = _papers(connection, _paper_counts())
            known = self.reference.within(connection)
            placed = known.placed(self.reference.today(), Scope.MANAGED, None)
            return Figures(
                procedures=[(each.unit, each.level, 1) for each in placed],
                dossiers=[(u, s, n) for u, s, n in connection.execute(by_unit)],
                papers=states,
                awaiting_review=dict(connection.execute(waiting).all()),
                pages=pages,
                missing=int(connection.execute(missing).scalar_one()),
                counters=dict(connection.execute(select(counter.c.name, counter.c.value)).all()),
                last_event_at=connection.execute(select(func.max(history.c.occurred_at))).scalar(),
                units=list(known.units),
            )

    def row_counts(self) -> dict[str, int]:
        """Return how many rows each table of the projection has."""
        with self._database.reading() as connection:
            counts = {table.name: select(func.count()).select_from(table) for table in PROJECTION}
            return {name: connection.execute(query).scalar_one() for name, query in counts.items()}


def _one(dossier_id: str) -> Select[Any]:
    return select(dossier).where(dossier.c.dossier_id == dossier_id)


def _matches(wanted: DossierFilter) -> ColumnElement[bool]:
    return (
        _of(wanted.units, dossier.c.receiving_unit, dossier.c.competent_unit)
        & _in(dossier.c.status, [int(s) for s in wanted.statuses])
        & _in(dossier.c.procedure_code, wanted.procedures)
        & _in(dossier.c.channel, [int(c) for c in wanted.channels])
    )


def _of(units: Units, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    return true() if units is None else or_(*(column.in_(units) for column in columns))


def _in(column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    return column.in_(values) if values else true()


def _paper_counts() -> Select[Any]:
    pages = func.coalesce(func.sum(paper.c.pages), 0)
    return select(paper.c.state, func.count(), pages).group_by(paper.c.state)


def _papers(connection: Connection, counts: Select[Any]) -> tuple[dict[str, int], int]:
    rows = connection.execute(counts).all()
    return {state: count for state, count, _ in rows}, sum(int(pages) for _, _, pages in rows)


def _dossiers(connection: Connection, rows: Sequence[RowMapping]) -> list[Fields]:
    """Return dossiers with what is told of them beside their state."""
    c = paper.c
    looks = select(c.dossier_id, func.count().filter(_AWAITS_REVIEW), func.count().filter(_REVIEWED))
    looks = looks.where(c.dossier_id.in_([row["dossier_id"] for row in rows])).group_by(c.dossier_id)
    counts = {dossier_id: (waiting, done) for dossier_id, waiting, done in connection.execute(looks)}
    return [_dossier(row, *counts.get(row["dossier_id"], (0, 0))) for row in rows]


def _dossier(row: RowMapping, waiting: int, reviewed: int) -> Fields:
    missing = row["last_sequence"] - row["events_seen"]
    return {**row, "missing": missing, "needs_review": waiting, "reviewed": reviewed}
