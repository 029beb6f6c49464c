"""A calendar changed: every dossier at work that it concerns is counted again, some at a time."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from services.intake import life_announcements as announcements
from services.intake.announcements import Announced
from services.intake.dossiers import Act, Dossier
from services.intake.due_dates import Promise, promised
from services.intake.life_ports import CalendarChange
from services.intake.ports import Desk, Entries
from shared.events import Actor

# so many are locked at once: a clerk who decides about one of them waits for a fraction of a second
AT_ONCE = 500


def recount_some(desk: Desk, at: datetime, *, at_once: int = AT_ONCE) -> bool:
    """Count the next dossiers of a calendar's change again, and return whether there may be more to do."""
    with desk.ledger.transaction() as entries:
        change = entries.life.calendar_change()
        if change is not None:
            _recount(entries, change, Act(Actor(), at), at_once)
    if change is not None:
        desk.wake()
    return change is not None


def _recount(entries: Entries, change: CalendarChange, act: Act, at_once: int) -> None:
    concerned = entries.life.concerned(change, at_once)
    again = _counted_again(entries, concerned.dossiers)
    entries.life.counted_again([after for _, after in again])
    entries.announce(_moves(again, change, act))
    last = concerned.dossiers[-1].id if concerned.dossiers else change.after
    entries.life.went_on(change, last, done=not concerned.more)


def _counted_again(entries: Entries, dossiers: Sequence[Dossier]) -> list[tuple[Dossier, Dossier]]:
    """Return the dossiers whose due date is another now, each before and after."""
    calendar = cache(entries.life.calendar)
    again = []
    for before in dossiers:
        promise = promised(before, before.waits, calendar(before.competent_unit))
        # a date that was promised does not go away because a calendar knows less than the one before
        if promise.due_at is not None and promise != Promise(before.due_at, before.provisional):
            again.append((before, _with(before, promise)))
    return again


def _with(before: Dossier, promise: Promise) -> Dossier:
    return before.changed(
        announced=int(promise.due_at != before.due_at),
        due_at=promise.due_at,
        provisional=promise.provisional,
        first_due_at=before.first_due_at or promise.due_at,
    )


def _moves(again: Sequence[tuple[Dossier, Dossier]], change: CalendarChange, act: Act) -> list[Announced]:
    return [
        announcements.due_date_changed(before, after, change, act)
        for before, after in again
        if after.due_at != before.due_at
    ]
