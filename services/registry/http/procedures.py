"""The routes of procedures: list, read, history, reductions."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.registry import reference_answers as answers
from services.registry.asked import Code
from services.registry.http.table import table, wants_csv
from services.registry.http.tagged import tagged
from services.registry.knowledge import Knowledge
from services.registry.reference import Items
from services.registry.reference import kinds as k
from services.registry.reference_asked import DatedAsked, ProceduresAsked, ReductionsAsked
from services.registry.reference_queries import ReferenceQueries
from shared.problems import Problem, responses


def procedure_routes(queries: ReferenceQueries) -> APIRouter:
    """Return the routes of procedures."""
    router = APIRouter(tags=["procedures"])

    @router.get("/procedures", response_model=answers.ProcedurePage)
    def procedures(request: Request, asked: Annotated[ProceduresAsked, Query()]) -> Response:
        """List the procedures that count for the units, as they are in force on a day; CSV has all, in no pages."""
        found = queries.now().matching(asked.wanted(queries.today()))
        if wants_csv(request, asked):
            return table(request, asked, answers.ProcedurePage(items=[]), rows=found)
        later = [version for version in found if asked.after is None or version.code > asked.after]
        shown = later[: asked.limit]
        more = asked.link(request.url, shown[-1].code) if len(later) > asked.limit else None
        return tagged(request, answers.ProcedurePage(items=shown, next=more))

    @router.get("/procedures/{code}", response_model=answers.ProcedureDetail, responses=responses(404))
    def procedure(request: Request, code: Code, asked: Annotated[DatedAsked, Query()]) -> Response:
        """Return the version of a procedure in force on a day, else the last one, with its parts and other versions."""
        known, on = queries.now(), asked.on or queries.today()
        version = known.procedure(code, on)
        if version is None:
            raise unknown_procedure()
        body = _detail(known, version, queries.parts(code))
        return table(request, asked, body, rows=[version])

    @router.get("/procedures/{code}/history", response_model=answers.Writings, responses=responses(404))
    def history(request: Request, code: Code) -> Response:
        """Return every writing of a procedure: nothing is changed without trace."""
        written = queries.history(code)
        if not written:
            raise unknown_procedure()
        return tagged(request, answers.history(written))

    _add_reductions(router, queries)
    return router


def _add_reductions(router: APIRouter, queries: ReferenceQueries) -> None:
    @router.get("/reductions", response_model=answers.Reductions)
    def reductions(request: Request, asked: Annotated[ReductionsAsked, Query()]) -> Response:
        """Sum up the hours and steps the units' procedures were cut by."""
        known, on = queries.now(), asked.on or queries.today()
        body = answers.reductions(known.of_units(on, asked.scope, asked.units))
        return table(request, asked, body, rows=body.items)


def _detail(known: Knowledge, version: k.ProcedureVersion, parts: Items) -> answers.ProcedureDetail:
    this = version.version
    marks = set(answers.VersionMark.model_fields)
    versions = [answers.VersionMark(**each.model_dump(include=marks)) for each in known.versions[version.code]]
    return answers.ProcedureDetail(
        **version.model_dump(),
        versions=sorted(versions, key=lambda mark: mark.version),
        steps=sorted((s for s in parts.of(k.ProcedureStep) if s.version == this), key=lambda s: s.step),
        components=[c for c in parts.of(k.ProcedureComponent) if c.version == this],
        fees=[f for f in parts.of(k.ProcedureFee) if f.version == this],
    )


def unknown_procedure() -> Problem:
    """Return the answer to a code no procedure has."""
    return Problem(
        "unknown-procedure",
        status=404,
        detail="No procedure has this code.",
        detail_vi="Không có thủ tục hành chính nào mang mã này.",
    )
