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
    if known.about is None:
        return None
    try:
        return _known(record, headers, known)
    except (KeyError, ValueError, ValidationError) as error:
        raise Undecodable(f"not an event: {type(error).__name__}") from error


def _known(record: Record, headers: Mapping[str, bytes], known: "_Known") -> Happening:
    headers["ce_source"], headers["ce_subject"], headers["ce_partitionkey"]  # every event has them
    data = known.read(record.value)
    happening = Happening(
        _id(headers["ce_id"].decode()),
        str(data.dossier_id),
        int(headers["ce_sequence"]) if known.about == "ledger" else None,
        known.name,
        datetime.fromisoformat(headers["ce_time"].decode()),
        record.value.decode(),
        data,
    )
    if not _fits(vars(data), known) or ("\\u0000" in happening.raw and not _holdable(data)):
        raise Undecodable("a value no database could hold")
    return _placed(happening)


def _fits(said: Mapping[str, Any], known: "_Known") -> bool:
    """Return whether numbers and moments can be held; of data of this shape nothing else can be wrong but NUL."""
    for name in known.numbers:
        number = said[name]
        if number is not None and not 0 <= number <= _MOST:
            return False
    for name in known.moments:
        moment = said[name]
        if moment is not None and not _in_time(moment):
            return False
    return True


def _id(value: str) -> str:
    return value if _CANONICAL.fullmatch(value) else str(UUID(value))


def _unknown(record: Record) -> Happening | None:
    try:
        headers = {name: value.decode() for name, value in record.headers}
        named = headers["ce_type"] and headers["ce_id"]
        return _numbered(headers, record.value) if named and "ce_sequence" in headers else None
    except (KeyError, ValueError) as error:
        raise Undecodable(f"not an event: {type(error).__name__}") from error


def _numbered(headers: Mapping[str, str], value: bytes) -> Happening:
    Data.model_validate_json(value)  # whatever its shape, it must be a JSON object
    happening = Happening(
        event_id=str(UUID(headers["ce_id"])),
        dossier_id=str(UUID(headers["ce_partitionkey"])),
        sequence=int(headers["ce_sequence"]),
        type=headers["ce_type"],
        occurred_at=datetime.fromisoformat(headers["ce_time"]),
        raw=value.decode(),
        data=None,
    )
    if not _holdable(happening.type) or not _holdable(happening.raw):
        raise Undecodable("a value no database could hold")
    return _placed(happening)


def _placed(happening: Happening) -> Happening:
    """Return a happening whose place and time every database can hold."""
    if happening.sequence is not None and not 0 < happening.sequence <= _MOST:
        raise Undecodable("no place in a ledger")
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


@dataclass(frozen=True, slots=True)
class _Known:
    """A type of event: whether it concerns us, how its data are read, and which of them no type keeps in bounds."""

    name: str
    about: str | None
    read: Callable[[bytes], Any]
    numbers: tuple[str, ...]
    moments: tuple[str, ...]


def _of(entry: EventType) -> _Known:
    about = "ledger" if issubclass(entry.data, LedgerData) else "word" if issubclass(entry.data, _WORDS) else None
    read = entry.data.__pydantic_validator__.validate_json
    return _Known(entry.name, about, read, _fields(entry.data, int, float), _fields(entry.data, datetime))


def _fields(data: type[Data], *kinds: type) -> tuple[str, ...]:
    """Return the fields that may be of these types; texts are looked at as a whole."""
    fields = data.model_fields.items()
    return tuple(name for name, field in fields if {field.annotation, *get_args(field.annotation)} & set(kinds))


_WORDS = (*get_args(Outcome), *get_args(Announced))
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
