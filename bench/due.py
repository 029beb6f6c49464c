"""Due dates a second on one core, a unit after the other, and rows a second of a CSV file. Goal: 100,000 due dates.

The least that must be done for one, reading a moment and writing one, is timed in turn with them.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from services.registry.calendars_file import NATIONAL, read_calendars
from services.registry.due import answer_file
from shared.calendars import Calendar
from shared.clock import VIETNAM
from shared.working_time import Limit, Pause, TimeUnit, due

CASES, ROUNDS = 20_000, 5
BEGINS = datetime(2024, 1, 2, tzinfo=VIETNAM)
DAYS = 3 * 365


def measure(_: Path) -> None:
    """Print due dates a second by unit, all units in turn, with pauses, and from a CSV file."""
    calendar = read_calendars()[NATIONAL]
    accepted = _moments()
    works = {unit.value: _dues(calendar, accepted, [unit]) for unit in TimeUnit}
    works["all units in turn"] = _dues(calendar, accepted, list(TimeUnit))
    works["all units, one pause each"] = _paused(calendar, accepted)
    works["rows of a CSV file"] = _rows(calendar, accepted)
    works["moments read and written, no counting"] = lambda: [calendar.moment(calendar.ticks(at)) for at in accepted]
    for name, rate in _rates(works).items():
        print(f"due dates: {rate:9,.0f} a second, {name}")


def _rates(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            started = time.process_time()
            work()
            seconds[name].append(time.process_time() - started)
    return {name: CASES / statistics.median(each) for name, each in seconds.items()}


def _moments() -> list[datetime]:
    chance = random.Random(1)  # noqa: S311 (cases, not secrets)
    return [BEGINS + timedelta(minutes=chance.randrange(DAYS * 24 * 60)) for _ in range(CASES)]


def _limits(units: list[TimeUnit]) -> list[Limit]:
    return [Limit(amount, unit) for amount in range(1, 11) for unit in units]


def _dues(calendar: Calendar, accepted: list[datetime], units: list[TimeUnit]) -> Callable[[], object]:
    cases = list(zip(accepted, cycle(_limits(units)), strict=False))
    return lambda: [due(calendar, at, limit) for at, limit in cases]


def _paused(calendar: Calendar, accepted: list[datetime]) -> Callable[[], object]:
    pauses = [(Pause(at + timedelta(hours=3), at + timedelta(hours=40)),) for at in accepted]
    cases = list(zip(accepted, cycle(_limits(list(TimeUnit))), pauses, strict=False))
    return lambda: [due(calendar, at, limit, pause) for at, limit, pause in cases]


def _rows(calendar: Calendar, accepted: list[datetime]) -> Callable[[], object]:
    rows = (
        f"{at:%Y-%m-%dT%H:%M},{limit.amount},{limit.unit},,"
        for at, limit in zip(accepted, cycle(_limits(list(TimeUnit))), strict=False)
    )
    content = "\n".join(["accepted_at,limit,unit,cut_off,pauses", *rows])
    return lambda: answer_file(calendar, "bench.csv", content)
