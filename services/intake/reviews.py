"""A review: a person is asked to look at what was read from a paper; who may, and what an answer needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.intake.rejections import Fault, Reason, Rejected
from shared.events import FieldAnswer
from shared.topics import Lane


class ReviewState(StrEnum):
    """How far a review has come; ``superseded`` ones ask nothing any more, for a newer document needs no look."""

    OPEN = "open"
    DONE = "done"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Finding:
    """What a person found at a field; a value, as JSON has it, only where there is one."""

    answer: FieldAnswer
    value: Any = None


Findings = Mapping[str, Finding]


@dataclass(frozen=True)
class Look:
    """What is to be looked at: a version of a paper's document, why, and which of its fields."""

    document_version: str
    revision: int
    reasons: tuple[str, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """A review; ``version`` counts what changed in sight, a claim renewed not among it.

    ``text_id`` names the object that holds the draft, or what was found once the review is done.
    """

    id: UUID
    paper_id: UUID
    dossier_id: UUID
    lane: Lane
    look: Look
    opened_at: datetime
    state: ReviewState = ReviewState.OPEN
    version: int = 1
    holder: str | None = None
    held_until: datetime | None = None
    text_id: UUID | None = None
    reviewer: str | None = None
    closed_at: datetime | None = None
    answers: Mapping[str, FieldAnswer] = field(default_factory=dict)

    def changed(self, **changes: Any) -> "Review":
        """Return the review one version on."""
        return replace(self, version=self.version + 1, **changes)

    def is_held(self, at: datetime) -> bool:
        """Return whether somebody's claim on it stands."""
        return self.holder is not None and self.held_until is not None and at < self.held_until

    def is_held_by(self, subject: str | None, at: datetime) -> bool:
        """Return whether this person's claim on it stands."""
        return self.holder == subject and self.is_held(at)


def claimed(review: Review, subject: str, *, at: datetime, lease: timedelta) -> Review:
    """Return the review as this person holds it; raises ``Rejected`` where somebody else does, or it is closed."""
    _must_be_open(review)
    if review.is_held_by(subject, at):
        return renewed(review, at=at, lease=lease)
    if review.is_held(at):
        raise _held(review)
    return review.changed(holder=subject, held_until=at + lease)


def renewed(review: Review, *, at: datetime, lease: timedelta) -> Review:
    """Return the review with its claim for the full time again; written anew only when a third of it is gone."""
    assert review.held_until is not None
    fresh = review.held_until - at > lease * 2 / 3
    return review if fresh else replace(review, held_until=at + lease)


def released(review: Review, subject: str, *, at: datetime) -> Review:
    """Return the review for anybody to claim; raises ``Rejected`` where it is not this person's to give up."""
    must_hold(review, subject, at=at)
    return review.changed(holder=None, held_until=None)


def must_hold(review: Review, subject: str, *, at: datetime) -> None:
    """Return if this person's claim stands; raises ``Rejected`` and says how else it is."""
    _must_be_open(review)
    if review.is_held_by(subject, at):
        return
    if review.is_held(at):
        raise _held(review)
    if review.holder == subject:
        raise Rejected(Reason.CLAIM_LAPSED, Fault("held_until", _moment(review)))
    raise Rejected(Reason.NOT_CLAIMED)


def must_be_at(review: Review, version: int | None) -> None:
    """Return if a version is the present one, or none was meant; raises ``Rejected``."""
    if version is not None and version != review.version:
        raise Rejected(Reason.STALE_VERSION)


def _must_be_open(review: Review) -> None:
    if review.state is not ReviewState.OPEN:
        raise Rejected(Reason.REVIEW_CLOSED, Fault("state", review.state.value))


def _held(review: Review) -> Rejected:
    return Rejected(Reason.REVIEW_HELD, Fault("holder", review.holder or ""), Fault("held_until", _moment(review)))


def _moment(review: Review) -> str:
    return review.held_until.isoformat() if review.held_until else ""


def concluded(given: Sequence[tuple[str, Finding]], *, asked: Collection[str], read: Mapping[str, Any]) -> Findings:
    """Return what a review found, the values of fields that are right among it.

    ``read`` holds the values that were read first. Raises ``Rejected`` where a field that is asked
    for has no answer, one is answered that nobody read or asked for, or a field is right that has no value.
    """
    faults = [
        Fault("fields", fault, index)
        for index, (name, finding) in enumerate(given)
        if (fault := _fault(name, finding, asked=asked, read=read))
    ]
    names = {name for name, _ in given}
    faults += [Fault(name, "unanswered") for name in asked if name not in names]
    if faults:
        raise Rejected(Reason.INCOMPLETE_REVIEW, *faults)
    return {name: _with_value(finding, read.get(name)) for name, finding in _in_order(given, asked)}


def _fault(name: str, finding: Finding, *, asked: Collection[str], read: Mapping[str, Any]) -> str | None:
    if name not in asked and name not in read:
        return "unknown"
    if finding.answer is FieldAnswer.RIGHT and read.get(name) is None:
        return "nothing-was-read"
    return None


def _in_order(given: Sequence[tuple[str, Finding]], asked: Collection[str]) -> list[tuple[str, Finding]]:
    places = {name: place for place, name in enumerate(asked)}
    return sorted(given, key=lambda named: (places.get(named[0], len(places)), named[0]))


def _with_value(finding: Finding, read: Any) -> Finding:
    return replace(finding, value=read) if finding.answer is FieldAnswer.RIGHT else finding
