"""What requests about reviews bring, checked before any use case sees it."""

import unicodedata
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StringConstraints, model_validator

from services.intake.http.forms import FORM_BYTES, Line, UnitCode
from services.intake.redo import Cleaning, Options, Rotation, Segmentation
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.review_ports import Order, Standing, WantedReviews
from services.intake.reviews import Finding
from shared.events import FieldAnswer
from shared.topics import Lane

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Text = Annotated[
    Line, StringConstraints(max_length=2000), AfterValidator(lambda text: unicodedata.normalize("NFC", text))
]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ReviewsAsked(_Asked):
    """Which reviews, and from where on."""

    unit: list[UnitCode] = Field(min_length=1, max_length=200, description="codes of units, receiving or competent")
    lane: list[Lane] = Field(default=[], description="any if not given, as with all that follow")
    reason: list[Code] = Field(default=[], max_length=50)
    field: list[Code] = Field(default=[], max_length=50, description="fields that are asked for")
    state: list[Standing] = []
    paper_id: UUID | None = None
    mine: bool = Field(default=False, description="what the caller holds or has done")
    order: Order = Order.OLDEST
    limit: int = Field(default=50, ge=1, le=100)
    after: UUID | None = Field(default=None, description="the last review of the page before")

    def wanted(self, reader: str | None, at: datetime) -> WantedReviews:
        """Return the question; raises ``Rejected`` where somebody asks for theirs without saying who they are."""
        if self.mine and reader is None:
            raise Rejected(Reason.INVALID_REQUEST, Fault("mine", "needs-hoso-actor"))
        return WantedReviews(
            units=self.unit,
            at=at,
            lanes=self.lane,
            reasons=self.reason,
            fields=self.field,
            standings=self.state,
            whose=reader if self.mine else None,
            paper_id=self.paper_id,
            order=self.order,
            limit=self.limit,
            after=self.after,
        )


class ReferenceIn(_Asked):
    """Another document a paper names."""

    symbol: Text
    date: Text | None = None


class FindingIn(_Asked):
    """What was found at a field; a value if and only if it is corrected."""

    name: Code
    answer: FieldAnswer
    value: Text | StrictInt | Annotated[list[Text] | list[ReferenceIn], Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _value_iff_corrected(self) -> Self:
        if (self.answer is FieldAnswer.CORRECTED) != (self.value is not None):
            raise ValueError("a value stands if and only if the answer is corrected")
        return self


class FindingsIn(_Asked):
    """What was found at some fields, one answer each."""

    fields: list[FindingIn] = Field(max_length=100)

    @model_validator(mode="after")
    def _bounded_and_one_each(self) -> Self:
        if len({found.name for found in self.fields}) < len(self.fields):
            raise ValueError("a field has two answers")
        if len(self.model_dump_json().encode()) > FORM_BYTES:
            raise ValueError("the answers are too large")
        return self

    def given(self) -> list[tuple[str, Finding]]:
        """Return the answers in their order, values as JSON has them."""
        told = self.model_dump(mode="json")["fields"]
        return [(found["name"], Finding(FieldAnswer(found["answer"]), found["value"])) for found in told]


class RedoIn(_Asked):
    """How a page is to be read again."""

    rotation: Rotation | None = Field(default=None, description="degrees clockwise; found out where it is not given")
    segmentation: Segmentation = "page"
    cleaning: Cleaning = "auto"

    def options(self) -> Options:
        """Return the options."""
        return Options(**dict(self))
