"""The routes of what is stated elsewhere: targets, indicators, scores of indices, figures of tasks."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.registry import reference_answers as answers
from services.registry.http.table import table
from services.registry.reference import kinds as k
from services.registry.reference_asked import DatedAsked, ScoresAsked, Tabular
from services.registry.reference_queries import ReferenceQueries


def stated_routes(queries: ReferenceQueries) -> APIRouter:
    """Return the routes of targets, indicators, scores and figures of tasks."""
    router = APIRouter(tags=["targets and stated figures"])

    @router.get("/targets", response_model=answers.Targets)
    def targets(request: Request, asked: Annotated[DatedAsked, Query()]) -> Response:
        """List the targets with their sources, those that ended too."""
        body = answers.targets(queries.now().items.of(k.Target), asked.on or queries.today())
        return table(request, asked, body, rows=body.items)

    @router.get("/indicator-thresholds", response_model=answers.Thresholds)
    def thresholds(request: Request, asked: Annotated[DatedAsked, Query()]) -> Response:
        """List the indicators in force on a day with their points and the ratio that gives them all."""
        body = answers.thresholds(queries.now().items.of(k.IndicatorThreshold), asked.on or queries.today())
        return table(request, asked, body, rows=body.items)

    @router.get("/index-scores", response_model=answers.IndexScores)
    def index_scores(request: Request, asked: Annotated[ScoresAsked, Query()]) -> Response:
        """List imported ranks and scores, with what their figures give beside the percentage stated."""
        body = answers.index_scores(row for row in queries.now().items.of(k.IndexScore) if asked.fits(row))
        return table(request, asked, body, rows=body.items)

    @router.get("/task-figures", response_model=answers.TaskFigures)
    def task_figures(request: Request, asked: Annotated[Tabular, Query()]) -> Response:
        """List figures of assigned tasks, with what they give beside the percentage stated."""
        body = answers.task_figures(queries.now().items.of(k.TaskFigure))
        return table(request, asked, body, rows=body.items)

    return router
