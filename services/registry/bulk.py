"""Many rows at once, in few statements: COPY on PostgreSQL, the driver's own tuples on SQLite.

SQLAlchemy binds each value by itself, which took more time than the rows took the database.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, Date, Float, Integer, Table, func, select, text

from shared.database import Moment, copy_in

Values = Sequence[Any]
Written = list[str]
Write = Callable[[Values], Written]

_FEW = 40  # rows; fewer are not worth a table of their own
_NULL = "\\N"


def among(connection: Connection, of: ColumnElement[Any], ids: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a column is one of these ids, with one parameter however many there are."""
    if connection.dialect.name == "postgresql":
        return of == func.any(func.string_to_array(",".join(ids), ","))
    each = func.json_each(json.dumps(list(ids))).table_valued("value")
    return of.in_(select(each.c.value))


def insert_all(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Values]) -> None:
    """Insert rows; values stand in the order of the names."""
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) >= _FEW:
        copy_in(connection, _copy(table.name, names), _lines(table, names, rows))
    else:
        _insert_few(connection, table, names, rows, conflict="")


def upsert_all(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Values], *, adding: bool = False
) -> None:
    """Insert rows or replace those with the same primary key; ``adding`` adds to ``value`` instead."""
    if not rows:
        return
    conflict = _conflict(table, tuple(names), adding)
    if connection.dialect.name == "postgresql" and len(rows) >= _FEW:
        incoming = f"incoming_{table.name}"
        connection.execute(text(f"CREATE TEMPORARY TABLE IF NOT EXISTS {incoming} (LIKE {table.name})"))
        copy_in(connection, _copy(incoming, names), _lines(table, names, rows))
        listed = ", ".join(names)
        connection.execute(text(f"INSERT INTO {table.name} ({listed}) SELECT {listed} FROM {incoming}{conflict}"))  # noqa: S608
        connection.execute(text(f"TRUNCATE {incoming}"))
    else:
        _insert_few(connection, table, names, rows, conflict=conflict)


def values_of(names: Sequence[str], states: Iterable[Any]) -> list[Values]:
    """Return the values of some states in the order of the names."""
    get = attrgetter(*names)
    return [get(state) for state in states]


@lru_cache
def _conflict(table: Table, names: tuple[str, ...], adding: bool) -> str:  # noqa: FBT001  # for the cache
    key = [c.name for c in table.primary_key]
    if adding:
        changed = f"value = {table.name}.value + excluded.value"
    else:
        changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"


def _copy(table: str, names: Sequence[str]) -> str:
    return f"COPY {table} ({', '.join(names)}) FROM STDIN"


def _insert_few(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Values], *, conflict: str
) -> None:
    """Insert through the driver; PostgreSQL knows our values as they are, SQLite knows no moments."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        rows = _rows([_for_sqlite(table, name)(c) for name, c in zip(names, zip(*rows, strict=True), strict=True)])
    holders = ", ".join(["?" if sqlite else "%s"] * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({holders}){conflict}"  # noqa: S608
    connection.exec_driver_sql(statement, [tuple(row) for row in rows])


def _rows(columns: Sequence[Values]) -> list[Values]:
    return list(zip(*columns, strict=True))


def _lines(table: Table, names: Sequence[str], rows: Sequence[Values]) -> str:
    """Return rows in the text format of COPY, written column by column."""
    columns = [_for_copy(table, name)(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)]
    return "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"


def _for_copy(table: Table, name: str) -> Write:
    kind = table.c[name].type
    if isinstance(kind, Moment | Date):
        return _moments
    if isinstance(kind, Boolean):
        return _booleans
    return _numbers if isinstance(kind, Integer | Float) else _texts


def _moments(values: Values) -> Written:
    return [_NULL if v is None else v.isoformat() for v in values]


def _booleans(values: Values) -> Written:
    return [_NULL if v is None else "t" if v else "f" for v in values]


def _numbers(values: Values) -> Written:
    return [_NULL if v is None else repr(v) for v in values]


def _texts(values: Values) -> Written:
    written = [_NULL if v is None else v for v in values]
    told = "".join([v for v in values if v is not None])
    if any(special in told for special in "\\\t\n\r"):
        return [_NULL if v is None else _escaped(v) for v in values]
    return written


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _for_sqlite(table: Table, name: str) -> Callable[[Values], Values]:
    kind = table.c[name].type
    if isinstance(kind, Moment):
        return lambda values: [None if v is None else _sqlite_moment(v) for v in values]
    if isinstance(kind, Date):
        return lambda values: [None if v is None else v.isoformat() for v in values]
    return lambda values: values


def _sqlite_moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]  # as SQLAlchemy stores and reads it
