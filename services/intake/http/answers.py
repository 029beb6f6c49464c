"""What the API answers: dossiers and papers as JSON, files as streams."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.intake.add_papers import Addition
from services.intake.dossiers import Component, Dossier, Paper, PaperState
from services.intake.http.life_answers import (
    CodeOut,
    FeeOut,
    SupplementOut,
    SuspensionOut,
    TaskOut,
    Told,
    WarningOut,
    life_of,
)
from services.intake.ports import Answer
from services.intake.records import ComponentRecord
from services.intake.refusals import TEXTS, Refusal
from services.intake.transitions import Command
from shared.events import Channel, ComponentState, CopyKind, Duty, ReusedFrom, Status, TimeUnit
from shared.object_store import ObjectStore
from shared.topics import Lane

# a citizen's papers stay in no cache on the way
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class RecordOut(Told):
    """What became of a component; nobody recorded it where it follows by itself."""

    state: ComponentState
    exempt_reason: int | None
    reused_from: ReusedFrom | None
    paper_id: UUID | None
    recorded_by: str | None
    recorded_at: datetime | None


class ComponentOut(Told):
    """A component of a dossier, what its duty is, and what became of it."""

    code: str
    name: str
    copy_kind: CopyKind
    quantity: int
    duty: Duty
    exempt_reason: int | None
    record: RecordOut


class PaperOut(Told):
    """A paper; ``version`` names its newest document, ``detail`` says for a person why there is none."""

    id: UUID
    dossier_id: UUID | None
    component_code: str | None
    lane: Lane
    counter: str | None
    media_type: str
    name_mismatch: bool
    size_bytes: int
    sha256: str
    file_name: str
    state: PaperState
    received_at: datetime
    reason: str | None
    version: str | None
    pages: int | None
    pages_failed: int | None
    words: int | None
    confidence: float | None
    document_bytes: int | None
    needs_review: bool | None
    review_reasons: list[str]
    review_fields: list[str]
    revision: int
    reviewed_version: str | None
    reviewed_at: datetime | None
    detail: str | None
    detail_vi: str | None


class PlacedOut(PaperOut):
    """A paper that was sent; a duplicate is the one the dossier had before."""

    duplicate: bool


class PlacedList(Told):
    """What became of the files of a request, in their order."""

    papers: list[PlacedOut]


class DossierOut(Told):
    """A dossier with its components and papers, what it waits for, and the commands that are legal next."""

    id: UUID
    code: str
    status: Status
    version: int
    procedure_code: str
    procedure_version: int
    channel: Channel
    receiving_unit: str
    competent_unit: str
    back_file: bool
    opened_at: datetime
    accepted_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    components: list[ComponentOut]
    papers: list[PaperOut]
    external_code: str | None
    system_of_record: str
    identity_verified: bool
    suspended: bool
    submitted_at: datetime | None
    handed_over_at: datetime | None
    refused_at: datetime | None
    withdrawn_at: datetime | None
    stopped_at: datetime | None
    time_limit: int | None
    limit_unit: TimeUnit | None
    due_at: datetime | None
    first_due_at: datetime | None
    provisional: bool
    extensions: int
    supplements: list[SupplementOut]
    suspensions: list[SuspensionOut]
    fees: list[FeeOut]
    tasks: list[TaskOut]
    added_codes: list[CodeOut]
    notes: list[int]
    allowed: list[Command]
    warnings: list[WarningOut]


class DossierPage(Told):
    """Dossiers found, newest first; ``next`` asks for the page after this one."""

    dossiers: list[DossierOut]
    next: UUID | None


class TrayPage(Told):
    """Papers that wait, oldest first; ``next`` asks for the page after this one."""

    papers: list[PaperOut]
    next: UUID | None


def paper_out(paper: Paper, code: str | None) -> PaperOut:
    """Return a paper as the API tells it; ``code`` is its dossier's."""
    text = TEXTS[Refusal(paper.reason)] if paper.reason in TEXTS else None
    said = {"detail": text and text.en, "detail_vi": text and text.vi}
    return PaperOut.model_validate(vars(paper) | said | {"file_name": paper.named(code) + paper.extension})


def dossier_out(dossier: Dossier) -> DossierOut:
    """Return a dossier as the API tells it."""
    papers = [paper_out(paper, dossier.code) for paper in dossier.papers]
    components = [component_out(component, dossier.record_of(component)) for component in dossier.components]
    parts = {"papers": papers, "components": components} | life_of(dossier)
    return DossierOut.model_validate(vars(dossier) | parts)


def component_out(component: Component, record: ComponentRecord) -> ComponentOut:
    """Return a component as the API tells it."""
    return ComponentOut.model_validate(vars(component) | {"record": record})


def opened(dossier: Dossier) -> Answer:
    """Return the answer to a dossier opened."""
    return Answer(201, dossier_out(dossier).model_dump_json(), dossier.version)


def decided(dossier: Dossier) -> Answer:
    """Return the answer to a decision."""
    return Answer(200, dossier_out(dossier).model_dump_json(), dossier.version)


def placed(addition: Addition) -> Answer:
    """Return the answer to papers added: 201 if any of them is new."""
    papers = [
        PlacedOut(**dict(paper_out(p.paper, addition.dossier.code)), duplicate=p.duplicate) for p in addition.placed
    ]
    is_new = any(not p.duplicate for p in addition.placed)
    return Answer(201 if is_new else 200, PlacedList(papers=papers).model_dump_json())


def respond(answer: Answer, *, location: str | None = None) -> Response:
    """Return an answer as it leaves."""
    headers = dict(PRIVATE)
    if answer.version is not None:
        headers["ETag"] = f'"{answer.version}"'
    if location is not None:
        headers["Location"] = location
    return Response(answer.body, answer.status, headers, media_type="application/json")


def stream(
    store: ObjectStore, paper: Paper, name: str, *, media_type: str, file_name: str, size_bytes: int | None = None
) -> Response:
    """Return an object as a download; raises ``ObjectMissing`` before anything is sent."""
    chunks = _chunks(store, paper.kept_under, name)
    started = chain([next(chunks, b"")], chunks)
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="{file_name}"'}
    if size_bytes is not None:
        headers["Content-Length"] = str(size_bytes)
    return StreamingResponse(started, headers=headers, media_type=media_type)


def _chunks(store: ObjectStore, dossier_id: UUID, name: str) -> Iterator[bytes]:
    with store.open(dossier_id, name) as chunks:
        yield from chunks
