"""The in-process broker of the embedded default; the one door to confluent-kafka.

librdkafka's mock cluster speaks the real protocol on a loopback port. It is an EVALUATION
broker: it keeps everything in memory and forgets it at exit, drops old messages of a partition
that grows large, takes no admin calls, and allows one member a group. Nothing accepted is lost
by that: intake announces its journal again to a cluster it has not met.
"""

from types import TracebackType
from typing import Self

from confluent_kafka import Producer

from shared.topics import ALL_TOPICS

_METADATA_SECONDS = 10


class EmbeddedBroker:
    """A broker that lives as long as this object."""

    def __init__(self) -> None:
        self._cluster = Producer({"test.mock.num.brokers": 1, "log_level": 0})
        brokers = self._cluster.list_topics(timeout=_METADATA_SECONDS).brokers.values()
        self.bootstrap_servers = ",".join(f"{b.host}:{b.port}" for b in brokers)
        for topic in ALL_TOPICS:  # a topic comes into being when it is first asked for
            self._cluster.list_topics(topic.name, timeout=_METADATA_SECONDS)

    def __enter__(self) -> Self:
        """Return the running broker."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget everything."""
        del self._cluster
