"""What is counted: read from the tallies, never by counting rows of dossiers or papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from services.registry.reference_tables import unit
from services.registry.tables import PROJECTION, counter, history, tally
from shared.database import Database

Units = Sequence[str] | None  # none: every unit, asked for as such
Tallies = Mapping[str, Sequence[tuple[str, str, str, date, int]]]  # by name

_SCRAPED = (
    "received_all",
    "settled_all",
    "open_age",
    "open_due",
    "status",
    "missing",
    "digitised_all",
    "paper",
    "pages",
    "awaiting",
)


@dataclass(frozen=True)
class Figures:
    """What the metrics show of the projection, read in one transaction."""

    tallies: Tallies
    transfers: Mapping[tuple[str, str], int]  # object, outcome
    counters: Mapping[str, int]
    last_event_at: datetime | None
    units: Sequence[str]


class TallyQueries:
    """Reads what is counted; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def figures(self) -> Figures:
        """Return what the metrics show."""
        with self._database.reading() as connection:
            return Figures(
                tallies=_tallies(connection, _SCRAPED),
                transfers=_transfers(connection),
                counters=dict(connection.execute(select(counter.c.name, counter.c.value)).all()),
                last_event_at=connection.execute(select(func.max(history.c.occurred_at))).scalar(),
                units=list(connection.execute(select(unit.c.code)).scalars()),
            )

    def summary(self, units: Units) -> tuple[dict[int | None, int], dict[str, int], int]:
        """Return dossiers by status, papers by state, and pages digitised, of some units."""
        with self._database.reading() as connection:
            statuses = _sums(connection, "held", units)
            papers, pages = _sums(connection, "paper", units), _sums(connection, "pages", units)
        by_status = {int(status) if status else None: count for status, count in statuses.items()}
        return by_status, papers, sum(pages.values())

    def row_counts(self) -> dict[str, int]:
        """Return how many rows each table of the projection has."""
        with self._database.reading() as connection:
            counts = {table.name: select(func.count()).select_from(table) for table in PROJECTION}
            return {name: connection.execute(query).scalar_one() for name, query in counts.items()}


def _tallies(connection: Connection, names: Sequence[str]) -> Tallies:
    t = tally.c
    found: dict[str, list[tuple[str, str, str, date, int]]] = {name: [] for name in names}
    for name, *row in connection.execute(select(t.name, t.a, t.b, t.c, t.day, t.value).where(t.name.in_(names))):
        found[name].append((row[0], row[1], row[2], row[3], row[4]))
    return found


def _transfers(connection: Connection) -> dict[tuple[str, str], int]:
    query = select(tally.c.b, tally.c.c, func.sum(tally.c.value)).where(tally.c.name == "transfer")
    return {(kind, outcome): int(n) for kind, outcome, n in connection.execute(query.group_by(tally.c.b, tally.c.c))}


def _sums(connection: Connection, name: str, units: Units) -> dict[str, int]:
    """Return the sums by ``c`` of a tally of receiving unit and competent unit."""
    query = select(tally.c.c, func.sum(tally.c.value)).where(tally.c.name == name, _theirs(units))
    return {c: int(value) for c, value in connection.execute(query.group_by(tally.c.c))}


def _theirs(units: Units) -> ColumnElement[bool]:
    return true() if units is None else or_(tally.c.a.in_(units), tally.c.b.in_(units))
