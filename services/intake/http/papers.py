"""The paper routes: add to a dossier, read, fetch original, document, text and fields."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from services.intake import add_papers as adding
from services.intake.dossiers import Paper, PaperState
from services.intake.http import answers
from services.intake.http.callers import CallerNeeded
from services.intake.http.forms import ComponentCode
from services.intake.once import Once
from services.intake.ports import Desk
from services.intake.rejections import Fault, Reason, Rejected
from shared.object_store import DOCUMENT, FACTS, TEXT, derived_name, original_name
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
class _Found:
    """A paper and its dossier's code, where it has one."""

    paper: Paper
    code: str | None


def _find(request: Request, paper_id: UUID) -> _Found:
    desk: Desk = request.app.state.desk
    with desk.ledger.reading() as entries:
        paper = entries.paper(paper_id)
        return _Found(paper, entries.dossier(paper.dossier_id).code if paper.dossier_id else None)


@router.get("/papers/{paper_id}", response_model=answers.PaperOut)
def read_paper(request: Request, paper_id: UUID) -> Response:
    """Return a paper: its state, and the version of its newest document."""
    found = _find(request, paper_id)
    body = answers.paper_out(found.paper, found.code).model_dump_json()
    return Response(body, headers=answers.PRIVATE, media_type="application/json")


@router.get("/papers/{paper_id}/original")
def read_original(request: Request, paper_id: UUID) -> Response:
    """Return a paper's original, byte for byte as it was handed in."""
    found = _find(request, paper_id)
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
    """Return a paper's newest searchable document."""
    return _derived(request, paper_id, DOCUMENT, media_type="application/pdf", extension=".pdf")


@router.get("/papers/{paper_id}/text")
def read_text(request: Request, paper_id: UUID) -> Response:
    """Return a paper's text, its pages separated by form feeds."""
    return _derived(request, paper_id, TEXT, media_type="text/plain; charset=utf-8", extension=".txt")


@router.get("/papers/{paper_id}/fields")
def read_fields(request: Request, paper_id: UUID) -> Response:
    """Return what was read from a paper: its fields, and facts about its pages."""
    paper = _find(request, paper_id).paper
    name = derived_name(paper_id, _version(paper), FACTS)
    facts = json.loads(request.app.state.desk.store.read(paper.kept_under, name))
    told = {"paper_id": str(paper_id), "version": paper.version}
    told |= {"fields": facts.get("fields", {}), "pages": facts.get("pages", [])}
    return JSONResponse(told, headers=answers.PRIVATE)


def _derived(request: Request, paper_id: UUID, part: str, *, media_type: str, extension: str) -> Response:
    found = _find(request, paper_id)
    return answers.stream(
        request.app.state.desk.store,
        found.paper,
        derived_name(paper_id, _version(found.paper), part),
        media_type=media_type,
        file_name=found.paper.named(found.code) + extension,
    )


def _version(paper: Paper) -> str:
    if paper.state is PaperState.FAILED:
        raise Rejected(Reason.DIGITISATION_FAILED, Fault("paper", paper.reason or "failed"))
    if paper.version is None:
        raise Rejected(Reason.NOT_DIGITISED)
    return paper.version
