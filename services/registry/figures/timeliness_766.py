"""Whether a dossier is in time by QĐ 766's indicator 2.1; another rule than form II.06a's, so another name."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Course:
    """The moments of a dossier the rule looks at; a request still waited for has ``supplement_since``."""

    accepted_at: datetime
    first_due_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    stopped_at: datetime | None = None
    withdrawn_at: datetime | None = None
    supplements: int = 0
    supplement_since: datetime | None = None
    supplement_seconds: int = 0


def ended_at(course: Course, judged_at: datetime) -> datetime:
    """Return when a dossier ended, as the rule sees it at a moment.

    Finished goes before returned, that before stopped and withdrawn; what ended later than
    ``judged_at`` had not ended. One waiting for a supplement ends at the request, any other now.
    """
    ends = (course.finished_at, course.returned_at, course.stopped_at, course.withdrawn_at)
    for end in ends:
        if end is not None and end < judged_at:
            return end
    if course.supplement_since is not None and course.supplement_since < judged_at:
        return course.supplement_since
    return judged_at


def in_time(course: Course, judged_at: datetime, *, statutory_due_at: datetime | None = None) -> bool | None:
    """Return whether a dossier is in time; nothing where neither due date nor statutory limit is known."""
    if course.supplements > 1:
        return False
    due = course.first_due_at or statutory_due_at
    if due is None:
        return None
    return ended_at(course, judged_at) - timedelta(seconds=course.supplement_seconds) <= due
