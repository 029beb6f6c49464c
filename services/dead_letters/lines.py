"""Dead letters as lines for a terminal."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence

from shared.dead_letters import ATTEMPTS, OFFSET, PARTITION, Letter
from shared.errors import Undecodable
from shared.events import structured

_SHOWN_BYTES = 200


def overview(found: Sequence[Letter], *, most: int) -> Iterator[str]:
    """Yield how many there are by reason and origin, then a line each, up to so many."""
    yield f"{len(found)} dead letters"
    for (reason, origin), count in Counter((letter.reason, letter.origin) for letter in found).most_common():
        yield f"{count:8} {reason} from {origin}"
    for letter in found[:most]:
        yield line(letter)
    if len(found) > most:
        yield f"… and {len(found) - most} older ones"


def line(letter: Letter) -> str:
    """Return a letter in one line."""
    became = f" {letter.marker.settled}" if letter.marker else ""
    return f"{letter.name:10} {_died(letter)}  {letter.reason:24} {_origin(letter):32} {_type(letter)}{became}"


def whole(letter: Letter) -> Iterator[str]:
    """Yield everything that is known of a letter."""
    yield f"dead letter {letter.name}"
    yield f"  reason    {letter.reason}"
    yield f"  died      {_died(letter)}"
    yield f"  attempts  {letter.told.get(ATTEMPTS, 'unknown')}"
    yield f"  origin    {_origin(letter)}"
    yield f"  stands at {', '.join(letter.places)}"
    if letter.marker:
        marker = letter.marker
        yield f"  {marker.settled}  {marker.at.isoformat(timespec='seconds')} by {marker.by} {marker.reason}".rstrip()
    yield f"  key       {letter.original.key.decode(errors='replace')}"
    for name, value in letter.original.headers:
        yield f"  {name}: {value.decode(errors='replace')}"
    yield from _content(letter)


def _content(letter: Letter) -> Iterator[str]:
    try:
        data = structured(letter.original)["data"]
    except Undecodable:
        value = letter.original.value
        yield f"  no event: {len(value)} bytes, SHA-256 {hashlib.sha256(value).hexdigest()}"
        yield f"  {value[:_SHOWN_BYTES]!r}"
        return
    yield from json.dumps(data, indent=2, ensure_ascii=False).splitlines()


def _died(letter: Letter) -> str:
    return letter.died_at.isoformat(timespec="seconds") if letter.died_at.year > 1 else "-"


def _origin(letter: Letter) -> str:
    return "/".join([letter.origin, *(letter.told.get(name, "?") for name in (PARTITION, OFFSET))])


def _type(letter: Letter) -> str:
    return dict(letter.original.headers).get("ce_type", b"no event").decode(errors="replace")
