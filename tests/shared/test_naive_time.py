"""The counts by table are those of a model that goes minute by minute, on 10,000 random cases."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from random import Random

import pytest

from services.registry.calendars_file import read_calendars
from shared.calendars import Calendar, Window
from shared.clock import VIETNAM
from shared.working_time import Limit, Pause, TimeUnit, due
from tests.shared import naive_time
from tests.shared.naive_time import DAY_MINUTES, Office, Span

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
CASES, SEED = 1250, 20261126  # for each unit and office: 10,000
MOST = {TimeUnit.WORKING_HOUR: 40, TimeUnit.WORKING_DAY: 25, TimeUnit.CALENDAR_DAY: 30, TimeUnit.MONTH: 5}

NATIONAL_WINDOWS = [(range(1, 6), "07:00", "11:30"), (range(1, 6), "13:30", "17:00")]
# other hours on some days, one without a break and Saturday morning
UNIT_WINDOWS = [
    (range(1, 4), "07:00", "11:30"),
    (range(1, 4), "13:30", "17:00"),
    (range(4, 5), "08:00", "12:00"),
    (range(4, 5), "12:00", "15:15"),
    (range(5, 6), "06:45", "09:00"),
    (range(5, 6), "09:30", "10:30"),
    (range(5, 6), "14:00", "18:20"),
    (range(6, 7), "07:30", "11:00"),
]


def unit_calendar() -> Calendar:
    windows = [
        Window(time.fromisoformat(begins), time.fromisoformat(ends), frozenset(days))
        for days, begins, ends in UNIT_WINDOWS
    ]
    return Calendar((), tuple(windows), read_calendars()["VN"])


OFFICES: dict[str, tuple[Callable[[], Calendar], Sequence[tuple[range, str, str]]]] = {
    "national": (lambda: read_calendars()["VN"], NATIONAL_WINDOWS),
    "unit": (unit_calendar, UNIT_WINDOWS),
}


def slow(at: Office, accepted: int, limit: Limit, pauses: Sequence[Span]) -> datetime:
    cut_off = limit.cut_off.hour * 60 + limit.cut_off.minute if limit.cut_off else None
    started = naive_time.arrival(at, accepted, cut_off)
    match limit.unit:
        case TimeUnit.WORKING_HOUR:
            found = naive_time.working_hours(at, started, limit.amount, pauses)
        case TimeUnit.WORKING_DAY:
            found = naive_time.working_days(at, started, limit.amount, pauses)
        case TimeUnit.CALENDAR_DAY:
            found = naive_time.period(at, started, started + limit.amount * DAY_MINUTES, pauses)
        case TimeUnit.MONTH:
            found = naive_time.period(at, started, naive_time.months_later(at, started, limit.amount), pauses)
    return at.moment(found)


def some_pauses(random: Random, accepted: int) -> list[Span]:
    count = random.choice((0, 1, 1, 2, 3))
    begins = [accepted + random.randrange(-2 * DAY_MINUTES, 20 * DAY_MINUTES) for _ in range(count)]
    round_hours = (random.choice((1, 30, 60)) for _ in range(count))  # often on the edge of a window
    begins = [minute - minute % step for minute, step in zip(begins, round_hours, strict=True)]
    return [(minute, minute + random.choice((1, 90, 480, 510, 1440, 4000))) for minute in begins]


@pytest.mark.parametrize("unit", TimeUnit)
@pytest.mark.parametrize("name", OFFICES)
def test_due_dates_are_those_of_a_minute_by_minute_count(name: str, unit: TimeUnit) -> None:
    build, windows = OFFICES[name]
    calendar, at = build(), naive_time.office(FIRST, LAST, windows)
    random = Random(f"{SEED} {name} {unit}")  # noqa: S311 (cases, not secrets)
    for _ in range(CASES):
        step = random.choice((1, 30))
        accepted = random.randrange(DAY_MINUTES, 440 * DAY_MINUTES) // step * step
        cut_off = random.choice((None, None, time(15, 0), time(10, 30), time(12, 15)))
        limit, pauses = Limit(random.randint(1, MOST[unit]), unit, cut_off), some_pauses(random, accepted)
        fast = due(
            calendar,
            at.moment(accepted).replace(tzinfo=VIETNAM),
            limit,
            [Pause(*(at.moment(end).replace(tzinfo=VIETNAM) for end in span)) for span in pauses],
        )
        expected = slow(at, accepted, limit, pauses)
        assert fast.at.replace(tzinfo=None) == expected, (at.moment(accepted), limit, pauses)
