"""What intake takes from the log into its ledger: units and procedures, and what became of papers."""

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from services.intake import tables as t
from services.intake.dossiers import PaperState
from shared.database import Database
from shared.errors import Unavailable, Undecodable
from shared.events import Data, PaperDigitised, PaperFailed, Procedure, Unit, decode
from shared.log import Record

log = logging.getLogger(__name__)
_OUTCOMES = {b"vn.hoso.paper.digitised.v1", b"vn.hoso.paper.failed.v1"}
_WHAT_CAME_OF_IT = ("version", "pages", "pages_failed", "words", "confidence", "document_bytes", "needs_review")


def learn_reference(connection: Connection, records: Sequence[Record]) -> None:
    """Keep the newest version of each unit and procedure."""
    for record in records:
        data = _data(record)
        if isinstance(data, Unit):
            _keep(connection, {"kind": "unit", "code": data.code})
        elif isinstance(data, Procedure):
            row = {"version": data.version, "managing_unit": data.managing_unit}
            _keep(connection, {"kind": "procedure", "code": data.code, **row})


def _keep(connection: Connection, row: dict[str, Any]) -> None:
    c = t.reference.c
    connection.execute(delete(t.reference).where(c.kind == row["kind"], c.code == row["code"]))
    connection.execute(insert(t.reference).values(row))


class ReferenceMissing(Unavailable):
    """No procedure was published yet, so no dossier can be opened; the registry has to load some."""

    reason = "no-reference-data"


def check_reference(database: Database) -> None:
    """Return if the registry told us of a procedure; raises ``ReferenceMissing``."""
    query = select(t.reference.c.code).where(t.reference.c.kind == "procedure").limit(1)
    with database.reading() as connection:
        if connection.execute(query).first() is None:
            raise ReferenceMissing("no procedure is known yet")


def learn_outcomes(connection: Connection, records: Sequence[Record]) -> None:
    """Write down what became of papers; hearing it again changes nothing."""
    for record in records:
        # most of the topic is what we said ourselves: do not even decode it
        if dict(record.headers).get("ce_type") not in _OUTCOMES:
            continue
        data = _data(record)
        if isinstance(data, PaperDigitised):
            _digitised(connection, data)
        elif isinstance(data, PaperFailed):
            _failed(connection, data)


def _data(record: Record) -> Data | None:
    try:
        event = decode(record)
    except Undecodable:
        log.warning("a message of %s at %s/%s is no event", record.topic, record.partition, record.offset)
        return None
    return event.data if event else None


def _digitised(connection: Connection, data: PaperDigitised) -> None:
    p = t.paper.c
    changes = {name: getattr(data, name) for name in _WHAT_CAME_OF_IT}
    news = or_(p.state != PaperState.DIGITISED, p.version != data.version)
    query = update(t.paper).where(p.id == data.paper_id, p.dossier_id == data.dossier_id, news)
    if connection.execute(query.values(state=PaperState.DIGITISED, reason=None, **changes)).rowcount:
        _touch(connection, data)


def _failed(connection: Connection, data: PaperFailed) -> None:
    p = t.paper.c
    # a paper that was digitised stays so, whatever a later attempt says
    query = update(t.paper).where(
        p.id == data.paper_id, p.dossier_id == data.dossier_id, p.state == PaperState.ACCEPTED
    )
    if connection.execute(query.values(state=PaperState.FAILED, reason=data.reason)).rowcount:
        _touch(connection, data)


def _touch(connection: Connection, data: PaperDigitised | PaperFailed) -> None:
    d = t.dossier.c
    connection.execute(update(t.dossier).where(d.id == data.dossier_id).values(version=d.version + 1))
