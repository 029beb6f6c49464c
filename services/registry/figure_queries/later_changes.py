"""What was recorded after an earlier report and bears on its period."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from services.registry.figure_queries.conditions import Within, d, of_units
from services.registry.figures.differences import DossierCause, Reason
from services.registry.figures.form06 import KIND
from services.registry.tables import dossier, history

NAMED = 20
_MOVES_DUE = ("dossier.supplemented", "dossier.resumed", "dossier.fee-paid", "dossier.due-date-changed")
# these tables show what is known of a dossier now, whenever it came
_UPDATES = {
    "digitisation": ("component.recorded", "paper.accepted", "result.digitised"),
    "online-payment": ("dossier.fee-requested", "dossier.fee-paid"),
}


def later_changes(
    connection: Connection, kind: str, within: Within, units: Sequence[str] | None, *, since: datetime
) -> dict[Reason, DossierCause]:
    """Return the dossiers of which something was recorded since that bears on a kind of report, by the reason."""
    recorded = history.c.occurred_at > since
    handled = recorded & within.handled & of_units(units)
    entered = recorded & history.c.data.contains('"happened_at":"') & of_units(units)
    found: dict[Reason, DossierCause] = {
        "entered-later": _told(connection, entered, lambda data: _happened(data) < within.period.ends),
        # where a dossier went to another unit, it is no longer of the units that lost it
        "rerouted": _told(connection, recorded & _of_types(["dossier.rerouted"]), lambda data: _concerns(data, units)),
    }
    if kind == KIND:
        found["due-dates-moved"] = _dossiers(connection, handled & within.open & _of_types(_MOVES_DUE))
    if kind in _UPDATES:
        found["updated-later"] = _dossiers(connection, handled & _of_types(_UPDATES[kind]))
    return found


def _of_types(names: Sequence[str]) -> ColumnElement[bool]:
    return history.c.type.in_([f"vn.hoso.{name}.v1" for name in names])


def _dossiers(connection: Connection, condition: ColumnElement[bool]) -> DossierCause:
    joined = history.join(dossier, history.c.dossier_id == d.dossier_id)
    query = select(d.dossier_id, d.code, func.max(history.c.occurred_at).label("at")).select_from(joined)
    query = query.where(condition).group_by(d.dossier_id, d.code)
    return _cause(connection.execute(query).mappings().all())


def _told(connection: Connection, condition: ColumnElement[bool], bears: Callable[[Any], bool]) -> DossierCause:
    """Return the dossiers with an event whose data bear on the period or the units."""
    joined = history.join(dossier, history.c.dossier_id == d.dossier_id)
    query = select(d.dossier_id, d.code, history.c.data, history.c.occurred_at.label("at")).select_from(joined)
    rows = connection.execute(query.where(condition)).mappings()
    found = {row["dossier_id"]: row for row in rows if bears(json.loads(row["data"]))}
    return _cause(list(found.values()))


def _happened(data: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(data["happened_at"])


def _concerns(data: Mapping[str, str], units: Sequence[str] | None) -> bool:
    return units is None or data["from_unit"] in units or data["to_unit"] in units


def _cause(rows: Sequence[RowMapping]) -> DossierCause:
    newest = sorted(rows, key=lambda row: (row["at"], row["dossier_id"]), reverse=True)
    codes = tuple(row["code"] or row["dossier_id"] for row in newest[:NAMED])
    return DossierCause(count=len(rows), codes=codes)
