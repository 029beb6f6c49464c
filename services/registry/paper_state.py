"""The state of papers as a fold of what happened to them; pure."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from services.registry.happening import Happening, Outcome
from shared.events import PaperAccepted, PaperDigitised, PaperFailed, PaperReviewed

PAPER_STATES = ("accepted", "digitised", "failed")

# what the last word on a paper says about its document, when there is one
_DOCUMENT = ("version", "pages", "pages_failed", "words", "confidence", "document_bytes", "needs_review")
SECRET = "secret"  # noqa: S105  # why a paper fails that bears the mark of a state secret


@dataclass(slots=True)
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
    return str(happening.data.paper_id) if type(happening.data) in _RULES else None  # type: ignore[union-attr]  # told by its type


def paper_after(paper: PaperState, happening: Happening) -> PaperState:
    """Return a paper after one more happening; the order in which they come makes no difference."""
    after = PaperState(*_values(paper))
    _RULES[type(happening.data)](after, happening, happening.data)
    looked_at = after.version is not None and after.reviewed_version == after.version
    after.awaits_review = bool(after.needs_review) and not looked_at
    return after


def _accepted(paper: PaperState, happening: Happening, data: PaperAccepted) -> None:
    """Keep how the paper was accepted first."""
    if paper.accepted_at is None or happening.occurred_at < paper.accepted_at:
        paper.component_code = data.component_code
        paper.lane = str(data.lane)
        paper.media_type = data.media_type
        paper.size_bytes = data.size_bytes
        paper.accepted_at = happening.occurred_at


def _reviewed(paper: PaperState, happening: Happening, data: PaperReviewed) -> None:
    """Keep the review that stands last in its dossier's ledger."""
    assert happening.sequence is not None
    if happening.sequence > paper.reviewed_sequence:
        paper.reviewed_version = data.version
        paper.reviewed_at = happening.occurred_at
        paper.reviewed_sequence = happening.sequence


def _with_outcome(paper: PaperState, happening: Happening, data: Outcome) -> None:
    """Keep the outcome that counts.

    A secret comes before all, digitised before failed; then the highest revision counts, then the newest.
    """
    facts = _facts(data)
    standing = (*_weight(paper.state, paper.failure_reason), paper.revision, paper.outcome_at, paper.outcome_id)
    weight = _weight(facts["state"], facts["failure_reason"])
    coming = (*weight, facts["revision"], happening.occurred_at, happening.event_id)
    if paper.outcome_at is not None and coming <= standing:
        return
    for name, value in facts.items():
        setattr(paper, name, value)
    paper.outcome_at, paper.outcome_id = happening.occurred_at, happening.event_id


def _weight(state: str, reason: str | None) -> tuple[bool, bool]:
    return reason == SECRET, state == "digitised"


def _facts(data: Outcome) -> dict[str, Any]:
    if isinstance(data, PaperDigitised):
        facts = {name: getattr(data, name) for name in _DOCUMENT}
        return {"state": "digitised", "failure_reason": None, "revision": data.revision} | facts
    return {"state": "failed", "failure_reason": data.reason, "revision": 0} | dict.fromkeys(_DOCUMENT)


_values = attrgetter(*(field.name for field in fields(PaperState)))
_RULES: dict[Any, Callable[[PaperState, Happening, Any], None]] = {
    PaperAccepted: _accepted,
    PaperReviewed: _reviewed,
    PaperDigitised: _with_outcome,
    PaperFailed: _with_outcome,
}
