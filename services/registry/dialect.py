"""What PostgreSQL and SQLite spell differently."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or replace those with the same primary key."""
    if not rows:
        return
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement: Any = insert(table)
    key = [column.name for column in table.primary_key]
    values = {c.name: c for c in statement.excluded if c.name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values), rows)


def lock(connection: Connection, table: Table) -> None:
    """Keep other writers from a table until the transaction ends; SQLite has only one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))
