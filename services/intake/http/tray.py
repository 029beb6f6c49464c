"""The tray and search routes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.intake import search as searching
from services.intake import tray
from services.intake.codes import OPAQUE_PATTERN
from services.intake.http import answers
from services.intake.http.callers import CallerNeeded
from services.intake.http.dossiers import location_of
from services.intake.http.forms import Attachment, BackFileOpening, Search
from services.intake.once import Once
from services.intake.ports import Desk

router = APIRouter(prefix="/v1", tags=["tray and search"])


@router.post("/search", response_model=answers.DossierPage)
def search(request: Request, asked: Search) -> Response:
    """Find dossiers by code, applicant's name (with or without diacritics) or identity number."""
    question = searching.Question(**dict(asked))
    found = searching.search(request.app.state.desk, question)
    full = len(found) == asked.limit
    page = answers.DossierPage(
        dossiers=[answers.dossier_out(dossier) for dossier in found], next=found[-1].id if full else None
    )
    return Response(page.model_dump_json(), headers=answers.PRIVATE, media_type="application/json")


@router.get("/tray", response_model=answers.TrayPage)
def read_tray(
    request: Request,
    counter: Annotated[str, Query(pattern=OPAQUE_PATTERN)],
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: UUID | None = None,
) -> Response:
    """Return the papers that wait in a counter's tray, the oldest first; ``bulk`` is the back-files' counter."""
    desk: Desk = request.app.state.desk
    with desk.ledger.reading() as entries:
        papers = entries.tray(counter, limit=limit, after=after)
    full = len(papers) == limit
    page = answers.TrayPage(
        papers=[answers.paper_out(paper, None) for paper in papers], next=papers[-1].id if full else None
    )
    return Response(page.model_dump_json(), headers=answers.PRIVATE, media_type="application/json")


@router.post("/tray/{paper_id}/attach", status_code=201, response_model=answers.PlacedList)
def attach(request: Request, paper_id: UUID, asked: Attachment, caller: CallerNeeded) -> Response:
    """Move a paper from its tray into a dossier; its processing begins."""
    desk: Desk = request.app.state.desk
    once = Once(desk, caller.key(asked.model_dump_json()), answers.placed)
    component = asked.component_code
    outcome = tray.attach(desk, paper_id, asked.dossier_id, component=component, act=caller.act, once=once)
    request.app.state.metrics.added(outcome.result)
    return answers.respond(outcome.answer)


@router.post("/tray/{paper_id}/open-dossier", status_code=201, response_model=answers.DossierOut)
def open_dossier(request: Request, paper_id: UUID, asked: BackFileOpening, caller: CallerNeeded) -> Response:
    """Open a back-file dossier with a paper of the bulk tray."""
    desk: Desk = request.app.state.desk
    answer = tray.open_back_file(
        desk,
        paper_id,
        asked.application(back_file=True),
        asked.applicant.form(desk),
        component=asked.component_code,
        act=caller.act,
        once=Once(desk, caller.key(asked.model_dump_json()), answers.opened),
    )
    return answers.respond(answer, location=location_of(answer))
