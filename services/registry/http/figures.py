"""The routes of figures: indicators with what is behind them, practice beside levels, progress against targets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.registry import figures_answers as answers
from services.registry.asked import Code
from services.registry.figure_reader import FigureReader
from services.registry.figures.indicators import Definition, definition
from services.registry.figures.period import Period
from services.registry.figures.practised import practised
from services.registry.figures.scope import UnknownUnits
from services.registry.figures_asked import BehindAsked, FiguresAsked, PractisedAsked, ScopeAsked, unknown_units
from services.registry.http.table import table
from shared.clock import Clock
from shared.problems import Problem, responses


def indicator_routes(reader: FigureReader, clock: Clock) -> APIRouter:
    """Return the routes of the indicators."""
    router = APIRouter(tags=["figures"])

    @router.get("/indicators", response_model=answers.IndicatorsOfPeriod)
    def indicators(request: Request, asked: Annotated[FiguresAsked, Query()]) -> Response:
        """Compute the indicators of QD 766 for units and a period, now."""
        now = clock.now()
        period = asked.period(now)
        with known_units():
            found = reader.indicators(asked.units, period, now)
        facts = {"made_at": now, "groups": found.groups, "indicators": found.indicators}
        body = answers.IndicatorsOfPeriod(**told(asked, period), **facts)
        return table(request, asked, body, rows=found.indicators)

    @router.get("/indicators/{code}", responses=responses(404))
    def indicator(code: Annotated[Code, Path()], asked: Annotated[ScopeAsked, Query()]) -> answers.OneIndicator:
        """Compute one indicator."""
        wanted, now = _definition(code), clock.now()
        period = asked.period(now)
        with known_units():
            found = reader.indicators(asked.units, period, now).indicators
        (one,) = [each for each in found if each.code == wanted.code]
        return answers.OneIndicator(**told(asked, period), made_at=now, indicator=one)

    return router


def comparison_routes(reader: FigureReader, clock: Clock) -> APIRouter:
    """Return the routes that compare what is with what was declared or is to be reached."""
    router = APIRouter(tags=["figures"])

    @router.get("/practised", response_model=answers.PractisedOfPeriod)
    def practice(request: Request, asked: Annotated[PractisedAsked, Query()]) -> Response:
        """Compare what dossiers show of each procedure with the level it is declared at."""
        now = clock.now()
        period = asked.period(now)
        with known_units():
            found = [practised(each, at_least=asked.at_least) for each in reader.practice(asked.units, period, now)]
        disagreeing = [each for each in found if each.disagreements]
        shown = disagreeing if asked.only == "disagreeing" else found
        body = answers.PractisedOfPeriod(**told(asked, period), disagreeing=len(disagreeing), items=shown)
        return table(request, asked, body, rows=shown)

    @router.get("/progress", response_model=answers.ProgressOfPeriod)
    def progress(request: Request, asked: Annotated[FiguresAsked, Query()]) -> Response:
        """Return the progress against each target that binds the units."""
        now = clock.now()
        period = asked.period(now)
        with known_units():
            found = reader.progress(asked.units, period, now)
        return table(request, asked, answers.ProgressOfPeriod(**told(asked, period), items=found), rows=found)

    return router


def behind_routes(reader: FigureReader, clock: Clock) -> APIRouter:
    """Return the routes of what is behind the indicators."""
    router = APIRouter(prefix="/indicators/{code}", tags=["figures"])

    @router.get("/dossiers", responses=responses(404))
    def dossiers(
        request: Request, code: Annotated[Code, Path()], asked: Annotated[BehindAsked, Query()]
    ) -> answers.DossiersBehind:
        """List the dossiers behind the numerator or the denominator of an indicator."""
        wanted, now = _definition(code), clock.now()
        if wanted.counts != "dossiers":
            raise _not_of(wanted, "dossiers")
        period = asked.period(now)
        with known_units():
            rows = reader.dossiers_behind(
                wanted.code, asked.part, asked.units, period, now=now, limit=asked.limit + 1, after=asked.place
            )
        facts = {**told(asked, period), "code": wanted.code, "part": asked.part}
        return answers.dossiers_behind(rows, limit=asked.limit, link=lambda mark: link_after(request, mark), told=facts)

    @router.get("/procedures", responses=responses(404))
    def procedures(code: Annotated[Code, Path()], asked: Annotated[ScopeAsked, Query()]) -> answers.ProceduresBehind:
        """List the procedures an indicator counts; none where its data are not there."""
        wanted, now = _definition(code), clock.now()
        if wanted.counts != "procedures":
            raise _not_of(wanted, "procedures")
        period = asked.period(now)
        with known_units():
            parts = reader.procedures_behind(asked.units, period, now).get(wanted.code)
        facts = {**told(asked, period), "code": wanted.code}
        return answers.procedures_behind(parts.numerator if parts else (), parts.denominator if parts else (), facts)

    return router


@contextmanager
def known_units(place: str = "query") -> Iterator[None]:
    """Answer with a problem where units are asked for that nobody knows."""
    try:
        yield
    except UnknownUnits as error:
        raise unknown_units(error, place=place) from error


def told(asked: ScopeAsked, period: Period) -> dict[str, Any]:
    """Return what an answer says of the question."""
    return {"units": asked.units, "first_day": period.first, "last_day": period.last}


def link_after(request: Request, mark: str) -> str:
    """Return the link to what follows a mark, relative to the server."""
    following = request.url.include_query_params(after=mark)
    return f"{following.path}?{following.query}"


def _definition(code: str) -> Definition:
    found = definition(code)
    if found is None:
        raise Problem(
            "unknown-indicator",
            status=404,
            detail="No indicator has this code: see /v1/indicators.",
            detail_vi="Không có chỉ số nào mang mã này: xem /v1/indicators.",
        )
    return found


def _not_of(wanted: Definition, asked: str) -> Problem:
    if wanted.counts in {"dossiers", "procedures"}:
        detail, detail_vi = f"This indicator counts {wanted.counts}.", "Chỉ số này tính trên "
        detail_vi += "hồ sơ." if wanted.counts == "dossiers" else "TTHC."
    else:
        why = wanted.unavailable or wanted.reading
        detail, detail_vi = (why.en, why.vi) if why else ("Nothing is behind it.", "Không có gì phía sau.")
    return Problem(f"no-{asked}-behind", status=404, detail=detail, detail_vi=detail_vi)
