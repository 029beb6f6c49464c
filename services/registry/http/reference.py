"""The routes of units and calendars."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.registry import reference_answers as answers
from services.registry.asked import Code
from services.registry.http.table import table
from services.registry.http.tagged import tagged
from services.registry.reference import kinds as k
from services.registry.reference_asked import Tabular
from services.registry.reference_queries import ReferenceQueries
from shared.problems import Problem, responses


def reference_routes(queries: ReferenceQueries) -> APIRouter:
    """Return the routes of units and calendars."""
    router = APIRouter(tags=["reference data"])

    @router.get("/units", response_model=answers.Units)
    def units(request: Request, asked: Annotated[Tabular, Query()]) -> Response:
        """List all units, those that ended with their successors."""
        body = answers.Units(items=list(queries.now().units.values()))
        return table(request, asked, body, rows=body.items)

    @router.get("/calendars", response_model=answers.Calendars)
    def calendars(request: Request, asked: Annotated[Tabular, Query()]) -> Response:
        """List the calendars with their days and hours; CSV has the days."""
        body = answers.calendars(queries.calendars())
        return table(request, asked, body, rows=queries.now().items.of(k.CalendarDayRow))

    @router.get("/calendars/{code}", response_model=answers.Calendar, responses=responses(404))
    def calendar(request: Request, code: Code) -> Response:
        """Return a calendar."""
        for found in answers.calendars(queries.calendars()).items:
            if found.code == code:
                return tagged(request, found)
        raise Problem(
            "unknown-calendar",
            status=404,
            detail="No calendar has this code; VN is the national one, a unit's has the code of the unit.",
            detail_vi="Không có lịch nào mang mã này; VN là lịch quốc gia, lịch của đơn vị mang mã đơn vị.",
        )

    return router
