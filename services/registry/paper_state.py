"""The state of papers as a fold of what happened to them; pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.registry.happening import Happening, Outcome
from shared.events import PaperAccepted, PaperDigitised, PaperReviewed

PAPER_STATES = ("accepted", "digitised", "failed")

# what the last word on a paper says about its document, when there is one
_DOCUMENT = ("version", "pages", "pages_failed", "words", "confidence", "document_bytes", "needs_review")
SECRET = "secret"  # noqa: S105  # why a paper fails that bears the mark of a state secret


@dataclass(frozen=True, slots=True)
class PaperState:
    """What is known of a paper; its outcome may be known before its acceptance."""

    paper_id: str
    dossier_id: str
    state: str = "accepted"
    component_code: str | None = None
    lane: str | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    accepted_at: datetime | None = None
    version: str | None = None
    pages: int | None = None
    pages_failed: int | None = None
    words: int | None = None
    confidence: float | None = None
    document_bytes: int | None = None
    needs_review: bool | None = None
    failure_reason: str | None = None
    revision: int = 0
    outcome_at: datetime | None = None
    outcome_id: str | None = None
    reviewed_version: str | None = None
    reviewed_at: datetime | None = None
    reviewed_sequence: int = 0
    awaits_review: bool = False


def paper_of(happening: Happening) -> str | None:
    """Return the id of the paper a happening is about, if it is about one."""
    if isinstance(happening.data, PaperAccepted | PaperReviewed | Outcome):
        return str(happening.data.paper_id)
    return None


def paper_after(paper: PaperState, happening: Happening) -> PaperState:
    """Return a paper after one more happening; the order in which they come makes no difference."""
    after = _after(paper, happening)
    awaits_review = bool(after.needs_review) and (after.version is None or after.reviewed_version != after.version)
    return after if awaits_review == after.awaits_review else replace(after, awaits_review=awaits_review)


def _after(paper: PaperState, happening: Happening) -> PaperState:
    if isinstance(happening.data, PaperAccepted):
        return _accepted(paper, happening.data, happening.occurred_at)
    if isinstance(happening.data, PaperReviewed):
        return _reviewed(paper, happening, happening.data)
    if isinstance(happening.data, Outcome):
        return _with_outcome(paper, happening, happening.data)
    return paper


def _accepted(paper: PaperState, data: PaperAccepted, at: datetime) -> PaperState:
    """Return the paper as it was accepted first."""
    if paper.accepted_at is not None and paper.accepted_at <= at:
        return paper
    return replace(
        paper,
        component_code=data.component_code,
        lane=str(data.lane),
        media_type=data.media_type,
        size_bytes=data.size_bytes,
        accepted_at=at,
    )


def _reviewed(paper: PaperState, happening: Happening, data: PaperReviewed) -> PaperState:
    """Return the paper with the review that stands last in its dossier's ledger."""
    assert happening.sequence is not None
    if happening.sequence <= paper.reviewed_sequence:
        return paper
    return replace(
        paper,
        reviewed_version=data.version,
        reviewed_at=happening.occurred_at,
        reviewed_sequence=happening.sequence,
    )


def _with_outcome(paper: PaperState, happening: Happening, data: Outcome) -> PaperState:
    """Return the paper with the outcome that counts.

    A secret comes before all, digitised before failed; then the highest revision counts, then the newest.
    """
    facts = _facts(data)
    standing = (*_weight(paper.state, paper.failure_reason), paper.revision, paper.outcome_at, paper.outcome_id)
    weight = _weight(facts["state"], facts["failure_reason"])
    coming = (*weight, facts["revision"], happening.occurred_at, happening.event_id)
    if paper.outcome_at is not None and coming <= standing:
        return paper
    return replace(paper, **facts, outcome_at=happening.occurred_at, outcome_id=happening.event_id)


def _weight(state: str, reason: str | None) -> tuple[bool, bool]:
    return reason == SECRET, state == "digitised"


def _facts(data: Outcome) -> dict[str, Any]:
    if isinstance(data, PaperDigitised):
        facts = {name: getattr(data, name) for name in _DOCUMENT}
        return {"state": "digitised", "failure_reason": None, "revision": data.revision} | facts
    return {"state": "failed", "failure_reason": data.reason, "revision": 0} | dict.fromkeys(_DOCUMENT)
