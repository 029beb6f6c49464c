"""A reviewer looks at what was read from a paper, keeps a draft, and says what was found.

The first reading is never changed: what a person found stands beside it, in the store, and the
ledger and the log know the answers without the values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.intake import announcements
from services.intake.dossiers import Act, Paper
from services.intake.draft import Draft
from services.intake.once import Once
from services.intake.ports import Answer, Desk, Entries
from services.intake.readings import Reading, must_not_be_refused, reading
from services.intake.record_entry import append
from services.intake.record_step import extracted
from services.intake.rejections import Reason, Rejected
from services.intake.review_texts import ReviewText, let_go, read_text, store_text
from services.intake.reviews import Finding, Findings, Review, ReviewState, concluded, must_be_at, must_hold, renewed
from shared.errors import ObjectMissing

Given = Sequence[tuple[str, Finding]]


@dataclass(frozen=True)
class Looked:
    """All a reviewer looks at: the paper, what was read first, and what was written about it since."""

    review: Review
    paper: Paper
    reading: Reading
    text: ReviewText | None


def look(desk: Desk, review_id: UUID, *, act: Act | None) -> Looked:
    """Return a review with what was read and written; whoever holds it keeps it longer by looking."""
    try:
        return _look(desk, review_id, act=act)
    except ObjectMissing:  # a draft was replaced between our two looks
        return _look(desk, review_id, act=act)


def _look(desk: Desk, review_id: UUID, *, act: Act | None) -> Looked:
    review, paper = _entered(desk, review_id)
    must_not_be_refused(paper)
    if act is not None and review.is_held_by(act.actor.subject, act.at):
        review = _renew(desk, review, act)
    text = read_text(desk.store, paper, review.text_id) if review.text_id else None
    return Looked(review, paper, reading(desk.store, paper, review.look.document_version), text)


def _renew(desk: Desk, seen: Review, act: Act) -> Review:
    if renewed(seen, at=act.at, lease=desk.review_lease) is seen:
        return seen
    with desk.ledger.transaction() as entries:
        review = entries.reviews.lock(seen.id)
        if review.is_held_by(act.actor.subject, act.at):
            review = renewed(review, at=act.at, lease=desk.review_lease)
            entries.reviews.hold(review)
        return review


def _entered(desk: Desk, review_id: UUID) -> tuple[Review, Paper]:
    with desk.ledger.reading() as entries:
        review = entries.reviews.review(review_id)
        return review, entries.paper(review.paper_id)


def save_draft(
    desk: Desk, review_id: UUID, given: Given, *, act: Act, version: int | None, once: Once[Review]
) -> Answer:
    """Keep what a reviewer has so far; it is there for whoever claims the review next."""

    def save(entries: Entries, text_id: UUID) -> Review:
        review = entries.reviews.lock(review_id)
        _check(review, act=act, version=version)
        saved = review.changed(text_id=text_id, held_until=act.at + desk.review_lease)
        entries.reviews.save(saved)
        return saved

    def work() -> Answer:
        before, paper = _mine(desk, review_id, act=act, version=version)
        return _write(desk, before, paper, findings=dict(given), act=act, once=once, enter=save)

    return once.answered(work)


def finish(desk: Desk, review_id: UUID, given: Given, *, act: Act, version: int | None, once: Once[Review]) -> Answer:
    """Finish a review with an answer for every field asked for; it is announced, and never changed again."""

    def work() -> Answer:
        before, paper = _mine(desk, review_id, act=act, version=version)
        read = reading(desk.store, paper, before.look.document_version).values()
        findings = concluded(given, asked=before.look.asked, read=read)
        done = replace(before, answers={name: found.answer for name, found in findings.items()})

        def enter(entries: Entries, text_id: UUID) -> Review:
            return _enter(entries, replace(done, text_id=text_id), act=act, version=version)

        return _write(desk, before, paper, findings=findings, act=act, once=once, enter=enter)

    return once.answered(work)


def _write(
    desk: Desk,
    before: Review,
    paper: Paper,
    *,
    findings: Findings,
    act: Act,
    once: Once[Review],
    enter: Callable[[Entries, UUID], Review],
) -> Answer:
    """Store a text, then have the ledger name it instead of the one before."""
    with Draft(desk.store) as draft:
        text_id = store_text(draft, paper, before.look.document_version, findings=findings, act=act)
        outcome = once.run(lambda entries: enter(entries, text_id), act.at)
        if outcome.result is not None:
            draft.keep_all()
            let_go(desk.store, paper, before.text_id)
    return outcome.answer


def _enter(entries: Entries, done: Review, *, act: Act, version: int | None) -> Review:
    dossier = entries.lock(done.dossier_id)
    review = entries.reviews.lock(done.id)
    _check(review, act=act, version=version)
    if review.look != done.look:  # with If-Match: * nobody says which document was before their eyes
        raise Rejected(Reason.STALE_VERSION)
    finished = review.changed(
        state=ReviewState.DONE,
        holder=None,
        held_until=None,
        text_id=done.text_id,
        answers=done.answers,
        reviewer=act.actor.subject,
        closed_at=act.at,
    )
    entries.reviews.save(finished)
    entries.reviews.note_on_paper(finished)
    after = dossier.changed(announced=1)
    entries.save(after)
    entries.announce([announcements.reviewed(finished, after, act)])
    append(entries, after, extracted(entries, entries.paper(finished.paper_id), act=act), act=act)
    return finished


def _mine(desk: Desk, review_id: UUID, *, act: Act, version: int | None) -> tuple[Review, Paper]:
    """Return a review that this person may write to; raises ``Rejected`` before anything is stored."""
    review, paper = _entered(desk, review_id)
    _check(review, act=act, version=version)
    return review, paper


def _check(review: Review, *, act: Act, version: int | None) -> None:
    must_hold(review, act.actor.subject, at=act.at)
    must_be_at(review, version)


def found_by_people(desk: Desk, paper: Paper) -> tuple[Review, ReviewText] | None:
    """Return the review of a paper that was finished last, with what was found, if one was."""
    with desk.ledger.reading() as entries:
        review = entries.reviews.newest_done(paper.id)
    if review is None or review.text_id is None:
        return None
    return review, read_text(desk.store, paper, review.text_id)
