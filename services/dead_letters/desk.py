"""What is done with dead letters, on any log: they are read, put back where they came from, or laid to rest."""

from collections.abc import Sequence

from shared.clock import Clock
from shared.dead_letters import Letter, Marker, Settled, letters
from shared.errors import HosoError
from shared.log import Log, Message, Record
from shared.topics import ALL_TOPICS, DEAD_LETTERS

_AT_ONCE = 1000
_WAIT_SECONDS = 1.0
_ORIGINS = {topic.name for topic in ALL_TOPICS} - {DEAD_LETTERS.name}


class NoSuchLetter(HosoError):
    """There is no letter of that name, or what became of it forbids what is asked."""

    reason = "no-such-letter"


async def read(broker: Log) -> list[Letter]:
    """Return every letter, the newest first."""
    reader = await broker.reader([DEAD_LETTERS.name], {})
    try:
        records: list[Record] = []
        while await reader.lag():
            records += await reader.read(max_records=_AT_ONCE, timeout_seconds=_WAIT_SECONDS)
        return letters(records)
    finally:
        await reader.close()


def named(found: Sequence[Letter], names: Sequence[str]) -> list[Letter]:
    """Return the letters of these names; raises ``NoSuchLetter``."""
    by_name = {place: letter for letter in found for place in letter.places}
    if missing := [name for name in names if name not in by_name]:
        raise NoSuchLetter(f"there is no dead letter {', '.join(missing)}")
    return list({by_name[name].name: by_name[name] for name in names}.values())


def replayable(found: Sequence[Letter]) -> list[Letter]:
    """Return those that came from a topic of ours; the others can only be purged."""
    return [letter for letter in found if letter.origin in _ORIGINS]


async def replay(broker: Log, found: Sequence[Letter], *, clock: Clock, by: str) -> None:
    """Publish each letter to its topic as it was, then its marker.

    Ended in between, it leaves letters that are open and replayed: replaying them again is harmless, since event ids
    are the same.
    """
    marker = Marker(Settled.REPLAYED, clock.now(), by)
    await _publish(broker, [letter.original for letter in found])
    await _publish(broker, [marker.message(letter) for letter in found])


async def purge(broker: Log, found: Sequence[Letter], *, clock: Clock, by: str, reason: str) -> None:
    """Mark each letter as one that nobody will replay, and why."""
    marker = Marker(Settled.PURGED, clock.now(), by, reason)
    await _publish(broker, [marker.message(letter) for letter in found])


async def _publish(broker: Log, messages: Sequence[Message]) -> None:
    publisher = await broker.publisher()
    try:
        for first in range(0, len(messages), _AT_ONCE):
            await publisher.publish(messages[first : first + _AT_ONCE])
    finally:
        await publisher.close()
