"""What the log says, as the registry keeps it: one happening for each event; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from uuid import UUID

from pydantic import ValidationError

from shared.errors import Undecodable
from shared.events import (
    CATALOGUE,
    Data,
    DossierDueSoon,
    DossierOverdue,
    LedgerData,
    PaperDigitised,
    PaperFailed,
    decode,
)
from shared.log import Record

Outcome = PaperDigitised | PaperFailed
Announced = DossierDueSoon | DossierOverdue  # our own words: they stand in the history and change no state

_DATA = {entry.name: entry.data for entry in CATALOGUE}
_MOST = 2**63 - 1  # what a column of the database can hold
_YEARS = range(1900, 9000)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event about a dossier; ``data`` is none where its type is not known to us."""

    event_id: str
    dossier_id: str
    sequence: int | None
    type: str
    occurred_at: datetime
    raw: str
    data: Data | None


def read(record: Record) -> Happening | None:
    """Return what a record of ``hoso.dossiers`` says, or nothing where it is not about a dossier's state.

    An unknown type that bears a place in a dossier's ledger is kept, so that it leaves no gap.
    Raises ``Undecodable`` where the record is broken or no database could hold it.
    """
    event = decode(record)
    if event is None:
        return _unknown(record)
    if isinstance(event.data, LedgerData):
        sequence = event.sequence
        if sequence is None:
            raise Undecodable("an event of the ledger without its sequence")
    elif isinstance(event.data, Outcome | Announced):
        sequence = None
    else:
        return None
    return _checked(
        Happening(
            event_id=str(event.id),
            dossier_id=str(event.data.dossier_id),
            sequence=sequence,
            type=event.type,
            occurred_at=event.time,
            raw=record.value.decode(),
            data=event.data,
        )
    )


def _unknown(record: Record) -> Happening | None:
    try:
        headers = {name: value.decode() for name, value in record.headers}
        return _numbered(headers, record.value) if "ce_sequence" in headers else None
    except (KeyError, ValueError) as error:
        raise Undecodable(f"not an event: {type(error).__name__}") from error


def _numbered(headers: Mapping[str, str], value: bytes) -> Happening:
    Data.model_validate_json(value)  # whatever its shape, it must be a JSON object
    return _checked(
        Happening(
            event_id=str(UUID(headers["ce_id"])),
            dossier_id=str(UUID(headers["ce_partitionkey"])),
            sequence=int(headers["ce_sequence"]),
            type=headers["ce_type"],
            occurred_at=datetime.fromisoformat(headers["ce_time"]),
            raw=value.decode(),
            data=None,
        )
    )


def _checked(happening: Happening) -> Happening:
    """Return a happening every database can hold: PostgreSQL refuses NUL, and both large numbers."""
    parts = [happening.sequence, happening.type, happening.raw, happening.data]
    if not all(map(_holdable, parts)) or happening.sequence == 0:
        raise Undecodable("a value no database could hold")
    if not _in_time(happening.occurred_at):
        raise Undecodable("a time without its zone, or out of all times")
    return happening


def _holdable(value: object) -> bool:
    if isinstance(value, Data):
        return all(map(_holdable, vars(value).values()))
    if isinstance(value, tuple):
        return all(map(_holdable, value))
    if isinstance(value, datetime):
        return _in_time(value)
    if isinstance(value, str):
        return "\0" not in value
    if isinstance(value, float):
        return isfinite(value)
    return not isinstance(value, int) or 0 <= value <= _MOST


def _in_time(moment: datetime) -> bool:
    return moment.tzinfo is not None and moment.year in _YEARS


def understand(type_name: str, raw: str) -> Data | None:
    """Return the data of an event kept before, or nothing where its type is not (yet) known to us.

    What was kept as unknown was never checked: where it has another shape than the type we have
    learned since, it stays unknown.
    """
    known = _DATA.get(type_name)
    try:
        return None if known is None else known.model_validate_json(raw)
    except ValidationError:
        return None
