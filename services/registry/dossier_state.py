"""What is known of a dossier, its components, tasks, steps and transfers; the fields are the tables' columns."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(slots=True)
class DossierState:
    """What is known of a dossier; what its opening says is none until that was seen."""

    dossier_id: str
    code: str | None = None
    added_code: str | None = None
    external_code: str | None = None
    system_of_record: str | None = None
    procedure_code: str | None = None
    procedure_version: int | None = None
    channel: int | None = None
    receiving_unit: str | None = None
    competent_unit: str | None = None
    back_file: bool | None = None
    status: int | None = None
    identity_verified: bool | None = None
    opened_at: datetime | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    first_due_at: datetime | None = None
    counted_due_at: datetime | None = None
    provisional: bool = False
    handed_over_at: datetime | None = None
    supplements: int = 0
    supplement_requested_at: datetime | None = None
    supplement_since: datetime | None = None
    supplement_seconds: int = 0
    suspended_since: datetime | None = None
    paused_since: datetime | None = None
    fee_asked: int | None = None
    fee_paid: int | None = None
    payment_channel: int | None = None
    extensions: int = 0
    refused_at: datetime | None = None
    withdrawn_at: datetime | None = None
    stopped_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    return_channel: int | None = None
    settled_at: datetime | None = None
    timeliness: str | None = None
    tasks: int = 0
    tasks_open: int = 0
    components: int = 0
    components_required: int = 0
    components_digitised: int = 0
    components_reused: int = 0
    components_exempt: int = 0
    reused_from_store: bool = False
    result_kind: str | None = None
    result_at: datetime | None = None
    opened_day: date | None = None
    received_day: date | None = None
    settled_day: date | None = None
    due_day: date | None = None
    last_sequence: int = 0
    events_seen: int = 0

    @property
    def missing(self) -> int:
        """How many events before the last one were not seen."""
        return self.last_sequence - self.events_seen


@dataclass(slots=True)
class ComponentState:
    """What became of a component's duty to be digitised."""

    dossier_id: str
    code: str
    duty: str
    state: str
    exempt_reason: int | None = None
    reused_from: str | None = None
    paper_id: str | None = None


@dataclass(slots=True)
class StepState:
    """A step of digitisation that was done for a paper: when and by whom."""

    paper_id: str
    step: int
    dossier_id: str
    at: datetime
    subject: str | None
    unit: str | None
    digitisation_code: str | None


@dataclass(slots=True)
class TransferState:
    """What the software of a sector answered last to a transfer."""

    transfer_id: str
    dossier_id: str
    target: str
    object: str
    outcome: str
    attempt: int
    at: datetime


@dataclass(slots=True)
class TaskState:
    """A task of another agency; its closing may be known without its opening."""

    task_id: str
    dossier_id: str
    unit: str
    due_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    done: bool | None = None


@dataclass(slots=True)
class Life:
    """A dossier with all that belongs to it, as far as it was loaded."""

    dossier: DossierState
    components: dict[str, ComponentState] = field(default_factory=dict)
    tasks: dict[str, TaskState] = field(default_factory=dict)
    transfers: dict[str, TransferState] = field(default_factory=dict)
    steps: dict[tuple[str, int], StepState] = field(default_factory=dict)
