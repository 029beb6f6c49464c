"""Reading from Kafka: all partitions, from positions the caller keeps."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.errors import LogUnavailable
from shared.kafka.connection import CONNECT_SECONDS, connecting, our_errors, stop
from shared.log import Positions, Record


class KafkaReader:
    """A consumer without a group: positions are the caller's."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        cluster_id: str,
        partitions: list[TopicPartition],
    ) -> None:
        self._consumer = consumer
        self._partitions = partitions
        self._cluster_id = cluster_id

    @classmethod
    async def connect(
        cls,
        options: dict[str, Any],
        cluster_id: str,
        partitions: list[TopicPartition],
        positions: Positions,
    ) -> "KafkaReader":
        """Connect, assign and seek; a topic we may not read is refused here, not silently empty."""
        consumer = AIOKafkaConsumer(
            **options,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        async with connecting(consumer):
            await consumer.start()
            consumer.assign(partitions)
            for partition in partitions:
                offset = positions.get((partition.topic, partition.partition), 0)
                consumer.seek(partition, offset)
            await consumer.end_offsets(partitions)
        return cls(consumer, cluster_id, partitions)

    @property
    def cluster_id(self) -> str:
        """The id of the cluster this reader is connected to."""
        return self._cluster_id

    async def read(self, *, max_records: int, timeout_seconds: float) -> Sequence[Record]:
        """Return the next records, or nothing after ``timeout_seconds``."""
        with our_errors():
            batches = await self._consumer.getmany(timeout_ms=int(timeout_seconds * 1000), max_records=max_records)
        return [_record(r) for batch in batches.values() for r in batch]

    async def lag(self) -> int:
        """Return how many records were published and not yet read."""
        self._check_partitions()
        with our_errors():
            async with asyncio.timeout(CONNECT_SECONDS):
                ends = await self._consumer.end_offsets(self._partitions)
                return sum([end - await self._consumer.position(p) for p, end in ends.items()])

    def _check_partitions(self) -> None:
        """Raise where a topic was given partitions that nobody reads yet: a new reader does."""
        known = set(self._partitions)
        for topic in {partition.topic for partition in known}:
            numbers = self._consumer.partitions_for_topic(topic) or ()
            if not known.issuperset(TopicPartition(topic, number) for number in numbers):
                raise LogUnavailable("a topic has more partitions than before")

    async def close(self) -> None:
        """Disconnect."""
        await stop(self._consumer)


def _record(record: Any) -> Record:
    return Record(
        topic=record.topic,
        key=record.key or b"",
        value=record.value or b"",
        headers=tuple((name, value or b"") for name, value in record.headers),  # Kafka allows null
        partition=record.partition,
        offset=record.offset,
    )
