"""Calendars as files: ``calendar_days.csv`` and ``calendar_windows.csv`` of a folder, read and checked.

The columns are described in ``services/registry/national/README.md``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from itertools import combinations
from pathlib import Path
from typing import TypeVar
from unicodedata import normalize

from services.registry.lines import Line, each, lines, text
from services.registry.reference import BadLine, BadReference
from shared.calendars import Calendar, Day, Window

NATIONAL = "VN"
NATIONAL_FOLDER = Path(__file__).with_name("national")
DAYS_FILE, WINDOWS_FILE = "calendar_days.csv", "calendar_windows.csv"
DAY_COLUMNS = ("calendar", "day", "kind", "decided", "name", "source")
WINDOW_COLUMNS = ("calendar", "weekdays", "begins", "ends", "valid_from", "valid_to", "source")


T = TypeVar("T", Day, Window)
Rows = list[tuple[Line, T]]


def read_calendars(folder: Path = NATIONAL_FOLDER) -> dict[str, Calendar]:
    """Return the calendars of a folder by their code: the national one, and those of units that stand on it.

    Raises ``BadReference`` with what is wrong.
    """
    return parse_calendars(text(folder / DAYS_FILE), text(folder / WINDOWS_FILE))


def parse_calendars(days_text: str, windows_text: str) -> dict[str, Calendar]:
    """Return the calendars of both files' texts; raises ``BadReference`` with what is wrong."""
    days = each(lines(DAYS_FILE, days_text, DAY_COLUMNS), lambda line: (line, _day(line)))
    windows = each(lines(WINDOWS_FILE, windows_text, WINDOW_COLUMNS), lambda line: (line, _window(line)))
    if bad := [*_doubled(days), *_overlapping(windows)]:
        raise BadReference(bad)
    national = _calendar(NATIONAL, days, windows, base=None)
    if bad := list(_outside(days, national)):
        raise BadReference(bad)
    units = {line.cells["calendar"] for line, _ in (*days, *windows)} - {NATIONAL}
    return {NATIONAL: national} | {code: _calendar(code, days, windows, base=national) for code in sorted(units)}


def _calendar(code: str, days: Rows[Day], windows: Rows[Window], *, base: Calendar | None) -> Calendar:
    try:
        return Calendar(_of(code, days), _of(code, windows), base)
    except ValueError as error:  # what no single line is to blame for: a year without rows, days without windows
        raise BadReference([BadLine(DAYS_FILE, 1, "calendar", f"{code}: {error}")]) from error


def _of(code: str, rows: Rows[T]) -> tuple[T, ...]:
    return tuple(row for line, row in rows if line.cells["calendar"] == code)


def _day(line: Line) -> Day:
    line.read("calendar", _code)
    return Day(
        date=line.read("day", _date),
        works=line.read("kind", _one_of({"off": False, "work": True})),
        decided=line.read("decided", _one_of({"true": True, "false": False})),
        name=line.read("name", _text),
        source=line.read("source", _text),
    )


def _window(line: Line) -> Window:
    line.read("calendar", _code)
    line.read("source", _text)
    begins, ends = line.read("begins", clock), line.read("ends", clock)
    valid_from, valid_to = line.read("valid_from", _optional_date), line.read("valid_to", _optional_date)
    if ends <= begins:
        raise line.bad("ends", "phải sau begins / must be after begins")
    if valid_from and valid_to and valid_to < valid_from:
        raise line.bad("valid_to", "phải sau valid_from / must not be before valid_from")
    return Window(begins, ends, line.read("weekdays", _weekdays), valid_from, valid_to)


def _doubled(days: Rows[Day]) -> Iterator[BadLine]:
    first: dict[tuple[str, date], int] = {}
    for line, row in days:
        number = first.setdefault((line.cells["calendar"], row.date), line.number)
        if number != line.number:
            yield line.bad("day", f"đã có ở dòng {number} / stands in line {number} already").line


def _overlapping(windows: Rows[Window]) -> Iterator[BadLine]:
    for (earlier, one), (line, other) in combinations(windows, 2):
        if line.cells["calendar"] == earlier.cells["calendar"] and _overlap(one, other):
            reason = f"trùng giờ với dòng {earlier.number} / overlaps the window of line {earlier.number}"
            yield line.bad("begins", reason).line


def _overlap(one: Window, other: Window) -> bool:
    begins = max(window.valid_from or date.min for window in (one, other))
    ends = min(window.valid_to or date.max for window in (one, other))
    same_days = bool(one.weekdays & other.weekdays) and begins <= ends
    return same_days and max(one.begins, other.begins) < min(one.ends, other.ends)


def _outside(days: Rows[Day], national: Calendar) -> Iterator[BadLine]:
    for line, row in days:
        if not national.first <= row.date <= national.last:
            reason = f"lịch {NATIONAL} không có năm này / lies in a year that {NATIONAL} does not have"
            yield line.bad("day", reason).line


def clock(value: str) -> time:
    """Return an hour of the day, ``HH:MM``."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        raise ValueError("phải là giờ / must be an hour: HH:MM")
    return time.fromisoformat(value)


def _code(value: str) -> str:
    # the pattern of QĐ 20/2020/QĐ-TTg, as in units.csv
    if value != NATIONAL and not re.fullmatch(r"[A-Z]\d{2}(\.\d{1,3})*", value, re.ASCII):
        raise ValueError(f"phải là {NATIONAL} hoặc mã đơn vị / must be {NATIONAL} or the code of a unit")
    return value


def _date(value: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("phải là ngày / must be a date: YYYY-MM-DD")
    return date.fromisoformat(value)


def _optional_date(value: str) -> date | None:
    return _date(value) if value else None


def _text(value: str) -> str:
    if not value.strip() or value != value.strip() or not value.isprintable():
        raise ValueError("phải có chữ, trên một dòng / must be text of one line, without spaces around it")
    return normalize("NFC", value)


def _weekdays(value: str) -> frozenset[int]:
    """Return the days of ``1-5``, ``6`` or ``1-4 6``; Monday is 1."""
    if not re.fullmatch(r"[1-7](-[1-7])?( [1-7](-[1-7])?)*", value, re.ASCII):
        raise ValueError("phải là thứ trong tuần, thứ Hai là 1 / must be weekdays, Monday is 1: 1-5 or 1-4 6")
    days = frozenset(day for part in value.split() for day in range(int(part[0]), int(part[-1]) + 1))
    if not days:
        raise ValueError("thứ sau nhỏ hơn thứ trước / the last weekday is before the first")
    return days


def _one_of(values: Mapping[str, bool]) -> Callable[[str], bool]:
    def reading(value: str) -> bool:
        if value not in values:
            raise ValueError(f"phải là một trong / must be one of: {', '.join(values)}")
        return values[value]

    return reading
