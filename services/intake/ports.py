"""What the use cases ask of the ledger; the adapter is ``ledger``, on PostgreSQL and SQLite."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import BinaryIO, Protocol
from uuid import UUID

from services.intake.digitisation_codes import Coding
from services.intake.dossiers import Dossier, Paper
from services.intake.due_dates import LifeRules
from services.intake.files import Judged
from services.intake.life_ports import Life
from services.intake.names import Digests
from services.intake.record_ports import Records
from services.intake.review_ports import Reviews
from shared.events import Event
from shared.object_store import ObjectStore
from shared.topics import Topic
from shared.working_time import Limit

Judge = Callable[[BinaryIO, str], Judged]


@dataclass(frozen=True)
class Answer:
    """What a command answered; kept beside its idempotency key. ``body`` is JSON."""

    status: int
    body: str
    version: int | None = None


@dataclass(frozen=True)
class Key:
    """An idempotency key of one caller and route, and what was asked with it, both as digests."""

    digest: str
    fingerprint: str


@dataclass(frozen=True)
class KnownProcedure:
    """What intake knows of a procedure."""

    code: str
    version: int
    managing_unit: str
    limit: Limit | None = None


@dataclass(frozen=True)
class Wanted:
    """What a search asks for: all of it at once, among the dossiers of some units."""

    units: Sequence[str]
    code: str | None
    digests: Sequence[str]
    limit: int
    after: UUID | None


class Entries(Protocol):
    """The ledger inside one transaction."""

    @property
    def reviews(self) -> Reviews:
        """The reviews of papers."""

    @property
    def records(self) -> Records:
        """The record of digitisation."""

    @property
    def life(self) -> Life:
        """What is known of dossiers' lives."""

    def procedure(self, code: str) -> KnownProcedure | None:
        """Return a procedure as the registry last published it."""

    def is_unit(self, code: str) -> bool:
        """Return whether the registry published a unit of that code."""

    def next_number(self, unit: str, day: date) -> int:
        """Return the next number of a unit's day; nobody else gets one before we commit."""

    def add_dossier(self, dossier: Dossier, digests: Sequence[str]) -> None:
        """Add a new dossier with its components, and the digests its applicant is found by."""

    def dossier(self, dossier_id: UUID) -> Dossier:
        """Return a dossier with its components and papers; raises ``Rejected``."""

    def lock(self, dossier_id: UUID) -> Dossier:
        """Return a dossier that nobody else changes before we commit; raises ``Rejected``.

        Its components, papers, waits and tasks are not read.
        """

    def components(self, dossier_id: UUID) -> set[str]:
        """Return the codes of a dossier's components; raises ``Rejected`` for no dossier."""

    def twins(self, dossier_id: UUID, sha256s: Collection[str]) -> Sequence[Paper]:
        """Return the papers of a dossier whose files are among these."""

    def save(self, dossier: Dossier) -> None:
        """Write all of a dossier that a command may change."""

    def dossier_of_code(self, code: str) -> UUID | None:
        """Return the id of the dossier of that code, which it may have been given when it went to another unit."""

    def find(self, wanted: Wanted) -> Sequence[Dossier]:
        """Return the dossiers that match, newest first."""

    def add_papers(self, papers: Sequence[Paper]) -> None:
        """Add new papers."""

    def paper(self, paper_id: UUID) -> Paper:
        """Return a paper; raises ``Rejected``."""

    def ask_revision(self, paper_id: UUID) -> int:
        """Return the number of a new revision of a paper's document; nobody else gets it."""

    def attach(self, paper: Paper) -> None:
        """Write where a paper that waited has gone; raises ``Rejected`` if it waits no more."""

    def remove_waiting(self, paper_id: UUID) -> None:
        """Remove a paper from its tray; raises ``Rejected`` if it waits no more."""

    def tray(self, counter: str, *, limit: int, after: UUID | None) -> Sequence[Paper]:
        """Return the papers that wait in a counter's tray, oldest first."""

    def announce(self, events: Sequence[tuple[Topic, Event]]) -> None:
        """Write events to the journal; the relay announces them after we commit."""

    def answer(self, key: Key) -> Answer | None:
        """Return what was answered to this key; raises ``Rejected`` if something else was asked."""

    def remember(self, key: Key, answer: Answer, at: datetime) -> None:
        """Keep an answer; raises ``AlreadyExists`` when somebody else just did."""

    def hot_file(self, digest: str) -> bool:
        """Return whether this very file of the hot folder was taken."""

    def add_hot_file(self, digest: str, at: datetime) -> None:
        """Note that this very file of the hot folder was taken."""

    def kept_papers(self, kept_under: UUID) -> set[UUID]:
        """Return the papers whose objects lie under that dossier id."""

    def is_dossier(self, dossier_id: UUID) -> bool:
        """Return whether there is such a dossier."""

    def forget_answers(self, before: datetime) -> int:
        """Forget idempotency keys older than that, and return how many."""


class Ledger(Protocol):
    """Every decision about dossiers; raises ``DatabaseUnavailable`` while it is away."""

    def transaction(self) -> AbstractContextManager[Entries]:
        """Open the ledger for writing: all of it happens, or nothing on any error."""

    def reading(self) -> AbstractContextManager[Entries]:
        """Open one consistent state of the ledger for reading."""


@dataclass(frozen=True)
class Desk:
    """All a use case needs; ``wake`` tells the relay that there is something to announce.

    A claim on a review stands for ``review_lease`` after its holder last did something.
    """

    ledger: Ledger
    store: ObjectStore
    digests: Digests
    judge: Judge
    wake: Callable[[], None]
    review_lease: timedelta
    coding: Coding
    rules: LifeRules = field(default_factory=LifeRules)
