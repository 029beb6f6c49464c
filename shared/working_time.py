"""When a dossier is due: time limits in working hours, working days, calendar days and months; pure.

The first day is not counted, and a period of days or months that ends on a day off ends on the next working day, at
the same hour (rules of ours after Bộ luật Dân sự 2015 Art. 147 and 148, which are recalled and not verified). A limit
in working days ends at the same hour of a later working day; where all days are as long, that is so much working time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple

from shared.calendars import Calendar, clock_ticks
from shared.working_table import DAY, HOUR, WorkingTable


class TimeUnit(StrEnum):
    """What a time limit is counted in, as on the wire (``Procedure.limit_unit``)."""

    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a procedure may take; what comes in after ``cut_off`` is taken as come in on the next working day."""

    amount: int
    unit: TimeUnit
    cut_off: time | None = None

    def __post_init__(self) -> None:
        """Refuse what is no limit."""
        if self.amount < 1:
            raise ValueError("a time limit is at least 1")


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still while a supplement is waited for; without ``ends`` it does so still."""

    begins: datetime
    ends: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a pause that ends before it begins."""
        if self.ends is not None and self.ends < self.begins:
            raise ValueError("a pause ends before it begins")


class Due(NamedTuple):
    """When a dossier is due, in Viet Nam's zone.

    ``provisional``: a day that was looked at is not decided yet, so it may change. ``paused``: the clock stands still
    for a pause without an end, and ``at`` is the earliest it can be.
    """

    at: datetime
    provisional: bool
    paused: bool = False


class Reckoning(NamedTuple):
    """How a due date came about, in ticks of the calendar's table."""

    started: int  # when what came in was at work
    unpaused: int  # the end of the period without its pauses, not moved off days off
    ends: int  # the same with its pauses
    due: int
    provisional: bool
    paused: bool


def due(calendar: Calendar, accepted_at: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> Due:
    """Return when a dossier accepted at a moment is due.

    A pause moves a limit in working time by the working time in it, any other by its duration. What lies before the
    clock started and what begins when the dossier was due already moves nothing; overlapping pauses count once.

    Raises ``OutsideCalendar`` when the count leaves the years that are known.
    """
    found = reckon(calendar, accepted_at, limit, pauses)
    return Due(calendar.moment(found.due), found.provisional, found.paused)


def reckon(calendar: Calendar, accepted_at: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> Reckoning:
    """Return the steps of ``due``."""
    table, accepted = calendar.table, calendar.ticks(accepted_at)
    started = table.arrive(accepted, None if limit.cut_off is None else clock_ticks(limit.cut_off))
    count = _WORKING.get(limit.unit)
    stops = list(standstills(calendar, pauses, started)) if pauses else []
    if count is not None:
        ends = count(table, started, limit.amount)
        at, paused = _stretched(table, ends, stops) if stops else (ends, False)
        return Reckoning(started, ends, at, at, table.undecided(accepted, at), paused)
    ends = _CALENDAR[limit.unit](table, started, limit.amount)
    arrived = table.undecided(accepted, started)
    return _moved(table, Reckoning(started, ends, ends, table.slide(ends), arrived, paused=False), stops)


def standstills(calendar: Calendar, pauses: Iterable[Pause], started: int) -> Iterator[tuple[int, int | None]]:
    """Return the pauses since a start in order, those that touch as one, in ticks; the last may have no end."""
    spans = sorted((calendar.ticks(p.begins), p.ends is None, calendar.ticks(p.ends) if p.ends else 0) for p in pauses)
    begun: int | None = None
    until = started
    for begins, is_open, ends in spans:
        if begun is not None and begins > until:
            yield begun, until
            begun = None
        if is_open:
            yield (max(begins, started) if begun is None else begun), None
            return
        if ends > until:
            begun, until = (max(begins, started) if begun is None else begun), ends
    if begun is not None:
        yield begun, until


def _stretched(table: WorkingTable, ends: int, stops: Iterable[tuple[int, int | None]]) -> tuple[int, bool]:
    """Return the due moment moved by the working time of pauses, and whether it stands still.

    A due moment at an opening stays one: a pause of a whole day moves 07:00 to 07:00, not to 17:00 of the day before.
    """
    worked, stood = table.worked(ends), 0
    late = table.reach(worked) != ends
    at = ends
    for begins, resumes in stops:
        if begins >= at:
            break
        if resumes is None:
            return at, True
        stood += table.worked(resumes) - table.worked(begins)
        at = table.reach(worked + stood, late=late)
    return at, False


def _moved(table: WorkingTable, found: Reckoning, stops: Iterable[tuple[int, int | None]]) -> Reckoning:
    """Return a period of days or months moved by pauses: what is left of it goes on when a pause ends."""
    _, _, ends, at, provisional, paused = found
    for begins, resumes in stops:
        if begins >= at:
            break
        provisional |= begins > ends and table.undecided(ends, at)  # it begins on the days off that move the end
        if resumes is None:
            paused = True
        elif begins <= ends or resumes > at:
            ends = resumes + max(ends - begins, 0)
            at = max(at, table.slide(ends))
    return found._replace(ends=ends, due=at, provisional=provisional or table.undecided(ends, at), paused=paused)


def _working_hours(table: WorkingTable, started: int, hours: int) -> int:
    return table.reach(table.worked(started) + hours * HOUR)


def _working_days(table: WorkingTable, started: int, days: int) -> int:
    day, clock = divmod(started, DAY)
    return table.at(table.workday_after(day, days), clock)


def _calendar_days(table: WorkingTable, started: int, days: int) -> int:  # noqa: ARG001 (one signature for all units)
    return started + days * DAY


_Count = Callable[[WorkingTable, int, int], int]
_WORKING: dict[TimeUnit, _Count] = {TimeUnit.WORKING_HOUR: _working_hours, TimeUnit.WORKING_DAY: _working_days}
_CALENDAR: dict[TimeUnit, _Count] = {
    TimeUnit.CALENDAR_DAY: _calendar_days,
    TimeUnit.MONTH: WorkingTable.months_after,
}
