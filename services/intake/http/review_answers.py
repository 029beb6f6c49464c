"""What the API answers about reviews.

What a command answers is kept beside its idempotency key, so it tells codes and times only; the
values of fields are told to who reads the review itself.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.intake.ports import Answer
from services.intake.readings import FieldRead
from services.intake.review_paper import Looked
from services.intake.review_ports import Standing
from services.intake.review_texts import ReviewText
from services.intake.reviews import Finding, Review, ReviewState
from shared.events import FieldAnswer
from shared.topics import Lane

_NOT_READ = FieldRead(None, None, None, None, None)


class _Told(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class ReviewOut(_Told):
    """A review; ``holder`` and ``held_until`` only while a claim stands."""

    id: UUID
    paper_id: UUID
    dossier_id: UUID
    lane: Lane
    document_version: str
    revision: int
    reasons: list[str]
    asked: list[str] = Field(description="the fields that need an answer")
    opened_at: datetime
    state: Standing
    version: int
    holder: str | None
    held_until: datetime | None
    has_draft: bool
    reviewer: str | None
    closed_at: datetime | None
    answers: dict[str, FieldAnswer]


class ReviewPage(_Told):
    """Reviews in the order asked for; ``next`` asks for the page after this one."""

    reviews: list[ReviewOut]
    next: UUID | None


class FoundOut(_Told):
    """What a person found at a field."""

    answer: FieldAnswer
    value: Any


class TextOut(_Told):
    """What somebody wrote about the fields of a version of a paper's document."""

    document_version: str
    written_by: str
    written_at: datetime
    fields: dict[str, FoundOut]


class FieldOut(_Told):
    """A field as it was first read, and what the thresholds say of it."""

    value: Any
    raw: str | None
    page: int | None
    box: tuple[float, float, float, float] | None = Field(
        description="left, top, right, bottom in pixels of the page's picture"
    )
    confidence: float | None = Field(description="0 to 1")
    verdict: Literal["sure", "doubtful", "missing"]


class ReviewWhole(ReviewOut):
    """A review with what was read, the draft while it is open, and what was found when it is done."""

    fields: dict[str, FieldOut]
    draft: TextOut | None
    found: TextOut | None


def review_out(review: Review, at: datetime) -> ReviewOut:
    """Return a review as it stands at a moment."""
    return ReviewOut.model_validate(_review(review, at))


def _review(review: Review, at: datetime) -> dict[str, Any]:
    told = vars(review) | vars(review.look) | {"state": _standing(review, at)}
    told["has_draft"] = review.state is ReviewState.OPEN and review.text_id is not None
    return told if review.is_held(at) else told | {"holder": None, "held_until": None}


def _standing(review: Review, at: datetime) -> Standing:
    return Standing.CLAIMED if review.state is ReviewState.OPEN and review.is_held(at) else Standing(review.state.value)


def review_answer(review: Review, at: datetime) -> Answer:
    """Return the answer to a command about a review."""
    return Answer(200, review_out(review, at).model_dump_json(), review.version)


def review_whole(looked: Looked, at: datetime) -> Answer:
    """Return the answer to who reads a review."""
    told = _review(looked.review, at) | {"fields": _fields(looked), "draft": None, "found": None}
    if looked.text is not None:
        told["found" if looked.review.state is ReviewState.DONE else "draft"] = _text(looked.text)
    return Answer(200, ReviewWhole.model_validate(told).model_dump_json(), looked.review.version)


def _fields(looked: Looked) -> dict[str, FieldOut]:
    asked, seen = looked.review.look.asked, looked.reading.seen()
    names = dict.fromkeys((*asked, *seen))
    return {name: _field(seen.get(name, _NOT_READ), is_asked=name in asked) for name in names}


def _field(read: FieldRead, *, is_asked: bool) -> FieldOut:
    verdict = "sure" if not is_asked else "missing" if read.value is None else "doubtful"
    return FieldOut.model_validate(vars(read) | {"verdict": verdict})


def _text(text: ReviewText) -> dict[str, Any]:
    return vars(text) | {"fields": {name: _found(finding) for name, finding in text.findings.items()}}


def _found(finding: Finding) -> FoundOut:
    return FoundOut(answer=finding.answer, value=finding.value)


def reviewed_out(review: Review, text: ReviewText) -> dict[str, Any]:
    """Return what a finished review found, as it stands beside the first reading."""
    return {"review_id": str(review.id)} | TextOut.model_validate(_text(text)).model_dump(mode="json")
