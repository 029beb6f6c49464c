"""Dead letters: messages that can never succeed, as they came, and the word of what became of each later.

The topic is append-only. Whoever replays or purges letters adds a marker to it: a message without a value under the
letter's key, which names the places of the letters it settles.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from shared.log import Message, Record
from shared.topics import DEAD_LETTERS

TOPIC, PARTITION, OFFSET = "hoso_origin_topic", "hoso_origin_partition", "hoso_origin_offset"
REASON, ATTEMPTS, DEAD_AT = "hoso_reason", "hoso_attempts", "hoso_dead_at"
SETTLED, SETTLES, SETTLED_AT, SETTLED_BY = "hoso_settled", "hoso_settles", "hoso_settled_at", "hoso_settled_by"
SETTLED_REASON = "hoso_settled_reason"
_ADDED = frozenset({TOPIC, PARTITION, OFFSET, REASON, ATTEMPTS, DEAD_AT})
_LONG_AGO = datetime.min.replace(tzinfo=UTC)  # letters of before times were noted


class Settled(StrEnum):
    """What became of a letter."""

    REPLAYED = "replayed"
    PURGED = "purged"


def dead_letter(record: Record, reason: str, *, attempts: int, at: datetime) -> Message:
    """Return the record as it came, with where it came from and when and why it was given up."""
    origin = {
        TOPIC: record.topic,
        PARTITION: str(record.partition),
        OFFSET: str(record.offset),
        REASON: reason,
        ATTEMPTS: str(attempts),
        DEAD_AT: at.astimezone(UTC).isoformat(),
    }
    return Message(DEAD_LETTERS.name, record.key, record.value, record.headers + _headers(origin))


@dataclass(frozen=True)
class Marker:
    """What became of some letters: by whom, when, and for a purge why, as codes without free text."""

    settled: Settled
    at: datetime
    by: str
    reason: str = ""

    def message(self, letter: "Letter") -> Message:
        """Return the message that settles a letter, wherever it stands more than once."""
        said = {
            SETTLED: self.settled,
            SETTLES: ",".join(letter.places),
            SETTLED_AT: self.at.astimezone(UTC).isoformat(),
            SETTLED_BY: self.by,
            SETTLED_REASON: self.reason,
        }
        return Message(DEAD_LETTERS.name, letter.record.key, b"", _headers(said))


@dataclass(frozen=True)
class Letter:
    """A dead letter: its first record, every place where it stands, and what became of it."""

    record: Record
    places: tuple[str, ...]
    marker: Marker | None = None

    @property
    def name(self) -> str:
        """What it is called: partition and offset of where it stands first."""
        return self.places[0]

    @cached_property
    def told(self) -> Mapping[str, str]:
        """What was added to the message when it died."""
        return {name: value.decode(errors="replace") for name, value in self.record.headers if name in _ADDED}

    @property
    def reason(self) -> str:
        """Why it could never succeed."""
        return self.told.get(REASON, "unknown")

    @property
    def origin(self) -> str:
        """The topic it came from."""
        return self.told.get(TOPIC, "unknown")

    @property
    def died_at(self) -> datetime:
        """When it was given up."""
        return _moment(self.told.get(DEAD_AT, ""))

    @property
    def original(self) -> Message:
        """The message as it was on its topic: key, bytes and headers."""
        headers = tuple(header for header in self.record.headers if header[0] not in _ADDED)
        return Message(self.origin, self.record.key, self.record.value, headers)


def letters(records: Iterable[Record]) -> list[Letter]:
    """Return the letters among the records of the topic, the newest first.

    A letter that was published twice, as its worker was killed before its offset moved, is one letter.
    """
    found: dict[object, list[Record]] = {}
    markers: dict[str, Marker] = {}
    for record in records:
        headers = dict(record.headers)
        if SETTLED in headers:
            markers |= dict.fromkeys(headers[SETTLES].decode().split(","), _marker(headers))
        else:
            found.setdefault(_identity(record, headers), []).append(record)
    return sorted((_letter(same, markers) for same in found.values()), key=_age, reverse=True)


def _age(letter: Letter) -> tuple[datetime, int, int]:
    return letter.died_at, letter.record.offset, letter.record.partition


def _letter(same: Sequence[Record], markers: Mapping[str, Marker]) -> Letter:
    places = tuple(f"{record.partition}-{record.offset}" for record in same)
    # one that died again at the same place after it was settled is open again
    settled = [markers.get(place) for place in places]
    return Letter(same[0], places, None if None in settled else settled[-1])


def _identity(record: Record, headers: Mapping[str, bytes]) -> object:
    if TOPIC not in headers:
        return record.partition, record.offset
    return headers[TOPIC], headers.get(PARTITION), headers.get(OFFSET), record.key, record.value


def _marker(headers: Mapping[str, bytes]) -> Marker:
    said = {name: value.decode(errors="replace") for name, value in headers.items()}
    at, by = _moment(said.get(SETTLED_AT, "")), said.get(SETTLED_BY, "")
    return Marker(Settled(said[SETTLED]), at, by, said.get(SETTLED_REASON, ""))


def _moment(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return _LONG_AGO


def _headers(said: Mapping[str, str]) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, value.encode()) for name, value in said.items())


def chosen(found: Iterable[Letter], *, reason: str | None = None, origin: str | None = None) -> Iterator[Letter]:
    """Yield the letters with this reason and of this topic, where these are given."""
    return (letter for letter in found if reason in {None, letter.reason} and origin in {None, letter.origin})
