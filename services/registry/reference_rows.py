"""Reads reference data: as it is known now, or as it was known at a moment."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from services.registry.reference import Format, Key, Known, key_of
from services.registry.reference_tables import TABLES, change


def known_now(connection: Connection, formats: Iterable[Format], *, code: str | None = None) -> dict[Key, Known]:
    """Return the rows of some kinds by key, or of those only whose key begins with a code."""
    found = [
        Known(form.model.model_validate(dict(row)), row["revision"], row["recorded_at"])
        for form in formats
        for row in connection.execute(_rows(form, code)).mappings()
    ]
    return {key_of(known.item): known for known in found}


def _rows(form: Format, code: str | None) -> Select[Any]:
    table = TABLES[form]
    first = table.c[form.renamed.get(form.key[0], form.key[0])]
    return select(table) if code is None else select(table).where(first == code)


def known_at(connection: Connection, formats: Iterable[Format], at: datetime) -> dict[Key, Known]:
    """Return the rows of some kinds as they were known at a moment.

    Rows written before changes were kept count as known ever since.
    """
    by_kind = {form.kind: form for form in formats}
    now = known_now(connection, by_kind.values())
    known = {key: row for key, row in now.items() if row.recorded_at is None}
    c = change.c
    last = select(func.max(c.position)).where(c.recorded_at <= at, c.kind.in_(by_kind)).group_by(c.kind, c.key)
    query = select(c.kind, c.revision, c.recorded_at, c.content).where(c.position.in_(last))
    for kind, revision, recorded_at, content in connection.execute(query):
        if content is not None:
            item = by_kind[kind].model.model_validate_json(content)
            known[key_of(item)] = Known(item, revision, recorded_at)
    return known


def _begins_with(form: Format, code: str) -> ColumnElement[bool]:
    begin = json.dumps([form.kind, code], ensure_ascii=False)[:-1]
    return (change.c.kind == form.kind) & change.c.key.startswith(begin, autoescape=True)


@dataclass(frozen=True)
class Writing:
    """A writing of a row: what it says from then on; no content where it was removed."""

    key: Key
    revision: int
    recorded_at: datetime
    fields: tuple[str, ...]
    content: dict[str, Any] | None


def writings(connection: Connection, formats: Iterable[Format], first: str) -> list[Writing]:
    """Return every writing of the rows of some kinds whose key begins with a code, oldest first."""
    c = change.c
    query = select(change).where(or_(*(_begins_with(form, first) for form in formats)))
    return [
        Writing(
            tuple(json.loads(row.key)),
            row.revision,
            row.recorded_at,
            tuple(row.fields.split()),
            json.loads(row.content) if row.content else None,
        )
        for row in connection.execute(query.order_by(c.position))
    ]
