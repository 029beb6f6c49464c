"""The bodies the API answers with about what belongs to a dossier."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, computed_field

from shared.events import ComponentState, Duty, ReusedFrom, TransferObject, TransferOutcome


class Paper(BaseModel):
    """A paper of a dossier; its acceptance is null where only its outcome was seen."""

    paper_id: UUID
    state: str
    component_code: str | None
    lane: str | None
    media_type: str | None
    size_bytes: int | None
    accepted_at: datetime | None
    version: str | None
    pages: int | None
    pages_failed: int | None
    words: int | None
    confidence: float | None
    document_bytes: int | None
    needs_review: bool | None = Field(description="whether the newest document asks for a person's look")
    failure_reason: str | None
    revision: int = Field(description="0 as first read; one more each time a page was read again")
    outcome_at: datetime | None
    reviewed_version: str | None = Field(description="the version a person looked at last")
    reviewed_at: datetime | None

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def reviewed(self) -> bool:
        """Whether a person looked at the newest document."""
        return self.reviewed_version is not None and self.reviewed_version == self.version


class Component(BaseModel):
    """A component of a dossier and what became of its duty to be digitised."""

    code: str
    duty: Duty
    state: ComponentState
    exempt_reason: int | None = Field(description="1 shared data, 2 a copy was handed in, 3 shown only or secret")
    reused_from: ReusedFrom | None
    paper_id: UUID | None


class Step(BaseModel):
    """A step of digitisation that was done for a paper."""

    paper_id: UUID
    step: int = Field(description="1 copied, 2 extracted, 3 coded, 4 stored")
    at: datetime
    subject: str | None
    unit: str | None
    digitisation_code: str | None


class Task(BaseModel):
    """What another agency was asked for."""

    task_id: UUID
    unit: str
    due_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    done: bool | None = Field(description="null while it is open; false where it was taken back")


class Transfer(BaseModel):
    """A transfer to the software of a sector, with the last answer."""

    transfer_id: UUID
    target: str
    object: TransferObject
    outcome: TransferOutcome
    attempt: int
    at: datetime


class Supplement(BaseModel):
    """A request to supplement a dossier, and when it was answered."""

    requested_at: datetime
    completed_at: datetime | None
    due_before: datetime | None
    due_after: datetime | None
    reason_code: str | None
    component_codes: tuple[str, ...]
