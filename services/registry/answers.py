"""The bodies the API answers with, but for those of dossiers."""

from collections.abc import Mapping

from pydantic import BaseModel

from services.registry.dossier_answers import status_name
from services.registry.paper_state import PAPER_STATES
from shared.events import Status


class Summary(BaseModel):
    """Dossiers by status, papers by state, and pages digitised, of the units asked for."""

    dossiers: dict[str, int]
    papers: dict[str, int]
    pages_digitised: int


def summary(statuses: Mapping[int | None, int], papers: Mapping[str, int], *, pages: int) -> Summary:
    """Return the summary, with every status and state that can be."""
    dossiers = {status_name(s): statuses.get(s, 0) for s in (*Status, None)}
    return Summary(
        dossiers={name: count for name, count in dossiers.items() if name != "unknown" or count},
        papers=dict.fromkeys(PAPER_STATES, 0) | dict(papers),
        pages_digitised=pages,
    )
