"""What was recorded after an earlier report and bears on its period."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from services.registry.figure_queries.conditions import Within, d, of_units
from services.registry.figures.differences import DossierCause, Reason
from services.registry.tables import dossier, history

NAMED = 20
_MOVES_DUE = ("supplemented", "resumed", "fee-paid", "due-date-changed")


def later_changes(
    connection: Connection, within: Within, units: Sequence[str] | None, *, since: datetime
) -> dict[Reason, DossierCause]:
    """Return the dossiers of which something was entered later, whose due date moved, or that were rerouted."""
    h = history.c
    recorded = h.occurred_at > since
    entered = recorded & h.data.contains('"happened_at":"')
    moved = recorded & h.type.in_([_type(name) for name in _MOVES_DUE]) & within.open
    rerouted = recorded & (h.type == _type("rerouted"))
    return {
        "entered-later": _entered(connection, entered & of_units(units), within),
        "due-dates-moved": _dossiers(connection, moved & (d.received_day <= within.period.last) & of_units(units)),
        # where a dossier went to another unit, it is no longer of the units that lost it
        "rerouted": _dossiers(connection, rerouted & (d.received_day <= within.period.last)),
    }


def _type(name: str) -> str:
    return f"vn.hoso.dossier.{name}.v1"


def _dossiers(connection: Connection, condition: ColumnElement[bool]) -> DossierCause:
    joined = history.join(dossier, history.c.dossier_id == d.dossier_id)
    query = select(d.dossier_id, d.code, func.max(history.c.occurred_at).label("at")).select_from(joined)
    query = query.where(condition).group_by(d.dossier_id, d.code)
    return _cause(connection.execute(query).mappings().all())


def _entered(connection: Connection, condition: ColumnElement[bool], within: Within) -> DossierCause:
    """Return the dossiers with an event that says it happened before the period ended."""
    joined = history.join(dossier, history.c.dossier_id == d.dossier_id)
    query = select(d.dossier_id, d.code, history.c.data, history.c.occurred_at.label("at")).select_from(joined)
    rows = connection.execute(query.where(condition)).mappings()
    found = {row["dossier_id"]: row for row in rows if _happened(row["data"]) < within.period.ends}
    return _cause(list(found.values()))


def _happened(data: str) -> datetime:
    return datetime.fromisoformat(json.loads(data)["happened_at"])


def _cause(rows: Sequence[RowMapping]) -> DossierCause:
    newest = sorted(rows, key=lambda row: (row["at"], row["dossier_id"]), reverse=True)
    codes = tuple(row["code"] or row["dossier_id"] for row in newest[:NAMED])
    return DossierCause(count=len(rows), codes=codes)
