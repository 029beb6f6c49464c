"""Journal, relay and lease on SQLite and PostgreSQL, announcing to fakes of the log."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from threading import Barrier
from threading import Event as Flag
from uuid import UUID

import pytest
from sqlalchemy import MetaData

from shared.clock import Clock
from shared.database import Database
from shared.errors import AlreadyExists, DatabaseUnavailable, HosoError
from shared.events import Actor, Event, PaperAccepted, decode, deterministic_id
from shared.journal import Journal
from shared.lease import HeldLease, Lease
from shared.log import Log, Message
from shared.relay import BATCH_EVENTS, Relay, announce_again
from shared.topics import DOSSIERS, Lane
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.log import AwayLog, FakeLog, LateLog, TooLargeLog

METADATA = MetaData()
JOURNAL = Journal(METADATA)
LEASE = Lease(METADATA)
DOSSIER = UUID("018f0000-0000-7000-8000-000000000001")


@pytest.fixture
def ledger(database: Database) -> Database:
    database.create(METADATA)
    return database


def event(number: int, dossier_id: UUID = DOSSIER) -> Event:
    paper_id = deterministic_id(dossier_id, number)
    return Event(
        id=deterministic_id("test", dossier_id, number),
        source="/hoso/test",
        subject=str(paper_id),
        time=NOON,
        data=PaperAccepted(
            dossier_id=dossier_id,
            actor=Actor(),
            paper_id=paper_id,
            component_code=None,
            lane=Lane.EXPRESS,
            media_type="image/png",
            size_bytes=number,
        ),
        key=str(dossier_id),
        sequence=number,
        correlation_id="c0ffee",
    )


def write(database: Database, *events: Event) -> None:
    with database.transaction() as connection:
        JOURNAL.write(connection, [(DOSSIERS.name, e) for e in events])


def backlog(database: Database) -> int:
    with database.reading() as connection:
        return JOURNAL.backlog(connection).events


def lease(database: Database, clock: Clock, name: str = "relay") -> HeldLease:
    return LEASE.hold(database, name, clock=clock, seconds=30)


def relay(database: Database, log: Log, clock: Clock | None = None) -> Relay:
    clock = clock or FakeClock()
    return Relay(database, JOURNAL, log, lease=lease(database, clock), clock=clock, idle_seconds=0.01)


def announced(log: FakeLog, dossier_id: UUID = DOSSIER) -> list[int]:
    """Return the sequences of a dossier's announced events, in the order a reader sees them."""
    key = str(dossier_id).encode()
    events = [decode(record) for record in log.records(DOSSIERS.name) if record.key == key]
    return [e.sequence or 0 for e in events if e is not None]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # conditions look into databases
            await asyncio.sleep(0.01)


async def run_until(work: Coroutine[object, object, None], condition: Callable[[], bool]) -> None:
    """Run endless work until ``condition`` holds; raises what ended the work before."""
    task = asyncio.create_task(work)
    waiting = asyncio.create_task(until(condition))
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        await waiting  # its time-out is the test's failure


def nothing() -> None:
    """Be told that the relay works, and do not care."""


def test_an_event_written_is_the_event_announced(ledger: Database) -> None:
    write(ledger, event(1))
    with ledger.reading() as connection:
        ((_, message),) = JOURNAL.waiting(connection, 10)
    assert decode(message) == event(1)


def test_an_event_is_written_only_with_what_made_it_true(ledger: Database) -> None:
    def break_off() -> None:
        with ledger.transaction() as connection:
            JOURNAL.write(connection, [(DOSSIERS.name, event(1))])
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        break_off()
    assert backlog(ledger) == 0


def test_an_event_is_written_once(ledger: Database) -> None:
    write(ledger, event(1))
    with pytest.raises(AlreadyExists):
        write(ledger, event(2), event(1))
    assert backlog(ledger) == 1


def test_the_backlog_tells_how_much_and_since_when(ledger: Database) -> None:
    write(ledger, event(1), event(2))
    with ledger.reading() as connection:
        assert JOURNAL.backlog(connection).oldest == NOON
        assert JOURNAL.backlog(connection).events == 2
    with ledger.transaction() as connection:
        JOURNAL.mark(connection, [position for position, _ in JOURNAL.waiting(connection, 10)], NOON)
        found = JOURNAL.backlog(connection)
        assert (found.events, found.oldest) == (0, None)


def test_the_journal_is_announced_in_order(ledger: Database) -> None:
    log = FakeLog()
    count = BATCH_EVENTS + 20
    write(ledger, *(event(n) for n in range(1, count + 1)))
    asyncio.run(run_until(relay(ledger, log).run(nothing), lambda: backlog(ledger) == 0))
    assert announced(log) == list(range(1, count + 1))


def test_what_is_written_later_is_announced_soon(ledger: Database) -> None:
    log = FakeLog()
    made = relay(ledger, log)

    async def go() -> None:
        running = asyncio.create_task(run_until(made.run(nothing), lambda: len(announced(log)) == 2))
        await asyncio.to_thread(write, ledger, event(1))
        await until(lambda: len(announced(log)) == 1)
        await asyncio.to_thread(write, ledger, event(2))
        made.wake()
        await running

    asyncio.run(go())
    assert announced(log) == [1, 2]


def test_what_was_not_acknowledged_comes_again(ledger: Database) -> None:
    log = LateLog()
    write(ledger, event(1), event(2))
    with pytest.raises(HosoError):
        asyncio.run(relay(ledger, log).run(nothing))
    assert backlog(ledger) == 2
    log.failing = False
    asyncio.run(run_until(relay(ledger, log).run(nothing), lambda: backlog(ledger) == 0))
    assert announced(log) == [1, 2, 1, 2]


def test_a_log_away_costs_nothing(ledger: Database) -> None:
    log = AwayLog()
    write(ledger, event(1))
    with pytest.raises(HosoError):
        asyncio.run(relay(ledger, log).run(nothing))
    log.failing = False
    asyncio.run(run_until(relay(ledger, log).run(nothing), lambda: backlog(ledger) == 0))
    assert announced(log) == [1]


def test_only_what_was_acknowledged_is_marked(ledger: Database) -> None:
    log = TooLargeLog(most_bytes=10)
    write(ledger, event(1))
    with pytest.raises(HosoError):
        asyncio.run(relay(ledger, log).run(nothing))
    assert backlog(ledger) == 1


def test_a_cluster_not_met_before_hears_everything(ledger: Database) -> None:
    first, second = FakeLog(cluster_id="first"), FakeLog(cluster_id="second")
    write(ledger, event(1), event(2))
    asyncio.run(run_until(relay(ledger, first).run(nothing), lambda: backlog(ledger) == 0))
    done = run_until(relay(ledger, second).run(nothing), lambda: announced(second) == [1, 2] and backlog(ledger) == 0)
    asyncio.run(done)
    write(ledger, event(3))
    asyncio.run(run_until(relay(ledger, second).run(nothing), lambda: backlog(ledger) == 0))
    assert announced(first) == [1, 2]
    assert announced(second) == [1, 2, 3]


def test_a_cluster_is_met_once(ledger: Database) -> None:
    with ledger.transaction() as connection:
        assert [JOURNAL.meet(connection, c) for c in ("a", "a", "b", "b", "a")] == [True, False, True, False, True]


@pytest.mark.parametrize("at_once", [2, 10_000])
def test_from_a_position_on_all_is_announced_again(
    at_once: int, ledger: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows a transaction takes, what lies before the position stays announced, the rest comes again."""
    monkeypatch.setattr("shared.relay._AGAIN_ROWS", at_once)
    log = FakeLog()
    write(ledger, *(event(n) for n in range(1, 6)))
    asyncio.run(relay(ledger, log).announce(asyncio.run(log.publisher())))
    with ledger.reading() as connection:
        assert JOURNAL.waiting(connection, 10) == []
    write(ledger, event(6))
    assert announce_again(ledger, JOURNAL, first=3) == 3
    with ledger.reading() as connection:
        assert [position for position, _ in JOURNAL.waiting(connection, 10)] == [3, 4, 5, 6]
    assert announce_again(ledger, JOURNAL) == 2, "those that wait already are not counted"
    assert announce_again(ledger, JOURNAL, first=7) == 0
    asyncio.run(relay(ledger, log).announce(asyncio.run(log.publisher())))
    assert announced(log) == [1, 2, 3, 4, 5, *range(1, 7)]


def test_of_two_relays_one_announces(ledger: Database) -> None:
    log, clock = FakeLog(), FakeClock()
    write(ledger, *(event(n) for n in range(1, 1201)))

    async def go() -> None:
        both = [run_until(relay(ledger, log, clock).run(nothing), lambda: backlog(ledger) == 0) for _ in range(2)]
        await asyncio.gather(*both)

    asyncio.run(go())
    assert announced(log) == list(range(1, 1201))


def test_a_relay_that_stops_leaves_the_lease_to_the_next(ledger: Database) -> None:
    log, clock = FakeLog(), FakeClock()
    for number in (1, 2):
        write(ledger, event(number))
        asyncio.run(run_until(relay(ledger, log, clock).run(nothing), lambda: backlog(ledger) == 0))
    assert announced(log) == [1, 2]


def test_a_relay_can_be_stopped_while_the_database_is_away(ledger: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    log = FakeLog()
    made = relay(ledger, log)

    async def go() -> None:
        task = asyncio.create_task(made.run(nothing))
        await asyncio.sleep(0.1)
        monkeypatch.setattr(made._database, "transaction", away)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    def away() -> None:
        raise DatabaseUnavailable("the database is away")

    asyncio.run(go())


def test_one_of_two_holds_a_lease(ledger: Database) -> None:
    clock = FakeClock()
    first, second = lease(ledger, clock), lease(ledger, clock)
    assert (first.renew(), second.renew(), first.renew()) == (True, False, True)
    assert lease(ledger, clock, "another").renew()


def test_a_lease_is_kept_by_renewing_and_lost_by_silence(ledger: Database) -> None:
    clock = FakeClock()
    first, second = lease(ledger, clock), lease(ledger, clock)
    assert first.renew()
    for _ in range(4):
        clock.advance(seconds=20)
        assert (first.renew(), second.renew()) == (True, False)
    clock.advance(seconds=31)
    assert second.renew()
    assert not first.renew()


def test_a_lease_given_up_is_free(ledger: Database) -> None:
    clock = FakeClock()
    first, second = lease(ledger, clock), lease(ledger, clock)
    assert first.renew()
    second.release()
    assert not second.renew()
    first.release()
    assert (second.renew(), first.renew()) == (True, False)


def test_giving_up_waits_for_a_renewal_under_way(ledger: Database) -> None:
    # a relay cancelled while a thread renews must not leave the lease held by nobody
    clock = FakeClock()
    leaving, reached, go_on = lease(ledger, clock), Flag(), Flag()
    real_write = leaving._write

    def slow_write(now: datetime) -> bool:
        reached.set()
        assert go_on.wait(10)
        return real_write(now)

    leaving._write = slow_write  # type: ignore[method-assign]
    with ThreadPoolExecutor(2) as pool:
        renewing = pool.submit(leaving.renew)
        assert reached.wait(10)
        releasing = pool.submit(leaving.release)
        assert wait([releasing], timeout=0.2).not_done
        go_on.set()
        assert renewing.result(10)
        releasing.result(10)
    assert lease(ledger, clock).renew()


def test_many_reach_for_a_lease_and_one_gets_it(ledger: Database) -> None:
    clock = FakeClock()
    for _ in range(3):
        contenders = [lease(ledger, clock) for _ in range(8)]
        start = Barrier(len(contenders))

        def reach(contender: HeldLease, start: Barrier = start) -> bool:
            start.wait(10)
            return contender.renew()

        with ThreadPoolExecutor(len(contenders)) as pool:
            assert sorted(pool.map(reach, contenders)) == [False] * 7 + [True]
        clock.advance(seconds=31)


def test_a_message_in_the_journal_keeps_every_header(ledger: Database) -> None:
    write(ledger, event(1))
    with ledger.reading() as connection:
        ((_, message),) = JOURNAL.waiting(connection, 1)
    assert isinstance(message, Message)
    headers = dict(message.headers)
    assert headers["ce_sequence"] == b"0000000001"
    assert headers["ce_correlationid"] == b"c0ffee"
    assert headers["content-type"] == b"application/json"
