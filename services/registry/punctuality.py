"""What is promised, what statistics count, and whether it was kept.

The due date moves with pauses, calendars and extensions; the counted one with pauses and calendars
only, because an apology does not make a late dossier punctual (form II.06a counts the first promise).
"""

from datetime import date, datetime

from services.registry.dossier_state import DossierState
from shared.clock import local_day

EARLY, ON_TIME, OVERDUE = "early", "on_time", "overdue"
TIMELINESS = (EARLY, ON_TIME, OVERDUE)


def moved(dossier: DossierState, due_at: datetime, *, before: datetime | None) -> None:
    """Promise another due date; the counted one moves as far, unless the dossier is settled."""
    before = before or dossier.due_at
    dossier.due_at = due_at
    if dossier.first_due_at is None:
        dossier.first_due_at = due_at
    if dossier.finished_at or dossier.withdrawn_at or dossier.stopped_at:
        return
    counted = dossier.counted_due_at
    if counted is None or before is None:
        dossier.counted_due_at = due_at
    else:
        dossier.counted_due_at = counted + (due_at - before)
    dossier.due_day = local_day(dossier.counted_due_at)


def settled(dossier: DossierState, at: datetime, day: date | None, *, finished: bool) -> None:
    """Settle a dossier that was received, once; of the days in Viet Nam it depends how punctual that was."""
    if dossier.accepted_at is None or dossier.settled_at is not None:
        return
    dossier.settled_at, dossier.settled_day = at, day
    dossier.timeliness = _timeliness(day, dossier.due_day) if finished else ON_TIME


def _timeliness(settled_day: date | None, due_day: date | None) -> str:
    if settled_day is None or due_day is None or settled_day == due_day:
        return ON_TIME
    return EARLY if settled_day < due_day else OVERDUE
