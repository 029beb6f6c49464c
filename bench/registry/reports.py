"""Form II.06a of a generated year against an independent count over the raw events, for random periods.

``python -m bench.registry.reports [--dossiers 200000] [--periods 500] [--url URL]``; exit code 1 where any differs.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.registry.made_year import Province, Year
from bench.registry.many import project_year
from bench.registry.raw_count import RawEvents, Row
from deploy.local.servers import PostgreSQL
from services.registry import tables
from services.registry.figure_reader import FigureReader
from services.registry.figures.period import Period
from services.registry.file_report import Wanted
from services.registry.load import load
from services.registry.reference_queries import ReferenceQueries
from services.registry.reference_store import TableReference
from shared.clock import SystemClock
from shared.database import Database

PROVINCE = Path(__file__).parents[2] / "deploy" / "demo" / "province"
HA_VAN = Province(
    receiving=("H98.01.10", "H98.05", "H98.06"),
    competent=("H98.02", "H98.03", "H98.04", "H98.05", "H98.06"),
    procedures=tuple(f"9.9900{number:02d}" for number in range(1, 21)),
)
AFTER = datetime(2026, 12, 31, tzinfo=UTC)  # the year is over


def filled(url: str, year: Year) -> Database:
    """Return a registry's database with a year projected into it."""
    database = Database(url)
    database.create(tables.metadata)
    load(PROVINCE, TableReference(database), SystemClock())
    project_year(database, year)
    return database


def periods(year: Year, count: int) -> Iterator[Period]:
    """Yield random periods of the year, short and long."""
    chance = random.Random(year.seed)  # noqa: S311  # no secret
    days = (year.last - year.first).days
    for _ in range(count):
        first = year.first + timedelta(days=chance.randrange(days))
        yield Period(first, min(year.last, first + timedelta(days=chance.choice((0, 6, 30, 91, 364)))))


def differences(reader: FigureReader, raw: RawEvents, period: Period) -> Iterator[str]:
    """Yield each unit whose report is not what the raw events give."""
    made = reader.make(Wanted("II.06a", ("all",), period), AFTER).report
    told = {str(row.unit): dict(row.values) for row in made.by_unit if row.style == "unit"}
    counted = {unit: _columns(row) for unit, row in raw.count(period.first, period.last).items()}
    for unit in sorted({*told, *counted}):
        if told.get(unit) != counted.get(unit):
            yield f"{period.first} to {period.last}, {unit}: {told.get(unit)} is not {counted.get(unit)}"


def _columns(row: Row) -> dict[str, int]:
    settled = row.early + row.on_time + row.overdue
    return {
        "received": row.online + row.in_person_or_post + row.from_before,
        "received_online": row.online,
        "received_direct": row.in_person_or_post,
        "carried": row.from_before,
        "settled": settled,
        "settled_early": row.early,
        "settled_on_time": row.on_time,
        "settled_overdue": row.overdue,
        "open": row.open_in_time + row.open_overdue,
        "open_in_time": row.open_in_time,
        "open_overdue": row.open_overdue,
    }


def raw_events(year: Year) -> RawEvents:
    """Return the raw events of a year, ready to be counted."""
    raw = RawEvents()
    for events in year.dossiers():
        raw.add(events)
    raw.seal()
    return raw


def reader_of(database: Database) -> FigureReader:
    """Return what makes reports of a database."""
    return FigureReader(database, ReferenceQueries(database))


def main() -> int:
    """Fill, compare and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.registry.reports", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=200_000)
    parser.add_argument("--periods", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    year = Year(arguments.dossiers, HA_VAN, seed=arguments.seed)
    with tempfile.TemporaryDirectory(prefix="hoso-bench-reports-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's own account must be able to enter
        with PostgreSQL(Path(folder) / "postgresql") as server:
            return _compare(filled(server.create_database("reports"), year), year, arguments.periods)


def _compare(database: Database, year: Year, count: int) -> int:
    raw, reader = raw_events(year), reader_of(database)
    started, wrong = time.perf_counter(), 0
    for period in periods(year, count):
        for difference in differences(reader, raw, period):
            print(difference)
            wrong += 1
    seconds = time.perf_counter() - started
    print(f"{year.count} dossiers, {count} periods: {wrong} units differ; {seconds / count:.3f} s a period, both ways")
    database.close()
    raw.close()
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
