"""A paper was read: a person is asked to look where that is needed, and no longer where it is not."""

from datetime import datetime
from uuid import UUID, uuid4

from services.intake.review_ports import Reviews
from services.intake.reviews import Look, Review, ReviewState
from shared.events import PaperDigitised
from shared.topics import Lane


def review_as_read(reviews: Reviews, data: PaperDigitised, lane: Lane, *, at: datetime) -> None:
    """Open the review a new document asks for, move the open one on to it, or close that one.

    A review moved on keeps its place in the queue, its claim and its draft; its version changes, so
    that who had read it before is told. A version judged once is never asked about again.
    """
    look = Look(data.version, data.revision, data.review_reasons, data.review_fields)
    is_asked = data.needs_review and not reviews.is_known(data.paper_id, look)
    if not is_asked:
        close_open(reviews, data.paper_id, at=at)
        return
    review = reviews.open_of(data.paper_id)
    if review is None:
        reviews.add(_new(data, lane, look, at=at))
    else:
        reviews.save(review.changed(look=look))


def close_open(reviews: Reviews, paper_id: UUID, *, at: datetime) -> None:
    """Close the open review of a paper, if there is one: nothing is to be looked at any more."""
    review = reviews.open_of(paper_id)
    if review is not None:
        reviews.save(
            review.changed(state=ReviewState.SUPERSEDED, holder=None, held_until=None, text_id=None, closed_at=at)
        )


def forget_reviews(reviews: Reviews, paper_id: UUID, *, at: datetime) -> None:
    """Close the open review of a paper that is refused, and let what reviewers wrote about it go."""
    close_open(reviews, paper_id, at=at)
    reviews.forget_texts(paper_id)


def _new(data: PaperDigitised, lane: Lane, look: Look, *, at: datetime) -> Review:
    return Review(
        id=uuid4(),
        paper_id=data.paper_id,
        dossier_id=data.dossier_id,
        lane=lane,
        look=look,
        opened_at=at,
    )
