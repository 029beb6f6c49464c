"""Rows of dossiers as the projection leaves them, for tests of what is counted from them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert

from services.registry.tables import dossier
from shared.clock import VIETNAM
from shared.database import Database

_SPACE = UUID("00000000-0000-4000-8000-000000000001")
_MOMENTS = {"received_day": "accepted_at", "settled_day": "settled_at", "due_day": "counted_due_at"}
_DEFAULTS: dict[str, Any] = {
    column.name: {"INTEGER": 0, "BIGINT": 0, "BOOLEAN": False}[str(column.type)]
    for column in dossier.c
    if column.server_default is not None
}


def at(day: str | date, clock: str = "10:00") -> datetime:
    """Return a moment of Viet Nam."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=VIETNAM).astimezone(UTC)


def a_dossier(number: int, **fields: Any) -> dict[str, Any]:
    """Return a row; the days follow from the moments, and a due date from ``due_day`` where that is given alone."""
    row: dict[str, Any] = dict.fromkeys(column.name for column in dossier.c) | _DEFAULTS
    row |= {
        "dossier_id": str(uuid5(_SPACE, str(number))),
        "code": f"H98.02-260101-{number:04}",
        "procedure_code": "9.990001",
        "procedure_version": 1,
        "channel": 1,
        "receiving_unit": "H98.01.10",
        "competent_unit": "H98.02",
        "status": 2,
        "last_sequence": 1,
        "events_seen": 1,
    }
    row |= fields
    row["settled_at"] = row["settled_at"] or row["finished_at"] or row["withdrawn_at"] or row["stopped_at"]
    row["counted_due_at"] = row["counted_due_at"] or row["due_at"]
    row["first_due_at"] = row["first_due_at"] or row["due_at"]
    for day, moment in _MOMENTS.items():
        if row[day] is None and row[moment] is not None:
            row[day] = row[moment].astimezone(VIETNAM).date()
    if row["settled_day"] and row["timeliness"] is None:
        row["timeliness"] = _timeliness(row)
    return row


def _timeliness(row: Mapping[str, Any]) -> str:
    due, settled = row["due_day"], row["settled_day"]
    if due is None or row["finished_at"] is None or due == settled:
        return "on_time"
    return "early" if settled < due else "overdue"


def put(database: Database, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put rows in place of those there."""
    made = list(rows)
    with database.transaction() as connection:
        connection.execute(dossier.delete())
        if made:
            connection.execute(insert(dossier), made)


def days_from(first: date, count: int) -> date:
    """Return the day so many days later."""
    return first + timedelta(days=count)
