"""Indicator 2.2: the average time of handling, in the unit of each procedure's time limit."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime

from services.registry.figures.indicators import Average, Counted
from services.registry.figures.report import Text

DAYS_A_MONTH = 30.44  # of 365.25 days a year; a limit in months says no more than a calendar does
HOUR_SECONDS = 3600
WorkingDays = Callable[[date, date], int | None]
WorkingSeconds = Callable[[str | None, datetime, datetime], float | None]


def averages(
    durations: Iterable[tuple[str, date, date, int]],
    hourly: Iterable[tuple[str | None, datetime, datetime]],
    *,
    working_days: WorkingDays,
    working_seconds: WorkingSeconds,
) -> Counted:
    """Return the average for each unit of time limits; what lies outside the known calendars is left out and told."""
    totals: Counter[str] = Counter()
    dossiers: Counter[str] = Counter()
    sums: dict[str, float] = {}
    untold = 0
    for limit_unit, received, settled, count in durations:
        days = working_days(received, settled) if limit_unit == "working_day" else (settled - received).days
        if days is None:
            untold += count
            continue
        totals[limit_unit] += days * count
        dossiers[limit_unit] += count
    for limit_unit, total in totals.items():
        sums[limit_unit] = total / DAYS_A_MONTH if limit_unit == "month" else float(total)
    spent = [working_seconds(unit, accepted, finished) for unit, accepted, finished in hourly]
    known = [seconds for seconds in spent if seconds is not None]
    if known:
        sums["working_hour"], dossiers["working_hour"] = sum(known) / HOUR_SECONDS, len(known)
    return _counted(sums, dossiers, untold + len(spent) - len(known))


def _counted(sums: dict[str, float], dossiers: Counter[str], untold: int) -> Counted:
    made = tuple(
        Average(
            limit_unit=unit, dossiers=dossiers[unit], total=round(total, 2), average=round(total / dossiers[unit], 2)
        )
        for unit, total in sorted(sums.items())
    )
    whole = sum(dossiers.values())
    note = Text(
        vi=f"{untold} hồ sơ không tính được vì nằm ngoài lịch làm việc đã nạp.",
        en=f"{untold} dossiers are left out: they lie outside the calendars loaded.",
    )
    return Counted(numerator=whole, denominator=whole, averages=made, notes=(note,) if untold else ())
