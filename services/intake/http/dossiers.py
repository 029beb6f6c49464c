"""The dossier routes: open and read; what is decided about one is in ``life``."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response

from services.intake import open_dossier as opening
from services.intake.http import answers
from services.intake.http.callers import CallerNeeded
from services.intake.http.forms import Opening
from services.intake.once import Once
from services.intake.ports import Answer, Desk
from shared.object_store import APPLICANT_FORM

router = APIRouter(prefix="/v1/dossiers", tags=["dossiers"])
IfMatch = Annotated[str | None, Header()]


@router.post("", status_code=201, response_model=answers.DossierOut)
def open_dossier(request: Request, asked: Opening, caller: CallerNeeded) -> Response:
    """Open a dossier, before any file: it gets its code and its components."""
    desk: Desk = request.app.state.desk
    once = Once(desk, caller.key(asked.model_dump_json()), answers.opened)
    answer = opening.open_dossier(desk, asked.application(), asked.applicant.form(desk), act=caller.act, once=once)
    return answers.respond(answer, location=location_of(answer))


def location_of(answer: Answer) -> str:
    """Return the address of the dossier an answer holds."""
    return f"/v1/dossiers/{json.loads(answer.body)['id']}"


@router.get("/{dossier_id}", response_model=answers.DossierOut)
def read_dossier(request: Request, dossier_id: UUID, if_none_match: IfMatch = None) -> Response:
    """Return a dossier with its papers."""
    desk: Desk = request.app.state.desk
    with desk.ledger.reading() as entries:
        answer = answers.decided(entries.dossier(dossier_id))
    if if_none_match is not None and f'"{answer.version}"' in if_none_match:
        return Response(status_code=304, headers={"ETag": f'"{answer.version}"'})
    return answers.respond(answer)


@router.get("/{dossier_id}/applicant")
def read_applicant(request: Request, dossier_id: UUID) -> Response:
    """Return the applicant's form."""
    desk: Desk = request.app.state.desk
    with desk.ledger.reading() as entries:
        entries.components(dossier_id)  # raises for no dossier
    form = desk.store.read(dossier_id, APPLICANT_FORM)
    return Response(form, headers=answers.PRIVATE, media_type="application/json")


def version_meant(if_match: str | None) -> int | None:
    """Return the version an If-Match header asks for: none for any, one nobody has if it is unreadable."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().strip('"')
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
