"""What the log says, as the registry keeps it: one happening for each event; pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, get_args
from uuid import UUID

from pydantic import ValidationError

from shared.errors import Undecodable
from shared.events import (
    CATALOGUE,
    Data,
    DossierDueSoon,
    DossierOverdue,
    EventType,
    LedgerData,
    PaperDigitised,
    PaperFailed,
)
from shared.log import Record

Outcome = PaperDigitised | PaperFailed
Announced = DossierDueSoon | DossierOverdue  # our own words: they stand in the history and change no state

_DATA = {entry.name: entry.data for entry in CATALOGUE}
_MOST = 2**63 - 1  # what a column of the database can hold
_YEARS = range(1900, 9000)


@dataclass(slots=True)
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
    headers = dict(record.headers)
    known = _KNOWN.get(headers.get("ce_type", b""))
    if known is None:
        return _unknown(record)
    try:
        return None if known.about is None else _checked(_known(record, headers, known), known)
    except (KeyError, ValueError, ValidationError) as error:
        raise Undecodable(f"not an event: {type(error).__name__}") from error


def _known(record: Record, headers: Mapping[str, bytes], known: "_Known") -> Happening:
    if not headers.keys() >= _REQUIRED:
        raise Undecodable("an event without an attribute every event has")
    sequence = headers.get("ce_sequence")
    if known.about == "ledger" and sequence is None:
        raise Undecodable("an event of the ledger without its sequence")
    data = known.read(record.value)
    return Happening(
        event_id=_id(headers["ce_id"].decode()),
        dossier_id=str(data.dossier_id),
        sequence=int(sequence) if sequence is not None and known.about == "ledger" else None,
        type=known.name,
        occurred_at=datetime.fromisoformat(headers["ce_time"].decode()),
        raw=record.value.decode(),
        data=data,
    )


def _id(value: str) -> str:
    return value if _CANONICAL.fullmatch(value) else str(UUID(value))


def _unknown(record: Record) -> Happening | None:
    try:
        headers = {name: value.decode() for name, value in record.headers}
        if not headers.keys() >= {"ce_type", "ce_id"}:
            raise KeyError
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


def _checked(happening: Happening, known: "_Known | None" = None) -> Happening:
    """Return a happening every database can hold: PostgreSQL refuses NUL, and both large numbers.

    Of data whose shape was checked only what can be wrong is looked at.
    """
    sequence, data = happening.sequence, happening.data
    values = (sequence, happening.type, "" if known else happening.raw)
    if sequence == 0 or not all(map(_holdable, values)):
        raise Undecodable("a value no database could hold")
    if known is not None and not all(_holdable(getattr(data, name)) for name in known.doubtful):
        raise Undecodable("a value no database could hold")
    if "\\u0000" in happening.raw and not _holdable(data):
        raise Undecodable("a value no database could hold")
    if "\0" in happening.raw or not _in_time(happening.occurred_at):
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


@dataclass(frozen=True)
class _Known:
    """A type of event: whether it concerns us, which fields no type keeps in bounds, and how its data are read."""

    name: str
    about: str | None
    doubtful: tuple[str, ...]
    read: Callable[[bytes], Any]


def _of(entry: EventType) -> _Known:
    about = "ledger" if issubclass(entry.data, LedgerData) else "word" if issubclass(entry.data, _WORDS) else None
    fields = entry.data.model_fields.items()
    doubtful = tuple(name for name, field in fields if _doubtful(field.annotation))
    return _Known(entry.name, about, doubtful, entry.data.__pydantic_validator__.validate_json)


def _doubtful(annotation: Any) -> bool:
    """Return whether a value may be a number or a moment; texts are looked at as a whole."""
    return annotation in _UNBOUNDED or any(map(_doubtful, get_args(annotation)))


_WORDS = (*get_args(Outcome), *get_args(Announced))
_UNBOUNDED = (int, float, datetime)
_REQUIRED = {"ce_id", "ce_source", "ce_subject", "ce_time", "ce_partitionkey"}
_CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_KNOWN = {entry.name.encode(): _of(entry) for entry in CATALOGUE}


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
