"""Indicator 2.2: the average time of handling, in the unit of each procedure's time limit."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from services.registry.figures.indicators import Average, Counted
from services.registry.figures.report import Text

DAYS_A_MONTH = 30.44  # of 365.25 days a year; a limit in months says no more than a calendar does
HOUR_SECONDS = 3600
WorkingDays = Callable[[date, date], int | None]


@dataclass(frozen=True)
class Hours:
    """The working time that dossiers took whose limit is in working hours."""

    dossiers: int = 0
    seconds: float = 0
    left_out: int = 0


def averages(durations: Iterable[tuple[str, date, date, int]], hours: Hours, *, working_days: WorkingDays) -> Counted:
    """Return the average for each unit of time limits; what lies outside the known calendars is left out and told."""
    totals: Counter[str] = Counter()
    dossiers: Counter[str] = Counter()
    left_out = hours.left_out
    for limit_unit, received, settled, count in durations:
        days = working_days(received, settled) if limit_unit == "working_day" else (settled - received).days
        if days is None:
            left_out += count
            continue
        totals[limit_unit] += days * count
        dossiers[limit_unit] += count
    sums = {unit: total / DAYS_A_MONTH if unit == "month" else float(total) for unit, total in totals.items()}
    if hours.dossiers:
        sums["working_hour"], dossiers["working_hour"] = hours.seconds / HOUR_SECONDS, hours.dossiers
    return _counted(sums, dossiers, left_out)


def _counted(sums: dict[str, float], dossiers: Counter[str], left_out: int) -> Counted:
    made = tuple(
        Average(
            limit_unit=unit, dossiers=dossiers[unit], total=round(total, 2), average=round(total / dossiers[unit], 2)
        )
        for unit, total in sorted(sums.items())
    )
    whole = sum(dossiers.values())
    note = Text(
        vi=f"{left_out} hồ sơ không tính được vì nằm ngoài lịch làm việc đã nạp.",
        en=f"{left_out} dossiers are left out: they lie outside the calendars loaded.",
    )
    return Counted(numerator=whole, denominator=whole, averages=made, notes=(note,) if left_out else ())
