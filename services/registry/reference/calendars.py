"""Calendars from their rows, and what must hold between these; pure."""

from collections.abc import Iterable, Iterator
from datetime import date, time
from itertools import combinations

from services.registry.reference import kinds as k
from services.registry.reference.bad import BadLine
from services.registry.reference.items import Items
from services.registry.reference.lines import Line
from services.registry.reference.rules import Loading
from shared.calendars import Calendar, Day, Window
from shared.events import CalendarDay, CalendarPublished, CalendarWindow

NATIONAL = "VN"


def read_weekdays(text: str) -> tuple[int, ...]:
    """Return the days of ``1-5``, ``6`` or ``1-4 6``; Monday is 1."""
    return tuple(sorted({day for part in text.split() for day in range(int(part[0]), int(part[-1]) + 1)}))


def published(rows: Items) -> list[CalendarPublished]:
    """Return every calendar as it is announced, with revision 1, the national one first."""
    days, windows = rows.of(k.CalendarDayRow), rows.of(k.CalendarWindowRow)
    codes = {row.calendar for row in days} | {row.calendar for row in windows}
    national = [row.day for row in days if row.calendar == NATIONAL]
    if not national:
        return []  # a unit's calendar stands on it
    first, last = date(min(national).year, 1, 1), date(max(national).year, 12, 31)
    return [
        CalendarPublished(
            code=code,
            revision=1,
            first_day=first,
            last_day=last,
            days=tuple(_day(row) for row in sorted(days, key=lambda each: each.day) if row.calendar == code),
            windows=tuple(_window(row) for row in sorted(windows, key=_order) if row.calendar == code),
        )
        for code in sorted(codes, key=lambda code: (code != NATIONAL, code))
    ]


def _order(row: k.CalendarWindowRow) -> tuple[str, str, time]:
    return row.valid_from, row.weekdays, row.begins


def _day(row: k.CalendarDayRow) -> CalendarDay:
    return CalendarDay(day=row.day, works=row.kind == "work", decided=row.decided, name=row.name, source=row.source)


def _window(row: k.CalendarWindowRow) -> CalendarWindow:
    return CalendarWindow(
        weekdays=read_weekdays(row.weekdays),
        begins=row.begins,
        ends=row.ends,
        valid_from=date.fromisoformat(row.valid_from) if row.valid_from else None,
        valid_to=date.fromisoformat(row.valid_to) if row.valid_to else None,
        source=row.source,
    )


def broken_calendars(loading: Loading) -> Iterator[BadLine]:
    """Find windows that are none or overlap, and calendars that nothing can be counted on."""
    bad = [*loading.broken(k.CalendarWindowRow, _of_window), *_overlapping(loading), *_outside(loading)]
    yield from bad
    if not bad:
        yield from _uncountable(loading)


def _of_window(row: k.CalendarWindowRow) -> Iterator[tuple[str, str]]:
    if row.ends <= row.begins:
        yield "ends", "must be after begins / phải sau begins"
    if any(int(part[0]) > int(part[-1]) for part in row.weekdays.split()):
        yield "weekdays", "names a last day before the first / thứ sau nhỏ hơn thứ trước"


def _overlapping(loading: Loading) -> Iterator[BadLine]:
    rows = [(line, row, _window(row)) for line, row in loading.each(k.CalendarWindowRow)]
    for (earlier, one, its), (line, other, theirs) in combinations(rows, 2):
        if one.calendar == other.calendar and _overlap(its, theirs):
            yield line.bad(
                "begins", f"overlaps the hours of line {earlier.number} / trùng giờ với dòng {earlier.number}"
            )


def _overlap(one: CalendarWindow, other: CalendarWindow) -> bool:
    begins = max(window.valid_from or date.min for window in (one, other))
    ends = min(window.valid_to or date.max for window in (one, other))
    together = set(one.weekdays) & set(other.weekdays) and begins <= ends
    return bool(together) and max(one.begins, other.begins) < min(one.ends, other.ends)


def _outside(loading: Loading) -> Iterator[BadLine]:
    """Find days of units in years the national calendar does not have."""
    years = {row.day.year for row in loading.known.of(k.CalendarDayRow) if row.calendar == NATIONAL}
    for line, row in loading.each(k.CalendarDayRow):
        if years and not min(years) <= row.day.year <= max(years):
            yield line.bad("day", f"lies in a year that {NATIONAL} does not have / lịch {NATIONAL} không có năm này")


def _uncountable(loading: Loading) -> Iterator[BadLine]:
    lines: dict[str, Line] = {}
    for line, item in loading.rows:
        if isinstance(item, k.CalendarDayRow | k.CalendarWindowRow):
            lines.setdefault(item.calendar, line)
    if not lines:
        return
    calendars = {calendar.code: calendar for calendar in published(loading.known)}
    base: Calendar | None = None
    for code in sorted(calendars, key=lambda each: each != NATIONAL):
        try:
            made = calendar_of(calendars[code], base)
        except ValueError as error:
            blamed = lines.get(code) or next(iter(lines.values()))
            yield blamed.bad("calendar", f"{code}: {error} / lịch không tính được")
            return
        base = base or made
    if unbased := set(lines) - set(calendars):
        yield lines[min(unbased)].bad(
            "calendar", f"stands on the calendar {NATIONAL}, which is not known / chưa có lịch {NATIONAL}"
        )


def calendar_of(calendar: CalendarPublished, base: Calendar | None) -> Calendar:
    """Return the calendar that can be counted on; raises ``ValueError`` where its rows contradict each other."""
    return Calendar(tuple(_counted_days(calendar.days)), tuple(_counted_windows(calendar.windows)), base)


def _counted_days(days: Iterable[CalendarDay]) -> Iterator[Day]:
    return (Day(day.day, day.works, day.decided, day.name, day.source) for day in days)


def _counted_windows(windows: Iterable[CalendarWindow]) -> Iterator[Window]:
    return (Window(w.begins, w.ends, frozenset(w.weekdays), w.valid_from, w.valid_to) for w in windows)
