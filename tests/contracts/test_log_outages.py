"""The log while its broker is killed, frozen and started again: Kafka only."""

import asyncio
import time
from collections.abc import Callable, Sequence

import pytest

from deploy.local.servers import Kafka
from shared.errors import LogUnavailable
from shared.log import Message, Publisher, Record
from tests.contracts.test_log import TOPIC, Conversation, kafka_log, numbers, run


@pytest.fixture
def talk(kafka: Kafka) -> Conversation:
    log = kafka_log(kafka.bootstrap_servers)
    run(log.declare_topics())
    return Conversation(log)


async def in_a_thread(work: Callable[[], object]) -> None:
    await asyncio.to_thread(work)


async def publish_until_acknowledged(publisher: Publisher, messages: Sequence[Message]) -> None:
    while True:
        try:
            return await publisher.publish(messages)
        except LogUnavailable:
            await asyncio.sleep(0.1)


def first_of_each(records: Sequence[Record]) -> list[int]:
    return list(dict.fromkeys(numbers(records)))


def test_a_publisher_lives_through_the_death_of_its_broker(kafka: Kafka, talk: Conversation) -> None:
    async def go() -> None:
        publisher = await talk.log.publisher()
        await publisher.publish([talk.message(0)])
        await in_a_thread(kafka.kill)
        tasks = None
        for _ in range(3):  # what is offered during an outage is refused, not collected
            start = time.monotonic()
            with pytest.raises(LogUnavailable):
                await publisher.publish([talk.message(n) for n in range(1, 50)])
            assert time.monotonic() - start < 4
            tasks = tasks or len(asyncio.all_tasks())
            assert len(asyncio.all_tasks()) <= tasks
        await in_a_thread(kafka.start)
        await publish_until_acknowledged(publisher, [talk.message(n) for n in range(1, 100)])
        await publisher.close()
        assert first_of_each(await talk.read_from({}, 100)) == list(range(100))

    run(go())


def test_a_publisher_closed_in_an_outage_is_gone_for_good(
    kafka: Kafka, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.kafka.reader.CONNECT_SECONDS", 1)

    async def go() -> None:
        publisher = await talk.log.publisher()
        await publisher.publish([talk.message(0)])
        reader = await talk.log.reader([TOPIC], {})
        await in_a_thread(kafka.kill)
        with pytest.raises(LogUnavailable):
            await publisher.publish([talk.message(1)])
        start = time.monotonic()
        await publisher.close()
        assert time.monotonic() - start < 10
        with pytest.raises(LogUnavailable):
            await reader.lag()
        await reader.close()
        await asyncio.sleep(0.1)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await in_a_thread(kafka.start)
        await talk.publish(talk.message(2))
        assert numbers(await talk.read_from({}, 2)) == [0, 2]

    run(go())


def test_a_frozen_broker_is_told_in_time_and_nothing_is_lost(kafka: Kafka, talk: Conversation) -> None:
    async def go() -> None:
        publisher = await talk.log.publisher()
        reader = await talk.log.reader([TOPIC], {})
        await publisher.publish([talk.message(0)])
        kafka.pause()
        start = time.monotonic()
        with pytest.raises(LogUnavailable):
            await publisher.publish([talk.message(1)])
        assert time.monotonic() - start < 4
        kafka.resume()
        await publish_until_acknowledged(publisher, [talk.message(1), talk.message(2)])
        assert first_of_each(await talk.read(reader, 4)) == [0, 1, 2]  # 1 arrived twice
        await publisher.close()
        await reader.close()

    run(go())


def test_a_reader_lives_through_the_death_of_its_broker(kafka: Kafka, talk: Conversation) -> None:
    async def go() -> None:
        await talk.publish(*(talk.message(n) for n in range(10)))
        reader = await talk.log.reader([TOPIC], {})
        before = await talk.read(reader, 10)
        await in_a_thread(kafka.kill)
        assert talk.ours(await reader.read(max_records=10, timeout_seconds=0.5)) == []
        await in_a_thread(kafka.start)
        await talk.publish(*(talk.message(n) for n in range(10, 20)))
        assert numbers(before + await talk.read(reader, 10)) == list(range(20))
        await reader.close()

    run(go())
