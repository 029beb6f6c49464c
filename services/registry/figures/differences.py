"""How a report differs from one filed before, cell by cell, and what was found to have caused it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.registry.figures.report import Report, Row, Text, UnitCovered, Value

Reason = Literal[
    "levels-recorded-later",
    "entered-later",
    "updated-later",
    "due-dates-moved",
    "rerouted",
    "units-changed",
    "period-was-running",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class CellChange(_Frozen):
    """A cell that shows something else than before; null before or after where the row was not there."""

    table: Literal["all", "by-unit"]
    unit: str | None
    handling_level: str | None
    field_code: str | None
    label: str
    column: str
    before: Value
    after: Value


class LevelCause(_Frozen):
    """A level recorded after the earlier report for days it had covered already."""

    procedure_code: str
    unit: str
    level_before: str | None = Field(description="as it was known for the last day when the earlier report was made")
    level: str = Field(description="as it is known for that day now")
    decision: str | None = Field(description="null where a decision was taken back and none is left")
    valid_from: date | None
    recorded_at: datetime | None


class DossierCause(_Frozen):
    """Dossiers of which something was recorded after the earlier report; the newest of them are named."""

    count: int
    codes: tuple[str, ...]


class UnitCause(_Frozen):
    """A unit that came, went, or was merged since."""

    code: str
    name: str
    successor: str | None
    change: Literal["added", "gone", "merged", "ended"]


class Cause(_Frozen):
    """Something that was found to have happened after the earlier report and bears on its period."""

    reason: Reason
    said: Text
    levels: tuple[LevelCause, ...] = ()
    dossiers: DossierCause | None = None
    units: tuple[UnitCause, ...] = ()


class Difference(_Frozen):
    """What a report shows otherwise than the one filed last for the same units and period."""

    earlier_id: str
    earlier_made_at: datetime
    differs: bool
    cells: tuple[CellChange, ...] = ()
    causes: tuple[Cause, ...] = ()
    unexplained: bool = Field(default=False, description="cells differ, and no cause was found among those looked for")


def changed_cells(before: Report, after: Report) -> tuple[CellChange, ...]:
    """Return the cells that differ, in the order of the newer report."""
    tables: tuple[tuple[Literal["all", "by-unit"], tuple[Row, ...], tuple[Row, ...]], ...] = (
        ("all", before.rows, after.rows),
        ("by-unit", before.by_unit, after.by_unit),
    )
    keys = tuple(column.key for column in after.form.counted)
    return tuple(change for name, old, new in tables for change in _cells(name, old, new, keys))


def _cells(
    table: Literal["all", "by-unit"], old: Iterable[Row], new: Iterable[Row], keys: Iterable[str]
) -> Iterable[CellChange]:
    before, after = ({(row.style, *row.key): row for row in rows} for rows in (old, new))
    for place in [*after, *(place for place in before if place not in after)]:
        rows = (before.get(place), after.get(place))
        row = rows[1] or rows[0]
        assert row is not None
        for key in keys:
            was, now = (_value(found, key) for found in rows)
            if was != now:
                yield CellChange(
                    table=table,
                    unit=row.unit,
                    handling_level=row.handling_level,
                    field_code=row.field_code,
                    label=row.label,
                    column=key,
                    before=was,
                    after=now,
                )


def _value(row: Row | None, key: str) -> Value:
    return None if row is None else row.values.get(key)


def units_changed(before: Iterable[UnitCovered], after: Iterable[UnitCovered]) -> tuple[UnitCause, ...]:
    """Return the units that came, went, were merged or ended between two reports."""
    old, new = ({unit.code: unit for unit in units} for units in (before, after))
    return tuple(
        UnitCause(code=code, name=unit.name, successor=unit.successor, change=change)
        for code, unit in sorted((old | new).items())
        if (change := _unit_change(old.get(code), new.get(code))) is not None
    )


def _unit_change(
    before: UnitCovered | None, after: UnitCovered | None
) -> Literal["added", "gone", "merged", "ended"] | None:
    if before is None or after is None:
        return "added" if before is None else "gone"
    if after.successor != before.successor and after.successor is not None:
        return "merged"
    return "ended" if after.valid_to != before.valid_to and after.valid_to is not None else None


def causes(
    *,
    levels: tuple[LevelCause, ...],
    dossiers: Mapping[Reason, DossierCause],
    units: tuple[UnitCause, ...],
    was_running: bool,
) -> tuple[Cause, ...]:
    """Return what was found; ``dossiers`` by the reason they are a cause for."""
    found = [_cause("levels-recorded-later", levels=levels)] if levels else []
    found += [_cause(reason, dossiers=told) for reason, told in dossiers.items() if told.count]
    if units:
        found.append(_cause("units-changed", units=units))
    if was_running:
        found.append(_cause("period-was-running"))
    return tuple(found)


def _cause(reason: Reason, **found: Any) -> Cause:
    return Cause(reason=reason, said=_SAID[reason], **found)


_SAID: Mapping[Reason, Text] = {
    "levels-recorded-later": Text(
        vi="Có quyết định về mức độ trực tuyến được ghi nhận sau báo cáo trước, có hiệu lực từ trước đó.",
        en="Levels were recorded after the earlier report that hold from days it had covered.",
    ),
    "entered-later": Text(
        vi="Có việc xảy ra trong kỳ hoặc trước kỳ nhưng được nhập sau khi lập báo cáo trước.",
        en="Things that happened in the period or before it were entered after the earlier report.",
    ),
    "updated-later": Text(
        vi="Hồ sơ của kỳ được số hóa hoặc nộp phí sau báo cáo trước; bảng này thể hiện số liệu hiện có.",
        en="Dossiers of the period were digitised or paid since; this table shows what is known now.",
    ),
    "due-dates-moved": Text(
        vi="Ngày hẹn trả của hồ sơ còn mở cuối kỳ đã đổi sau báo cáo trước (hết tạm dừng, bổ sung xong, đổi lịch).",
        en="Due dates of dossiers open at the period's end moved since (a pause ended, a calendar changed).",
    ),
    "rerouted": Text(
        vi="Có hồ sơ được chuyển sang cơ quan khác sau báo cáo trước; hồ sơ tính cho cơ quan đang có thẩm quyền.",
        en="Dossiers went to another unit after the earlier report; they count for the unit competent now.",
    ),
    "units-changed": Text(
        vi="Danh mục đơn vị đã thay đổi (thành lập, sáp nhập, giải thể) sau báo cáo trước.",
        en="Units came, were merged or ended after the earlier report.",
    ),
    "period-was-running": Text(
        vi="Báo cáo trước được lập khi kỳ báo cáo chưa kết thúc.",
        en="The earlier report was made before its period was over.",
    ),
}
