"""What only the working calendars can tell: statutory limits where no due date is known, and times of handling."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from services.registry.figure_queries.conditions import Within
from services.registry.figure_queries.indicator_counts import Statutory, durations, hourly, without_limit
from services.registry.figure_queries.known import calendars, statutory_due
from services.registry.figures.averages import WorkingDays, WorkingSeconds, averages
from services.registry.figures.indicators import Counted
from services.registry.figures.timeliness_766 import Course, in_time
from services.registry.knowledge import Knowledge
from services.registry.reference.calendars import NATIONAL
from shared.calendars import Calendar
from shared.working_table import OutsideCalendar

MOST_WITHOUT_LIMIT = 2000  # they are named one by one to the database


def statutory(
    connection: Connection, within: Within, units: Sequence[str] | None, known: Knowledge
) -> tuple[Statutory, int]:
    """Return the dossiers without a due date as the law's own limit judges them, and how many it cannot."""
    found = without_limit(connection, within, units, limit=MOST_WITHOUT_LIMIT)
    if not found:
        return Statutory(), 0
    tell, judged_at = statutory_due(known), within.period.judged_at(within.now)
    verdicts: dict[bool, set[str]] = {True: set(), False: set()}
    for dossier in found:
        due = tell(dossier.procedure_code, dossier.procedure_version, dossier.competent_unit, dossier.accepted_at)
        course = Course(accepted_at=dossier.accepted_at, **dossier.course)
        verdict = in_time(course, judged_at, statutory_due_at=due)
        if verdict is not None:
            verdicts[verdict].add(dossier.dossier_id)
    judged = Statutory(frozenset(verdicts[True]), frozenset(verdicts[False]))
    return judged, len(found) - len(judged.in_time) - len(judged.late)


def time_of_handling(connection: Connection, within: Within, units: Sequence[str] | None, known: Knowledge) -> Counted:
    """Return indicator 2.2."""
    by_code = calendars(known)
    return averages(
        durations(connection, within, units),
        hourly(connection, within, units),
        working_days=_working_days(by_code.get(NATIONAL)),
        working_seconds=_working_seconds(by_code),
    )


def _working_days(calendar: Calendar | None) -> WorkingDays:
    """Return what counts the working days after a day up to another, by the national calendar."""
    if calendar is None:
        return lambda _, __: None
    days = [calendar.first + timedelta(n) for n in range((calendar.last - calendar.first).days + 1)]
    worked = [day for day in days if calendar.is_working(day)]

    def count(begins: date, ends: date) -> int | None:
        if begins < calendar.first or ends > calendar.last:
            return None
        return bisect_right(worked, ends) - bisect_right(worked, begins)

    return count


def _working_seconds(by_code: Mapping[str, Calendar]) -> WorkingSeconds:
    def spent(unit: str | None, begins: datetime, ends: datetime) -> float | None:
        calendar = by_code.get(unit or "") or by_code.get(NATIONAL)
        try:
            return None if calendar is None else calendar.working_between(begins, ends).total_seconds()
        except OutsideCalendar:
            return None

    return spent
