"""What the API answers about the record of digitisation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.intake.dossiers import Dossier
from services.intake.http.answers import ComponentOut, component_out
from services.intake.ports import Answer
from services.intake.record_component import ComponentStands
from services.intake.record_result import ResultStands
from services.intake.record_step import PaperSteps
from services.intake.record_transfer import TransferStands
from services.intake.records import ResultRecord, StepRecord, Transfer
from shared.events import ResultKind, Step, TransferObject, TransferOutcome

# as the circular calls them
_IN_VIETNAMESE = {
    Step.COPIED: "sao chụp",
    Step.EXTRACTED: "bóc tách dữ liệu",
    Step.CODED: "cấp mã kết quả số hóa",
    Step.STORED: "lưu kết quả số hóa",
}


class _Told(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class StepOut(_Told):
    """A step of a paper; when and who only where it is done, and who only where that was kept."""

    step: Step
    name: str
    name_vi: str
    done: bool
    at: datetime | None = None
    subject: str | None = None
    unit: str | None = None
    digitisation_code: str | None = None
    place: str | None = None


class PaperRecordOut(_Told):
    """The record of a paper: its four steps, done or not."""

    paper_id: UUID
    dossier_id: UUID
    component_code: str | None
    steps: list[StepOut]


class ComponentRecorded(ComponentOut):
    """A component and what became of it."""

    dossier_id: UUID


class ResultOut(_Told):
    """A result of a dossier."""

    paper_id: UUID
    dossier_id: UUID
    kind: ResultKind
    result_code: str | None
    recorded_by: str
    recorded_at: datetime


class ResultList(_Told):
    """The results of a dossier, the first one first."""

    results: list[ResultOut]


class TransferOut(_Told):
    """A transfer: how often it was tried, and what the last attempt came to."""

    id: UUID
    dossier_id: UUID
    target: str
    object: TransferObject
    component_code: str | None
    paper_id: UUID | None
    outcome: TransferOutcome
    attempt: int
    reason_code: str | None
    first_at: datetime
    at: datetime
    recorded_by: str


class TransferList(_Told):
    """The transfers of a dossier, the first one first."""

    transfers: list[TransferOut]


def component_answer(stands: ComponentStands) -> Answer:
    """Return the answer to a decision about a component."""
    told = component_out(stands.component, stands.component.stands)
    body = ComponentRecorded(**dict(told), dossier_id=stands.dossier.id).model_dump_json()
    return Answer(200, body, stands.dossier.version)


def steps_answer(found: PaperSteps) -> Answer:
    """Return the answer to who does or reads a step of a paper."""
    body = PaperRecordOut(
        paper_id=found.paper.id,
        dossier_id=found.dossier.id,
        component_code=found.paper.component_code,
        steps=[_step(step, found.steps.get(step)) for step in Step],
    )
    return Answer(200, body.model_dump_json(), found.dossier.version)


def _step(step: Step, done: StepRecord | None) -> StepOut:
    named = {"step": step, "name": step.name.lower(), "name_vi": _IN_VIETNAMESE[step], "done": done is not None}
    return StepOut.model_validate((vars(done) if done else {}) | named)


def result_answer(stands: ResultStands) -> Answer:
    """Return the answer to a result: 201 if it is new."""
    body = ResultOut.model_validate(stands.result).model_dump_json()
    return Answer(201 if stands.is_new else 200, body, stands.dossier.version)


def results_answer(dossier: Dossier, results: Sequence[ResultRecord]) -> Answer:
    """Return the results of a dossier."""
    listed = ResultList(results=[ResultOut.model_validate(result) for result in results])
    return Answer(200, listed.model_dump_json(), dossier.version)


def transfer_answer(stands: TransferStands) -> Answer:
    """Return the answer to an attempt: 201 if it is the first of a transfer."""
    body = _transfer(stands.transfer).model_dump_json()
    return Answer(201 if stands.transfer.attempt == 1 else 200, body, stands.dossier.version)


def transfers_answer(dossier: Dossier, transfers: Sequence[Transfer]) -> Answer:
    """Return the transfers of a dossier."""
    listed = TransferList(transfers=[_transfer(transfer) for transfer in transfers])
    return Answer(200, listed.model_dump_json(), dossier.version)


def _transfer(transfer: Transfer) -> TransferOut:
    return TransferOut.model_validate(vars(transfer) | vars(transfer.parcel) | vars(transfer.last))
