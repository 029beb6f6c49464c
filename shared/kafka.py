"""The log on Kafka, real or in-process; the one door to aiokafka.

aiokafka's defaults lose data (acks=1, no idempotence, latest offsets, auto commit): all four are
set here. Its idempotent producer never times out by itself, so a deadline stands around it.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    for_code,
)

from shared.errors import HosoError, LogUnavailable, Refused
from shared.log import Message, Positions, Publisher, Reader, Record
from shared.settings import KafkaSettings
from shared.topics import ALL_TOPICS, Topic

_REFUSALS = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
)
_BROKEN_PRODUCER = (OutOfOrderSequenceNumber, ProducerFenced)
_CONNECT_SECONDS = 10
T = TypeVar("T")


@contextmanager
def our_errors() -> Iterator[None]:
    """Turn aiokafka's errors into ours."""
    try:
        yield
    except _REFUSALS as error:
        raise Refused(f"the broker refuses us: {type(error).__name__}") from error
    except MessageSizeTooLargeError as error:
        raise HosoError("the broker takes no message of this size", reason="too-large") from error
    except (KafkaError, OSError, TimeoutError) as error:
        raise LogUnavailable(f"the broker does not answer: {type(error).__name__}") from error


def connection_options(settings: KafkaSettings) -> dict[str, Any]:
    """Return the options every aiokafka client takes to connect and to prove who it is."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap_servers,
        "client_id": settings.client_id,
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.username
        options["sasl_plain_password"] = settings.password.get_secret_value()
    if settings.security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl.create_default_context(cafile=settings.ca_file)
    return options


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
                async with asyncio.timeout(_CONNECT_SECONDS):
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


class KafkaPublisher:
    """An idempotent producer with a deadline.

    What missed its deadline is still under way and may arrive; until its fate is known nothing
    new is handed to the producer, so an outage of hours holds one batch in memory, not many.
    """

    def __init__(self, options: dict[str, Any], timeout_seconds: float) -> None:
        self._options = options
        self._timeout_seconds = timeout_seconds
        self._producer: AIOKafkaProducer | None = None
        self._under_way: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Connect; raises ``LogUnavailable`` when no broker answers in time."""
        producer = AIOKafkaProducer(**self._options, acks="all", enable_idempotence=True)
        with our_errors():
            async with asyncio.timeout(_CONNECT_SECONDS):
                await _start_or_stop(producer)
        self._producer = producer

    async def publish(self, messages: Sequence[Message]) -> None:
        """Publish in order and wait for every acknowledgement."""
        if self._under_way is not None:
            await self._settle(self._under_way, ignore_errors=True)
        if self._producer is None:
            await self.connect()
        self._under_way = asyncio.create_task(self._send(messages))
        await self._settle(self._under_way, ignore_errors=False)

    async def _settle(self, task: asyncio.Task[None], *, ignore_errors: bool) -> None:
        done, _ = await asyncio.wait([task], timeout=self._timeout_seconds)
        if not done:
            raise LogUnavailable("no acknowledgement in time")
        self._under_way = None
        if isinstance(task.exception(), _BROKEN_PRODUCER):
            await self._drop()
        if not ignore_errors:
            with our_errors():
                task.result()

    async def _send(self, messages: Sequence[Message]) -> None:
        assert self._producer is not None
        sent: list[Awaitable[Any]] = []
        for m in messages:
            sent.append(await self._producer.send(m.topic, value=m.value, key=m.key, headers=list(m.headers)))
        await asyncio.gather(*sent)

    async def _drop(self) -> None:
        """Part from a producer that cannot go on; the next publish connects a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop_within(producer, seconds=2)

    async def close(self) -> None:
        """Send what is under way if the broker still answers, and disconnect."""
        if self._under_way is not None:
            await asyncio.wait([self._under_way], timeout=self._timeout_seconds)
            self._under_way.cancel()
        await self._drop()


async def _start_or_stop(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    started = False
    try:
        await client.start()
        started = True
    finally:
        if not started:
            await client.stop()


async def _stop_within(client: AIOKafkaProducer | AIOKafkaConsumer, *, seconds: float) -> None:
    """Stop a client; with its broker away that would wait for ever."""
    stopping = asyncio.create_task(client.stop())
    await asyncio.wait([stopping], timeout=seconds)
    stopping.cancel()


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
        reader = cls(consumer, cluster_id, partitions)
        with our_errors():
            async with asyncio.timeout(_CONNECT_SECONDS):
                await _start_or_stop(consumer)
                consumer.assign(partitions)
                for partition in partitions:
                    offset = positions.get((partition.topic, partition.partition), 0)
                    consumer.seek(partition, offset)
                await consumer.end_offsets(partitions)
        return reader

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
        with our_errors():
            async with asyncio.timeout(_CONNECT_SECONDS):
                ends = await self._consumer.end_offsets(self._partitions)
                return sum([end - await self._consumer.position(p) for p, end in ends.items()])

    async def close(self) -> None:
        """Disconnect."""
        await _stop_within(self._consumer, seconds=2)


def _record(record: Any) -> Record:
    return Record(
        topic=record.topic,
        key=record.key or b"",
        value=record.value or b"",
        headers=tuple(record.headers),
        partition=record.partition,
        offset=record.offset,
    )
