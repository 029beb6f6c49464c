"""The nouns of intake: a dossier, its components and its papers, and an act of somebody on them."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.intake.records import ComponentRecord, by_duty
from services.intake.transitions import TRANSITIONS, Command, Standing
from services.intake.waits import AddedCode, Task, Wait
from shared import events
from shared.events import Actor, Channel, ComponentState, CopyKind, Duty, Status
from shared.media import TAKEN
from shared.topics import Lane
from shared.working_time import Limit, TimeUnit


@dataclass(frozen=True)
class Act:
    """Somebody does something: who, when, and the correlation id of the request."""

    actor: Actor
    at: datetime
    correlation_id: str | None = None


@dataclass(frozen=True)
class Component:
    """A component of a dossier, as its procedure asks for it; ``record`` is what was announced to become of it."""

    code: str
    name: str
    copy_kind: CopyKind
    quantity: int
    duty: Duty
    exempt_reason: int | None = None
    record: ComponentRecord | None = None

    @property
    def stands(self) -> ComponentRecord:
        """What becomes of it, as far as its dossier's papers are not looked at."""
        return self.record or by_duty(self.duty, self.exempt_reason)

    def announced(self) -> events.Component:
        """Return what everybody may know of it: everything but the name."""
        return events.Component.model_validate(
            {
                "code": self.code,
                "copy_kind": self.copy_kind,
                "quantity": self.quantity,
                "duty": self.duty,
                "exempt_reason": self.exempt_reason,
            }
        )


@dataclass(frozen=True)
class Application:
    """What is asked when a dossier is opened, without the applicant's form."""

    procedure_code: str
    channel: Channel
    receiving_unit: str
    competent_unit: str | None
    components: tuple[Component, ...] = ()
    back_file: bool = False
    external_code: str | None = None
    system_of_record: str = "hoso"
    identity_verified: bool = False
    happened_at: datetime | None = None


class PaperState(StrEnum):
    """How far a paper has come.

    ``waiting`` papers lie in a tray and belong to no dossier yet; ``refused`` ones bear the mark of
    a state secret and are not digitised here, whatever else is said of them later.
    """

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DIGITISED = "digitised"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Paper:
    """A paper: where its original lies, and what came of it.

    ``kept_under`` is the dossier id its objects are stored under: the dossier's own, or, while
    the paper waits in a tray, one that no dossier has.
    ``sequence`` is its dossier's when it joined, ``accepted_at`` when that was. ``revision`` is
    that of its newest document, ``revisions_asked`` the last one somebody asked for.
    """

    id: UUID
    kept_under: UUID
    dossier_id: UUID | None
    component_code: str | None
    lane: Lane
    counter: str | None
    media_type: str
    name_mismatch: bool
    size_bytes: int
    sha256: str
    state: PaperState
    received_at: datetime
    accepted_at: datetime | None = None
    sequence: int | None = None
    reason: str | None = None
    version: str | None = None
    pages: int | None = None
    pages_failed: int | None = None
    words: int | None = None
    confidence: float | None = None
    document_bytes: int | None = None
    needs_review: bool | None = None
    review_reasons: tuple[str, ...] = ()
    review_fields: tuple[str, ...] = ()
    digitised_at: datetime | None = None
    revision: int = 0
    revisions_asked: int = 0
    reviewed_version: str | None = None
    reviewed_at: datetime | None = None

    def named(self, code: str | None) -> str:
        """Return a file name that says what it is and nothing about a person."""
        return "_".join((code or "waiting", self.component_code or "paper", str(self.id)[:8]))

    @property
    def extension(self) -> str:
        """The extension that suits the content."""
        return TAKEN[self.media_type].extensions[0]


@dataclass(frozen=True)
class Dossier:
    """A dossier; ``version`` counts what changed in sight, ``sequence`` what was announced.

    ``came_from`` is the status it waits from (``transitions.Standing``), ``moved_at`` the moment of its last step.
    The limit is the one promised at acceptance: a later version of its procedure changes nothing. ``first_due_at``
    stays whatever is promised later; ``extended_to`` is the date of the last apology.
    """

    id: UUID
    code: str
    status: Status
    version: int
    sequence: int
    procedure_code: str
    procedure_version: int
    channel: Channel
    receiving_unit: str
    competent_unit: str
    back_file: bool
    opened_at: datetime
    accepted_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    external_code: str | None = None
    system_of_record: str = "hoso"
    identity_verified: bool = False
    came_from: Status | None = None
    moved_at: datetime | None = None
    submitted_at: datetime | None = None
    handed_over_at: datetime | None = None
    refused_at: datetime | None = None
    withdrawn_at: datetime | None = None
    stopped_at: datetime | None = None
    time_limit: int | None = None
    limit_unit: TimeUnit | None = None
    cut_off: str | None = None
    due_at: datetime | None = None
    first_due_at: datetime | None = None
    provisional: bool = False
    extensions: int = 0
    extended_at: datetime | None = None
    extended_to: datetime | None = None
    components: tuple[Component, ...] = ()
    papers: tuple[Paper, ...] = ()
    waits: tuple[Wait, ...] = ()
    tasks: tuple[Task, ...] = ()
    added_codes: tuple[AddedCode, ...] = ()
    notes: tuple[int, ...] = ()

    def record_of(self, component: Component) -> ComponentRecord:
        """Return what became of a component; its papers speak where nothing was recorded, as in a ledger of before."""
        if component.record is None and component.duty is Duty.REQUIRED:
            for paper in self.papers:
                if paper.component_code == component.code and paper.state is PaperState.DIGITISED:
                    return ComponentRecord(ComponentState.DIGITISED, paper_id=paper.id)
        return component.stands

    def changed(self, *, announced: int = 0, **fields: Any) -> "Dossier":
        """Return the dossier one version on, with so many more events announced."""
        return replace(self, version=self.version + 1, sequence=self.sequence + announced, **fields)

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        return Standing(self.status, self.came_from)

    @property
    def since(self) -> datetime:
        """The moment of its last step; a dossier of an earlier version of hoso only has the moments it knew."""
        known = (self.opened_at, self.accepted_at, self.finished_at, self.returned_at)
        return self.moved_at or max(moment for moment in known if moment is not None)

    @property
    def limit(self) -> Limit | None:
        """The time limit promised, if it was accepted with one."""
        if self.time_limit is None or self.limit_unit is None:
            return None
        return Limit(self.time_limit, self.limit_unit, time.fromisoformat(self.cut_off) if self.cut_off else None)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is promised any more: it was finished, withdrawn or stopped for good."""
        return any((self.finished_at, self.withdrawn_at, self.stopped_at))

    @property
    def allowed(self) -> tuple[Command, ...]:
        """The commands that are legal next; a task can be closed where one is open."""
        is_open = any(task.closed_at is None for task in self.tasks)
        return tuple(c for c in TRANSITIONS[self.standing] if c is not Command.CLOSE_TASK or is_open)
