"""What dossiers show of each procedure in a period."""

from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from services.registry.figure_queries.conditions import (
    ONLINE,
    PAID_ONLINE,
    RESULT_IS_DOCUMENT,
    Within,
    d,
    of_units,
    with_procedure,
)
from services.registry.figure_queries.counting import columns, counts_of
from shared.events import ReturnChannel


def practice(connection: Connection, within: Within, units: Sequence[str] | None) -> dict[str, dict[str, int]]:
    """Return for each procedure how its dossiers came in, were paid and went out."""
    period = within.period
    returned = d.received_day.is_not(None) & (d.returned_at >= period.begins) & (d.returned_at < period.ends)
    paid = within.received & (d.fee_paid > 0)
    remotely = d.return_channel.in_([int(ReturnChannel.POST), int(ReturnChannel.ELECTRONIC)])
    with_result = within.finished & RESULT_IS_DOCUMENT
    counted = {
        "received": within.received,
        "online": within.received & ONLINE,
        "paid": paid,
        "paid_online": paid & PAID_ONLINE,
        "results": with_result,
        "results_electronic": with_result & d.result_kind.is_not(None),
        "returned": returned,
        "returned_remotely": returned & remotely,
        "finished": within.finished,
        "finished_early": within.finished & (d.timeliness == "early"),
        "settled": within.settled_within,
        "settled_online": within.settled_within & ONLINE,
    }
    about = or_(within.received, within.settled_within, returned)
    query = select(d.procedure_code, *columns(counted)).select_from(with_procedure())
    rows = connection.execute(query.where(about, of_units(units)).group_by(d.procedure_code)).mappings()
    return {row["procedure_code"] or "": counts_of(row, counted) for row in rows}
