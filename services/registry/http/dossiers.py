"""The dossier routes: list, export, read, history; which are late, and which soon will be."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.registry import dossier_answers as answers
from services.registry import spreadsheet
from services.registry.asked import DossiersAsked, DossiersWanted, DueAsked, DueSoonAsked, link_after
from services.registry.dossier_matches import DossierFilter
from services.registry.dossier_queries import Due, Fields, Place
from services.registry.happening import understand
from services.registry.http.tagged import tagged
from services.registry.queries import Queries
from services.registry.supplements import supplements
from shared.clock import Clock, local_day
from shared.problems import Problem, responses

EXPORTED_AT_ONCE = 1000


def dossier_routes(queries: Queries, *, clock: Clock, due_soon_hours: int) -> APIRouter:
    """Return the routes of dossiers."""
    router = APIRouter(prefix="/dossiers", tags=["dossiers"])
    _add_lists(router, queries, clock)
    _add_due(router, queries, clock, due_soon_hours)
    _add_single(router, queries)
    return router


def _add_lists(router: APIRouter, queries: Queries, clock: Clock) -> None:
    @router.get("", response_model=answers.DossierPage)
    def dossiers(request: Request, asked: Annotated[DossiersAsked, Query()]) -> Response:
        """List dossiers received by the units or in their competence, newest first."""
        found = queries.dossiers(asked.wanted(_today(clock)), limit=asked.limit + 1, after=asked.after)
        page = answers.dossier_page(found, limit=asked.limit, link=lambda place: link_after(request.url, place))
        return tagged(request, page)

    @router.get("/csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
    def csv(asked: Annotated[DossiersWanted, Query()]) -> StreamingResponse:
        """Export all dossiers of the list as CSV; what is opened meanwhile is not in it."""
        pages = _pages(queries, asked.wanted(_today(clock)))
        first = next(pages)  # what fails fails as a problem, before the answer begins
        named = {"Content-Disposition": 'attachment; filename="dossiers.csv"'}
        return StreamingResponse(spreadsheet.lines(_chain(first, pages)), media_type="text/csv", headers=named)


def _pages(queries: Queries, wanted: DossierFilter) -> Iterator[list[Fields]]:
    after: Place | None = None
    while True:
        page = queries.dossiers(wanted, limit=EXPORTED_AT_ONCE, after=after)
        yield page
        if len(page) < EXPORTED_AT_ONCE:
            return
        after = (page[-1]["opened_at"], page[-1]["dossier_id"])


def _chain(first: list[Fields], rest: Iterator[list[Fields]]) -> Iterator[list[Fields]]:
    yield first
    yield from rest


def _add_due(router: APIRouter, queries: Queries, clock: Clock, due_soon_hours: int) -> None:
    def page(request: Request, asked: DueAsked, wanted: Due, now: datetime) -> Response:
        found = queries.due(wanted, limit=asked.limit + 1, after=asked.after)
        link = lambda place: link_after(request.url, place)  # noqa: E731  # closes over the request
        return tagged(request, answers.due_page(found, now=now, limit=asked.limit, link=link))

    @router.get("/late", response_model=answers.DuePage)
    def late(request: Request, asked: Annotated[DueAsked, Query()]) -> Response:
        """List open dossiers past the date promised now, the latest first; paused ones are not late."""
        now = clock.now()
        return page(request, asked, Due(asked.units, before=now), now)

    @router.get("/due-soon", response_model=answers.DuePage)
    def due_soon(request: Request, asked: Annotated[DueSoonAsked, Query()]) -> Response:
        """List open dossiers that will be due soon, the next first."""
        now = clock.now()
        soon = now + timedelta(hours=asked.hours or due_soon_hours)
        return page(request, asked, Due(asked.units, before=soon, since=now), now)


def _add_single(router: APIRouter, queries: Queries) -> None:
    @router.get("/{dossier_id}", response_model=answers.WholeDossier, responses=responses(404))
    def dossier(request: Request, dossier_id: UUID) -> Response:
        """Return a dossier and all that belongs to it."""
        found, told = queries.dossier(str(dossier_id)), queries.history(str(dossier_id))
        if found is None or told is None:
            raise _unknown_dossier()
        found["supplement_list"] = supplements(_said(told))
        return tagged(request, answers.WholeDossier.model_validate(found))

    @router.get("/{dossier_id}/history", response_model=answers.History, responses=responses(404))
    def history(request: Request, dossier_id: UUID) -> Response:
        """Return what happened to a dossier."""
        found = queries.history(str(dossier_id))
        if found is None:
            raise _unknown_dossier()
        return tagged(request, answers.history(found))


def _said(rows: Any) -> Iterator[tuple[datetime, Any]]:
    return ((row.occurred_at, understand(row.type, row.data)) for row in rows if row.sequence is not None)


def _today(clock: Clock) -> date:
    return local_day(clock.now())


def _unknown_dossier() -> Problem:
    return Problem(
        "unknown-dossier",
        status=404,
        detail="The registry knows no such dossier; one opened a moment ago may still be on its way.",
        detail_vi="Không có hồ sơ này trong sổ đăng ký; hồ sơ vừa mở có thể đang được cập nhật.",
    )
