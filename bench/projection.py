"""Events a second from Kafka into the registry's tables, against a bare aiokafka loop that decodes the same.

Rounds of all alternate, so that what else the machine does falls on all; the figures are medians. Beside
the seconds that went by stand the seconds of a processor: ours, which runs on one core whatever the
machine has, and PostgreSQL's. Goal: 20,000 events a second.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.lives import Lives
from deploy.local.servers import Kafka, PostgreSQL
from services.registry import tables
from services.registry.app import collect_less
from services.registry.projection import apply
from shared.database import Database
from shared.events import decode
from shared.follower import Follower
from shared.kafka import KafkaLog
from shared.log import Record
from shared.settings import KafkaSettings
from shared.topics import DOSSIERS

ROUNDS, LIVES = 3, 20_000
DAYS = 40  # so that 500 are opened a day, and most of a life's events come in different batches
PUBLISHED_AT_ONCE = 5000


@dataclass(frozen=True)
class Took:
    """The seconds one round took: by the clock, of our processor, of PostgreSQL's."""

    wall: float
    ours: float
    theirs: float = 0

    def line(self, events: int) -> str:
        """Return the cells of a table's row."""
        each = (events / self.wall, events / self.ours, 1e6 * self.ours / events, 1e6 * self.theirs / events)
        return " | ".join(f"{figure:,.0f}" for figure in each)


def measure(folder: Path) -> None:
    """Print a table of the median rounds."""
    collect_less()  # as the service does
    with Kafka(folder / "kafka") as kafka, PostgreSQL(folder / "postgresql") as postgres:
        asyncio.run(_measure(folder, KafkaSettings(bootstrap_servers=kafka.bootstrap_servers), postgres))


async def _measure(folder: Path, settings: KafkaSettings, postgres: PostgreSQL) -> None:
    events = await _publish(settings)
    rounds: dict[str, list[Took]] = {"bare aiokafka, decoded": [], "into PostgreSQL": [], "into SQLite": []}
    bare, postgresql, sqlite = rounds.values()
    for number in range(ROUNDS):
        bare.append(await _timed(lambda: _read_bare(settings, events)))
        postgresql.append(await _projected(settings, postgres.create_database(f"round{number}")))
        sqlite.append(await _projected(settings, f"sqlite:///{folder}/round{number}.db"))
    print(f"projection of {events:,} events of {LIVES:,} dossiers, medians of {ROUNDS} rounds (goal 20,000 events/s)\n")
    print(
        "| what | events/s | events/s of our processor | our µs/event | PostgreSQL's µs/event |\n|---|---|---|---|---|"
    )
    for name, took in rounds.items():
        print(f"| {name} | {_median(took).line(events)} |")
    ratio = statistics.median(b.wall / p.wall for b, p in zip(bare, postgresql, strict=True))
    print(f"\ninto PostgreSQL {ratio:.2f} of the bare loop")


def _median(rounds: list[Took]) -> Took:
    return sorted(rounds, key=lambda took: took.wall)[len(rounds) // 2]


async def _publish(settings: KafkaSettings) -> int:
    log, count = KafkaLog(settings), 0
    await log.declare_topics()
    publisher = await log.publisher()
    batch = []
    for message in Lives().messages(LIVES, days=DAYS):
        batch.append(message)
        if len(batch) == PUBLISHED_AT_ONCE:
            await publisher.publish(batch)
            count, batch = count + len(batch), []
    if batch:
        await publisher.publish(batch)
    await publisher.close()
    return count + len(batch)


async def _timed(work: Callable[[], Awaitable[None]]) -> Took:
    wall, ours, theirs = time.perf_counter(), time.process_time(), _seconds_of_postgres()
    await work()
    return Took(time.perf_counter() - wall, time.process_time() - ours, _seconds_of_postgres() - theirs)


def _seconds_of_postgres() -> float:
    seconds = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "postgres" in process.name():
                times = process.cpu_times()
                seconds += times.user + times.system
    return seconds


async def _read_bare(settings: KafkaSettings, events: int) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.bootstrap_servers, group_id=None)
    await consumer.start()
    partitions = [TopicPartition(DOSSIERS.name, number) for number in range(settings.partitions)]
    consumer.assign(partitions)
    await consumer.seek_to_beginning(*partitions)
    seen = 0
    while seen < events:
        for records in (await consumer.getmany(timeout_ms=500)).values():
            for r in records:
                seen += decode(Record(r.topic, r.key, r.value, tuple(r.headers))) is not None
    await consumer.stop()


async def _projected(settings: KafkaSettings, url: str) -> Took:
    database = Database(url)
    database.create(tables.metadata)
    follower = Follower(
        database, tables.positions, KafkaLog(settings), name=tables.FOLLOWER, topics=[DOSSIERS.name], apply=apply
    )

    async def replay() -> None:
        following = asyncio.create_task(follower.run(lambda: None))
        await follower.caught_up.wait()
        following.cancel()
        await asyncio.wait([following])

    took = await _timed(replay)  # the connections stay open meanwhile, or their processor time would be lost
    database.close()
    return took
