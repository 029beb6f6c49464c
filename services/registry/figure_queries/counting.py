"""Counting rows by conditions, in one pass."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func


def columns(conditions: Mapping[str, ColumnElement[bool]]) -> list[ColumnElement[Any]]:
    """Return a column for each condition: how many rows of a group satisfy it."""
    return [func.count().filter(condition).label(name) for name, condition in conditions.items()]


def counts_of(row: RowMapping, names: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts of a row by name."""
    return {name: int(row[name] or 0) for name in names}
