"""The counts of QD 766's indicators of dossiers, and the dossiers behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, case, func, or_, select, true, tuple_

from services.registry.figure_queries.conditions import (
    BY_POST,
    HAS_DIGITISED,
    IN_PERSON,
    NOTHING_TO_DIGITISE,
    ONLINE,
    PAID_ONLINE,
    RESULT_IS_DOCUMENT,
    Condition,
    Within,
    d,
    of_units,
    with_procedure,
)
from services.registry.figure_queries.counting import columns
from services.registry.figure_queries.moments import seconds_of
from services.registry.reference_tables import procedure
from services.registry.tables import dossier

Place = tuple[date, str]  # of a dossier in the list: the day it was received, and its id
_SHOWN = (
    *("dossier_id", "code", "procedure_code", "receiving_unit", "competent_unit", "channel", "status"),
    *("received_day", "due_at", "settled_at", "timeliness", "result_kind"),
)


@dataclass(frozen=True)
class Statutory:
    """Dossiers without a due date, judged by the longest time the law allows: those in time, and those not."""

    in_time: frozenset[str] = field(default_factory=frozenset)
    late: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Parts:
    """What an indicator divides by what; the numerator is of those in the denominator."""

    numerator: Condition
    denominator: Condition

    @property
    def both(self) -> Condition:
        """The dossiers of the numerator."""
        return self.denominator & self.numerator


def indicators(within: Within, statutory: Statutory) -> Mapping[str, Parts]:
    """Return the indicators whose parts are dossiers."""
    has_electronic_result = d.result_kind.is_not(None)
    result_is_there = or_(~RESULT_IS_DOCUMENT, has_electronic_result)
    something_to_digitise = or_(~NOTHING_TO_DIGITISE, HAS_DIGITISED, RESULT_IS_DOCUMENT)
    has_fee = func.coalesce(procedure.c.has_fee, False) & or_(d.fee_asked.is_(None), d.fee_asked > 0)
    told = or_(d.supplements > 1, d.first_due_at.is_not(None), d.dossier_id.in_(statutory.in_time | statutory.late))
    return {
        "2.1": Parts(or_(within.in_time_766, d.dossier_id.in_(statutory.in_time)), within.handled & told),
        "3.3": Parts(ONLINE & result_is_there, within.received),
        "3.3-direct": Parts(IN_PERSON, within.received),
        "3.3-postal": Parts(BY_POST, within.received),
        "3.6": Parts(PAID_ONLINE, within.received & has_fee),
        "4.1": Parts(has_electronic_result, within.finished & RESULT_IS_DOCUMENT),
        "4.2": Parts(
            or_(HAS_DIGITISED, NOTHING_TO_DIGITISE) & result_is_there, within.finished & something_to_digitise
        ),
        "4.3": Parts(d.components_reused > 0, within.received),
        "4.4": Parts(d.reused_from_store, within.received),
        "4.5": Parts(func.coalesce(d.identity_verified, False), within.received),
    }


def counts(
    connection: Connection, parts: Mapping[str, Parts], within: Within, units: Sequence[str] | None
) -> dict[str, tuple[int, int]]:
    """Return numerator and denominator of each indicator, in one pass over the dossiers any is about."""
    conditions = {
        f"{code} {name}": part for code, p in parts.items() for name, part in (("n", p.both), ("d", p.denominator))
    }
    query = select(*columns(conditions)).select_from(with_procedure()).where(within.handled, of_units(units))
    row = connection.execute(query).mappings().one()
    return {code: (int(row[f"{code} n"]), int(row[f"{code} d"])) for code in parts}


def behind(
    connection: Connection, condition: Condition, units: Sequence[str] | None, *, limit: int, after: Place | None
) -> Sequence[RowMapping]:
    """Return dossiers that satisfy a condition, those received last first, from behind ``after`` on."""
    place = tuple_(d.received_day, d.dossier_id)
    further: Condition = true() if after is None else place < after
    query = select(*(dossier.c[name] for name in _SHOWN)).select_from(with_procedure())
    query = query.where(condition, of_units(units), further)
    return connection.execute(query.order_by(d.received_day.desc(), d.dossier_id.desc()).limit(limit)).mappings().all()


@dataclass(frozen=True)
class WithoutLimit:
    """A dossier without a due date: by which law it would be late, and what it took."""

    dossier_id: str
    procedure_code: str | None
    procedure_version: int | None
    competent_unit: str | None
    accepted_at: datetime
    course: Mapping[str, Any]


def without_limit(
    connection: Connection, within: Within, units: Sequence[str] | None, *, limit: int
) -> list[WithoutLimit]:
    """Return the dossiers without a due date that are to be handled in a period."""
    moments = ("finished_at", "returned_at", "stopped_at", "withdrawn_at", "supplements", "supplement_since")
    names = (*moments, "supplement_seconds")
    query = select(dossier).where(within.without_limit, of_units(units)).order_by(d.dossier_id).limit(limit)
    return [
        WithoutLimit(
            row["dossier_id"],
            row["procedure_code"],
            row["procedure_version"],
            row["competent_unit"],
            row["accepted_at"],
            {name: row[name] for name in names},
        )
        for row in connection.execute(query).mappings()
    ]


def durations(connection: Connection, within: Within, units: Sequence[str] | None) -> list[tuple[str, date, date, int]]:
    """Return the dossiers received in the period and finished, by limit unit, day received and day settled.

    In days: what a limit in working hours took is read with ``hourly``.
    """
    done = within.received & d.finished_at.is_not(None) & d.settled_day.is_not(None)
    keys = (procedure.c.limit_unit, d.received_day, d.settled_day)
    query = select(*keys, func.count()).select_from(with_procedure()).where(done, of_units(units))
    query = query.where(procedure.c.limit_unit.is_not(None), procedure.c.limit_unit != "working_hour").group_by(*keys)
    return [(unit, received, settled, n) for unit, received, settled, n in connection.execute(query)]


@dataclass(frozen=True)
class Minutes:
    """At which minutes since 1970 dossiers were accepted and finished, how many at each, by whose calendar."""

    accepted: Sequence[tuple[str, int, int]]
    finished: Sequence[tuple[str, int, int]]
    left_out: int


def hourly(
    connection: Connection,
    within: Within,
    units: Sequence[str] | None,
    *,
    calendars: Sequence[str],
    known: tuple[date, date],
) -> Minutes:
    """Return when the dossiers received and finished whose limit is in working hours came and went, by minutes.

    Summed up there, because a time of handling is what was worked until the one less what was worked
    until the other. Left out is what lies outside the days ``known``.
    """
    done = within.received & d.finished_at.is_not(None) & (procedure.c.limit_unit == "working_hour") & of_units(units)
    inside = (d.received_day >= known[0]) & (d.settled_day <= known[1])
    whose = case((d.competent_unit.in_(calendars), d.competent_unit), else_="")

    def minutes(moment: ColumnElement[Any]) -> list[tuple[str, int, int]]:
        minute = seconds_of(moment) // 60
        query = select(whose, minute, func.count()).select_from(with_procedure()).where(done, inside)
        return [(unit, at, count) for unit, at, count in connection.execute(query.group_by(whose, minute))]

    outside = select(func.count()).select_from(with_procedure()).where(done, ~inside)
    return Minutes(minutes(d.accepted_at), minutes(d.finished_at), connection.execute(outside).scalar_one())
