"""The reference data in the database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Table, select

from services.registry.dialect import lock, upsert
from services.registry.load import Change, Item, Key, Known, key_of
from services.registry.tables import journal, procedure, unit
from shared.database import Database
from shared.events import Event, Procedure, Unit
from shared.topics import REFERENCE

_KINDS: tuple[tuple[type[Unit] | type[Procedure], Table], ...] = ((Unit, unit), (Procedure, procedure))


class TableReference:
    """Keeps reference data in the tables ``unit`` and ``procedure``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def changing(self) -> Iterator["TableReferenceRows"]:
        """Open a transaction that nobody else's load overlaps."""
        with self._database.transaction() as connection:
            lock(connection, unit)
            yield TableReferenceRows(connection)

    @contextmanager
    def reading(self) -> Iterator["TableReferenceRows"]:
        """Open a transaction that changes nothing."""
        with self._database.reading() as connection:
            yield TableReferenceRows(connection)


class TableReferenceRows:
    """The reference data within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self) -> Mapping[Key, Known]:
        """Return every row by its key."""
        found = [
            Known(kind.model_validate(dict(row)), row["revision"])
            for kind, table in _KINDS
            for row in self._connection.execute(select(table)).mappings()
        ]
        return {key_of(known.item): known for known in found}

    def write(self, changes: Sequence[Change]) -> None:
        """Write rows over those known before."""
        for kind, table in _KINDS:
            upsert(self._connection, table, [_row(c.item, c.revision) for c in changes if isinstance(c.item, kind)])

    def announce(self, events: Sequence[Event]) -> None:
        """Put events into the journal."""
        journal.write(self._connection, [(REFERENCE.name, event) for event in events])


def _row(item: Item, revision: int) -> dict[str, object]:
    return {**item.model_dump(mode="json"), "revision": revision}
