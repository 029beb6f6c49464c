"""The routes of reference data: units and procedures."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.registry import answers
from services.registry.asked import Code, ProceduresAsked
from services.registry.http.tagged import tagged
from services.registry.queries import Queries
from shared.events import Procedure
from shared.problems import Problem, responses


def reference_routes(queries: Queries) -> APIRouter:
    """Return the routes of units and procedures."""
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
        return tagged(request, Procedure.model_validate(found))

    return router


def _unknown_procedure() -> Problem:
    return Problem(
        "unknown-procedure",
        status=404,
        detail="No procedure has this code.",
        detail_vi="Không có thủ tục hành chính nào mang mã này.",
    )
