"""Working time the slow way, a minute after the other, written without the program's own: what tests compare with."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

NATIONAL = Path(__file__).parents[2] / "services" / "registry" / "national"
MINUTE, DAY_MINUTES = timedelta(minutes=1), 24 * 60
Span = tuple[int, int]


@dataclass(frozen=True)
class Office:
    """Open minutes: ``open[n]`` is the minute that begins n minutes after the first midnight."""

    first: datetime
    open: bytes

    def minute(self, at: datetime) -> int:
        return (at.replace(tzinfo=None) - self.first) // MINUTE

    def moment(self, minute: int) -> datetime:
        return self.first + minute * MINUTE

    def works(self, minute: int) -> bool:
        """Tell whether the day of a minute is worked."""
        day = minute // DAY_MINUTES
        return any(self.open[day * DAY_MINUTES : (day + 1) * DAY_MINUTES])

    def in_window(self, minute: int) -> bool:
        """Tell whether a moment is in a window, its end included."""
        return bool(self.open[minute] or self.open[minute - 1])


def office(first: date, last: date, windows: Sequence[tuple[range, str, str]]) -> Office:
    """Return the national days with windows on ISO weekdays."""
    with (NATIONAL / "calendar_days.csv").open() as file:
        kinds = {date.fromisoformat(row["day"]): row["kind"] for row in csv.DictReader(file)}
    minutes = bytearray()
    for day in (first + timedelta(count) for count in range((last - first).days + 1)):
        kind = kinds.get(day, "usual")
        weekday = 1 if kind == "work" and day.isoweekday() > 5 else day.isoweekday()
        spans = [(begins, ends) for days, begins, ends in windows if weekday in days and kind != "off"]
        clocks = (f"{minute // 60:02}:{minute % 60:02}" for minute in range(DAY_MINUTES))
        minutes += bytes(any(begins <= clock < ends for begins, ends in spans) for clock in clocks)
    return Office(datetime.combine(first, datetime.min.time()), bytes(minutes))


def arrival(at: Office, minute: int, cut_off: int | None) -> int:
    """Return the minute at which something is at work."""
    if cut_off is not None and minute % DAY_MINUTES > cut_off:
        minute += DAY_MINUTES - minute % DAY_MINUTES
    elif at.in_window(minute):
        return minute
    while not at.open[minute]:
        minute += 1
    return minute


def working_hours(at: Office, started: int, hours: int, pauses: Sequence[Span]) -> int:
    """Run a stopwatch that stands still out of hours and in pauses."""
    left, minute = hours * 60, started
    while left:
        if at.open[minute] and not any(begins <= minute < ends for begins, ends in pauses):
            left -= 1
        minute += 1
    return minute


def working_days(at: Office, started: int, days: int, pauses: Sequence[Span]) -> int:
    """Walk from day to day, then push the end by every working minute of a pause that began before it."""
    minute = started
    while days:
        minute += DAY_MINUTES
        days -= at.works(minute)
    minute = clamped(at, minute)
    opens = bool(at.open[minute] and not at.open[minute - 1])
    for begins, ends in joined(pauses, started):
        if begins < minute:
            for paused in range(begins, ends):
                if at.open[paused]:
                    minute = pushed(at, minute, opens=opens)
    return minute


def pushed(at: Office, minute: int, *, opens: bool) -> int:
    """Return a moment one working minute later; one at an opening stays at the beginning of a minute."""
    if not opens:
        while not at.open[minute]:
            minute += 1
        return minute + 1
    minute += 1
    while not at.open[minute]:
        minute += 1
    return minute


def period(at: Office, started: int, ends: int, pauses: Sequence[Span]) -> int:
    """Move the end of a period by its pauses and off days that are not worked."""
    due = slid(at, ends)
    for begins, resumes in joined(pauses, started):
        if begins >= due or (begins > ends and resumes <= due):
            continue
        ends = resumes + max(ends - begins, 0)
        due = max(due, slid(at, ends))
    return due


def months_later(at: Office, started: int, months: int) -> int:
    """Walk day by day until the month is reached, and in it to the same day or its last."""
    begins = at.moment(started)
    day = begins
    while months:
        day += timedelta(1)
        months -= day.day == 1
    while day.day != begins.day and (day + timedelta(1)).day != 1:
        day += timedelta(1)
    return at.minute(day)


def slid(at: Office, minute: int) -> int:
    while not at.works(minute):
        minute += DAY_MINUTES
    return clamped(at, minute)


def clamped(at: Office, minute: int) -> int:
    """Return the next minute of the same day that is in a window, or else the day's close."""
    day, later = minute // DAY_MINUTES, minute
    while later // DAY_MINUTES == day and not at.in_window(later):
        later += 1
    if later // DAY_MINUTES == day:
        return later
    while not at.in_window(minute):
        minute -= 1
    return minute


def joined(pauses: Iterable[Span], started: int) -> list[Span]:
    """Return the pauses since the start, those that touch or overlap as one."""
    spans: list[Span] = []
    for begins, ends in sorted((max(begins, started), ends) for begins, ends in pauses if ends > started):
        if spans and begins <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(ends, spans[-1][1]))
        else:
            spans.append((begins, ends))
    return spans
