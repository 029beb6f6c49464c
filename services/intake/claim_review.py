"""A reviewer claims a review, keeps the claim, gives it up; a claim ends by itself when its holder does nothing."""

from collections.abc import Callable
from uuid import UUID

from services.intake.dossiers import Act
from services.intake.once import Once
from services.intake.ports import Answer, Desk, Entries
from services.intake.reviews import Review, claimed, must_be_at, must_hold, released, renewed

Change = Callable[[Review], Review]


def claim(desk: Desk, review_id: UUID, *, act: Act, version: int | None, once: Once[Review]) -> Answer:
    """Claim a review, or renew one's own claim."""
    subject = act.actor.subject
    return _hold(
        review_id,
        lambda review: claimed(review, subject, at=act.at, lease=desk.review_lease),
        act=act,
        version=version,
        once=once,
    )


def renew(desk: Desk, review_id: UUID, *, act: Act, version: int | None, once: Once[Review]) -> Answer:
    """Renew a claim that stands."""

    def change(review: Review) -> Review:
        must_hold(review, act.actor.subject, at=act.at)
        return renewed(review, at=act.at, lease=desk.review_lease)

    return _hold(review_id, change, act=act, version=version, once=once)


def release(review_id: UUID, *, act: Act, version: int | None, once: Once[Review]) -> Answer:
    """Give a claim up, so that another reviewer need not wait for its end."""
    subject = act.actor.subject
    return _hold(review_id, lambda review: released(review, subject, at=act.at), act=act, version=version, once=once)


def _hold(review_id: UUID, change: Change, *, act: Act, version: int | None, once: Once[Review]) -> Answer:
    def work(entries: Entries) -> Review:
        review = entries.reviews.lock(review_id)
        held = change(review)
        must_be_at(review, version)
        entries.reviews.hold(held)
        return held

    return once.run(work, act.at).answer
