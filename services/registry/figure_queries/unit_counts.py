"""The counts of the tables with a row for each unit."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, case, func, select

from services.registry.figure_queries.conditions import (
    HAS_DIGITISED,
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
from services.registry.figure_queries.counting import columns, counts_of
from shared.events import PaymentChannel

Counts = dict[str, dict[str, int]]


def digitisation(connection: Connection, within: Within, units: Sequence[str] | None) -> Counts:
    """Count for each unit what was digitised of what came in and went out."""
    with_result = within.finished & RESULT_IS_DOCUMENT
    counted = {
        "received": within.received,
        "nothing_to_digitise": within.received & NOTHING_TO_DIGITISE & ~HAS_DIGITISED,
        "digitised": within.received & HAS_DIGITISED,
        "reused": within.received & (d.components_reused > 0),
        "reused_from_store": within.received & d.reused_from_store,
        "settled": within.settled_within,
        "no_result": within.settled_within & ~with_result & d.result_kind.is_(None),
        "result_digitised": within.settled_within & d.result_kind.is_not(None),
    }
    return _by_unit(connection, counted, within.handled, units)


def payment(connection: Connection, within: Within, units: Sequence[str] | None) -> Counts:
    """Count for each unit what was to be paid and what was, of the dossiers received in the period."""
    obliged, paid = d.fee_asked > 0, (d.fee_asked > 0) & (d.fee_paid > 0)
    portal = paid & (d.payment_channel == int(PaymentChannel.NATIONAL_PORTAL))
    gateway = paid & (d.payment_channel == int(PaymentChannel.LOCAL_GATEWAY))
    counted = {
        "received": within.received,
        "obliged": obliged,
        "paid": paid,
        "paid_portal": portal,
        "paid_gateway": gateway,
    }
    amounts = [
        func.sum(case((paid, d.fee_paid), else_=0)).label("amount_paid"),
        func.sum(case((paid & PAID_ONLINE, d.fee_paid), else_=0)).label("amount_online"),
    ]
    query = select(d.competent_unit, *columns(counted), *amounts).where(within.received, of_units(units))
    names = {**counted, "amount_paid": None, "amount_online": None}
    rows = connection.execute(query.group_by(d.competent_unit)).mappings()
    return {row["competent_unit"] or "": counts_of(row, names) for row in rows}


def reception(connection: Connection, within: Within, units: Sequence[str] | None) -> Counts:
    """Count for each unit what was received, and of that online."""
    counted = {"received": within.received, "received_online": within.received & ONLINE}
    return _by_unit(connection, counted, within.received, units)


def used_online(connection: Connection, within: Within) -> set[str]:
    """Return the procedures with a dossier received online in the period, whoever is competent."""
    query = select(d.procedure_code).distinct().where(within.received, ONLINE, d.procedure_code.is_not(None))
    return set(connection.execute(query).scalars())


def _by_unit(
    connection: Connection, counted: Mapping[str, Condition], where: Condition, units: Sequence[str] | None
) -> Counts:
    query = select(d.competent_unit, *columns(counted)).select_from(with_procedure()).where(where, of_units(units))
    rows = connection.execute(query.group_by(d.competent_unit)).mappings()
    return {row["competent_unit"] or "": counts_of(row, counted) for row in rows}
