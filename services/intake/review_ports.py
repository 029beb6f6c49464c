"""What the use cases ask of the ledger about reviews; the adapter is ``review_ledger``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from services.intake.reviews import Look, Review
from shared.topics import Lane


class Order(StrEnum):
    """Which reviews come first; within the same, the oldest do."""

    OLDEST = "oldest"
    EXPRESS = "express"


class Standing(StrEnum):
    """How a review stands for who looks for work: claimed is open and held by somebody now."""

    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class WantedReviews:
    """Which reviews are asked for, of the dossiers of some units; an empty choice is no condition.

    ``whose`` asks for what this person holds now or has done.
    """

    units: Sequence[str]
    at: datetime
    lanes: Sequence[Lane] = ()
    reasons: Sequence[str] = ()
    fields: Sequence[str] = ()
    standings: Sequence[Standing] = ()
    whose: str | None = None
    paper_id: UUID | None = None
    order: Order = Order.OLDEST
    limit: int = 50
    after: UUID | None = None


class Reviews(Protocol):
    """The reviews of the ledger inside one transaction."""

    def find(self, wanted: WantedReviews) -> Sequence[Review]:
        """Return the reviews that match; raises ``Rejected`` for an ``after`` that is none."""

    def review(self, review_id: UUID) -> Review:
        """Return a review; raises ``Rejected``."""

    def lock(self, review_id: UUID) -> Review:
        """Return a review that nobody else changes before we commit; raises ``Rejected``.

        Who decides about its dossier as well locks the dossier first.
        """

    def open_of(self, paper_id: UUID) -> Review | None:
        """Return the review of a paper that is open, locked, if there is one."""

    def newest_done(self, paper_id: UUID) -> Review | None:
        """Return the review of a paper that was finished last, if one was."""

    def is_known(self, paper_id: UUID, look: Look) -> bool:
        """Return whether there is or was a review of this very version of a paper's document."""

    def add(self, review: Review) -> None:
        """Add a new review."""

    def save(self, review: Review) -> None:
        """Write a review as it stands now, with all that is asked and answered."""

    def hold(self, review: Review) -> None:
        """Write only who holds a review and until when."""

    def note_on_paper(self, review: Review) -> None:
        """Note on the paper which version of its document was reviewed last, and when."""

    def forget_texts(self, paper_id: UUID) -> None:
        """Name no text about a paper any more; the sweep deletes what nobody names."""

    def texts(self, kept_under: UUID) -> set[tuple[UUID, UUID]]:
        """Return the texts of reviews, each with its paper, whose objects lie under that dossier id."""
