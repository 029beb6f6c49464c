"""The reviews of the ledger on PostgreSQL and SQLite: the queries behind ``review_ports.Reviews``."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    exists,
    insert,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from services.intake import tables as t
from services.intake.rejections import Reason, Rejected
from services.intake.review_ports import Order, Standing, WantedReviews
from services.intake.reviews import Look, Review, ReviewState
from shared.events import FieldAnswer
from shared.topics import Lane

_ROW = (
    *("id", "paper_id", "dossier_id", "lane", "opened_at", "state", "version"),
    *("holder", "held_until", "text_id", "reviewer", "closed_at"),
)
_r = t.review.c
_LANE_RANK = case((_r.lane == Lane.EXPRESS, 0), else_=1)
_PLACES: dict[Order, tuple[Any, ...]] = {
    Order.OLDEST: (_r.opened_at, _r.id),
    Order.EXPRESS: (_LANE_RANK, _r.opened_at, _r.id),
}


class SqlReviews:
    """The reviews inside one transaction; what each method promises stands in ``review_ports.Reviews``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, wanted: WantedReviews) -> Sequence[Review]:
        """Return the reviews that match, first things first."""
        place = _PLACES[wanted.order]
        query = select(t.review).join(t.dossier).where(*_conditions(wanted))
        if wanted.after is not None:
            query = query.where(tuple_(*place) > self._place(wanted.after, place))
        return self._reviews(query.order_by(*place).limit(wanted.limit))

    def _place(self, review_id: UUID, place: tuple[Any, ...]) -> tuple[Any, ...]:
        row = self._connection.execute(select(*place).where(_r.id == review_id)).first()
        if row is None:
            raise Rejected(Reason.UNKNOWN_REVIEW)
        return tuple(row)

    def review(self, review_id: UUID) -> Review:
        """Return a review."""
        return _known(self._reviews(select(t.review).where(_r.id == review_id)))

    def lock(self, review_id: UUID) -> Review:
        """Return a review, its row locked; on SQLite the whole transaction is alone."""
        return _known(self._reviews(select(t.review).where(_r.id == review_id).with_for_update()))

    def open_of(self, paper_id: UUID) -> Review | None:
        """Return the open review of a paper, its row locked."""
        those = and_(_r.paper_id == paper_id, _r.state == ReviewState.OPEN)
        found = self._reviews(select(t.review).where(those).with_for_update())
        return found[0] if found else None

    def newest_done(self, paper_id: UUID) -> Review | None:
        """Return the review of a paper that was finished last."""
        those = and_(_r.paper_id == paper_id, _r.state == ReviewState.DONE)
        found = self._reviews(select(t.review).where(those).order_by(_r.closed_at.desc(), _r.revision.desc()).limit(1))
        return found[0] if found else None

    def is_known(self, paper_id: UUID, look: Look) -> bool:
        """Return whether there is a review of this very version."""
        same = and_(_r.document_version == look.document_version, _r.revision == look.revision)
        return self._connection.execute(select(_r.id).where(_r.paper_id == paper_id, same)).first() is not None

    def add(self, review: Review) -> None:
        """Add a review."""
        self._connection.execute(insert(t.review).values(_row(review)))
        self._add_parts(review)

    def save(self, review: Review) -> None:
        """Write a review and its parts."""
        self._connection.execute(update(t.review).where(_r.id == review.id).values(_row(review)))
        for part in (t.review_reason, t.review_field):
            self._connection.execute(delete(part).where(part.c.review_id == review.id))
        self._add_parts(review)

    def hold(self, review: Review) -> None:
        """Write the claim."""
        claim = {"holder": review.holder, "held_until": review.held_until, "version": review.version}
        self._connection.execute(update(t.review).where(_r.id == review.id).values(claim))

    def note_on_paper(self, review: Review) -> None:
        """Note version and time."""
        noted = {"reviewed_version": review.look.document_version, "reviewed_at": review.closed_at}
        self._connection.execute(update(t.paper).where(t.paper.c.id == review.paper_id).values(noted))

    def forget_texts(self, paper_id: UUID) -> None:
        """Forget the texts of open and closed reviews."""
        self._connection.execute(update(t.review).where(_r.paper_id == paper_id).values(text_id=None))

    def texts(self, kept_under: UUID) -> set[tuple[UUID, UUID]]:
        """Return papers and texts."""
        query = select(_r.paper_id, _r.text_id).join(t.paper)
        query = query.where(t.paper.c.kept_under == kept_under, _r.text_id.is_not(None))
        return {(row.paper_id, row.text_id) for row in self._connection.execute(query)}

    def _add_parts(self, review: Review) -> None:
        for part, rows in ((t.review_reason, _reason_rows(review)), (t.review_field, _field_rows(review))):
            if rows:
                self._connection.execute(insert(part), rows)

    def _reviews(self, query: Select[Any]) -> list[Review]:
        rows = self._connection.execute(query).all()
        reasons, fields = (self._parts(part, [row.id for row in rows]) for part in (t.review_reason, t.review_field))
        return [_review(row, reasons=_of(reasons, row.id), fields=_of(fields, row.id)) for row in rows]

    def _parts(self, part: Any, ids: Sequence[UUID]) -> Sequence[Any]:
        return self._connection.execute(select(part).where(part.c.review_id.in_(ids)).order_by(part.c.place)).all()


def _conditions(wanted: WantedReviews) -> list[ColumnElement[bool]]:
    d, reason, field = t.dossier.c, t.review_reason.c, t.review_field.c
    conditions = [or_(d.receiving_unit.in_(wanted.units), d.competent_unit.in_(wanted.units))]
    if wanted.lanes:
        conditions.append(_r.lane.in_(wanted.lanes))
    if wanted.reasons:
        conditions.append(exists().where(reason.review_id == _r.id, reason.reason.in_(wanted.reasons)))
    if wanted.fields:
        conditions.append(exists().where(field.review_id == _r.id, field.asked, field.name.in_(wanted.fields)))
    if wanted.paper_id is not None:
        conditions.append(_r.paper_id == wanted.paper_id)
    if wanted.whose is not None:
        conditions.append(or_(and_(_r.holder == wanted.whose, _is_held(wanted)), _r.reviewer == wanted.whose))
    if wanted.standings:
        conditions.append(or_(*(_stands(standing, wanted) for standing in wanted.standings)))
    return conditions


def _is_held(wanted: WantedReviews) -> ColumnElement[bool]:
    return and_(_r.state == ReviewState.OPEN, _r.held_until.is_not(None), _r.held_until > wanted.at)


def _stands(standing: Standing, wanted: WantedReviews) -> ColumnElement[bool]:
    if standing is Standing.CLAIMED:
        return _is_held(wanted)
    if standing is Standing.OPEN:
        return and_(_r.state == ReviewState.OPEN, not_(_is_held(wanted)))
    return _r.state == standing.value


def _known(found: Sequence[Review]) -> Review:
    if not found:
        raise Rejected(Reason.UNKNOWN_REVIEW)
    return found[0]


def _of(parts: Iterable[Any], review_id: UUID) -> list[Any]:
    return [part for part in parts if part.review_id == review_id]


def _row(review: Review) -> dict[str, Any]:
    row = {name: getattr(review, name) for name in _ROW}
    return row | {"document_version": review.look.document_version, "revision": review.look.revision}


def _reason_rows(review: Review) -> list[dict[str, Any]]:
    reasons = dict.fromkeys(review.look.reasons)
    return [{"review_id": review.id, "reason": reason, "place": place} for place, reason in enumerate(reasons)]


def _field_rows(review: Review) -> list[dict[str, Any]]:
    names = dict.fromkeys((*review.look.asked, *review.answers))
    return [
        {
            "review_id": review.id,
            "name": name,
            "place": place,
            "asked": name in review.look.asked,
            "answer": review.answers.get(name),
        }
        for place, name in enumerate(names)
    ]


def _review(row: Any, *, reasons: Sequence[Any], fields: Sequence[Any]) -> Review:
    look = Look(
        document_version=row.document_version,
        revision=row.revision,
        reasons=tuple(reason.reason for reason in reasons),
        asked=tuple(field.name for field in fields if field.asked),
    )
    values = {name: getattr(row, name) for name in _ROW}
    values |= {"lane": Lane(row.lane), "state": ReviewState(row.state)}
    answers = {field.name: FieldAnswer(field.answer) for field in fields if field.answer is not None}
    return Review(**values, look=look, answers=answers)
