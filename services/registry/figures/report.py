"""A report: columns as its form has them, rows with their values; what is filed, shown and printed."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Value = int | float | None
Style = Literal["total", "unit", "group", "line"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Column(_Frozen):
    """A column; its Vietnamese heading stands under those of the groups it belongs to."""

    key: str
    vi: tuple[str, ...] = Field(description="headings from the outermost group to the column's own")
    en: str
    number: str = Field(default="", description="what the form's row of column numbers says")
    kind: Literal["number", "label", "count", "ratio", "money"] = "count"


class Text(_Frozen):
    """Something said in both languages."""

    vi: str
    en: str


class Row(_Frozen):
    """A row; of what it counts, the keys that are none are summed over."""

    style: Style
    number: str = ""
    label: str
    unit: str | None = None
    handling_level: str | None = None
    field_code: str | None = None
    values: Mapping[str, Value]

    @property
    def key(self) -> tuple[str, str, str]:
        """What the row is about, to find it again in another report."""
        return self.unit or "", self.handling_level or "", self.field_code or ""


class UnitCovered(_Frozen):
    """A unit whose dossiers or procedures a report counts, as it was then."""

    code: str
    name: str
    successor: str | None = None
    valid_to: str | None = None


class Form(_Frozen):
    """What a form looks like: data, for a circular can change it."""

    kind: str
    title: Text
    form_number: str = ""
    issued_with: str = ""
    measure: str
    source: str = Field(description="where the layout is known from, and how far")
    columns: tuple[Column, ...]
    notes: tuple[Text, ...] = ()
    signatures: tuple[str, ...] = ()

    @property
    def counted(self) -> tuple[Column, ...]:
        """The columns that hold values."""
        return tuple(column for column in self.columns if column.kind not in {"number", "label"})


class Report(_Frozen):
    """A report of one kind for some units and a period."""

    form: Form
    scope: tuple[str, ...] = Field(description="the units asked for, or `all`")
    scope_name: str
    first_day: date
    last_day: date
    reference_day: date = Field(description="an open dossier is overdue where it was due before this day")
    units: tuple[UnitCovered, ...]
    rows: tuple[Row, ...]
    by_unit: tuple[Row, ...] = Field(default=(), description="the same for each unit, where the rows are of all")
    notes: tuple[Text, ...] = Field(default=(), description="what has to be known to read these figures")

    @property
    def tables(self) -> tuple[tuple[Row, ...], ...]:
        """The tables it has."""
        return (self.rows, self.by_unit) if self.by_unit else (self.rows,)

    def text(self) -> str:
        """Return it as it is filed."""
        return self.model_dump_json()


def digest(text: str) -> str:
    """Return the hash of a filed report's text."""
    return sha256(text.encode()).hexdigest()
