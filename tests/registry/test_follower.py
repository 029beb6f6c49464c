"""Following the log with several replicas, through rebuilds and changes of cluster."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection

from services.registry import tables
from services.registry.app import Registry
from services.registry.projection import apply
from services.registry.settings import RegistrySettings
from shared.database import Database
from shared.errors import LogUnavailable
from shared.failure import Backoff, FailurePolicy
from shared.follower import Apply, Follower, PositionsMoved
from shared.health import Health
from shared.log import Partition, Record
from shared.topics import DOSSIERS
from tests.fakes.log import AwayLog, FakeLog
from tests.registry.stories import Teller
from tests.registry.test_projection import a_muddle, keep, rows
from tests.servers import wait_until

DEADLINE_SECONDS = 20


def follower(database: Database, log: FakeLog, *, then: Apply = apply) -> Follower:
    return Follower(database, tables.positions, log, name=tables.FOLLOWER, topics=[DOSSIERS.name], apply=then)


@asynccontextmanager
async def running(*followers: Follower) -> AsyncIterator[None]:
    """Run followers, through whatever ends them, until the end of the block."""
    policy = FailurePolicy(Health(), Backoff(first_seconds=0.01))
    runs = [asyncio.create_task(policy.forever("projection", f.run)) for f in followers]
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await asyncio.gather(*(f.caught_up.wait() for f in followers))
            yield
    finally:
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    assert await asyncio.to_thread(wait_until, condition)


def projection(database: Database) -> list[list[object]]:
    """Return every row of the projection, sorted."""
    return [rows(database, table) for table in tables.PROJECTION]


def in_line(database: Database, records: Sequence[Record]) -> bool:
    """Return whether the projection stands behind all of these records."""
    with database.transaction() as connection:
        generation, positions = tables.positions.begin(connection, tables.FOLLOWER, "fake")
    assert generation
    return sum(positions.values()) == len(records)


def test_replicas_apply_each_record_once(database: Database, teller: Teller, caplog: pytest.LogCaptureFixture) -> None:
    told = [record for _ in range(40) for record in teller.whole(teller.id())]

    async def scenario() -> None:
        log = FakeLog()
        async with running(follower(database, log), follower(database, log), follower(database, log)):
            for start in range(0, len(told), 20):
                log.publish_now(told[start : start + 20])
                await asyncio.sleep(0)
            await until(lambda: in_line(database, told))

    asyncio.run(scenario())
    assert "met a bug" not in caplog.text  # they waited for each other; no key had to stop them
    assert len(rows(database, tables.history)) == len(told)
    assert dict(rows(database, tables.counter)) == {
        "reviews_changed": 40,
        "reviewed_right": 40,
        "reviewed_corrected": 40,
    }
    assert {(row.status, row.events_seen) for row in rows(database, tables.dossier)} == {(10, 7)}


def test_a_batch_that_breaks_off_leaves_nothing(sqlite: Database, teller: Teller) -> None:
    told = a_muddle(teller)
    breaking = iter([True, True])
    seen: list[int] = []

    def apply_or_break(connection: Connection, records: Sequence[Record]) -> None:
        apply(connection, records)
        if next(breaking, False):
            raise RuntimeError("after the rows, before the offsets")
        seen.append(len(records))

    async def scenario() -> None:
        log = FakeLog()
        log.publish_now(told)
        async with running(follower(sqlite, log, then=apply_or_break)):
            pass

    asyncio.run(scenario())
    assert sum(seen) == len(told)
    assert {row.name: row.value for row in rows(sqlite, tables.counter)}["duplicate"] == 6


def test_a_follower_moved_by_somebody_else_stops(sqlite: Database, teller: Teller) -> None:
    async def scenario() -> None:
        log = FakeLog()
        mine = follower(sqlite, log)
        run = asyncio.create_task(mine.run(lambda: None))
        async with asyncio.timeout(DEADLINE_SECONDS):
            await mine.caught_up.wait()
            with sqlite.transaction() as connection:
                tables.positions.forget(connection, tables.FOLLOWER)
            log.publish_now([teller.opened(teller.id())])
            with pytest.raises(PositionsMoved):
                await run

    asyncio.run(scenario())
    assert rows(sqlite, tables.history) == []


def test_rebuild_beside_the_running_service_gives_the_same_rows(database_url: str, teller: Teller) -> None:
    settings = RegistrySettings(database_url=SecretStr(database_url))
    told, more = a_muddle(teller), teller.whole(teller.id())

    async def scenario() -> tuple[object, object]:
        log = FakeLog()
        registry = Registry(settings, log)
        database = Database(database_url)
        registry.create()
        log.publish_now(told)
        async with running(follower(database, log)):
            before = projection(database)
            counts = await registry.rebuild()
            after = projection(database)
            assert counts == {table.name: len(found) for table, found in zip(tables.PROJECTION, after, strict=True)}
            log.publish_now(more)  # the service's follower finds that its place moved, and goes on
            await until(lambda: in_line(database, told + more))
        assert len(rows(database, tables.dossier)) == 4
        registry.close()
        database.close()
        return before, after

    before, after = asyncio.run(scenario())
    assert repr(before) == repr(after)


def test_rebuild_empties_nothing_while_the_broker_is_away(sqlite: Database, tmp_path: Path, teller: Teller) -> None:
    keep(sqlite, [teller.whole(teller.id())])
    before = projection(sqlite)
    registry = Registry(RegistrySettings(database_url=SecretStr(f"sqlite:///{tmp_path}/registry.db")), AwayLog())
    with pytest.raises(LogUnavailable):
        asyncio.run(registry.rebuild())
    registry.close()
    assert projection(sqlite) == before
    assert before[0]


def test_another_cluster_is_read_from_its_beginning(sqlite: Database, teller: Teller) -> None:
    told, more = a_muddle(teller), teller.whole(teller.id())

    async def scenario() -> None:
        for log in (FakeLog(), FakeLog(cluster_id="another", partitions=1)):
            log.publish_now(told)
            async with running(follower(sqlite, log)):
                pass
        log.publish_now(more)
        async with running(follower(sqlite, log)):
            pass

    asyncio.run(scenario())
    assert len(rows(sqlite, tables.dossier)) == 4
    assert {row.cluster_id for row in rows(sqlite, tables.history)} == {"another"}


class BusyLog(FakeLog):
    """A log in which something new stands whenever it is read."""

    def __init__(self, news: Callable[[], Record]) -> None:
        super().__init__()
        self._tell = news

    def take(self, next_offsets: dict[Partition, int], max_records: int) -> list[Record]:
        """Return what is there, and tell more."""
        taken = super().take(next_offsets, max_records)
        self.publish_now([self._tell()])
        return taken


def test_a_follower_that_never_idles_is_caught_up_too(sqlite: Database, teller: Teller) -> None:
    async def scenario() -> int | None:
        log = BusyLog(lambda: teller.opened(teller.id()))
        log.publish_now(teller.whole(teller.id()))
        busy = follower(sqlite, log)
        async with running(busy):
            return busy.lag

    assert (asyncio.run(scenario()) or 0) > 0
