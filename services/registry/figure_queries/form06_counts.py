"""The counts of form II.06a: one pass over the dossiers to be handled in a period."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from services.registry.figure_queries.conditions import ONLINE, Within, d, of_units
from services.registry.figure_queries.counting import columns, counts_of
from services.registry.figures.form06 import Group
from services.registry.reference_tables import procedure


def leaves(within: Within) -> Mapping[str, ColumnElement[bool]]:
    """Return what is counted; of the first three and of the last five, each dossier satisfies one."""
    timeliness = func.coalesce(d.timeliness, "")
    return {
        "received_online": within.received & ONLINE,
        "received_direct": within.received & ~ONLINE,
        "carried": within.carried,
        "settled_early": within.settled & (timeliness == "early"),
        "settled_on_time": within.settled & timeliness.not_in(["early", "overdue"]),
        "settled_overdue": within.settled & (timeliness == "overdue"),
        "open_in_time": within.open & ~within.open_overdue,
        "open_overdue": within.open_overdue,
    }


def form06(connection: Connection, within: Within, units: Sequence[str] | None) -> list[Group]:
    """Return the counts by unit, handling level and field."""
    counted = leaves(within)
    keys = (d.competent_unit, d.procedure_code, d.procedure_version)
    query = select(*keys, *columns(counted)).where(within.handled, of_units(units)).group_by(*keys)
    fields = _fields(connection)
    groups = []
    for row in connection.execute(query).mappings():
        found = fields.get((row["procedure_code"], row["procedure_version"]), (None, None, None))
        level, code, name = found
        groups.append(Group(row["competent_unit"], level, code, name, counts_of(row, counted)))
    return groups


_Field = tuple[str | None, str | None, str | None]


def _fields(connection: Connection) -> dict[tuple[str, int], _Field]:
    p = procedure.c
    query = select(p.code, p.version, p.handling_level, p.field_code, p.field_name)
    rows = connection.execute(query)
    return {(row.code, row.version): (row.handling_level, row.field_code, row.field_name) for row in rows}
