"""The bodies the API answers with about dossiers."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, computed_field

from services.registry.dossier_queries import Place
from services.registry.part_answers import Component, Paper, Step, Supplement, Task, Transfer
from shared.events import Actor, Channel, PaymentChannel, ResultKind, ReturnChannel, Status


class Dossier(BaseModel):
    """A dossier as the log tells; what its opening says is null until that was seen."""

    dossier_id: UUID
    code: str | None
    added_code: str | None = Field(description="its second code, where it was re-routed")
    external_code: str | None = Field(description="the code another system gave it")
    system_of_record: str | None
    procedure_code: str | None
    procedure_version: int | None
    channel: Channel | None
    receiving_unit: str | None
    competent_unit: str | None
    back_file: bool | None
    status: Status | None
    identity_verified: bool | None
    opened_at: datetime | None
    submitted_at: datetime | None = Field(description="where it came in online")
    accepted_at: datetime | None = Field(description="first accepted: received by the law")
    due_at: datetime | None = Field(description="when the result is promised now")
    first_due_at: datetime | None
    counted_due_at: datetime | None = Field(description="the due date statistics count: no extension moves it")
    provisional: bool = Field(description="the due date counts days nobody has decided on yet")
    handed_over_at: datetime | None
    supplements: int = Field(description="how often the applicant was asked to supplement it")
    supplement_requested_at: datetime | None = Field(description="the first time")
    supplement_since: datetime | None = Field(description="since when it waits for a supplement now")
    supplement_seconds: int = Field(description="how long it waited for supplements, all of them that ended")
    suspended_since: datetime | None
    paused_since: datetime | None = Field(description="since when its clock stands still now")
    fee_asked: int | None = Field(description="in đồng; null where none was asked for")
    fee_paid: int | None = Field(description="in đồng")
    payment_channel: PaymentChannel | None
    extensions: int
    refused_at: datetime | None
    withdrawn_at: datetime | None
    stopped_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    return_channel: ReturnChannel | None
    settled_at: datetime | None = Field(description="finished, withdrawn or stopped, once it was accepted")
    timeliness: str | None = Field(description="of a settled dossier: early, on_time or overdue, by days in Viet Nam")
    tasks: int
    tasks_open: int
    components: int
    components_required: int
    components_digitised: int
    components_reused: int
    components_exempt: int
    reused_from_store: bool = Field(description="a component came from the citizen's store at the national portal")
    result_kind: ResultKind | None
    result_at: datetime | None = Field(description="since when the result is there electronically")
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


class WholeDossier(Dossier):
    """A dossier with all that belongs to it."""

    papers: list[Paper]
    component_list: list[Component]
    steps: list[Step]
    task_list: list[Task]
    transfers: list[Transfer]
    supplement_list: list[Supplement]


class DossierPage(BaseModel):
    """Dossiers, newest first, and where to read on."""

    items: list[Dossier]
    next: str | None = Field(description="link to what follows; null at the end")


class DueDossier(Dossier):
    """An open dossier and how far it is from its due date."""

    hours: float = Field(description="late, or left, by the clock")


class DuePage(BaseModel):
    """Dossiers by their due date, and where to read on."""

    items: list[DueDossier]
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


def status_name(status: int | None) -> str:
    """Return the name of a status as the API and the metrics show it."""
    return "unknown" if status is None else Status(status).name.lower()


def dossier_page(found: Sequence[Mapping[str, Any]], *, limit: int, link: Callable[[Place], str]) -> DossierPage:
    """Return a page of ``limit`` dossiers, with a link where more were found."""
    shown = found[:limit]
    more = link((shown[-1]["opened_at"], shown[-1]["dossier_id"])) if len(found) > limit else None
    return DossierPage.model_validate({"items": shown, "next": more})


def due_page(found: Sequence[Mapping[str, Any]], *, now: datetime, limit: int, link: Callable[[Place], str]) -> DuePage:
    """Return a page of ``limit`` dossiers with their hours late or left, and a link where more were found."""
    shown = [{**row, "hours": round(abs((row["due_at"] - now).total_seconds()) / 3600, 1)} for row in found[:limit]]
    more = link((shown[-1]["due_at"], shown[-1]["dossier_id"])) if len(found) > limit else None
    return DuePage.model_validate({"items": shown, "next": more})


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
