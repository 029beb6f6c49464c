"""Calendars: from rows of days and windows to what is working time; pure.

Which days are off, which Saturdays are worked instead and when an office is open are decided anew every year (Bộ luật
Lao động 2019 Art. 111 and 112 and yearly notices): all of it is rows with their source, none of it is code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from shared.clock import VIETNAM
from shared.working_table import SECOND, Windows, WorkingTable

_TICK = timedelta(microseconds=1)
_FRIDAY, _WEEKDAYS = 5, range(1, 8)


@dataclass(frozen=True)
class Day:
    """A day that is not as its weekday says: off, or worked; ``decided`` is false while ``works`` is an assumption."""

    date: date
    works: bool
    decided: bool
    name: str
    source: str


@dataclass(frozen=True)
class Window:
    """When an office is open on some weekdays (ISO: Monday is 1), from one day to another, both included."""

    begins: time
    ends: time
    weekdays: frozenset[int]
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the window is valid on a date, whatever its weekday."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True)
class Calendar:
    """Tells working time in the years its rows cover; every year from the first to the last needs a row.

    A unit's calendar stands on the national one, its ``base``: the unit's days replace those of the same date, and its
    windows replace all windows of the base on the dates and weekdays they are for; the years stay those of the base. A
    worked Saturday or Sunday has Monday's windows. ``rows`` has all days by their date. Moments need their zone and
    come back in Viet Nam's.

    Raises ``ValueError`` for rows that contradict each other, ``OutsideCalendar`` for moments in other years.
    """

    days: tuple[Day, ...]
    windows: tuple[Window, ...]
    base: "Calendar | None" = None
    table: WorkingTable = field(init=False, repr=False, compare=False)
    rows: Mapping[date, Day] = field(init=False, repr=False, compare=False)
    _midnight: datetime = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sum the rows up, once."""
        object.__setattr__(self, "rows", self._all_days())
        first, last = (self.base.first, self.base.last) if self.base else _years(self.rows)
        for row in self.days:
            if not first <= row.date <= last:
                raise ValueError(f"{row.date} lies outside the calendar this one stands on ({first} to {last})")
        object.__setattr__(self, "table", self._summed(first, last))
        object.__setattr__(self, "_midnight", datetime.combine(first, time(), VIETNAM))

    @property
    def first(self) -> date:
        """Return the first day known."""
        return self.table.first

    @property
    def last(self) -> date:
        """Return the last day known."""
        return self.table.last

    def is_working(self, day: date) -> bool:
        """Tell whether a day is worked."""
        return bool(self.windows_on(day))

    def windows_on(self, day: date) -> tuple[tuple[time, time], ...]:
        """Return when a day is worked, in order; nothing on a day off."""
        windows = self.table.windows((day - self.first).days)
        return tuple((_clock(begin), _clock(end)) for begin, end in windows)

    def usual_windows(self, day: date, weekday: int) -> tuple[Window, ...]:
        """Return the windows of a weekday that are valid on a date."""
        own = tuple(window for window in self.windows if weekday in window.weekdays and window.holds(day))
        return own or (self.base.usual_windows(day, weekday) if self.base else ())

    def arrival(self, at: datetime, cut_off: time | None = None) -> datetime:
        """Return when something that comes in is at work: itself, the next opening, or the next working day's."""
        return self.moment(self.table.arrive(self.ticks(at), None if cut_off is None else clock_ticks(cut_off)))

    def working_between(self, begins: datetime, ends: datetime) -> timedelta:
        """Return the working time from one moment to another, below zero if that is earlier."""
        return timedelta(microseconds=self.table.worked(self.ticks(ends)) - self.table.worked(self.ticks(begins)))

    def add(self, at: datetime, working: timedelta) -> datetime:
        """Return the first moment by which so much working time has passed: a close rather than the opening after it.

        Without any working time to add that is the moment itself; less than none raises ``ValueError``.
        """
        ticks, begins = working // _TICK, self.ticks(at)
        if ticks < 0:
            raise ValueError("working time is added, never taken away")
        return self.moment(self.table.reach(self.table.worked(begins) + ticks) if ticks else begins)

    def ticks(self, at: datetime) -> int:
        """Return a moment as the table counts it."""
        since = at - self._midnight
        return (since.days * 86400 + since.seconds) * SECOND + since.microseconds

    def moment(self, ticks: int) -> datetime:
        """Return a moment of the table in Viet Nam's zone."""
        return self._midnight + timedelta(0, 0, ticks)

    def _all_days(self) -> dict[date, Day]:
        own = {row.date: row for row in self.days}
        if len(own) != len(self.days):
            raise ValueError("a day stands in two rows")
        return {**(self.base.rows if self.base else {}), **own}

    def _summed(self, first: date, last: date) -> WorkingTable:
        dates = [first + timedelta(count) for count in range((last - first).days + 1)]
        windows = [self._ticks_on(date) for date in dates]
        worked = {date.year for date, open_hours in zip(dates, windows, strict=True) if open_hours}
        if idle := sorted({date.year for date in dates} - worked):
            raise ValueError(f"no window says when {idle[0]} is worked")
        return WorkingTable(first, windows, [date in self.rows and not self.rows[date].decided for date in dates])

    def _ticks_on(self, day: date) -> Windows:
        row = self.rows.get(day)
        found = self.usual_windows(day, day.isoweekday()) if row is None else self._instead(row) if row.works else ()
        ticks = tuple(sorted((clock_ticks(window.begins), clock_ticks(window.ends)) for window in found))
        if any(begins >= ends for begins, ends in ticks) or any(one[1] > other[0] for one, other in pairwise(ticks)):
            raise ValueError(f"the windows of {day} overlap or end before they begin")
        return ticks

    def _instead(self, row: Day) -> tuple[Window, ...]:
        weekday = row.date.isoweekday()
        candidates = (weekday if weekday <= _FRIDAY else 1, *_WEEKDAYS)
        found = next(filter(None, (self.usual_windows(row.date, candidate) for candidate in candidates)), None)
        if found is None:
            raise ValueError(f"{row.date} is worked, but no window says when")
        return found


def clock_ticks(clock: time) -> int:
    """Return an hour of the day in ticks since midnight."""
    return (clock.hour * 3600 + clock.minute * 60 + clock.second) * SECOND + clock.microsecond


def _clock(ticks: int) -> time:
    return (datetime(1, 1, 1, tzinfo=VIETNAM) + ticks * _TICK).time()


def _years(dates: Iterable[date]) -> tuple[date, date]:
    years = {day.year for day in dates}
    if not years:
        raise ValueError("a calendar needs at least one day that is off")
    if missing := sorted(set(range(min(years), max(years))) - years):
        raise ValueError(f"no day of {missing[0]} is known: nobody is on holiday for a whole year")
    return date(min(years), 1, 1), date(max(years), 12, 31)
