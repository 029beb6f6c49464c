"""The follower on SQLite and PostgreSQL, reading fakes of the log."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, event, func, insert, select

from shared import follower as follower_module
from shared.database import Database
from shared.errors import HosoError, LogUnavailable
from shared.follower import Follower, PositionsMoved, PositionTable
from shared.log import Log, Message, Positions, Reader, Record
from shared.topics import DOSSIERS, REFERENCE
from tests.contracts.test_journal import run_until, until
from tests.fakes.log import AwayLog, FakeLog

METADATA = MetaData()
POSITIONS = PositionTable(METADATA)
APPLIED = Table(
    "applied",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("value", String(64), nullable=False),
)
TOPIC = DOSSIERS.name


@pytest.fixture
def projection(database: Database) -> Database:
    database.create(METADATA)
    return database


def apply(connection: Connection, records: Sequence[Record]) -> None:
    connection.execute(insert(APPLIED), [{"value": r.value.decode()} for r in records])


def follower(database: Database, log: Log, apply: Callable[[Connection, Sequence[Record]], None] = apply) -> Follower:
    return Follower(database, POSITIONS, log, name="test", topics=[TOPIC, REFERENCE.name], apply=apply)


def publish(log: FakeLog, *numbers: int, topic: str = TOPIC) -> None:
    log.publish_now([Message(topic, b"key %d" % (n % 5), b"%d" % n) for n in numbers])


def applied(database: Database) -> list[int]:
    with database.reading() as connection:
        return sorted(int(value) for value in connection.execute(select(APPLIED.c.value)).scalars())


def positions(database: Database) -> Positions:
    with database.reading() as connection:
        return POSITIONS._load(connection, "test")


def nothing() -> None:
    """Be told that the follower works, and do not care."""


def expect_applied(database: Database, log: Log, *expected: int) -> None:
    """Follow until exactly these numbers were applied, and a little longer."""
    made = follower(database, log)
    asyncio.run(run_until(made.run(nothing), lambda: len(applied(database)) >= len(expected)))
    assert applied(database) == sorted(expected)


def test_everything_is_applied_once_over_restarts(projection: Database) -> None:
    log = FakeLog()
    publish(log, *range(10))
    publish(log, 100, topic=REFERENCE.name)
    expect_applied(projection, log, *range(10), 100)
    publish(log, *range(10, 20))
    expect_applied(projection, log, *range(20), 100)
    assert sum(positions(projection).values()) == 21


def test_a_crash_between_applying_and_committing_has_no_double_effect(projection: Database) -> None:
    log = FakeLog()
    publish(log, 1, 2, 3)

    def crash(connection: Connection, records: Sequence[Record]) -> None:
        apply(connection, records)
        raise RuntimeError("killed before the commit")

    with pytest.raises(RuntimeError, match="killed"):
        asyncio.run(follower(projection, log, crash).run(nothing))
    assert applied(projection) == []
    assert positions(projection) == {}
    expect_applied(projection, log, 1, 2, 3)


def test_another_cluster_is_read_from_its_beginning(projection: Database) -> None:
    first, second = FakeLog(cluster_id="first"), FakeLog(cluster_id="second")
    publish(first, 1, 2, 3)
    publish(second, 11, 12)
    expect_applied(projection, first, 1, 2, 3)
    expect_applied(projection, second, 1, 2, 3, 11, 12)
    assert sum(positions(projection).values()) == 2
    with projection.reading() as connection:
        assert POSITIONS.cluster_id(connection, "test") == "second"


def test_a_follower_told_to_forget_reads_everything_again(projection: Database) -> None:
    log = FakeLog()
    publish(log, 1, 2)
    expect_applied(projection, log, 1, 2)
    with projection.transaction() as connection:
        POSITIONS.forget(connection, "test")
    expect_applied(projection, log, 1, 1, 2, 2)


def test_a_follower_forgotten_while_it_runs_leaves_no_hole(projection: Database) -> None:
    log = FakeLog()
    publish(log, 1, 2)

    async def go() -> None:
        task = asyncio.create_task(follower(projection, log).run(nothing))
        await until(lambda: applied(projection) == [1, 2])
        with projection.transaction() as connection:
            POSITIONS.forget(connection, "test")
        publish(log, 3)
        with pytest.raises(PositionsMoved) as caught:
            await task
        assert caught.value.retriable

    asyncio.run(asyncio.wait_for(go(), 10))
    expect_applied(projection, log, 1, 1, 2, 2, 3)


def test_two_of_one_name_apply_nothing_twice(projection: Database) -> None:
    log = FakeLog()

    async def follow_again_and_again() -> None:
        while True:
            try:
                await follower(projection, log).run(nothing)
            except HosoError:
                await asyncio.sleep(0.01)

    async def go() -> None:
        tasks = [asyncio.create_task(follow_again_and_again()) for _ in range(2)]
        for number in range(60):
            publish(log, number)
            await asyncio.sleep(0.005)
        await until(lambda: len(applied(projection)) >= 60)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(asyncio.wait_for(go(), 30))
    assert applied(projection) == list(range(60))


def test_a_follower_says_when_it_has_caught_up(projection: Database) -> None:
    log = FakeLog()
    publish(log, *range(5))
    made, said = follower(projection, log), []

    asyncio.run(run_until(made.run(lambda: said.append(applied(projection))), lambda: bool(said)))
    assert said[0] == list(range(5))
    assert made.caught_up.is_set()
    assert made.lag == 0


def test_far_behind_it_gathers_larger_batches(projection: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower_module, "BATCH_RECORDS", 2)
    monkeypatch.setattr(follower_module, "REPLAYED_RECORDS", 5)
    log, sizes = FakeLog(), []
    publish(log, *range(16))
    made = follower(projection, log)
    commit = made._commit

    def counting(generation: int, records: Sequence[Record]) -> None:
        sizes.append(len(records))
        commit(generation, records)

    made._commit = counting  # type: ignore[method-assign]  # counts
    asyncio.run(run_until(made.run(nothing), made.caught_up.is_set))
    assert sorted(applied(projection)) == list(range(16))
    assert sizes == [5, 5, 5, 1]


def test_what_was_read_ahead_of_a_failure_is_read_again(projection: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower_module, "BATCH_RECORDS", 2)
    monkeypatch.setattr(follower_module, "REPLAYED_RECORDS", 3)
    log, ahead = FakeLog(), []
    publish(log, *range(30))

    def break_once(connection: Connection, records: Sequence[Record]) -> None:
        apply(connection, records)
        ahead.append(made._ahead is not None)
        if len(ahead) == 3:
            raise LogUnavailable("after the rows, before the offsets")

    made = follower(projection, log, break_once)
    with pytest.raises(LogUnavailable):
        asyncio.run(asyncio.wait_for(made.run(nothing), 10))
    assert ahead == [False, True, True]  # at first the broker is asked instead
    assert len(applied(projection)) == 6
    asyncio.run(run_until(made.run(nothing), made.caught_up.is_set))
    assert applied(projection) == list(range(30))


def test_a_log_away_ends_the_run_and_the_next_goes_on(projection: Database) -> None:
    log = AwayLog(failing=False)
    publish(log, 1)
    made = follower(projection, log)

    async def go() -> None:
        task = asyncio.create_task(made.run(nothing))
        await until(lambda: applied(projection) == [1])
        log.failing = True
        with pytest.raises(LogUnavailable):
            await task

    asyncio.run(asyncio.wait_for(go(), 10))
    log.failing = False
    publish(log, 2)
    expect_applied(projection, log, 1, 2)


def test_a_cluster_replaced_while_connecting_is_not_trusted(projection: Database) -> None:
    class Replaced(FakeLog):
        async def reader(self, topics: Sequence[str], positions: Positions) -> Reader:
            self._cluster_id = "another"
            return await super().reader(topics, positions)

    log = Replaced(cluster_id="one")
    publish(log, 1)
    with pytest.raises(LogUnavailable):
        asyncio.run(asyncio.wait_for(follower(projection, log).run(nothing), 10))
    assert applied(projection) == []


def test_a_step_costs_few_statements_and_few_questions(projection: Database) -> None:
    log, made = FakeLog(partitions=6), None
    publish(log, *range(30))
    statements: list[str] = []
    asked: list[int] = []

    async def go() -> None:
        nonlocal made
        made = follower(projection, log)
        generation, _ = made._begin("fake")
        reader = await log.reader([TOPIC], {})
        real_lag = reader.lag

        async def lag() -> int:
            asked.append(1)
            return await real_lag()

        reader.lag = lag  # type: ignore[method-assign]  # counts
        await made._step(reader, generation)
        event.listen(projection._engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        for number in range(20):
            publish(log, *range(number * 100, number * 100 + 10))
            await made._step(reader, generation)

    asyncio.run(go())
    assert (
        len([s for s in statements if "log_" in s]) == 20 * 4 + len(asked) - 1
    )  # lock, load, delete, insert; with each question whether it is still its turn
    assert len(asked) <= 2


def test_positions_count_every_record(projection: Database) -> None:
    log = FakeLog(partitions=6)
    publish(log, *range(200))
    expect_applied(projection, log, *range(200))
    with projection.reading() as connection:
        assert connection.execute(select(func.sum(POSITIONS._rows.c.next_offset))).scalar() == 200
