"""The requests to supplement a dossier, as its history tells them; pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.events import Data, DossierSupplemented, StatusChanged, SupplementRequested


def supplements(told: Iterable[tuple[datetime, Data | None]]) -> list[dict[str, Any]]:
    """Return the requests of a dossier, from its ledger in order: times of events and what they say."""
    found: list[dict[str, Any]] = []
    due_at: datetime | None = None
    waiting = False
    for time, data in told:
        if not isinstance(data, StatusChanged):
            continue
        at = data.happened_at or time
        if isinstance(data, SupplementRequested):
            found.append(_requested(data, at, due_at))
            waiting = True
        elif waiting:
            before = data.due_before if isinstance(data, DossierSupplemented) else None
            found[-1] |= {"completed_at": at, "due_before": before or found[-1]["due_before"], "due_after": data.due_at}
            waiting = False
        due_at = data.due_at or due_at
    return found


def _requested(data: SupplementRequested, at: datetime, due_at: datetime | None) -> dict[str, Any]:
    return {
        "requested_at": at,
        "completed_at": None,
        "due_before": data.due_at or due_at,
        "due_after": None,
        "reason_code": data.reason_code,
        "component_codes": data.component_codes,
    }
