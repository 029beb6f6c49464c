"""The paper routes: add to a dossier, read, fetch original, document, text and fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from services.intake import add_papers as adding
from services.intake.dossiers import Paper
from services.intake.http import answers
from services.intake.http.callers import CallerNeeded
from services.intake.http.forms import ComponentCode
from services.intake.http.review_answers import reviewed_out
from services.intake.once import Once
from services.intake.ports import Desk
from services.intake.readings import reading, version_of
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.review_paper import found_by_people
from shared.object_store import DOCUMENT, TEXT, derived_name, original_name
from shared.topics import Lane

router = APIRouter(prefix="/v1", tags=["papers"])
# one for all files, or one for each; an empty one means none
ComponentCodes = Annotated[list[ComponentCode | Literal[""]], Form()]


@router.post("/dossiers/{dossier_id}/papers", status_code=201, response_model=answers.PlacedList)
def add_papers(
    request: Request,
    dossier_id: UUID,
    *,
    caller: CallerNeeded,
    file: Annotated[list[UploadFile], File()],
    component_code: ComponentCodes = [],  # noqa: B006  # FastAPI copies defaults
    lane: Annotated[Lane, Form()] = Lane.EXPRESS,
) -> Response:
    """Add one or many files to a dossier: all of them, or none if one is refused."""
    desk, metrics = request.app.state.desk, request.app.state.metrics
    components = spread(component_code, len(file))
    files = adding.judge_all(desk.judge, [(f.file, f.filename or "") for f in file])
    papers = adding.new_papers(dossier_id, files, components, lane=lane, act=caller.act)
    key = caller.key(lane, *(c or "" for c in components), *(f.sha256 for f in files))
    once = Once(desk, key, answers.placed)
    outcome = adding.add_papers(desk, dossier_id, papers, files, act=caller.act, once=once)
    metrics.added(outcome.result)
    return answers.respond(outcome.answer)


def spread(codes: Sequence[str], files: int) -> list[str | None]:
    """Return a component code, or none, for each file; raises ``Rejected`` where they do not match up."""
    if len(codes) <= 1:
        return [(codes[0] if codes else None) or None] * files
    if len(codes) != files:
        raise Rejected(Reason.INVALID_REQUEST, Fault("component_code", "one-for-all-or-one-for-each"))
    return [code or None for code in codes]


@dataclass(frozen=True)
class Found:
    """A paper and its dossier's code, where it has one."""

    paper: Paper
    code: str | None


def find(request: Request, paper_id: UUID) -> Found:
    """Return a paper; raises ``Rejected``."""
    desk: Desk = request.app.state.desk
    with desk.ledger.reading() as entries:
        paper = entries.paper(paper_id)
        return Found(paper, entries.dossier(paper.dossier_id).code if paper.dossier_id else None)


@router.get("/papers/{paper_id}", response_model=answers.PaperOut)
def read_paper(request: Request, paper_id: UUID) -> Response:
    """Return a paper: its state, and the version of its newest document."""
    found = find(request, paper_id)
    body = answers.paper_out(found.paper, found.code).model_dump_json()
    return Response(body, headers=answers.PRIVATE, media_type="application/json")


@router.get("/papers/{paper_id}/original")
def read_original(request: Request, paper_id: UUID) -> Response:
    """Return a paper's original, byte for byte as it was handed in."""
    found = find(request, paper_id)
    return answers.stream(
        request.app.state.desk.store,
        found.paper,
        original_name(paper_id),
        media_type=found.paper.media_type,
        file_name=found.paper.named(found.code) + found.paper.extension,
        size_bytes=found.paper.size_bytes,
    )


@router.get("/papers/{paper_id}/document")
def read_document(request: Request, paper_id: UUID) -> Response:
    """Return a paper's newest searchable document; 404 where it was read but none could be made."""
    paper = find(request, paper_id).paper
    if version_of(paper) and paper.document_bytes == 0:
        raise Rejected(Reason.NO_DOCUMENT)
    return _derived(request, paper_id, DOCUMENT, media_type="application/pdf", extension=".pdf")


@router.get("/papers/{paper_id}/text")
def read_text(request: Request, paper_id: UUID) -> Response:
    """Return a paper's text, its pages separated by form feeds."""
    return _derived(request, paper_id, TEXT, media_type="text/plain; charset=utf-8", extension=".txt")


@router.get("/papers/{paper_id}/fields")
def read_fields(request: Request, paper_id: UUID) -> Response:
    """Return what was first read from a paper, its fields and pages, and beside it what a person found."""
    desk: Desk = request.app.state.desk
    paper = find(request, paper_id).paper
    read = reading(desk.store, paper, version_of(paper))
    told = {"paper_id": str(paper_id), "version": paper.version, "fields": read.fields, "pages": read.pages}
    found = found_by_people(desk, paper)
    return JSONResponse(told | {"reviewed": found and reviewed_out(*found)}, headers=answers.PRIVATE)


def _derived(request: Request, paper_id: UUID, part: str, *, media_type: str, extension: str) -> Response:
    found = find(request, paper_id)
    return answers.stream(
        request.app.state.desk.store,
        found.paper,
        derived_name(paper_id, version_of(found.paper), part),
        media_type=media_type,
        file_name=found.paper.named(found.code) + extension,
    )
