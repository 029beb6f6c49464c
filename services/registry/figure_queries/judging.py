"""What only the working calendars can tell: statutory limits where no due date is known, and times of handling."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from services.registry.figure_queries.conditions import Within
from services.registry.figure_queries.indicator_counts import Statutory, durations, hourly, without_limit
from services.registry.figure_queries.known import calendars, statutory_due
from services.registry.figures.averages import Hours, WorkingDays, averages
from services.registry.figures.indicators import Counted
from services.registry.figures.timeliness_766 import Course, in_time
from services.registry.knowledge import Knowledge
from services.registry.reference.calendars import NATIONAL
from shared.calendars import Calendar
from shared.clock import VIETNAM

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
    spent, hours = durations(connection, within, units), _hours(connection, within, units, by_code)
    return averages(spent, hours, working_days=_working_days(by_code.get(NATIONAL)))


def _hours(
    connection: Connection, within: Within, units: Sequence[str] | None, by_code: Mapping[str, Calendar]
) -> Hours:
    """Return the working time of limits in hours, to the minute; without a calendar nothing is known."""
    national = by_code.get(NATIONAL)
    known = (national.first, national.last) if national else (date.max, date.min)
    found = hourly(connection, within, units, calendars=list(by_code), known=known)
    if national is None:
        return Hours(left_out=found.left_out)

    def worked(minutes: Sequence[tuple[str, int, int]]) -> float:
        seconds = 0.0
        for unit, minute, count in minutes:
            calendar = by_code.get(unit, national)
            begins = datetime.combine(calendar.first, time(), VIETNAM)
            moment = datetime.fromtimestamp(minute * 60, VIETNAM)
            seconds += count * calendar.working_between(begins, moment).total_seconds()
        return seconds

    dossiers = sum(count for _, _, count in found.accepted)
    return Hours(dossiers, worked(found.finished) - worked(found.accepted), found.left_out)


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
