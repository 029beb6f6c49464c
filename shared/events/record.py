"""The record of digitisation: what the ledger says of components, results and transfers."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.events.codes import (
    ComponentState,
    ResultKind,
    ReusedFrom,
    Step,
    TransferObject,
    TransferOutcome,
)
from shared.events.data import LedgerData
from shared.events.dossiers import HappenedAt


class ComponentRecorded(LedgerData):
    """A component was found to be digitised, reused, exempt, or pending again."""

    component_code: str
    state: ComponentState
    exempt_reason: Literal[1, 2, 3] | None = Field(
        default=None, description="1 shared data, 2 a copy was handed in, 3 shown only or secret"
    )
    reused_from: ReusedFrom | None = None
    paper_id: UUID | None = Field(default=None, description="the paper it was digitised as, or reused from")
    happened_at: HappenedAt = None


class StepDone(LedgerData):
    """One of the four steps of digitisation was done for a paper; who and when are the event's.

    The first step is never said so: it is the acceptance of the paper.
    """

    paper_id: UUID
    component_code: str | None
    step: Step
    digitisation_code: str | None = Field(default=None, description="assigned in step 3; says nothing of a person")
    place: str | None = Field(default=None, description="the store it was put into in step 4, as a code")
    happened_at: HappenedAt = None


class ResultDigitised(LedgerData):
    """The result of a dossier is there electronically."""

    paper_id: UUID
    kind: ResultKind
    result_code: str | None = Field(default=None, description="as KQ.G07.000122")
    happened_at: HappenedAt = None


class TransferRecorded(LedgerData):
    """The software of a sector accepted what was transferred to it, refused it, or is to be tried again."""

    transfer_id: UUID
    target: str = Field(description="the software, as a code such as ncc")
    object: TransferObject
    component_code: str | None = None
    paper_id: UUID | None = None
    outcome: TransferOutcome
    attempt: int = Field(default=1, ge=1)
    reason_code: str | None = Field(default=None, description="why it was refused or must be retried, as a code")
    happened_at: HappenedAt = None
