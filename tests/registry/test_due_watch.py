"""The watch of due dates: each due date is announced once, whatever restarts, and never from a half-told log."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from services.registry import tables
from services.registry.app import Registry
from services.registry.due_watch import AT_ONCE, DueWatch
from services.registry.settings import RegistrySettings
from shared.clock import Clock
from shared.database import Database
from shared.events import (
    DossierAccepted,
    DossierDueSoon,
    DossierExtended,
    DossierFinished,
    DossierOpened,
    DossierOverdue,
    DossierSuspended,
    decode,
)
from shared.follower import PositionsMoved
from shared.log import Message, Record
from shared.topics import DOSSIERS
from tests.fakes.clock import FakeClock
from tests.fakes.log import FakeLog
from tests.registry.stories import MORNING, Teller
from tests.registry.test_follower import follower, running, until
from tests.registry.test_lives import APOLOGY, OPENING
from tests.registry.test_projection import keep, rows

DUE = MORNING + timedelta(days=3)
HOUR = 3600


class Standing:
    """A projection that says how far it is."""

    def __init__(self, generation: int | None = 1) -> None:
        self.generation = generation

    def fresh(self, within_seconds: float) -> int | None:
        assert within_seconds > 0
        return self.generation


def watch(
    database: Database, clock: Clock, standing: Standing | None = None, *, lease_name: str | None = None
) -> DueWatch:
    """Return a watch whose lease nobody else wants, unless a name is given."""
    lease = tables.lease.hold(database, lease_name or uuid4().hex, clock=clock, seconds=60)
    return DueWatch(database, standing or Standing(), lease=lease, clock=clock, due_soon_hours=24)


@pytest.fixture
def begun(database: Database) -> Database:
    """Return a registry whose follower has begun."""
    with database.transaction() as connection:
        tables.positions.begin(connection, tables.FOLLOWER, "cluster")
    return database


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MORNING)


def running_dossier(teller: Teller, **opening: object) -> list[Record]:
    dossier_id = teller.id()
    opened = teller.said(dossier_id, DossierOpened, **{**OPENING, **opening})
    return [opened, teller.moved(dossier_id, DossierAccepted, to=2, due_at=DUE)]


def of(told: Sequence[Record]) -> UUID:
    return UUID(told[0].key.decode())


def said(database: Database) -> list[str]:
    """Return the types announced, without what is before and after the name, in order."""
    return [row.headers.split("vn.hoso.dossier.")[1].split(".v1")[0] for row in rows(database, tables.journal.rows)]


def look(watching: DueWatch) -> int:
    return asyncio.run(watching.look())


def test_a_due_date_is_announced_once_each_way(begun: Database, teller: Teller, clock: FakeClock) -> None:
    keep(begun, [running_dossier(teller)])
    assert (look(watch(begun, clock)), said(begun)) == (0, [])
    clock.advance(seconds=(2 * 24 + 1) * HOUR)
    for _ in range(3):
        look(watch(begun, clock))
    assert said(begun) == ["due-soon"]
    clock.advance(seconds=23 * HOUR)  # the very moment: not late yet
    look(watch(begun, clock))
    assert said(begun) == ["due-soon"]
    clock.advance(seconds=1)
    for _ in range(3):
        look(watch(begun, clock))
    assert sorted(said(begun)) == ["due-soon", "overdue"]


def test_what_is_announced_says_which_and_when(begun: Database, teller: Teller) -> None:
    told = running_dossier(teller)
    keep(begun, [told])
    for after in (-1, 1):
        look(watch(begun, FakeClock(DUE + timedelta(hours=after))))
    with begun.reading() as connection:
        events = [decode(message) for _, message in tables.journal.waiting(connection, 10)]
    soon, late = [event.data for event in events if event is not None]
    assert isinstance(soon, DossierDueSoon)
    assert isinstance(late, DossierOverdue)
    assert str(soon.dossier_id) == str(late.dossier_id) == told[0].key.decode()
    assert (soon.due_at, late.due_at, soon.hours, late.competent_unit) == (DUE, DUE, 24, "H98.02")
    assert [event.key for event in events if event is not None] == [told[0].key.decode()] * 2


def test_another_due_date_is_news_and_the_first_one_again_is_not(begun: Database, teller: Teller) -> None:
    told = running_dossier(teller)
    keep(begun, [told])
    late = FakeClock(DUE + timedelta(hours=1))
    look(watch(begun, late))
    for due_at in (DUE + timedelta(minutes=5), DUE):
        extended = {"apology_paper_id": APOLOGY, "due_before": DUE, "due_at": due_at}
        keep(begun, [[teller.said(of(told), DossierExtended, **extended)]])
        look(watch(begun, late))
    assert said(begun) == ["overdue", "overdue"]
    assert {row.dossier_id for row in rows(begun, tables.announced_due)} == {str(of(told))}


def test_nobody_waits_for_these(begun: Database, teller: Teller) -> None:
    paused, done, old, unopened, without = (running_dossier(teller) for _ in range(5))
    keep(begun, [paused, [teller.moved(of(paused), DossierSuspended, to=8, due_at=DUE)]])
    keep(begun, [done, [teller.moved(of(done), DossierFinished, to=9, due_at=DUE)]])
    keep(begun, [running_dossier(teller, back_file=True)])
    keep(begun, [unopened[1:]])
    never = teller.id()
    keep(begun, [[teller.said(never, DossierOpened, **OPENING), teller.moved(never, DossierAccepted, to=2)]])
    for after in (-1, 1):
        assert look(watch(begun, FakeClock(DUE + timedelta(hours=after)))) == 0
    assert said(begun) == []
    keep(begun, [old, without])
    assert look(watch(begun, FakeClock(DUE + timedelta(hours=1)))) == 2


def test_many_are_announced_in_turns(sqlite: Database, teller: Teller) -> None:
    with sqlite.transaction() as connection:
        tables.positions.begin(connection, tables.FOLLOWER, "cluster")
    keep(sqlite, [[record for _ in range(AT_ONCE + 7) for record in running_dossier(teller)]])
    late = watch(sqlite, FakeClock(DUE + timedelta(hours=1)))
    assert [look(late), look(late), look(late)] == [AT_ONCE, 7, 0]


def test_while_the_log_is_ahead_nothing_is_announced(begun: Database, teller: Teller) -> None:
    keep(begun, [running_dossier(teller)])
    late = FakeClock(DUE + timedelta(hours=1))
    assert look(watch(begun, late, Standing(None))) == 0
    with begun.transaction() as connection:  # somebody rebuilds, and we have not noticed
        tables.positions.forget(connection, tables.FOLLOWER)
    assert look(watch(begun, late, Standing(1))) == 0
    with pytest.raises(PositionsMoved):
        watch(begun, late).announce(1)
    assert look(watch(begun, late, Standing(2))) == 1


def test_of_several_one_watches(begun: Database, teller: Teller) -> None:
    late = FakeClock(DUE + timedelta(hours=1))
    first, second = (watch(begun, late, lease_name="one") for _ in range(2))
    assert look(first) == 0
    keep(begun, [running_dossier(teller)])
    assert (look(second), look(first)) == (0, 1)


def test_a_rebuild_says_nothing_again(database_url: str, teller: Teller) -> None:
    """Everything the log told is replayed, the dossier's end too late for whoever announces meanwhile."""
    told = running_dossier(teller) + running_dossier(teller)
    late = FakeClock(DUE + timedelta(hours=1))

    async def scenario(database: Database, registry: Registry, log: FakeLog) -> Sequence[str]:
        log.publish_now(told)
        registry.create()
        mine = follower(database, log)
        async with running(mine):
            watching = DueWatch(
                database,
                mine,
                lease=tables.lease.hold(database, "w", clock=late, seconds=60),
                clock=late,
                due_soon_hours=24,
                pause_seconds=0.01,
            )
            run = asyncio.create_task(watching.run(lambda: None))
            await until(lambda: len(said(database)) == 2)
            log.publish_now([message for _, message in _waiting(database)])  # they come back to us
            await until(lambda: len(rows(database, tables.history)) == 6)
            await registry.rebuild()
            await until(lambda: len(rows(database, tables.history)) == 6)
            await until(lambda: mine.lag == 0)
            await watching.look()
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)
        return said(database)

    log, database = FakeLog(), Database(database_url)
    registry = Registry(RegistrySettings(database_url=SecretStr(database_url)), log)
    assert asyncio.run(scenario(database, registry, log)) == ["overdue", "overdue"]
    assert {record.topic for record in log.records(DOSSIERS.name)} == {DOSSIERS.name}
    registry.close()
    database.close()


def _waiting(database: Database) -> Sequence[tuple[int, Message]]:
    with database.reading() as connection:
        return tables.journal.waiting(connection, 10)


def test_a_follower_is_fresh_once_the_end_it_asked_for_is_applied(sqlite: Database, teller: Teller) -> None:
    async def scenario() -> None:
        log = FakeLog()
        log.publish_now(running_dossier(teller))
        mine = follower(sqlite, log)
        assert mine.fresh(60) is None
        async with running(mine):
            await until(lambda: bool(mine.lag == 0))
            for _ in range(1000):
                if mine.fresh(60) is not None:
                    break
                await asyncio.sleep(0.01)
            assert mine.fresh(60) == 1
        assert mine.fresh(60) is None  # nobody follows any more

    asyncio.run(scenario())


def test_a_follower_finds_out_that_it_began_anew_though_nothing_comes(sqlite: Database) -> None:
    async def scenario() -> None:
        mine = follower(sqlite, FakeLog())
        run = asyncio.create_task(mine.run(lambda: None))
        async with asyncio.timeout(20):
            await mine.caught_up.wait()
            with sqlite.transaction() as connection:
                tables.positions.forget(connection, tables.FOLLOWER)
            with pytest.raises(PositionsMoved):
                await run

    asyncio.run(scenario())
