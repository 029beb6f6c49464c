"""What requests bring, checked before any use case sees it."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.intake.codes import COMPONENT_PATTERN, OPAQUE_PATTERN, UNIT_PATTERN
from services.intake.dossiers import Application, Component
from services.intake.names import words
from services.intake.open_dossier import Form
from services.intake.ports import Desk
from shared.events import Channel, CopyKind, Duty

FORM_BYTES = 64 * 1024
ProcedureCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.]{1,40}$")]
UnitCode = Annotated[str, StringConstraints(pattern=UNIT_PATTERN, max_length=35)]
ComponentCode = Annotated[str, StringConstraints(pattern=COMPONENT_PATTERN)]
# a code of a list, of another system, or another system's name: nothing a person could be told by
Code = Annotated[str, StringConstraints(pattern=OPAQUE_PATTERN)]


def _in_our_times(moment: datetime) -> datetime:
    # moments at the ends of what Python knows cannot be moved to another zone
    if not 1900 <= moment.year < 9000:
        raise ValueError("the year is none of our times")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_times)]
HappenedAt = Annotated[Moment | None, Field(description="when it happened, with its zone, where entered later")]
# PostgreSQL keeps no NUL, and no control character belongs into a line of text
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", strip_whitespace=True)]
PersonName = Annotated[Line, StringConstraints(max_length=200)]
IdentityNumber = Annotated[Line, StringConstraints(max_length=32)]


class Asked(BaseModel):
    """What a request brings: nothing beside what was asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ComponentIn(Asked):
    """A component of a dossier."""

    code: ComponentCode
    name: Annotated[Line, StringConstraints(max_length=500)]
    copy_kind: CopyKind
    quantity: int = Field(1, ge=1, le=10_000)
    duty: Duty = Duty.REQUIRED
    exempt_reason: int | None = Field(None, ge=1, le=3)

    @model_validator(mode="after")
    def _reason_iff_exempt(self) -> Self:
        if (self.duty is Duty.EXEMPT) != (self.exempt_reason is not None):
            raise ValueError("exempt_reason stands if and only if duty is exempt")
        return self


class Applicant(BaseModel):
    """The applicant's form: these two, and any further fields the procedure's form has."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)

    full_name: PersonName
    identity_number: IdentityNumber | None = None

    @model_validator(mode="after")
    def _bounded_and_searchable(self) -> Self:
        if len(self.model_dump_json()) > FORM_BYTES:
            raise ValueError("the form is too large")
        if not words(self.full_name):
            raise ValueError("the name has no letters")
        return self

    def form(self, desk: Desk) -> Form:
        """Return the form as it is stored, with the digests the applicant is found by."""
        digests = desk.digests.person(self.full_name, self.identity_number)
        return Form(self.model_dump_json().encode(), digests)


class Opening(Asked):
    """A dossier to open."""

    procedure_code: ProcedureCode
    channel: Channel
    receiving_unit: UnitCode
    competent_unit: UnitCode | None = None
    applicant: Applicant
    components: list[ComponentIn] = Field(default=[], max_length=200)
    external_code: Code | None = Field(None, description="the code another system gave the same dossier")
    system_of_record: Code = Field("hoso", description="the system in which the dossier is handled")
    identity_verified: bool = Field(default=False, description="submitted from an account VNeID verified")
    happened_at: HappenedAt = None

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        if len({component.code for component in self.components}) < len(self.components):
            raise ValueError("two components have the same code")
        return self

    def application(self, *, back_file: bool = False) -> Application:
        """Return what is asked, without the applicant."""
        return Application(
            procedure_code=self.procedure_code,
            channel=self.channel,
            receiving_unit=self.receiving_unit,
            competent_unit=self.competent_unit,
            components=tuple(Component(**dict(component)) for component in self.components),
            back_file=back_file,
            external_code=self.external_code,
            system_of_record=self.system_of_record,
            identity_verified=self.identity_verified,
            happened_at=self.happened_at,
        )


class BackFileOpening(Opening):
    """A back-file dossier to open with a paper from a tray."""

    component_code: ComponentCode | None = None


class Attachment(Asked):
    """Where a paper from a tray belongs."""

    dossier_id: UUID
    component_code: ComponentCode | None = None


class Search(Asked):
    """What to search for, all of it at once, among the dossiers of the units named."""

    units: list[UnitCode] = Field(min_length=1, max_length=200)
    code: Annotated[Line, StringConstraints(max_length=64)] | None = None
    full_name: PersonName | None = None
    identity_number: IdentityNumber | None = None
    limit: int = Field(20, ge=1, le=100)
    after: UUID | None = Field(None, description="the last dossier of the page before")

    @model_validator(mode="after")
    def _searchable(self) -> Self:
        if any(not words(text) for text in (self.full_name, self.identity_number) if text is not None):
            raise ValueError("nothing to search for")
        return self
