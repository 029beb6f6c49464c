"""A log in memory, and one that fails in each way a broker does."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from zlib import crc32

from shared.errors import HosoError, LogUnavailable, Refused
from shared.log import Message, Partition, Positions, Publisher, Reader, Record
from shared.topics import ALL_TOPICS


@dataclass
class _Stored:
    """The records of one partition that are still held; offsets go on counting."""

    first_offset: int = 0
    records: list[Record] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.first_offset + len(self.records)


class FakeLog:
    """A cluster with the topics of ``shared.topics``; publishers and readers may live in several event loops."""

    def __init__(self, *, cluster_id: str = "fake", partitions: int = 2) -> None:
        self._cluster_id = cluster_id
        self._stored: dict[Partition, _Stored] = {
            (topic.name, number): _Stored()
            for topic in ALL_TOPICS
            for number in range(1 if topic.single_partition else partitions)
        }
        self._waiting: list[asyncio.Future[None]] = []

    def _serve(self) -> None:
        """Raise instead of serving; the fakes below do."""

    def _acknowledge(self) -> None:
        """Raise instead of acknowledging what was stored; the fakes below do."""

    async def declare_topics(self) -> None:
        """Do nothing: the topics are there."""
        self._serve()

    async def cluster_id(self) -> str:
        """Return the id of the cluster."""
        self._serve()
        return self._cluster_id

    async def publisher(self) -> Publisher:
        """Return a publisher."""
        self._serve()
        return _FakePublisher(self)

    async def reader(self, topics: Sequence[str], positions: Positions) -> Reader:
        """Return a reader that starts at ``positions``."""
        self._serve()
        partitions = [p for p in self._stored if p[0] in topics]
        return _FakeReader(self, {p: positions.get(p, 0) for p in partitions})

    def records(self, topic: str) -> list[Record]:
        """Return what a topic holds, partition by partition."""
        return [r for (name, _), stored in self._stored.items() if name == topic for r in stored.records]

    def forget_before(self, partition: Partition, offset: int) -> None:
        """Drop the oldest records of a partition, as retention does."""
        stored = self._stored[partition]
        del stored.records[: offset - stored.first_offset]
        stored.first_offset = offset

    def publish_now(self, messages: Sequence[Message]) -> None:
        """Store messages as a publisher does."""
        self._serve()
        for message in messages:
            self._append(message)
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            with suppress(RuntimeError):  # its loop is over
                future.get_loop().call_soon_threadsafe(_tell, future)
        self._acknowledge()

    def _append(self, message: Message) -> None:
        candidates = [p for p in self._stored if p[0] == message.topic]
        if not candidates:
            raise LogUnavailable("no such topic")
        partition = candidates[crc32(message.key) % len(candidates)]
        stored = self._stored[partition]
        stored.records.append(
            Record(
                message.topic,
                message.key,
                message.value,
                message.headers,
                partition=partition[1],
                offset=stored.end,
            )
        )

    def take(self, next_offsets: dict[Partition, int], max_records: int) -> list[Record]:
        """Return what follows ``next_offsets`` and move them on."""
        self._serve()
        taken: list[Record] = []
        for partition, offset in next_offsets.items():
            stored = self._stored[partition]
            skip = max(offset - stored.first_offset, 0)
            found = stored.records[skip : skip + max_records - len(taken)]
            if found:
                next_offsets[partition] = found[-1].offset + 1
            taken += found
        return taken

    async def news(self) -> None:
        """Return when something was published after this call."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    def behind(self, next_offsets: Positions) -> int:
        """Return how many records follow ``next_offsets``."""
        self._serve()
        return sum(self._stored[p].end - max(o, self._stored[p].first_offset) for p, o in next_offsets.items())


def _tell(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class _FakePublisher:
    def __init__(self, log: FakeLog) -> None:
        self._log = log

    async def publish(self, messages: Sequence[Message]) -> None:
        await asyncio.sleep(0)  # lets others in, as a real broker does
        self._log.publish_now(messages)

    async def close(self) -> None:
        """Nothing is under way."""


class _FakeReader:
    def __init__(self, log: FakeLog, next_offsets: dict[Partition, int]) -> None:
        self._log = log
        self._next_offsets = next_offsets
        self.cluster_id = log._cluster_id

    async def read(self, *, max_records: int, timeout_seconds: float) -> Sequence[Record]:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while not (found := self._log.take(self._next_offsets, max_records)):
                    await self._log.news()
                return found
        return []

    async def lag(self) -> int:
        return self._log.behind(self._next_offsets)

    async def close(self) -> None:
        """Nothing is open."""


class _FailingLog(FakeLog):
    """A log that serves until it is told to fail."""

    def __init__(self, *, failing: bool = True, cluster_id: str = "fake") -> None:
        super().__init__(cluster_id=cluster_id)
        self.failing = failing


class AwayLog(_FailingLog):
    """A log that does not answer while ``failing``, with what was published before still in it."""

    def _serve(self) -> None:
        if self.failing:
            raise LogUnavailable("the fake broker is away")


class RefusingLog(_FailingLog):
    """A log that refuses us while ``failing``."""

    def _serve(self) -> None:
        if self.failing:
            raise Refused("the fake broker refuses us")


class LateLog(_FailingLog):
    """A log that takes what is published and, while ``failing``, does not acknowledge it in time."""

    def _acknowledge(self) -> None:
        if self.failing:
            raise LogUnavailable("the fake broker acknowledges too late")


class TooLargeLog(FakeLog):
    """A log that takes no message of more than ``most_bytes``."""

    def __init__(self, *, most_bytes: int) -> None:
        super().__init__()
        self._most_bytes = most_bytes

    def _append(self, message: Message) -> None:
        if len(message.value) > self._most_bytes:
            raise HosoError("the fake broker takes no message of this size", reason="too-large")
        super()._append(message)
