"""The rights in the manifests are enough for each service and for nothing else: on a real broker that asks."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.manifests import built_overlay
from deploy.local.service import Service
from shared.errors import Refused
from shared.kafka import KafkaLog
from shared.log import Message, Record
from shared.settings import KafkaSettings
from shared.topics import BULK, DEAD_LETTERS, DOSSIERS, EXPRESS, REFERENCE, Topic
from tests.deploy.guarded_kafka import PASSWORD, GuardedKafka
from tests.servers import started, wait_until

PUBLISHES = {
    "hoso-intake": (DOSSIERS, EXPRESS, BULK),
    "hoso-registry": (DOSSIERS, REFERENCE),
    "hoso-ocr-express": (EXPRESS, DOSSIERS, DEAD_LETTERS),
    "hoso-ocr-bulk": (BULK, DOSSIERS, DEAD_LETTERS),
    "hoso-dead-letters": (DEAD_LETTERS, EXPRESS, BULK),
}
FOLLOWS = {
    "hoso-intake": (DOSSIERS, REFERENCE),
    "hoso-registry": (DOSSIERS,),
    "hoso-dead-letters": (DEAD_LETTERS,),
}
FORBIDDEN = {
    "hoso-intake": (REFERENCE, DEAD_LETTERS),
    "hoso-registry": (EXPRESS, BULK, DEAD_LETTERS),
    "hoso-ocr-express": (BULK, REFERENCE),
    "hoso-ocr-bulk": (EXPRESS, REFERENCE),
    "hoso-dead-letters": (DOSSIERS, REFERENCE),
}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedKafka]:
    users = [each for each in built_overlay("commune") if each["kind"] == "KafkaUser"]
    names = [user["metadata"]["name"] for user in users]
    with started(lambda: GuardedKafka(tmp_path_factory.mktemp("guarded"), names)) as kafka:
        asyncio.run(KafkaLog(KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)).declare_topics())
        kafka.allow(users)
        yield kafka


def message(topic: Topic) -> Message:
    return Message(topic.name, b"key", b"not what anybody expects", ())


async def publish(log: KafkaLog, topic: Topic) -> None:
    publisher = await log.publisher()
    try:
        await publisher.publish([message(topic)])
    finally:
        await publisher.close()


async def read(log: KafkaLog, topic: Topic) -> list[Record]:
    reader = await log.reader([topic.name], {})
    try:
        found: list[Record] = []
        while await reader.lag():
            found += await reader.read(max_records=100, timeout_seconds=1)
        return found
    finally:
        await reader.close()


async def refused(work: Callable[[], Awaitable[Any]]) -> bool:
    try:
        await work()
    except Refused:
        return True
    return False


def test_each_may_publish_what_is_its_own_and_nothing_else(broker: GuardedKafka) -> None:
    async def go() -> None:
        for user, topics in PUBLISHES.items():
            for topic in topics:
                await publish(KafkaLog(broker.settings(user)), topic)
        for user, topics in FORBIDDEN.items():
            for topic in topics:
                log = KafkaLog(broker.settings(user))
                assert await refused(partial(publish, log, topic)), (user, topic.name)

    asyncio.run(go())


def test_each_may_follow_what_it_follows(broker: GuardedKafka) -> None:
    async def go() -> None:
        for user, topics in FOLLOWS.items():
            log = KafkaLog(broker.settings(user))
            assert await log.cluster_id()
            for topic in topics:
                await publish(KafkaLog(KafkaSettings(bootstrap_servers=broker.bootstrap_servers)), topic)
                assert await read(log, topic), (user, topic.name)

    asyncio.run(go())


def test_a_worker_joins_its_group_and_settles_what_it_cannot_read(broker: GuardedKafka, tmp_path: Path) -> None:
    given = broker.settings("hoso-ocr-express")
    environment = {
        "HOSO_KAFKA_BOOTSTRAP_SERVERS": given.bootstrap_servers,
        "HOSO_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "HOSO_KAFKA_SASL_MECHANISM": "PLAIN",
        "HOSO_KAFKA_USERNAME": given.username,
        "HOSO_KAFKA_PASSWORD": PASSWORD,
        "HOSO_KAFKA_DECLARE_TOPICS": "false",
        "HOSO_STORE_DIRECTORY": str(tmp_path / "objects"),
        "HOSO_OCR_LANE": "express",
        "HOSO_OCR_THREADS": "1",
        "HOSO_OCR_WORK_DIRECTORY": str(tmp_path / "work"),
    }
    own = KafkaLog(KafkaSettings(bootstrap_servers=broker.bootstrap_servers))
    key = uuid4().hex.encode()

    async def offer() -> None:
        publisher = await own.publisher()
        await publisher.publish([Message(EXPRESS.name, key, b"no event", ())])
        await publisher.close()

    asyncio.run(offer())
    with Service("ocr", tmp_path / "ocr", environment) as worker:
        assert wait_until(worker.ready, timeout_seconds=90)
        assert wait_until(
            lambda: key in {record.key for record in asyncio.run(read(own, DEAD_LETTERS))}, timeout_seconds=60
        )
