"""The tables of reference data: the registry's own truth, one a kind of row, and the trace of every change.

A table has the fields of its model, ``revision`` (how often the row was written with another content)
and ``recorded_at`` (when last). Days and decimals are text: nothing is rounded, and ISO dates sort.
"""

from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, Table, Text, false, true
from sqlalchemy.types import TypeEngine

from services.registry.reference import FORMATS, Format
from services.registry.tables import metadata
from shared.database import Moment

_POSITION = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up on INTEGER only
_TYPES: dict[object, type[TypeEngine[Any]]] = {bool: Boolean, int: BigInteger, float: Float}


def _table(form: Format) -> Table:
    key = {form.renamed.get(name, name) for name in form.key}
    columns = [_column(name, info, key=name in key) for name, info in form.model.model_fields.items()]
    revision = Column("revision", Integer, nullable=False)
    return Table(form.kind, metadata, *columns, revision, Column("recorded_at", Moment))


def _column(name: str, info: FieldInfo, *, key: bool) -> Column[Any]:
    said, may_be_none = _annotation(info.annotation)
    default = None if info.default in {PydanticUndefined, None} else _default(info.default)
    # a default of the database's own: a table of an earlier version gets the columns it lacks
    return Column(name, _TYPES.get(said, Text), primary_key=key, nullable=may_be_none, server_default=default)


def _annotation(annotation: object) -> tuple[object, bool]:
    if get_origin(annotation) in {Union, UnionType}:
        said = [each for each in get_args(annotation) if each is not NoneType]
        return said[0], True
    return (str if get_origin(annotation) is Literal else annotation), False


def _default(value: object) -> Any:
    if isinstance(value, bool):
        return true() if value else false()  # SQLite would keep a word as a word, which reads as true
    return str(value)


TABLES = {form: _table(form) for form in FORMATS}
unit, procedure = (TABLES[form] for form in FORMATS[:2])

# what was known when: a row that was removed has a last entry without content
change = Table(
    "reference_change",
    metadata,
    Column("position", _POSITION, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("fields", Text, nullable=False),
    Column("content", Text),
)
Index("reference_change_key", change.c.kind, change.c.key, change.c.revision)

# what was announced last of each unit, procedure and calendar
announced = Table(
    "reference_announced",
    metadata,
    Column("key", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("content", Text, nullable=False),
)
