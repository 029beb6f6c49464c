"""A registry's database with millions of dossiers in it.

A made-up year is projected as the service would project it; then every row is multiplied in SQL under ids of its
own, and the tallies by the same factor. The rows are what the projection writes; only the events of the copies,
which no list or report reads, are not there.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from sqlalchemy import Connection, Table, text

from bench.registry.made_year import Year
from services.registry import tables
from services.registry.project import project
from services.registry.projection import TableProjection
from shared.database import Database
from shared.events import Event, encode
from shared.log import Record
from shared.topics import DOSSIERS

BATCH = 10_000
_CLUSTER = "made-year"
# what stands in rows of a dossier, with the ids that must differ from copy to copy
_OWN = {"dossier": ("dossier_id",), "component": ("dossier_id",), "paper": ("paper_id", "dossier_id")}


def records(events: Iterator[Event]) -> Iterator[list[Record]]:
    """Yield events as a follower would hand them over."""
    offset = 0
    while some := list(islice(events, BATCH)):
        told = [encode(event, DOSSIERS.name) for event in some]
        yield [Record(**vars(message), partition=0, offset=offset + n) for n, message in enumerate(told)]
        offset += len(some)


def project_year(database: Database, year: Year) -> int:
    """Project a year into a database, and return how many events that were."""
    count = 0
    for batch in records(chain.from_iterable(year.dossiers())):
        with database.transaction() as connection:
            project(TableProjection(connection, _CLUSTER), batch)
        count += len(batch)
    return count


def multiply(database: Database, times: int) -> None:
    """Make of every dossier so many."""
    for copy in range(1, times):
        with database.transaction() as connection:
            for name, own in _OWN.items():
                _copy(connection, tables.metadata.tables[name], own, f"{copy:03x}")
    with database.transaction() as connection:
        connection.execute(text("UPDATE tally SET value = value * :times"), {"times": times})
    _analyse(database)


def _copy(connection: Connection, table: Table, own: Sequence[str], prefix: str) -> None:
    """Copy the rows the projection made; ids of copies begin with a mark of their own."""
    names = [f'"{column.name}"' for column in table.columns]
    values = [f"'x{prefix}' || substr({name}, 5)" if name.strip('"') in own else name for name in names]
    first = f"substr({names[[c.name for c in table.columns].index(own[0])]}, 1, 1) <> 'x'"
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table.name}"  # noqa: S608  # our own names
    connection.execute(text(f"{statement} WHERE {first}"))


def _analyse(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text("ANALYZE"))
