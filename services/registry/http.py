"""The API of the registry: read-only, every list with an explicit scope of units."""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, FastAPI, Query, Request, Response
from pydantic import BaseModel

from services.registry import answers
from services.registry.asked import Code, DossiersAsked, ProceduresAsked, Scoped, link_after
from services.registry.queries import Queries
from shared.events import Procedure
from shared.problems import Problem, answer_with_problems, responses


def api(queries: Queries) -> FastAPI:
    """Return the application of the first port; its documents are on the second."""
    app = FastAPI(title="hoso registry", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    answer_with_problems(app)
    for router in (_dossiers(queries), _reference(queries), _counts(queries)):
        app.include_router(router, prefix="/v1", responses=responses(422, 503))
    return app


def _dossiers(queries: Queries) -> APIRouter:
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
        return _tagged(request, answers.DossierWithPapers.model_validate(found))

    @router.get("/{dossier_id}/history", response_model=answers.History, responses=responses(404))
    def history(request: Request, dossier_id: UUID) -> Response:
        """Return what happened to a dossier."""
        found = queries.history(str(dossier_id))
        if found is None:
            raise _unknown_dossier()
        return _tagged(request, answers.history(found))

    return router


def _reference(queries: Queries) -> APIRouter:
    router = APIRouter(tags=["reference data"])

    @router.get("/units")
    def units() -> answers.Units:
        """List all units."""
        return answers.Units.model_validate({"items": queries.units(None)})

    @router.get("/procedures")
    def procedures(asked: Annotated[ProceduresAsked, Query()]) -> answers.Procedures:
        """List the procedures that count for the units, in their newest versions."""
        return answers.Procedures.model_validate({"items": queries.procedures(asked.units, asked.level)})

    @router.get("/procedures/{code}", response_model=Procedure, responses=responses(404))
    def procedure(request: Request, code: Code) -> Response:
        """Return the newest version of a procedure."""
        found = queries.procedure(code)
        if found is None:
            raise _unknown_procedure()
        return _tagged(request, Procedure.model_validate(found))

    return router


def _counts(queries: Queries) -> APIRouter:
    router = APIRouter(tags=["counts"])

    @router.get("/levels")
    def levels(asked: Annotated[Scoped, Query()]) -> answers.LevelTable:
        """Count the procedures of each unit by online-service level."""
        return answers.level_table(queries.units(asked.units), queries.levels(asked.units))

    @router.get("/summary")
    def summary(asked: Annotated[Scoped, Query()]) -> answers.Summary:
        """Count dossiers, papers and digitised pages."""
        statuses, papers, pages = queries.summary(asked.units)
        return answers.summary(statuses, papers, pages=pages)

    return router


def _tagged(request: Request, body: BaseModel) -> Response:
    """Return a body with its ETag, or 304 where the client has it already."""
    content = body.model_dump_json()
    tag = f'"{sha256(content.encode()).hexdigest()[:32]}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(content, media_type="application/json", headers={"ETag": tag})


def _unknown_dossier() -> Problem:
    return Problem(
        "unknown-dossier",
        status=404,
        detail="The registry knows no such dossier; one opened a moment ago may still be on its way.",
        detail_vi="Không có hồ sơ này trong sổ đăng ký; hồ sơ vừa mở có thể đang được cập nhật.",
    )


def _unknown_procedure() -> Problem:
    return Problem(
        "unknown-procedure",
        status=404,
        detail="No procedure has this code.",
        detail_vi="Không có thủ tục hành chính nào mang mã này.",
    )
