"""The contract of the log: the fake, the in-process broker and Kafka.

Not tried here: topics we may not read or write, which need a broker with users and rights.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from typing import TypeVar
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.structs import TopicPartition

from deploy.local.servers import Kafka
from shared.embedded_broker import EmbeddedBroker
from shared.errors import HosoError, LogUnavailable, Refused
from shared.kafka import KafkaLog
from shared.log import Log, Message, Positions, Reader, Record
from shared.settings import KafkaSettings
from shared.topics import ALL_TOPICS, BULK, DOSSIERS, EXPRESS, REFERENCE
from tests.fakes.log import AwayLog, FakeLog, LateLog, RefusingLog, TooLargeLog

TOPIC = DOSSIERS.name
T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T:
    """Run a test's coroutine with a deadline, and see that it leaves no task behind."""

    async def watched() -> T:
        async with asyncio.timeout(90):
            result = await work
        await asyncio.sleep(0.1)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left
        return result

    return asyncio.run(watched())


def kafka_log(bootstrap_servers: str, *, declare_topics: bool = True) -> KafkaLog:
    return KafkaLog(
        KafkaSettings(bootstrap_servers=bootstrap_servers, declare_topics=declare_topics, publish_timeout_seconds=2)
    )


@pytest.fixture
def embedded() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as broker:
        yield broker


@pytest.fixture(params=["fake", "embedded", "kafka"])
def broker(request: pytest.FixtureRequest) -> Log:
    if request.param == "fake":
        return FakeLog()
    if request.param == "embedded":
        return kafka_log(request.getfixturevalue("embedded").bootstrap_servers, declare_topics=False)
    log = kafka_log(request.getfixturevalue("kafka").bootstrap_servers)
    run(log.declare_topics())
    return log


class Conversation:
    """Messages of one test, told from those of the others by their keys."""

    def __init__(self, log: Log, topic: str = TOPIC) -> None:
        self.log = log
        self.topic = topic
        self.mark = uuid4().hex.encode()

    def message(self, number: int, *, key: int = 0, value: bytes | None = None) -> Message:
        return Message(
            self.topic,
            b"%s-%d" % (self.mark, key),
            str(number).encode() if value is None else value,
            (("ce_id", str(number).encode()), ("empty", b"")),
        )

    def ours(self, records: Sequence[Record]) -> list[Record]:
        return [record for record in records if record.key.startswith(self.mark)]

    async def publish(self, *messages: Message) -> None:
        publisher = await self.log.publisher()
        try:
            await publisher.publish(messages)
        finally:
            await publisher.close()

    async def read(self, reader: Reader, count: int) -> list[Record]:
        """Return at least ``count`` records of this test."""
        found: list[Record] = []
        while len(found) < count:
            found += self.ours(await reader.read(max_records=500, timeout_seconds=1))
        return found

    async def read_from(self, positions: Positions, count: int) -> list[Record]:
        reader = await self.log.reader([self.topic], positions)
        found = await self.read(reader, count)
        await reader.close()
        return found


def numbers(records: Sequence[Record]) -> list[int]:
    return [int(record.value) for record in records]


def test_what_was_published_is_read_whole(broker: Log) -> None:
    talk = Conversation(broker)

    async def go() -> None:
        await talk.publish(talk.message(7))
        (record,) = await talk.read_from({}, 1)
        assert Message(record.topic, record.key, record.value, record.headers) == talk.message(7)
        assert record.partition >= 0
        assert record.offset >= 0

    run(go())


def test_messages_of_one_key_keep_their_order(broker: Log) -> None:
    talk = Conversation(broker)

    async def go() -> None:
        await talk.publish(*(talk.message(n, key=n % 7) for n in range(700)))
        records = await talk.read_from({}, 700)
        for key in range(7):
            of_key = [r for r in records if r.key == talk.message(0, key=key).key]
            assert numbers(of_key) == list(range(key, 700, 7))
            assert len({r.partition for r in of_key}) == 1
            assert [r.offset for r in of_key] == sorted(r.offset for r in of_key)

    run(go())


def test_a_reader_goes_on_where_it_stood(broker: Log) -> None:
    talk = Conversation(broker)

    async def go() -> None:
        await talk.publish(*(talk.message(n, key=n) for n in range(50)))
        first = await broker.reader([TOPIC], {})
        positions: dict[tuple[str, int], int] = {}
        before: list[Record] = []
        while len(before) < 20:
            records = await first.read(max_records=10, timeout_seconds=1)
            positions |= {(r.topic, r.partition): r.offset + 1 for r in records}
            before += talk.ours(records)
        await first.close()
        after = await talk.read_from(positions, 50 - len(before))
        assert sorted(numbers(before + after)) == list(range(50))

    run(go())


def test_an_empty_topic_is_no_error(broker: Log) -> None:
    async def go() -> None:
        reader = await broker.reader([BULK.name], {})
        start = time.monotonic()
        assert await reader.read(max_records=10, timeout_seconds=0.3) == []
        assert 0.2 < time.monotonic() - start < 2
        assert await reader.lag() == 0
        await reader.close()

    run(go())


def test_a_waiting_reader_hears_soon(broker: Log) -> None:
    talk = Conversation(broker, EXPRESS.name)

    async def go() -> None:
        reader = await broker.reader([EXPRESS.name], {})
        while await reader.lag():
            await reader.read(max_records=500, timeout_seconds=0.1)
        waiting = asyncio.create_task(reader.read(max_records=10, timeout_seconds=10))
        await asyncio.sleep(0.2)
        start = time.monotonic()
        await talk.publish(talk.message(1))
        assert len(talk.ours(await waiting)) == 1
        assert time.monotonic() - start < 2
        await reader.close()

    run(go())


def test_lag_counts_what_is_left(broker: Log) -> None:
    talk = Conversation(broker)

    async def go() -> None:
        reader = await broker.reader([TOPIC], {})
        while await reader.lag():
            await reader.read(max_records=500, timeout_seconds=0.1)
        await talk.publish(*(talk.message(n, key=n) for n in range(10)))
        assert await reader.lag() == 10
        read = 0
        while read < 4:
            read += len(await reader.read(max_records=4 - read, timeout_seconds=1))
        assert (read, await reader.lag()) == (4, 6)
        await reader.close()

    run(go())


def test_readers_do_not_disturb_each_other(broker: Log) -> None:
    talk = Conversation(broker)

    async def go() -> None:
        await talk.publish(*(talk.message(n) for n in range(5)))
        found = await asyncio.gather(*(talk.read_from({}, 5) for _ in range(3)))
        assert [numbers(records) for records in found] == [list(range(5))] * 3

    run(go())


def test_topics_are_read_together_and_apart(broker: Log) -> None:
    talk, other = Conversation(broker), Conversation(broker, REFERENCE.name)

    async def go() -> None:
        await talk.publish(talk.message(1))
        await other.publish(other.message(2))
        reader = await broker.reader([TOPIC, REFERENCE.name], {})
        seen: set[str] = set()
        while seen != {TOPIC, REFERENCE.name}:
            records = await reader.read(max_records=100, timeout_seconds=1)
            seen |= {r.topic for r in talk.ours(records) + other.ours(records)}
        await reader.close()
        assert {r.topic for r in await talk.read_from({}, 1)} == {TOPIC}

    run(go())


def test_the_cluster_keeps_its_id(broker: Log) -> None:
    async def go() -> None:
        reader = await broker.reader([TOPIC], {})
        assert reader.cluster_id == await broker.cluster_id() == await broker.cluster_id()
        assert reader.cluster_id
        await reader.close()

    run(go())


def test_topics_are_declared_by_several_at_once(broker: Log) -> None:
    async def go() -> None:
        await asyncio.gather(*(broker.declare_topics() for _ in range(4)))
        reader = await broker.reader([topic.name for topic in ALL_TOPICS], {})
        assert await reader.lag() >= 0
        await reader.close()

    run(go())


def test_a_topic_nobody_made_cannot_be_published_to(kafka: Kafka) -> None:
    with pytest.raises(LogUnavailable):
        run(Conversation(FakeLog(), "nowhere").publish(Message("nowhere", b"k", b"v")))
    with pytest.raises(LogUnavailable):
        run(Conversation(kafka_log(kafka.bootstrap_servers), "nowhere").publish(Message("nowhere", b"k", b"v")))


def test_one_publisher_serves_several_callers(broker: Log) -> None:
    talk = Conversation(broker)

    async def go() -> None:
        publisher = await broker.publisher()
        await asyncio.gather(
            *(publisher.publish([talk.message(n, key=c) for n in range(20)]) for c in range(10)),
        )
        await publisher.close()
        records = await talk.read_from({}, 200)
        for c in range(10):
            assert numbers([r for r in records if r.key == talk.message(0, key=c).key]) == list(range(20))

    run(go())


@pytest.fixture(params=["fake", "embedded", "kafka"])
def strict(request: pytest.FixtureRequest) -> Log:
    if request.param == "fake":
        return TooLargeLog(most_bytes=1_000_000)
    return kafka_log(request.getfixturevalue(request.param).bootstrap_servers, declare_topics=request.param == "kafka")


def test_a_message_too_large_fails_alone(strict: Log) -> None:
    talk = Conversation(strict)

    async def go() -> None:
        await strict.declare_topics()
        publisher = await strict.publisher()
        with pytest.raises(HosoError) as caught:
            await publisher.publish([talk.message(1), talk.message(2, value=bytes(2_000_000)), talk.message(3)])
        assert (caught.value.reason, caught.value.retriable) == ("too-large", False)
        await publisher.publish([talk.message(4)])
        await publisher.close()
        assert numbers(await talk.read_from({}, 2))[-1] == 4

    run(go())


@pytest.fixture(params=["embedded", "kafka"])
def bootstrap_servers(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param).bootstrap_servers)


def test_a_foreign_message_without_value_or_header_value_is_read(bootstrap_servers: str) -> None:
    log = kafka_log(bootstrap_servers, declare_topics=False)
    talk = Conversation(log)

    async def go() -> None:
        foreign = AIOKafkaProducer(bootstrap_servers=bootstrap_servers)
        await foreign.start()
        await foreign.send_and_wait(TOPIC, value=None, key=talk.message(0).key, headers=[("ce_type", None)])
        await foreign.stop()
        (record,) = await talk.read_from({}, 1)
        assert (record.value, record.headers) == (b"", (("ce_type", b""),))

    run(go())


def test_each_broker_in_process_is_another_cluster(embedded: EmbeddedBroker) -> None:
    # its id is a memory address: two processes differ, two brokers in one after the other may not
    broker = "with EmbeddedBroker() as b: print(run(kafka_log(b.bootstrap_servers).cluster_id()))"
    ask = f"from tests.contracts.test_log import *\n{broker}"
    other = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert other.stdout.strip() != run(kafka_log(embedded.bootstrap_servers).cluster_id())
    assert other.stdout.startswith("mockCluster")


async def with_admin(kafka: Kafka, ask: Callable[[AIOKafkaAdminClient], Awaitable[T]]) -> T:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await admin.start()
    try:
        return await ask(admin)
    finally:
        await admin.close()


def test_a_position_older_than_what_is_held_means_the_oldest_held() -> None:
    async def go() -> None:
        log = FakeLog()
        talk = Conversation(log)
        await talk.publish(*(talk.message(n) for n in range(10)))
        where = log.records(TOPIC)[0]
        log.forget_before((TOPIC, where.partition), 6)
        assert numbers(await talk.read_from({}, 4)) == [6, 7, 8, 9]

    run(go())


def test_kafka_reads_on_from_the_oldest_record_held(kafka: Kafka) -> None:
    log = kafka_log(kafka.bootstrap_servers)
    talk = Conversation(log)

    async def go() -> None:
        await log.declare_topics()
        await talk.publish(*(talk.message(n) for n in range(10)))
        first = (await talk.read_from({}, 10))[0]
        partition = TopicPartition(TOPIC, first.partition)
        await with_admin(kafka, lambda a: a.delete_records({partition: RecordsToDelete(first.offset + 6)}))
        for positions in ({}, {(TOPIC, first.partition): first.offset}):
            assert numbers(await talk.read_from(positions, 4)) == [6, 7, 8, 9]

    run(go())


async def lag_until(reader: Reader, deadline: float) -> None:
    while time.monotonic() < deadline:
        await reader._consumer._client.force_metadata_update()  # type: ignore[attr-defined]  # else every 5 minutes
        await reader.lag()


def test_partitions_added_to_a_topic_are_not_overlooked(kafka: Kafka) -> None:
    log = kafka_log(kafka.bootstrap_servers)

    async def go() -> None:
        await log.declare_topics()
        reader = await log.reader([BULK.name], {})
        await with_admin(kafka, lambda a: a.create_partitions({BULK.name: NewPartitions(7)}))
        deadline = time.monotonic() + 20
        with pytest.raises(LogUnavailable, match="more partitions"):
            await lag_until(reader, deadline)
        await reader.close()

    run(go())


def test_a_broker_that_is_not_there_is_told_in_time() -> None:
    log = kafka_log("127.0.0.1:1")

    async def go() -> None:
        asks: list[Callable[[], Awaitable[object]]] = [
            log.cluster_id,
            log.declare_topics,
            log.publisher,
            lambda: log.reader([TOPIC], {}),
        ]
        for ask in asks:
            with pytest.raises(LogUnavailable):
                await ask()

    start = time.monotonic()
    run(go())
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(("log", "error"), [(AwayLog(), LogUnavailable), (RefusingLog(), Refused)], ids=["away", "no"])
def test_a_failing_fake_fails_until_it_is_mended(log: AwayLog | RefusingLog, error: type[HosoError]) -> None:
    talk = Conversation(log)

    async def go() -> None:
        for ask in (log.cluster_id, log.declare_topics, log.publisher):
            with pytest.raises(error):
                await ask()
        log.failing = False
        publisher = await log.publisher()
        reader = await log.reader([TOPIC], {})
        log.failing = True
        with pytest.raises(error):
            await publisher.publish([talk.message(1)])
        with pytest.raises(error):
            await reader.read(max_records=1, timeout_seconds=0)
        with pytest.raises(error):
            await reader.lag()
        log.failing = False
        await publisher.publish([talk.message(2)])
        assert numbers(await talk.read(reader, 1)) == [2]

    run(go())


def test_a_late_fake_takes_what_it_does_not_acknowledge() -> None:
    log = LateLog()
    talk = Conversation(log)

    async def go() -> None:
        publisher = await log.publisher()
        with pytest.raises(LogUnavailable):
            await publisher.publish([talk.message(1)])
        assert numbers(log.records(TOPIC)) == [1]

    run(go())
