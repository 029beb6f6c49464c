"""The dossier routes: list, read, history."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.registry import answers
from services.registry.asked import DossiersAsked, link_after
from services.registry.http.tagged import tagged
from services.registry.queries import Queries
from shared.problems import Problem, responses


def dossier_routes(queries: Queries) -> APIRouter:
    """Return the routes of dossiers."""
    router = APIRouter(prefix="/dossiers", tags=["dossiers"])

    @router.get("")
    def dossiers(request: Request, asked: Annotated[DossiersAsked, Query()]) -> answers.DossierPage:
        """List dossiers received by the units or in their competence, newest first."""
        found = queries.dossiers(asked.wanted, limit=asked.limit + 1, after=asked.after)
        return answers.dossier_page(found, limit=asked.limit, link=lambda place: link_after(request.url, place))

    @router.get("/{dossier_id}", response_model=answers.DossierWithPapers, responses=responses(404))
    def dossier(request: Request, dossier_id: UUID) -> Response:
        """Return a dossier and its papers."""
        found = queries.dossier(str(dossier_id))
        if found is None:
            raise _unknown_dossier()
        return tagged(request, answers.DossierWithPapers.model_validate(found))

    @router.get("/{dossier_id}/history", response_model=answers.History, responses=responses(404))
    def history(request: Request, dossier_id: UUID) -> Response:
        """Return what happened to a dossier."""
        found = queries.history(str(dossier_id))
        if found is None:
            raise _unknown_dossier()
        return tagged(request, answers.history(found))

    return router


def _unknown_dossier() -> Problem:
    return Problem(
        "unknown-dossier",
        status=404,
        detail="The registry knows no such dossier; one opened a moment ago may still be on its way.",
        detail_vi="Không có hồ sơ này trong sổ đăng ký; hồ sơ vừa mở có thể đang được cập nhật.",
    )
