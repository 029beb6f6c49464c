"""Calendars of working time as the registry publishes them, made ready to count with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from shared.calendars import Calendar, Day, Window
from shared.events import CalendarDay, CalendarPublished, CalendarWindow

NATIONAL = "VN"
# a calendar of four years takes some milliseconds to sum up, and every unit may have its own
KEPT = 512


@dataclass(frozen=True)
class KnownCalendar:
    """A calendar, with the code and revision it was published under, and the last day anything is known of."""

    code: str
    revision: int
    last_day: date
    calendar: Calendar


@lru_cache(maxsize=KEPT)
def known_calendar(published: str, national: str | None = None) -> KnownCalendar:
    """Return a published calendar, a unit's standing on the national one; both are JSON of ``CalendarPublished``.

    Raises ``ValueError`` for a calendar that contradicts itself.
    """
    own = CalendarPublished.model_validate_json(published)
    base = known_calendar(national) if national is not None else None
    calendar = Calendar(_days(own.days), _windows(own.windows), base.calendar if base else None)
    return KnownCalendar(own.code, own.revision, base.last_day if base else own.last_day, calendar)


def _days(days: Sequence[CalendarDay]) -> tuple[Day, ...]:
    return tuple(Day(day.day, day.works, day.decided, day.name, day.source) for day in days)


def _windows(windows: Sequence[CalendarWindow]) -> tuple[Window, ...]:
    return tuple(Window(w.begins, w.ends, frozenset(w.weekdays), w.valid_from, w.valid_to) for w in windows)
