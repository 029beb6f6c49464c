"""The counts of form II.06a: one pass over the dossiers to be handled in a period, in the index made for it.

What waits is in no index of all dossiers, for it changes often: the few late ones that wait are counted
by themselves and moved from overdue to in time.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from services.registry.figure_queries.conditions import ONLINE, Within, d, of_units
from services.registry.figure_queries.counting import columns, counts_of
from services.registry.figures.form06 import Group
from services.registry.reference_tables import procedure

_Field = tuple[str | None, str | None, str | None]
_Key = tuple[str | None, str | None, int | None]
_KEYS = (d.competent_unit, d.procedure_code, d.procedure_version)


def _conditions(within: Within) -> Mapping[str, ColumnElement[bool]]:
    """Return what is counted; a dossier satisfies one of the first three, and one of the settled or `open`."""
    timeliness = func.coalesce(d.timeliness, "")
    return {
        "received_online": within.received & ONLINE,
        "received_direct": within.received & ~ONLINE,
        "carried": within.carried,
        "settled_early": within.settled & (timeliness == "early"),
        "settled_on_time": within.settled & timeliness.not_in(["early", "overdue"]),
        "settled_overdue": within.settled & (timeliness == "overdue"),
        "open": within.open,
        "open_overdue": within.open_late,
    }


def form06(connection: Connection, within: Within, units: Sequence[str] | None) -> list[Group]:
    """Return the counts by unit, handling level and field."""
    counted = _conditions(within)
    query = select(*_KEYS, *columns(counted)).where(within.handled, of_units(units)).group_by(*_KEYS)
    rows = connection.execute(query).mappings().all()
    waiting, fields = _waiting(connection, within, units), _fields(connection)
    return [_group(row, counts_of(row, counted), fields, waiting.get(_key(row), 0)) for row in rows]


def _group(row: RowMapping, counts: dict[str, int], fields: dict[tuple[str, int], _Field], waiting: int) -> Group:
    overdue = counts["open_overdue"] - waiting
    leaves = {**counts, "open_in_time": counts["open"] - overdue, "open_overdue": overdue}
    level, code, name = fields.get((row["procedure_code"], row["procedure_version"]), (None, None, None))
    return Group(row["competent_unit"], level, code, name, leaves)


def _waiting(connection: Connection, within: Within, units: Sequence[str] | None) -> dict[_Key, int]:
    query = select(*_KEYS, func.count().label("waiting")).where(within.late_but_waiting, of_units(units))
    return {_key(row): row["waiting"] for row in connection.execute(query.group_by(*_KEYS)).mappings()}


def _key(row: RowMapping) -> _Key:
    return row["competent_unit"], row["procedure_code"], row["procedure_version"]


def _fields(connection: Connection) -> dict[tuple[str, int], _Field]:
    p = procedure.c
    query = select(p.code, p.version, p.handling_level, p.field_code, p.field_name)
    rows = connection.execute(query)
    return {(row.code, row.version): (row.handling_level, row.field_code, row.field_name) for row in rows}
