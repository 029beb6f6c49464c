"""Seconds since 1970 of a moment, on both databases."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class whole_seconds(GenericFunction[int]):  # noqa: N801  # it becomes a function of SQL
    """Whole seconds since 1970."""

    type = BigInteger()
    inherit_cache = True


@compiles(whole_seconds, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **options)})) AS BIGINT)"


@compiles(whole_seconds, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(STRFTIME('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


def seconds_of(moment: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the whole seconds since 1970 of a moment."""
    return whole_seconds(moment)
