"""The routes of online-service levels: counts, history, explanations, proposals, schemes."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.registry import level_answers as answers
from services.registry.asked import Code
from services.registry.effective import Standing
from services.registry.explain import explain
from services.registry.http.procedures import unknown_procedure
from services.registry.http.table import table
from services.registry.knowledge import Knowledge
from services.registry.reference import kinds as k
from services.registry.reference_asked import DatedAsked, KnownAsked, LevelsAsked, Tabular
from services.registry.reference_queries import ReferenceQueries
from shared.problems import responses


def level_routes(queries: ReferenceQueries) -> APIRouter:
    """Return the routes of levels."""
    router = APIRouter(tags=["levels"])

    @router.get("/levels", response_model=answers.LevelTable)
    def levels(request: Request, asked: Annotated[LevelsAsked, Query()]) -> Response:
        """Count the procedures of each unit by online-service level, on any day, as known now or then."""
        known, on = queries.at(asked.known_at), asked.on or queries.today()
        placement = known.placement(on, asked.scope)
        names = {code: unit.name for code, unit in known.units.items() if asked.units is None or code in asked.units}
        body = answers.level_table(
            placement, names, on=on, known_at=asked.known_at, scope=asked.scope, whole=asked.units is None
        )
        rows = [{"unit": row.unit, "name": row.name, "total": row.total, **row.counts} for row in body.items]
        return table(request, asked, body, rows=rows)

    @router.get("/procedures/{code}/levels", response_model=answers.LevelHistory, responses=responses(404))
    def history(request: Request, code: Code, asked: Annotated[KnownAsked, Query()]) -> Response:
        """Explain the level of a procedure on a day, and tell how it went, as known now or then."""
        known, on = queries.at(asked.known_at), asked.on or queries.today()
        if code not in known.versions:
            raise unknown_procedure()
        services: list[Standing | None] = [*known.levels.services(code, on)]
        explained = [explain(each, known.items, known.answers) for each in services or [None]]
        body = answers.LevelHistory(
            procedure_code=code,
            on=on,
            known_at=asked.known_at,
            level=known.levels.level(code, on),
            services=[answers.service_explained(each) for each in explained],
            timeline=_timeline(known, code),
            decisions=[answers.decision_told(each) for each in known.levels.decisions(code)],
        )
        return table(request, asked, body, rows=body.decisions)

    _add_schemes(router, queries)
    return router


def _add_schemes(router: APIRouter, queries: ReferenceQueries) -> None:
    @router.get("/level-proposals", response_model=answers.Proposals)
    def proposals(request: Request, asked: Annotated[DatedAsked, Query()]) -> Response:
        """List the levels of older schemes that wait for somebody to confirm them by a new assessment."""
        known, on = queries.now(), asked.on or queries.today()
        standings = (each for code in known.versions for each in known.levels.services(code, on))
        body = answers.proposals(standings)
        return table(request, asked, body, rows=body.items)

    @router.get("/level-schemes", response_model=answers.Schemes)
    def schemes(request: Request, asked: Annotated[Tabular, Query()]) -> Response:
        """List the schemes of levels with their criteria and sources; CSV has the levels."""
        items = queries.now().items
        body = answers.schemes(items.of(k.SchemeLevel), items.of(k.Criterion))
        return table(request, asked, body, rows=items.of(k.SchemeLevel))


def _timeline(known: Knowledge, code: str) -> list[answers.Span]:
    """Return the levels a procedure had and will have, one after the other."""
    standings = [(day, known.levels.of(code, day)) for day in known.levels.dates(code)]
    changes = [standings[i] for i in range(len(standings)) if i == 0 or standings[i][1] != standings[i - 1][1]]
    ends: list[date | None] = [begins - timedelta(days=1) for _, (begins, _) in pairwise(changes)]
    return [
        answers.span(standing, begins, end) for (begins, standing), end in zip(changes, [*ends, None], strict=False)
    ]
