"""When a dossier is promised: from its limit, its waits and the calendar of its competent unit; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.dossiers import Dossier
from services.intake.published_calendars import KnownCalendar
from services.intake.waits import Wait, WaitKind
from shared.clock import local_day
from shared.working_table import OutsideCalendar
from shared.working_time import Limit, Pause, TimeUnit, due

_WORKING = (TimeUnit.WORKING_HOUR, TimeUnit.WORKING_DAY)


@dataclass(frozen=True)
class LifeRules:
    """What a law or an office decides about the clock, as settings: what stops it, how often it may be extended."""

    stopping: Collection[WaitKind] = frozenset(WaitKind)
    extensions: int = 1


@dataclass(frozen=True)
class Promise:
    """A due date, or none where nobody can count it; ``provisional`` while days it counts are undecided."""

    due_at: datetime | None = None
    provisional: bool = False


def promised(dossier: Dossier, waits: Sequence[Wait], known: KnownCalendar | None) -> Promise:
    """Return what a dossier is promised after its waits so far; nothing without a limit or a calendar."""
    limit = dossier.limit
    if limit is None or dossier.accepted_at is None or known is None:
        return Promise()
    try:
        promise = _counted(dossier, limit, waits, known=known)
    except OutsideCalendar:
        return Promise()
    return promise if _is_known(promise, known) else Promise()


def _counted(dossier: Dossier, limit: Limit, waits: Sequence[Wait], *, known: KnownCalendar) -> Promise:
    assert dossier.accepted_at is not None
    if dossier.extended_to is not None:
        return Promise(_extended(dossier, limit, waits, known=known))
    pauses = [Pause(wait.begins, wait.ends) for wait in waits if wait.stops_clock and wait.ends is not None]
    found = due(known.calendar, dossier.accepted_at, limit, pauses)
    return Promise(found.at, found.provisional)


def _is_known(promise: Promise, known: KnownCalendar) -> bool:
    return promise.due_at is None or local_day(promise.due_at) <= known.last_day


def _extended(dossier: Dossier, limit: Limit, waits: Sequence[Wait], *, known: KnownCalendar) -> datetime:
    """Return the date of the apology, moved by what was waited for since."""
    assert dossier.extended_to is not None
    assert dossier.extended_at is not None
    at, calendar = dossier.extended_to, known.calendar
    for wait in waits:
        if not wait.stops_clock or wait.ends is None or not dossier.extended_at <= wait.begins < at:
            continue
        if limit.unit in _WORKING:
            at = calendar.add(at, calendar.working_between(wait.begins, wait.ends))
        else:
            at = calendar.arrival(at + (wait.ends - wait.begins))
    return at
