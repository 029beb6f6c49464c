"""The log as a port: messages, a publisher, a reader; Kafka's own words, none of its library.

The adapters are ``shared.kafka`` (aiokafka, on a real or the in-process broker) and the fake
under ``tests/``; one contract suite runs on all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Headers = tuple[tuple[str, bytes], ...]
Partition = tuple[str, int]
Positions = Mapping[Partition, int]


@dataclass(frozen=True)
class Message:
    """Something to publish: ``key`` decides the partition, and so what is kept in order."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers = ()


@dataclass(frozen=True)
class Record(Message):
    """Something read: a message and where it stands."""

    partition: int = -1
    offset: int = -1


class Publisher(Protocol):
    """Publishes messages so that an acknowledged one survives the loss of a broker."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Publish in the given order and return when every message is acknowledged.

        Messages of one key keep their order. Raises ``LogUnavailable`` when an acknowledgement
        did not come in time: each message then may or may not have arrived, and publishing
        again may double it, so event ids are deterministic. Raises ``Refused`` when the
        broker denies us the topic.
        """

    async def close(self) -> None:
        """Send what is under way and disconnect."""


class Reader(Protocol):
    """Reads all partitions of some topics from given positions; it stores no offsets itself."""

    @property
    def cluster_id(self) -> str:
        """The id of the cluster: offsets of another cluster mean nothing here."""

    async def read(self, *, max_records: int, timeout_seconds: float) -> Sequence[Record]:
        """Return the next records, or nothing after ``timeout_seconds``.

        Records of one partition come in order and without a hole. Raises ``LogUnavailable``
        or ``Refused``.
        """

    async def lag(self) -> int:
        """Return how many records were published and not yet read."""

    async def close(self) -> None:
        """Disconnect."""


class Log(Protocol):
    """A broker to publish to and read from."""

    async def declare_topics(self) -> None:
        """Create the topics of ``shared.topics`` that are missing; leave the others alone."""

    async def cluster_id(self) -> str:
        """Return the id of the cluster, constant for its life."""

    async def publisher(self) -> Publisher:
        """Connect and return a publisher."""

    async def reader(self, topics: Sequence[str], positions: Positions) -> Reader:
        """Connect and return a reader that starts at ``positions``.

        A partition without a position is read from its beginning; a position older than what
        the broker still holds means from the oldest record held.
        """
