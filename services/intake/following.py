"""What intake takes from the log into its ledger: units, procedures, calendars, and what became of papers."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from services.intake import tables as t
from services.intake.ask_review import forget_reviews, review_as_read
from services.intake.dossiers import Act, PaperState
from services.intake.ledger import SqlEntries
from services.intake.life_ledger import SqlLife
from services.intake.published_calendars import NATIONAL
from services.intake.record_outcome import nobody, record_as_read, record_as_refused
from services.intake.refusals import Refusal
from services.intake.review_ledger import SqlReviews
from shared.database import Database
from shared.errors import Unavailable, Undecodable
from shared.events import CalendarPublished, Event, PaperDigitised, PaperFailed, Procedure, Unit, decode
from shared.log import Record
from shared.topics import Lane
from shared.working_time import Limit, TimeUnit

Told = Callable[[Lane, PaperState, float], None]  # what came of a paper so many seconds after its acceptance
log = logging.getLogger(__name__)
_OUTCOMES = {b"vn.hoso.paper.digitised.v1", b"vn.hoso.paper.failed.v1"}
_WHAT_CAME_OF_IT = (
    *("version", "revision", "pages", "pages_failed", "words"),
    *("confidence", "document_bytes", "needs_review"),
)


def learn_reference(connection: Connection, records: Sequence[Record]) -> None:
    """Keep the newest version of each unit, procedure and calendar."""
    for record in records:
        event = _event(record)
        data = event.data if event else None
        if isinstance(data, Unit):
            _keep(connection, {"kind": "unit", "code": data.code})
        elif isinstance(data, Procedure):
            row = {"version": data.version, "managing_unit": data.managing_unit, **_limit(data)}
            _keep(connection, {"kind": "procedure", "code": data.code, **row})
        elif isinstance(data, CalendarPublished):
            SqlLife(connection).learn(data)


def _limit(data: Procedure) -> dict[str, Any]:
    """Return the limit that is promised: the committed one, where there is one, else that of the law."""
    amount, unit = data.limit, str(data.limit_unit)
    if data.committed_limit is not None:
        amount, unit = data.committed_limit, str(data.committed_limit_unit or unit)
    try:
        cut_off = time.fromisoformat(data.cut_off).isoformat("minutes") if data.cut_off else None
        limit = Limit(amount, TimeUnit(unit))
    except ValueError:
        log.error("the limit of procedure %s cannot be used", data.code)  # noqa: TRY400  # its text quotes the data
        return {}
    return {"time_limit": limit.amount, "limit_unit": limit.unit, "cut_off": cut_off}


def _keep(connection: Connection, row: dict[str, Any]) -> None:
    c = t.reference.c
    connection.execute(delete(t.reference).where(c.kind == row["kind"], c.code == row["code"]))
    connection.execute(insert(t.reference).values(row))


class CalendarMissing(Unavailable):
    """No national calendar was published yet: dossiers are accepted without a due date until it comes."""

    reason = "no-calendar"


def check_calendar(database: Database) -> None:
    """Return if the registry told us of the national calendar; raises ``CalendarMissing``."""
    with database.reading() as connection:
        if SqlLife(connection).calendar(NATIONAL) is None:
            raise CalendarMissing("no national calendar is known yet")


class ReferenceMissing(Unavailable):
    """No procedure was published yet, so no dossier can be opened; the registry has to load some."""

    reason = "no-reference-data"


def check_reference(database: Database) -> None:
    """Return if the registry told us of a procedure; raises ``ReferenceMissing``."""
    query = select(t.reference.c.code).where(t.reference.c.kind == "procedure").limit(1)
    with database.reading() as connection:
        if connection.execute(query).first() is None:
            raise ReferenceMissing("no procedure is known yet")


def learn_outcomes(connection: Connection, records: Sequence[Record], *, told: Told | None = None) -> None:
    """Write down what became of papers, and who must look at them; hearing it again changes nothing.

    ``told`` is called with the first outcome of each paper; a transaction that is repeated calls it again.
    """
    for record in records:
        # most of the topic is what we said ourselves: do not even decode it
        if dict(record.headers).get("ce_type") not in _OUTCOMES:
            continue
        event = _event(record)
        if event is None:
            continue
        act = nobody(event.time, event.correlation_id)
        first, state = None, PaperState.DIGITISED
        if isinstance(event.data, PaperDigitised):
            first = _digitised(connection, event.data, act)
        elif isinstance(event.data, PaperFailed):
            first, state = _failed(connection, event.data, act), PaperState.FAILED
        if first is not None and told is not None:
            seconds = (event.time - (first.accepted_at or first.received_at)).total_seconds()
            told(Lane(first.lane), state, max(seconds, 0))


def _event(record: Record) -> Event | None:
    try:
        return decode(record)
    except Undecodable:
        log.warning("a message of %s at %s/%s is no event", record.topic, record.partition, record.offset)
        return None


def _digitised(connection: Connection, data: PaperDigitised, act: Act) -> Any:
    """Write it down and return the paper's row as it was, if this is the first that came of it."""
    at = act.at
    paper = _paper(connection, data)
    if paper is None or not _is_news(paper, data, at):
        return None
    facts = {name: getattr(data, name) for name in _WHAT_CAME_OF_IT}
    facts |= {name: list(getattr(data, name)) for name in ("review_reasons", "review_fields")}
    _write(connection, data, state=PaperState.DIGITISED, reason=None, digitised_at=at, **facts)
    review_as_read(SqlReviews(connection), data, Lane(paper.lane), at=at)
    record_as_read(SqlEntries(connection), data.dossier_id, data.paper_id, act=act)
    return paper if paper.state == PaperState.ACCEPTED else None


def _is_news(paper: Any, data: PaperDigitised, at: datetime) -> bool:
    """Return whether an outcome counts: a secret stays refused, and no document gives way to an earlier one."""
    if paper.state == PaperState.REFUSED:
        return False
    if paper.state != PaperState.DIGITISED or data.revision > paper.revision:
        return True
    is_other = data.revision == paper.revision and data.version != paper.version
    return bool(is_other and (paper.digitised_at is None or at >= paper.digitised_at))


def _failed(connection: Connection, data: PaperFailed, act: Act) -> Any:
    """Write it down and return the paper's row as it was, if this is the first that came of it."""
    paper = _paper(connection, data)
    if paper is None:
        return None
    if data.reason == Refusal.SECRET and paper.state != PaperState.REFUSED:
        # whatever was known of it is known no more
        nothing = dict.fromkeys((*_WHAT_CAME_OF_IT, "review_reasons", "review_fields")) | {"revision": 0}
        _write(connection, data, state=PaperState.REFUSED, reason=data.reason, **nothing)
        forget_reviews(SqlReviews(connection), data.paper_id, at=act.at)
        record_as_refused(SqlEntries(connection), data.dossier_id, data.paper_id, act=act)
    elif paper.state == PaperState.ACCEPTED:
        # a paper that was digitised stays so, whatever a later attempt says
        _write(connection, data, state=PaperState.FAILED, reason=data.reason)
        return paper
    return None


def _paper(connection: Connection, data: PaperDigitised | PaperFailed) -> Any:
    p = t.paper.c
    query = select(p.state, p.version, p.revision, p.digitised_at, p.lane, p.received_at, p.accepted_at)
    return connection.execute(query.where(p.id == data.paper_id, p.dossier_id == data.dossier_id)).first()


def _write(connection: Connection, data: PaperDigitised | PaperFailed, **changes: Any) -> None:
    d = t.dossier.c
    # the dossier first, as everybody locks it: the other way round two of us could wait for each other
    connection.execute(update(t.dossier).where(d.id == data.dossier_id).values(version=d.version + 1))
    connection.execute(update(t.paper).where(t.paper.c.id == data.paper_id).values(changes))
