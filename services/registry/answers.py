"""The bodies the API answers with."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, computed_field

from services.registry.fold import PAPER_STATES
from services.registry.queries import Place
from shared.events import Actor, Channel, Status


class Dossier(BaseModel):
    """A dossier as the log tells; what its opening says is null until that was seen."""

    dossier_id: UUID
    code: str | None
    procedure_code: str | None
    procedure_version: int | None
    channel: Channel | None
    receiving_unit: str | None
    competent_unit: str | None
    back_file: bool | None
    status: Status | None
    opened_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    last_sequence: int
    events_seen: int
    needs_review: int = Field(description="papers of it that wait for a person to look at them")
    reviewed: int = Field(description="papers of it whose newest document a person looked at")
    missing: int = Field(description="events of its ledger not seen yet; 0 when the state is whole")

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def status_name(self) -> str:
        """The name of the status."""
        return status_name(self.status)


class Paper(BaseModel):
    """A paper of a dossier; its acceptance is null where only its outcome was seen."""

    paper_id: UUID
    state: str
    component_code: str | None
    lane: str | None
    media_type: str | None
    size_bytes: int | None
    accepted_at: datetime | None
    version: str | None
    pages: int | None
    pages_failed: int | None
    words: int | None
    confidence: float | None
    document_bytes: int | None
    needs_review: bool | None = Field(description="whether the newest document asks for a person's look")
    failure_reason: str | None
    revision: int = Field(description="0 as first read; one more each time a page was read again")
    outcome_at: datetime | None
    reviewed_version: str | None = Field(description="the version a person looked at last")
    reviewed_at: datetime | None

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def reviewed(self) -> bool:
        """Whether a person looked at the newest document."""
        return self.reviewed_version is not None and self.reviewed_version == self.version


class DossierWithPapers(Dossier):
    """A dossier and its papers."""

    papers: list[Paper]


class DossierPage(BaseModel):
    """Dossiers, newest first, and where to read on."""

    items: list[Dossier]
    next: str | None = Field(description="link to what follows; null at the end")


class HistoryEntry(BaseModel):
    """Something that happened to a dossier; without a sequence where no ledger numbers it."""

    event_id: UUID
    sequence: int | None
    type: str
    time: datetime
    actor: Actor | None
    data: dict[str, Any]


class History(BaseModel):
    """The ledger of a dossier in order, then the outcomes of its papers in time."""

    items: list[HistoryEntry]


class Summary(BaseModel):
    """Dossiers by status, papers by state, and pages digitised, of the units asked for."""

    dossiers: dict[str, int]
    papers: dict[str, int]
    pages_digitised: int


def status_name(status: int | None) -> str:
    """Return the name of a status as the API and the metrics show it."""
    return "unknown" if status is None else Status(status).name.lower()


def dossier_page(found: Sequence[Mapping[str, Any]], *, limit: int, link: Callable[[Place], str]) -> DossierPage:
    """Return a page of ``limit`` dossiers, with a link where more were found."""
    shown = found[:limit]
    more = link((shown[-1]["opened_at"], shown[-1]["dossier_id"])) if len(found) > limit else None
    return DossierPage.model_validate({"items": shown, "next": more})


def history(rows: Iterable[Any]) -> History:
    """Return the history in these rows."""
    return History(items=[_entry(row) for row in rows])


def _entry(row: Any) -> HistoryEntry:
    data = json.loads(row.data)
    actor = {name: getattr(row, f"actor_{name}") for name in Actor.model_fields}
    return HistoryEntry(
        event_id=row.event_id,
        sequence=row.sequence,
        type=row.type,
        time=row.occurred_at,
        actor=Actor.model_validate(actor) if row.actor_subject is not None else None,
        data={name: value for name, value in data.items() if name != "actor"},
    )


def summary(statuses: Mapping[int | None, int], papers: Mapping[str, int], *, pages: int) -> Summary:
    """Return the summary, with every status and state that can be."""
    dossiers = {status_name(s): statuses.get(s, 0) for s in (*Status, None)}
    return Summary(
        dossiers={name: count for name, count in dossiers.items() if name != "unknown" or count},
        papers=dict.fromkeys(PAPER_STATES, 0) | dict(papers),
        pages_digitised=pages,
    )
