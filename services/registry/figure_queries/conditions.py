"""Which dossiers a figure is about, as conditions on their rows; counts and lists use the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, false, func, literal, or_, true

from services.registry.figure_queries.moments import seconds_of
from services.registry.figures.period import Period
from services.registry.reference_tables import procedure
from services.registry.tables import dossier
from shared.clock import local_day
from shared.database import Moment
from shared.events import Channel, PaymentChannel

Condition = ColumnElement[bool]
d = dossier.c

# never null, so that their opposite is the rest; no channel counts as in person
ONLINE: Condition = d.channel.is_not_distinct_from(int(Channel.ONLINE))
BY_POST: Condition = d.channel.is_not_distinct_from(int(Channel.POST))
IN_PERSON: Condition = ~ONLINE & ~BY_POST
PAID_ONLINE: Condition = d.payment_channel.in_(
    [int(PaymentChannel.NATIONAL_PORTAL), int(PaymentChannel.LOCAL_GATEWAY)]
) & (d.fee_paid > 0)
# a component that is there electronically, or none that would have to be
HAS_DIGITISED: Condition = (d.components_digitised + d.components_reused) > 0
NOTHING_TO_DIGITISE: Condition = (d.components > 0) & (d.components == d.components_exempt)
# of the dossier's own version of the procedure; what is not known is no document and has no fee
RESULT_IS_DOCUMENT: Condition = func.coalesce(procedure.c.result_is_document, false())


def with_procedure() -> FromClause:
    """Return dossiers with their version of the procedure."""
    same = (procedure.c.code == d.procedure_code) & (procedure.c.version == d.procedure_version)
    return dossier.outerjoin(procedure, same)


def of_units(codes: Sequence[str] | None) -> Condition:
    """Return the condition that one of these units is competent; none for all dossiers."""
    return true() if codes is None else d.competent_unit.in_(codes)


@dataclass(frozen=True)
class Within:
    """The conditions of a period, seen at a moment."""

    period: Period
    now: datetime

    @property
    def reference_day(self) -> date:
        """The day an open dossier must not have been due before."""
        return self.period.reference_day(local_day(self.now))

    @property
    def received(self) -> Condition:
        """Received in the period."""
        return d.received_day.between(self.period.first, self.period.last)

    @property
    def carried(self) -> Condition:
        """Received before it."""
        return d.received_day < self.period.first

    @property
    def handled(self) -> Condition:
        """To be handled in it: received by its end and not settled before it began."""
        unsettled = or_(d.settled_day.is_(None), d.settled_day >= self.period.first)
        return (d.received_day <= self.period.last) & unsettled

    @property
    def settled(self) -> Condition:
        """Of those to be handled: settled by its end."""
        return d.settled_day.is_not(None) & (d.settled_day <= self.period.last)

    @property
    def settled_within(self) -> Condition:
        """Settled in the period."""
        return d.received_day.is_not(None) & d.settled_day.between(self.period.first, self.period.last)

    @property
    def finished(self) -> Condition:
        """Settled in the period with a result."""
        return self.settled_within & d.finished_at.is_not(None)

    @property
    def open(self) -> Condition:
        """Of those to be handled: not settled by its end."""
        return or_(d.settled_day.is_(None), d.settled_day > self.period.last)

    @property
    def open_late(self) -> Condition:
        """Open, and due before the reference day."""
        return self.open & d.due_day.is_not(None) & (d.due_day < self.reference_day)

    @property
    def late_but_waiting(self) -> Condition:
        """Of these, what waited at the end for a supplement, a fee or a resumption, and does so still.

        A dossier is judged by what is known of it now: one that waited at the end of the period and
        went on since is due later by as much, so the day it is due tells.
        """
        return d.paused_since.is_not(None) & (d.paused_since < self._judged_at) & self.handled & self.open_late

    @property
    def in_time_766(self) -> Condition:
        """In time by indicator 2.1, of those with a due date (see ``timeliness_766``)."""
        spent = seconds_of(self._ended_at) - d.supplement_seconds
        return (d.supplements <= 1) & d.first_due_at.is_not(None) & (spent <= seconds_of(d.first_due_at))

    @property
    def without_limit(self) -> Condition:
        """To be handled in the period, and without a due date by which indicator 2.1 could tell."""
        return self.handled & (d.supplements <= 1) & d.first_due_at.is_(None)

    @property
    def _judged_at(self) -> ColumnElement[Any]:
        return literal(self.period.judged_at(self.now), Moment)

    @property
    def _ended_at(self) -> ColumnElement[Any]:
        ends = (d.finished_at, d.returned_at, d.stopped_at, d.withdrawn_at, d.supplement_since)
        return case(*((and_(end.is_not(None), end < self._judged_at), end) for end in ends), else_=self._judged_at)
