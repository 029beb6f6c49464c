"""A Kafka cluster as the log."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.kafka.connection import CONNECT_SECONDS, connection_options, our_errors
from shared.kafka.publisher import KafkaPublisher
from shared.kafka.reader import KafkaReader
from shared.log import Positions, Publisher, Reader
from shared.settings import KafkaSettings
from shared.topics import ALL_TOPICS, Topic

T = TypeVar("T")


class KafkaLog:
    """A Kafka cluster."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._options = connection_options(settings)

    async def declare_topics(self) -> None:
        """Create the topics that are missing, unless the settings leave that to somebody else."""
        if self._settings.declare_topics:
            await self._with_admin(self._create_missing)

    async def _create_missing(self, admin: AIOKafkaAdminClient) -> None:
        present = set(await admin.list_topics())
        missing = [self._new_topic(t) for t in ALL_TOPICS if t.name not in present]
        if missing:
            _check_created(await admin.create_topics(missing))

    def _new_topic(self, topic: Topic) -> NewTopic:
        # dossiers are the memory everybody can rebuild from: kept for ever
        policy = {"cleanup.policy": "compact"} if topic.compacted else {"retention.ms": "-1"}
        return NewTopic(
            name=topic.name,
            num_partitions=1 if topic.single_partition else self._settings.partitions,
            replication_factor=self._settings.replication_factor,
            topic_configs=policy,
        )

    async def cluster_id(self) -> str:
        """Return the id of the cluster."""

        async def ask(admin: AIOKafkaAdminClient) -> str:
            return str((await admin.describe_cluster())["cluster_id"])

        return await self._with_admin(ask)

    async def _with_admin(self, ask: Callable[[AIOKafkaAdminClient], Awaitable[T]]) -> T:
        admin = AIOKafkaAdminClient(**self._options)
        with our_errors():
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await admin.start()
                    return await ask(admin)
            finally:
                await admin.close()

    async def publisher(self) -> Publisher:
        """Connect an idempotent producer."""
        publisher = KafkaPublisher(self._options, self._settings.publish_timeout_seconds)
        await publisher.connect()
        return publisher

    async def reader(self, topics: Sequence[str], positions: Positions) -> Reader:
        """Connect a consumer of all partitions of ``topics``."""

        async def ask(admin: AIOKafkaAdminClient) -> tuple[str, list[TopicPartition]]:
            described = await admin.describe_topics(list(topics))
            cluster = await admin.describe_cluster()
            return str(cluster["cluster_id"]), _partitions(described)

        cluster_id, partitions = await self._with_admin(ask)
        return await KafkaReader.connect(self._options, cluster_id, partitions, positions)


def _check_created(response: Any) -> None:
    for _, code, *_ in response.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error("a topic could not be created")


def _partitions(described: Iterable[dict[str, Any]]) -> list[TopicPartition]:
    found = []
    for topic in described:
        if topic["error_code"]:
            raise for_code(topic["error_code"])("a topic cannot be read")
        found += [TopicPartition(topic["topic"], p["partition"]) for p in topic["partitions"]]
    return found
