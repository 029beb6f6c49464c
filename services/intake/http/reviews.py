"""The review routes: the queue, claims, drafts, answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.intake import claim_review as claiming
from services.intake import review_paper as reviewing
from services.intake.dossiers import Act
from services.intake.http import answers
from services.intake.http.callers import Caller, CallerNeeded, ReaderKnown
from services.intake.http.dossiers import IfMatch, version_meant
from services.intake.http.review_answers import (
    ReviewOut,
    ReviewPage,
    ReviewWhole,
    review_answer,
    review_out,
    review_whole,
)
from services.intake.http.review_forms import FindingsIn, ReviewsAsked
from services.intake.once import Once
from services.intake.ports import Desk
from services.intake.rejections import Reason, Rejected
from services.intake.reviews import Review
from shared.clock import Clock

router = APIRouter(prefix="/v1/reviews", tags=["reviews"])


@router.get("", response_model=ReviewPage)
def find_reviews(request: Request, asked: Annotated[ReviewsAsked, Query()], reader: ReaderKnown) -> Response:
    """List the reviews of the units' dossiers, the oldest first, or those of the express lane before them."""
    desk, clock = _desk_and_clock(request)
    now = clock.now()
    with desk.ledger.reading() as entries:
        found = entries.reviews.find(asked.wanted(_subject(reader), now))
    full = len(found) == asked.limit
    page = ReviewPage(reviews=[review_out(review, now) for review in found], next=found[-1].id if full else None)
    return Response(page.model_dump_json(), headers=answers.PRIVATE, media_type="application/json")


@router.get("/{review_id}", response_model=ReviewWhole)
def read_review(request: Request, review_id: UUID, reader: ReaderKnown) -> Response:
    """Return a review with what was read and the draft; its holder keeps it longer by looking."""
    desk, clock = _desk_and_clock(request)
    looked = reviewing.look(desk, review_id, act=reader)
    return answers.respond(review_whole(looked, clock.now()))


@router.post("/{review_id}/claim", response_model=ReviewOut)
def claim(request: Request, review_id: UUID, caller: CallerNeeded, if_match: IfMatch = None) -> Response:
    """Claim a review, or renew one's own claim; 409 tells who holds it and until when."""
    desk, _ = _desk_and_clock(request)
    once, version = _once(desk, caller), version_meant(if_match)
    return answers.respond(claiming.claim(desk, review_id, act=caller.act, version=version, once=once))


@router.post("/{review_id}/renew", response_model=ReviewOut)
def renew(request: Request, review_id: UUID, caller: CallerNeeded, if_match: IfMatch = None) -> Response:
    """Keep a claim that stands."""
    desk, _ = _desk_and_clock(request)
    once, version = _once(desk, caller), version_meant(if_match)
    return answers.respond(claiming.renew(desk, review_id, act=caller.act, version=version, once=once))


@router.post("/{review_id}/release", response_model=ReviewOut)
def release(request: Request, review_id: UUID, caller: CallerNeeded, if_match: IfMatch = None) -> Response:
    """Give a claim up; the draft stays."""
    desk, _ = _desk_and_clock(request)
    once, version = _once(desk, caller), version_meant(if_match)
    return answers.respond(claiming.release(review_id, act=caller.act, version=version, once=once))


@router.put("/{review_id}/draft", response_model=ReviewOut)
def save_draft(
    request: Request, review_id: UUID, asked: FindingsIn, *, caller: CallerNeeded, if_match: IfMatch = None
) -> Response:
    """Keep the answers so far, instead of those kept before."""
    desk, _ = _desk_and_clock(request)
    once, version = _once(desk, caller, asked.model_dump_json()), _version_needed(if_match)
    answer = reviewing.save_draft(desk, review_id, asked.given(), act=caller.act, version=version, once=once)
    return answers.respond(answer)


@router.post("/{review_id}/finish", response_model=ReviewOut)
def finish(
    request: Request, review_id: UUID, asked: FindingsIn, *, caller: CallerNeeded, if_match: IfMatch = None
) -> Response:
    """Finish a review with one answer for each field asked for."""
    desk, _ = _desk_and_clock(request)
    once, version = _once(desk, caller, asked.model_dump_json()), _version_needed(if_match)
    answer = reviewing.finish(desk, review_id, asked.given(), act=caller.act, version=version, once=once)
    return answers.respond(answer)


def _desk_and_clock(request: Request) -> tuple[Desk, Clock]:
    return request.app.state.desk, request.app.state.clock


def _subject(reader: Act | None) -> str | None:
    return reader.actor.subject if reader else None


def _once(desk: Desk, caller: Caller, *asked: str) -> Once[Review]:
    return Once(desk, caller.key(*asked), lambda review: review_answer(review, caller.act.at))


def _version_needed(if_match: str | None) -> int | None:
    if if_match is None:
        raise Rejected(Reason.PRECONDITION_REQUIRED)
    return version_meant(if_match)
