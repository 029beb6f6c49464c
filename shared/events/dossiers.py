"""What the ledger says of dossiers: their life cycle, their due dates, the tasks of other agencies."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.events.codes import Channel, CopyKind, Duty, PaymentChannel, ReturnChannel, Status, TimeUnit
from shared.events.data import Data, LedgerData

HappenedAt = Annotated[
    datetime | None,
    Field(description="when it happened, where it was entered later; else it happened at the time of the event"),
]
ReasonCode = Annotated[str | None, Field(description="a code of the unit's list of reasons; never free text")]


class Component(Data):
    """A component of a dossier, without its name."""

    code: str
    copy_kind: CopyKind
    quantity: int
    duty: Duty
    exempt_reason: Literal[1, 2, 3] | None = Field(
        default=None,
        description="1 shared data, 2 a copy was handed in, 3 shown only or secret",
    )


class DossierOpened(LedgerData):
    """A dossier was opened, with its code and its components, before any file."""

    code: str
    procedure_code: str
    procedure_version: int
    channel: Channel
    receiving_unit: str
    competent_unit: str
    back_file: bool = False
    components: tuple[Component, ...] = ()
    status: Status = Status.REGISTERED
    happened_at: HappenedAt = None
    external_code: str | None = Field(default=None, description="the code another system gave the same dossier")
    system_of_record: str = Field(default="hoso", description="the system in which the dossier is handled")
    identity_verified: bool = Field(default=False, description="submitted from an account VNeID verified")


class StatusChanged(LedgerData):
    """A command moved a dossier from one state to another."""

    from_status: Status
    to_status: Status
    happened_at: HappenedAt = None
    due_at: datetime | None = Field(
        default=None, description="when the result is promised, as it stands after this; none where no clock runs yet"
    )


class DossierAccepted(StatusChanged):
    """A valid dossier was accepted: the clock starts."""

    limit: int | None = Field(default=None, description="the time limit promised, in `limit_unit`")
    limit_unit: TimeUnit | None = None
    provisional: bool = Field(default=False, description="the due date counts days nobody has decided on yet")


class DossierRefused(StatusChanged):
    """A dossier was refused at intake (form 03): it was never received."""

    reason_code: ReasonCode = None


class DossierHandedOver(StatusChanged):
    """A dossier went from the one-stop to the unit that handles it."""


class SupplementRequested(StatusChanged):
    """The applicant must supplement the dossier (form 02): the clock stands still."""

    number: int = Field(default=1, ge=1, description="1 for the first request of this dossier")
    component_codes: tuple[str, ...] = ()
    reason_code: ReasonCode = None


class DossierSupplemented(StatusChanged):
    """What was asked for was handed in: the clock goes on."""

    number: int = Field(default=1, ge=1, description="of the request it answers")
    due_before: datetime | None = None


class FeeRequested(StatusChanged):
    """The applicant must pay a fee or tax before the dossier goes on."""

    amount: int | None = Field(default=None, ge=0, description="in đồng")


class FeePaid(StatusChanged):
    """A fee or tax was paid: the dossier goes on."""

    amount: int | None = Field(default=None, ge=0, description="in đồng")
    payment_channel: PaymentChannel = PaymentChannel.OFFLINE
    due_before: datetime | None = None


class DossierSuspended(StatusChanged):
    """Handling stands still on a legal ground, to be resumed."""

    reason_code: ReasonCode = None
    legal_basis: str | None = Field(default=None, description="the code of a legal document, such as 118/2025/NĐ-CP")


class DossierResumed(StatusChanged):
    """Handling goes on after a suspension."""

    due_before: datetime | None = None


class DossierStopped(StatusChanged):
    """An officer ended the handling without a result (form 05)."""

    reason_code: ReasonCode = None


class DossierWithdrawn(StatusChanged):
    """The applicant withdrew the dossier."""

    reason_code: ReasonCode = None


class DossierFinished(StatusChanged):
    """The result is ready and back at the one-stop: the clock stops."""


class DossierReturned(StatusChanged):
    """The result was handed to the citizen."""

    return_channel: ReturnChannel = ReturnChannel.COUNTER


class DossierExtended(LedgerData):
    """The citizen was sent an apology with a new date (form 04); statistics keep the first due date."""

    apology_paper_id: UUID
    due_before: datetime
    due_at: datetime
    happened_at: HappenedAt = None


class DueDateChanged(LedgerData):
    """A due date moved though nobody touched the dossier, as when a calendar changes."""

    due_before: datetime | None = Field(
        default=None, description="none where no calendar was known when the dossier was accepted or went on"
    )
    due_at: datetime
    cause: Literal["calendar"] = "calendar"
    calendar: str = Field(description="code of the calendar that changed: VN, or a unit's")
    calendar_revision: int = Field(ge=1)
    provisional: bool = False


class DossierRerouted(LedgerData):
    """Another unit is competent now; the dossier bears the code of both."""

    from_unit: str
    to_unit: str
    added_code: str = Field(description="the dossier's second code, of the unit or system it went to")
    system_of_record: str = "hoso"
    happened_at: HappenedAt = None


class TaskOpened(LedgerData):
    """Another agency was asked for its part; the dossier still counts once."""

    task_id: UUID
    unit: str
    due_at: datetime | None = None
    happened_at: HappenedAt = None


class TaskClosed(LedgerData):
    """Another agency did its part, or was relieved of it."""

    task_id: UUID
    unit: str
    done: bool = True
    happened_at: HappenedAt = None


class DossierDueSoon(Data):
    """An open dossier is due soon; said once for each due date, by the registry."""

    dossier_id: UUID
    competent_unit: str
    due_at: datetime
    hours: int = Field(description="how long before the due date this is said, a setting")


class DossierOverdue(Data):
    """An open dossier is overdue; said once for each due date, by the registry."""

    dossier_id: UUID
    competent_unit: str
    due_at: datetime
