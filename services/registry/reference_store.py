"""The reference data in the database."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, Text, and_, cast, delete, insert, select

from services.registry.announcements import Announced, Announcement
from services.registry.dialect import lock, upsert
from services.registry.load import Change
from services.registry.reference import FORMATS, Format, Key, Known
from services.registry.reference_rows import known_now
from services.registry.reference_tables import TABLES, announced, change, unit
from services.registry.tables import journal
from shared.database import Database
from shared.events import Data, Event
from shared.topics import REFERENCE


class TableReference:
    """Keeps reference data in the tables of ``reference_tables``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def changing(self) -> Iterator["TableReferenceRows"]:
        """Open a transaction that nobody else's load overlaps."""
        with self._database.transaction() as connection:
            lock(connection, unit)
            yield TableReferenceRows(connection)

    @contextmanager
    def trying(self) -> Iterator["TableReferenceRows"]:
        """Open a transaction of which nothing stays."""
        with self._database.transaction() as connection:
            lock(connection, unit)
            trial = connection.begin_nested()
            yield TableReferenceRows(connection)
            trial.rollback()


class TableReferenceRows:
    """The reference data within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, formats: Sequence[Format] = FORMATS) -> Mapping[Key, Known]:
        """Return the rows of some kinds by key."""
        return known_now(self._connection, formats)

    def write(self, changes: Sequence[Change], at: datetime) -> None:
        """Write rows over those known before, and keep what was written when."""
        for form, table in TABLES.items():
            theirs = [each for each in changes if each.key[0] == form.kind]
            upsert(self._connection, table, [_row(c.item, c.revision, at) for c in theirs if c.item is not None])
            for gone in (each for each in theirs if each.item is None):
                self._connection.execute(delete(table).where(_named(form, table, gone.key)))
        if changes:
            self._connection.execute(insert(change), [_trace(each, at) for each in changes])

    def announced(self) -> Mapping[str, Announced]:
        """Return what was announced last, by key."""
        rows = self._connection.execute(select(announced)).all()
        return {row.key: Announced(row.revision, row.content) for row in rows}

    def announce(self, news: Sequence[tuple[Announcement, Event]]) -> None:
        """Put events into the journal, and keep what was announced."""
        journal.write(self._connection, [(REFERENCE.name, event) for _, event in news])
        rows = [{"key": each.key, "revision": each.revision, "content": each.content} for each, _ in news]
        upsert(self._connection, announced, rows)


def _row(item: Data, revision: int, at: datetime) -> dict[str, object]:
    return {**item.model_dump(mode="json"), "revision": revision, "recorded_at": at}


def _named(form: Format, table: Table, key: Key) -> ColumnElement[bool]:
    columns = [table.c[form.renamed.get(name, name)] for name in form.key]
    # as text: numbers, days and hours stand in a key as in a file, an hour without its seconds
    pairs = zip(columns, key[1:], strict=True)
    return and_(*(cast(column, Text).in_([value, f"{value}:00"]) for column, value in pairs))


def _trace(each: Change, at: datetime) -> dict[str, object]:
    return {
        "kind": each.key[0],
        "key": json.dumps(each.key, ensure_ascii=False),
        "revision": each.revision,
        "recorded_at": at,
        "fields": " ".join(each.fields),
        "content": None if each.item is None else each.item.model_dump_json(),
    }
