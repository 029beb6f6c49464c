"""The routes of the record of digitisation: components, the steps of papers, results, transfers."""

from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Body, Path, Request, Response

from services.intake import record_component as components
from services.intake import record_result as results
from services.intake import record_step as steps
from services.intake import record_transfer as transfers
from services.intake.codes import COMPONENT_PATTERN
from services.intake.http import answers
from services.intake.http import record_answers as told
from services.intake.http.callers import Caller, CallerNeeded
from services.intake.http.dossiers import IfMatch, version_meant
from services.intake.http.record_forms import Coding, ComponentDecision, ResultIn, Storing, TransferIn
from services.intake.once import Once
from services.intake.ports import Answer, Desk
from shared.problems import responses

router = APIRouter(prefix="/v1", tags=["record of digitisation"], responses=responses(404, 409, 412, 422))
T = TypeVar("T")
_NOTHING_SAID = Coding()


@router.post("/dossiers/{dossier_id}/components/{code}/record", response_model=told.ComponentRecorded)
def record_component(
    request: Request,
    dossier_id: UUID,
    code: Annotated[str, Path(pattern=COMPONENT_PATTERN)],
    asked: ComponentDecision,
    *,
    caller: CallerNeeded,
    if_match: IfMatch = None,
) -> Response:
    """Decide what became of a component: digitised, reused, exempt, or pending again."""
    once = _once(request, caller, asked.model_dump_json(), render=told.component_answer)
    decided = components.record_component(
        dossier_id,
        code,
        asked.decision(),
        happened_at=asked.happened_at,
        act=caller.act,
        version=version_meant(if_match),
        once=once,
    )
    return answers.respond(decided.answer)


@router.get("/papers/{paper_id}/record", response_model=told.PaperRecordOut)
def read_steps(request: Request, paper_id: UUID) -> Response:
    """Return the four steps of a paper, with who and when."""
    return answers.respond(told.steps_answer(steps.look(_desk(request), paper_id)))


@router.post("/papers/{paper_id}/code", response_model=told.PaperRecordOut)
def code(
    request: Request,
    paper_id: UUID,
    asked: Annotated[Coding, Body()] = _NOTHING_SAID,
    *,
    caller: CallerNeeded,
    if_match: IfMatch = None,
) -> Response:
    """Assign a paper its digitisation code, the third step."""
    once, version = _once(request, caller, asked.model_dump_json(), render=told.steps_answer), version_meant(if_match)
    done = steps.code(_desk(request), paper_id, asked.coded(), act=caller.act, version=version, once=once)
    return answers.respond(done.answer)


@router.post("/papers/{paper_id}/stored", response_model=told.PaperRecordOut)
def store(
    request: Request, paper_id: UUID, asked: Storing, *, caller: CallerNeeded, if_match: IfMatch = None
) -> Response:
    """Say that a paper was put into a store, the fourth step."""
    once, version = _once(request, caller, asked.model_dump_json(), render=told.steps_answer), version_meant(if_match)
    done = steps.store(paper_id, asked.stored(), act=caller.act, version=version, once=once)
    return answers.respond(done.answer)


@router.post("/dossiers/{dossier_id}/results", status_code=201, response_model=told.ResultOut)
def record_result(
    request: Request, dossier_id: UUID, asked: ResultIn, *, caller: CallerNeeded, if_match: IfMatch = None
) -> Response:
    """Record a paper as the dossier's result."""
    once, version = _once(request, caller, asked.model_dump_json(), render=told.result_answer), version_meant(if_match)
    outcome = results.record_result(dossier_id, asked.result(), act=caller.act, version=version, once=once)
    request.app.state.metrics.result(outcome.result)
    return answers.respond(outcome.answer)


@router.get("/dossiers/{dossier_id}/results", response_model=told.ResultList)
def read_results(request: Request, dossier_id: UUID) -> Response:
    """Return the results of a dossier."""
    with _desk(request).ledger.reading() as entries:
        answer = told.results_answer(entries.dossier(dossier_id), entries.records.results(dossier_id))
    return answers.respond(answer)


@router.post("/dossiers/{dossier_id}/transfers", status_code=201, response_model=told.TransferOut)
def record_transfer(
    request: Request, dossier_id: UUID, asked: TransferIn, *, caller: CallerNeeded, if_match: IfMatch = None
) -> Response:
    """Report an attempt to transfer something to the software of a sector."""
    once, version = (
        _once(request, caller, asked.model_dump_json(), render=told.transfer_answer),
        version_meant(if_match),
    )
    outcome = transfers.record_transfer(dossier_id, asked.report(), act=caller.act, version=version, once=once)
    request.app.state.metrics.transferred(outcome.result)
    return answers.respond(outcome.answer)


@router.get("/dossiers/{dossier_id}/transfers", response_model=told.TransferList)
def read_transfers(request: Request, dossier_id: UUID) -> Response:
    """Return the transfers of a dossier."""
    with _desk(request).ledger.reading() as entries:
        answer = told.transfers_answer(entries.dossier(dossier_id), entries.records.transfers(dossier_id))
    return answers.respond(answer)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _once(request: Request, caller: Caller, asked: str, *, render: Callable[[T], Answer]) -> Once[T]:
    return Once(_desk(request), caller.key(asked), render)
