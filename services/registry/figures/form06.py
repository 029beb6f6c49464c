"""Form II.06a: what was to be handled, what was settled, what is open; 3 = 7 + 11 for every row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.registry.figures.counting import Counts, grouped, roman, summed
from services.registry.figures.report import Row, Style
from shared.errors import HosoError

KIND = "II.06a"
# the leaves that are counted; every dossier of a period is in one of the first three and in one of the other five
RECEIVED = ("received_online", "received_direct", "carried")
SETTLED = ("settled_early", "settled_on_time", "settled_overdue")
OPEN = ("open_in_time", "open_overdue")
LEAVES = (*RECEIVED, *SETTLED, *OPEN)

LEVEL_NAMES = {"ministry": "Cấp bộ", "province": "Cấp tỉnh", "district": "Cấp huyện", "commune": "Cấp xã"}
UNKNOWN_LEVEL = "Chưa rõ cấp giải quyết"
UNKNOWN_FIELD = "Chưa rõ lĩnh vực"
TOTAL = "TỔNG CỘNG"


class InvariantBroken(HosoError):
    """A row of the form does not satisfy 3 = 7 + 11; no report is made of it."""

    reason = "report-invariant-broken"


@dataclass(frozen=True)
class Group:
    """What was counted of one unit and field at one handling level."""

    unit: str | None
    handling_level: str | None
    field_code: str | None
    field_name: str | None
    leaves: Counts


def values(leaves: Counts) -> dict[str, int]:
    """Return the columns 3 to 13 of a row; raises ``InvariantBroken`` where 3 is not 7 + 11."""
    row = {
        "received": sum(leaves[key] for key in RECEIVED),
        "settled": sum(leaves[key] for key in SETTLED),
        "open": sum(leaves[key] for key in OPEN),
        **{key: leaves[key] for key in LEAVES},
    }
    if row["received"] != row["settled"] + row["open"]:
        raise InvariantBroken(f"{row['received']} to be handled, {row['settled']} settled, {row['open']} open")
    return row


def rows(groups: Iterable[Group]) -> tuple[Row, ...]:
    """Return the rows of all units together: handling levels with their fields, and the total."""
    known = list(groups)
    return (_row("total", known, label=TOTAL), *_levels(known, unit=None))


def unit_rows(groups: Iterable[Group], names: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the same rows for each unit, and the total."""
    known = list(groups)
    by_unit = grouped(known, lambda group: group.unit or "")
    blocks = [_row("total", known, label=TOTAL)]
    for number, unit in enumerate(sorted(by_unit), start=1):
        label = names.get(unit, unit) or "Chưa rõ đơn vị"
        blocks.append(
            _row("unit", by_unit[unit], label=label, number=chr(64 + number) if number <= 26 else str(number))
        )
        blocks[-1] = blocks[-1].model_copy(update={"unit": unit})
        blocks += _levels(by_unit[unit], unit=unit)
    return tuple(blocks)


def _levels(groups: list[Group], *, unit: str | None) -> Iterable[Row]:
    by_level = grouped(groups, lambda group: group.handling_level or "")
    for number, level in enumerate(sorted(by_level, key=_rank), start=1):
        found = by_level[level]
        label = LEVEL_NAMES.get(level, level) or UNKNOWN_LEVEL
        head = _row("group", found, label=label, number=roman(number))
        yield head.model_copy(update={"unit": unit, "handling_level": level})
        yield from _fields(found, unit=unit, level=level)


def _fields(groups: list[Group], *, unit: str | None, level: str) -> Iterable[Row]:
    by_field = grouped(groups, lambda group: group.field_code or "")
    named = {code: found[0].field_name or code or UNKNOWN_FIELD for code, found in by_field.items()}
    for number, code in enumerate(sorted(by_field, key=lambda code: (named[code], code)), start=1):
        row = _row("line", by_field[code], label=named[code], number=str(number))
        yield row.model_copy(update={"unit": unit, "handling_level": level, "field_code": code})


def _row(style: Style, groups: list[Group], *, label: str, number: str = "") -> Row:
    return Row(
        style=style, number=number, label=label, values=values(summed((group.leaves for group in groups), LEAVES))
    )


def _rank(level: str) -> tuple[int, str]:
    order = list(LEVEL_NAMES)
    return (order.index(level) if level in order else len(order), level)
