"""Which dossiers a list is asked for, and the condition that says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, union_all

from services.registry.tables import RETURNED, dossier, paper
from services.registry.tally_queries import Units
from shared.clock import VIETNAM
from shared.events import Status

_d = dossier.c
OPEN = _d.received_day.is_not(None) & _d.settled_day.is_(None)
RUNNING = OPEN & _d.paused_since.is_(None)


@dataclass(frozen=True)
class DossierFilter:
    """Which dossiers are asked for; an empty choice is no condition, days are those of Viet Nam."""

    units: Units
    statuses: Sequence[Status] = ()
    procedures: Sequence[str] = ()
    channels: Sequence[int] = ()
    timeliness: Sequence[str] = ()
    received_from: date | None = None
    received_to: date | None = None
    settled_from: date | None = None
    settled_to: date | None = None
    due_before: datetime | None = None  # of the open ones
    open: bool | None = None
    paused: bool | None = None
    overdue_on: date | None = None  # open and past the due date statistics count, on this day
    needs_review: bool | None = None
    code: str | None = None


def matches(wanted: DossierFilter) -> ColumnElement[bool]:
    """Return the condition, but for the units."""
    return and_(True, *_chosen(wanted), *_in_periods(wanted), *_as_they_stand(wanted))  # noqa: FBT003  # an empty and_


def _chosen(wanted: DossierFilter) -> Iterator[ColumnElement[bool]]:
    choices: Sequence[tuple[ColumnElement[Any], Sequence[Any]]] = (
        (_d.status, [int(s) for s in wanted.statuses]),
        (_d.procedure_code, wanted.procedures),
        (_d.channel, [int(c) for c in wanted.channels]),
        (_d.timeliness, wanted.timeliness),
    )
    yield from (column.in_(values) for column, values in choices if values)
    if wanted.statuses and Status.RETURNED not in wanted.statuses:
        yield _d.status != RETURNED  # told to the planner, who has an index of the others
    if wanted.code is not None:
        codes = (_d.code, _d.added_code, _d.external_code)
        yield _d.dossier_id.in_(union_all(*(select(_d.dossier_id).where(code == wanted.code) for code in codes)))


def _in_periods(wanted: DossierFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.received_from is not None:
        yield _d.received_day >= wanted.received_from
    if wanted.received_to is not None:
        yield _d.received_day <= wanted.received_to
    if wanted.settled_from is not None:
        yield _d.settled_day >= wanted.settled_from
    if wanted.settled_to is not None:
        yield _d.settled_day <= wanted.settled_to
    if wanted.due_before is not None:
        yield OPEN & (_d.due_at < wanted.due_before)
    # nothing happens to a dossier before it is opened (fold.py): the list need not be read from its newest on
    yield from (_d.opened_at < _end(day) for day in (wanted.received_to, wanted.settled_to) if day is not None)


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), VIETNAM).astimezone(UTC)


def _as_they_stand(wanted: DossierFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.open is not None:
        yield OPEN if wanted.open else or_(_d.received_day.is_(None), _d.settled_day.is_not(None))
    if wanted.paused is not None:
        yield OPEN & _d.paused_since.is_not(None) if wanted.paused else RUNNING
    if wanted.overdue_on is not None:
        yield RUNNING & (_d.due_day < wanted.overdue_on)
    if wanted.needs_review is not None:
        waiting = select(paper.c.dossier_id).where(paper.c.awaits_review)
        yield _d.dossier_id.in_(waiting) if wanted.needs_review else _d.dossier_id.not_in(waiting)
