"""How a due date came about, day by day; pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from shared.calendars import Calendar, Day
from shared.working_table import DAY
from shared.working_time import Due, Limit, Pause, Reckoning, TimeUnit, reckon, standstills

Spans = Sequence[tuple[int, int]]


class Part(StrEnum):
    """What a day is to a count."""

    WAITING = "waiting"  # it came in outside hours or after the cut-off: the clock has not started
    FIRST = "first"  # the day it was at work; not counted in days
    COUNTED = "counted"
    OFF = "off"
    MAKES_UP = "makes_up"  # for the time that the clock stood still
    MOVED = "moved"  # the period ended on a day off


class CountedDay(NamedTuple):
    """A day of a count.

    ``number`` counts days, where days are counted; ``counted`` is what passed on this day of a limit in hours;
    ``paused`` is how long the clock stood still: working time, for limits in days and months all time.
    """

    day: date
    part: Part
    row: Day | None
    number: int | None
    counted: timedelta
    paused: timedelta


class Account(NamedTuple):
    """A due date, when the clock started, and every day from acceptance until then."""

    due: Due
    started: datetime
    days: tuple[CountedDay, ...]


def explain(calendar: Calendar, accepted_at: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> Account:
    """Return the due date and how it was counted; raises ``OutsideCalendar`` as ``due`` does."""
    found = reckon(calendar, accepted_at, limit, pauses)
    days = _Days(calendar, limit, found, pauses).of(calendar.ticks(accepted_at) // DAY)
    outcome = Due(calendar.moment(found.due), found.provisional, found.paused)
    return Account(outcome, calendar.moment(found.started), tuple(days))


class _Days:
    def __init__(self, calendar: Calendar, limit: Limit, found: Reckoning, pauses: Sequence[Pause]) -> None:
        self._calendar, self._table, self._unit, self._found = calendar, calendar.table, limit.unit, found
        stops = [
            (begins, found.due if ends is None else min(ends, found.due))
            for begins, ends in standstills(calendar, pauses, found.started)
        ]
        self._stops: Spans = [(begins, ends) for begins, ends in stops if begins < ends]

    def of(self, first: int) -> Iterator[CountedDay]:
        """Return every day from a first one until the due date."""
        number = 0
        for day in range(first, self._found.due // DAY + 1):
            part = self._part(day)
            counts = part is Part.COUNTED and self._unit in {TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY}
            number += counts
            yield self._counted(day, part, number if counts else None)

    def _counted(self, day: int, part: Part, number: int | None) -> CountedDay:
        begins, ends = max(day * DAY, self._found.started), min((day + 1) * DAY, self._found.due)
        paused = sum(self._passed(max(begins, stop), min(ends, resumes)) for stop, resumes in self._stops)
        counted = self._passed(begins, ends) - paused if self._unit is TimeUnit.WORKING_HOUR else 0
        date = self._table.first + timedelta(day)
        spent, stood = (timedelta(microseconds=ticks) for ticks in (counted, paused))
        return CountedDay(date, part, self._calendar.rows.get(date), number, spent, stood)

    def _passed(self, begins: int, ends: int) -> int:
        """Return the ticks between two moments that a pause moves the due date by."""
        if ends <= begins:
            return 0
        if self._unit in {TimeUnit.CALENDAR_DAY, TimeUnit.MONTH}:
            return ends - begins
        # the last moment before midnight is as good as midnight, and in the table on its last day too
        return self._table.worked(ends - (ends % DAY == 0)) - self._table.worked(begins)

    def _part(self, day: int) -> Part:
        started, unpaused, ends = (moment // DAY for moment in self._found[:3])
        if day <= started:
            return Part.FIRST if day == started else self._off(day) or Part.WAITING
        if self._unit in {TimeUnit.CALENDAR_DAY, TimeUnit.MONTH}:
            return Part.COUNTED if day <= unpaused else Part.MAKES_UP if day <= ends else self._off(day) or Part.MOVED
        counts = day <= unpaused or self._unit is TimeUnit.WORKING_HOUR
        return self._off(day) or (Part.COUNTED if counts else Part.MAKES_UP)

    def _off(self, day: int) -> Part | None:
        return None if self._table.windows(day) else Part.OFF
