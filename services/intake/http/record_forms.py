"""What requests about the record of digitisation bring, checked before any use case sees it."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.intake.http.forms import ComponentCode, Moment
from services.intake.record_result import Result
from services.intake.record_step import Coded, Stored
from services.intake.record_transfer import Report
from services.intake.records import ComponentRecord, Parcel
from shared.events import ComponentState, ResultKind, ReusedFrom, TransferObject, TransferOutcome

# a code of somebody's list, such as ncc; nobody's name is one
ListCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
DigitisationCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,127}$")]


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    happened_at: Annotated[Moment, AfterValidator(_in_utc)] | None = Field(
        default=None, description="when, with its zone, where it is entered later"
    )


class ComponentDecision(_Asked):
    """What became of a component."""

    state: ComponentState
    exempt_reason: Literal[1, 2, 3] | None = Field(
        default=None, description="if exempt: 1 shared data, 2 a copy was handed in, 3 shown only or secret"
    )
    reused_from: ReusedFrom | None = Field(default=None, description="if reused")
    paper_id: UUID | None = Field(
        default=None, description="if digitised: the paper of this component; may be given if reused from a dossier"
    )

    def decision(self) -> ComponentRecord:
        """Return what was decided."""
        return ComponentRecord(self.state, self.exempt_reason, self.reused_from, self.paper_id)


class Coding(_Asked):
    """The third step of a paper."""

    code: DigitisationCode | None = Field(
        default=None, description="one from outside; hoso assigns one if none is given"
    )

    def coded(self) -> Coded:
        """Return what is said of the step."""
        return Coded(self.code, self.happened_at)


class Storing(_Asked):
    """The fourth step of a paper."""

    place: ListCode = Field(description="the store, as a code")

    def stored(self) -> Stored:
        """Return what is said of the step."""
        return Stored(self.place, self.happened_at)


class ResultIn(_Asked):
    """A paper that is the dossier's result."""

    paper_id: UUID
    kind: ResultKind
    result_code: DigitisationCode | None = None

    def result(self) -> Result:
        """Return the result."""
        return Result(self.paper_id, self.kind, self.result_code, self.happened_at)


class TransferIn(_Asked):
    """What the software of a sector answered to one attempt."""

    target: ListCode = Field(description="the software, as a code such as ncc")
    object: TransferObject
    component_code: ComponentCode | None = None
    paper_id: UUID | None = None
    outcome: TransferOutcome
    reason_code: ListCode | None = Field(default=None, description="why it was refused or must be retried")
    transfer_id: UUID | None = Field(default=None, description="of the transfer, from the second attempt on")

    def report(self) -> Report:
        """Return what is reported."""
        parcel = Parcel(self.target, self.object, self.component_code, self.paper_id)
        return Report(parcel, self.outcome, self.reason_code, self.transfer_id, self.happened_at)
