"""What commands about a dossier bring, checked before any use case sees it; nothing of it must be given but by name."""

import unicodedata
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from services.intake.extend import Extension
from services.intake.http.forms import Asked, Code, ComponentCode, HappenedAt, Moment, UnitCode
from services.intake.life_announcements import Details
from services.intake.reroute import Route
from services.intake.tasks import TaskAsked
from shared.events import PaymentChannel, ReturnChannel

MOST_DONG = 10**12
# several lines are fine, no other control character is: PostgreSQL keeps no NUL
Note = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$", strip_whitespace=True, max_length=2000),
    AfterValidator(lambda text: unicodedata.normalize("NFC", text)),
]
# 118/2025/NĐ-CP: number, year, and the letters of its kind and issuer
LegalBasis = Annotated[str, StringConstraints(pattern=r"^\d{1,5}/\d{4}/[A-ZĐƯ0-9]{1,12}(-[A-ZĐƯ0-9]{1,12}){0,3}$")]
Amount = Annotated[int, Field(ge=0, le=MOST_DONG, description="in đồng")]


class Said(Asked):
    """What every command may bring: when it happened, and a note, which stays out of the ledger and the log."""

    happened_at: HappenedAt = None
    note: Note | None = None

    def details(self) -> Details:
        """Return what the step is told."""
        return Details()


class Reasoned(Said):
    """A command with its reason."""

    reason_code: Code | None = Field(None, description="a code of the unit's list of reasons")

    def details(self) -> Details:
        """Return the reason."""
        return Details(reason_code=self.reason_code)


class Suspension(Reasoned):
    """Why handling stands still."""

    legal_basis: LegalBasis | None = Field(None, description="the code of a legal document, as 118/2025/NĐ-CP")

    def details(self) -> Details:
        """Return reason and ground."""
        return Details(reason_code=self.reason_code, legal_basis=self.legal_basis)


class SupplementAsked(Reasoned):
    """What the applicant must supplement."""

    component_codes: list[ComponentCode] = Field(default=[], max_length=200)

    def details(self) -> Details:
        """Return components, each once, and the reason."""
        codes = tuple(dict.fromkeys(self.component_codes))
        return Details(reason_code=self.reason_code, component_codes=codes)


class FeeAsked(Said):
    """What the applicant must pay."""

    amount: Amount | None = None

    def details(self) -> Details:
        """Return the amount."""
        return Details(amount=self.amount)


class Payment(FeeAsked):
    """What was paid where; without an amount, what was asked for."""

    payment_channel: PaymentChannel = PaymentChannel.OFFLINE

    def details(self) -> Details:
        """Return amount and channel."""
        return Details(amount=self.amount, payment_channel=self.payment_channel)


class Handing(Said):
    """How the citizen got the result."""

    return_channel: ReturnChannel = ReturnChannel.COUNTER

    def details(self) -> Details:
        """Return the channel."""
        return Details(return_channel=self.return_channel)


class ExtensionIn(Said):
    """An apology with a new date."""

    apology_paper_id: UUID = Field(description="the apology (form 04), a paper of the dossier")
    due_at: Moment

    def extension(self) -> Extension:
        """Return the extension."""
        return Extension(self.apology_paper_id, self.due_at)


class RouteIn(Said):
    """Where a dossier goes."""

    to_unit: UnitCode
    added_code: Code | None = Field(None, description="the code the other system gave it; else one is made")
    system_of_record: Code | None = Field(None, description="the system it is handled in from now on")

    def route(self) -> Route:
        """Return the way."""
        return Route(self.to_unit, self.added_code, self.system_of_record)


class TaskIn(Said):
    """What another agency is asked."""

    unit: UnitCode
    due_at: Moment | None = None

    def task(self) -> TaskAsked:
        """Return the task."""
        return TaskAsked(self.unit, self.due_at)


class TaskEnd(Said):
    """How another agency's part ended."""

    task_id: UUID
    done: bool = Field(default=True, description="false where the agency was relieved of it")
