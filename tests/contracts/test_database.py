"""The contract of transactions: SQLite in a file and PostgreSQL."""

import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from deploy.local.servers import PostgreSQL
from shared.clock import VIETNAM
from shared.database import Database, Moment
from shared.errors import AlreadyExists, DatabaseUnavailable, HosoError, Refused
from tests.servers import away

METADATA = MetaData()
COUNTERS = Table(
    "counters",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("value", Integer, nullable=False),
    Column("moment", Moment),
)
PARTS = Table("parts", METADATA, Column("of", ForeignKey(COUNTERS.c.name), primary_key=True))
CANARY = "Nguyễn Thị Canary"


@pytest.fixture
def counters(database: Database) -> Database:
    database.create(METADATA)
    return database


def add(database: Database, *names: str, value: int = 0) -> None:
    with database.transaction() as connection:
        for name in names:
            connection.execute(insert(COUNTERS).values(name=name, value=value))


def add_lazily(database: Database, *names: Callable[[], str]) -> None:
    with database.transaction() as connection:
        for name in names:
            connection.execute(insert(COUNTERS).values(name=name(), value=1))


def value(database: Database, name: str) -> int | None:
    with database.reading() as connection:
        return connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == name)).scalar()


def test_a_transaction_is_kept_whole(counters: Database) -> None:
    add(counters, "a", value=1)
    assert value(counters, "a") == 1


def test_an_error_rolls_everything_back(counters: Database) -> None:
    def break_off() -> None:
        with counters.transaction() as connection:
            connection.execute(insert(COUNTERS).values(name="a", value=1))
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        break_off()
    assert value(counters, "a") is None


def test_a_taken_key_rolls_everything_back(counters: Database) -> None:
    add(counters, "a", value=1)
    with pytest.raises(AlreadyExists):
        add(counters, "b", "a", value=2)
    assert (value(counters, "a"), value(counters, "b")) == (1, None)


@pytest.mark.parametrize(
    "statement",
    [
        insert(COUNTERS).values(name=CANARY, value=None),
        insert(PARTS).values(of=CANARY),
        text("SELECT * FROM nowhere"),
    ],
    ids=["null", "foreign-key", "no-table"],
)
def test_a_bug_is_neither_an_outage_nor_a_taken_key(counters: Database, statement: object) -> None:
    with pytest.raises(HosoError) as caught, counters.transaction() as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # three kinds of statement
    assert not caught.value.retriable
    assert not isinstance(caught.value, AlreadyExists)


def test_no_log_repeats_a_value(counters: Database) -> None:
    add(counters, CANARY)
    stream = StringIO()
    for statement in (
        insert(COUNTERS).values(name=CANARY, value=1),
        insert(COUNTERS).values(name=CANARY, value=None),
        insert(PARTS).values(of=CANARY + "!"),
    ):
        with pytest.raises(HosoError) as caught, counters.transaction() as connection:
            connection.execute(statement)
        traceback.print_exception(caught.value, file=stream)
    assert "shared.errors" in stream.getvalue()
    assert CANARY not in stream.getvalue()


def test_twenty_threads_lose_no_increment(counters: Database) -> None:
    add(counters, "a")

    def increment(_: int) -> None:
        with counters.transaction() as connection:
            connection.execute(update(COUNTERS).values(value=COUNTERS.c.value + 1))

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(increment, range(200)))
    assert value(counters, "a") == 200


def test_twenty_threads_create_the_tables(database: Database) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: database.create(METADATA), range(20)))
    add(database, "a")
    assert value(database, "a") == 0


def test_processes_share_one_sqlite_file(tmp_path: Path) -> None:
    # two engines have no lock in common, like two processes
    url = f"sqlite:///{tmp_path}/shared.db"
    databases = [Database(url) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda database: database.create(METADATA), databases))
        add(databases[0], "a")

        def increment(number: int) -> None:
            with databases[number % 8].transaction() as connection:
                old = connection.execute(select(COUNTERS.c.value)).scalar_one()
                connection.execute(update(COUNTERS).values(value=old + 1))

        list(pool.map(increment, range(100)))
    assert value(databases[1], "a") == 100
    for database in databases:
        database.close()


def test_a_reader_sees_one_state_and_holds_nobody_up(counters: Database) -> None:
    add(counters, "a", value=1)
    with counters.reading() as connection:
        before = connection.execute(select(COUNTERS.c.value)).scalar()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(add, counters, "b", value=2).result(timeout=10)
        assert connection.execute(select(func.sum(COUNTERS.c.value))).scalar() == before == 1
    assert value(counters, "b") == 2


def test_a_reader_changes_nothing(counters: Database) -> None:
    with pytest.raises(HosoError), counters.reading() as connection:
        connection.execute(insert(COUNTERS).values(name="a", value=1))
    assert value(counters, "a") is None
    add(counters, "a", value=1)  # the connection of the reader can be used to write again
    assert value(counters, "a") == 1


def test_an_uncommitted_change_is_seen_by_nobody(counters: Database) -> None:
    seen: list[int | None] = []
    with counters.transaction() as connection:
        connection.execute(insert(COUNTERS).values(name="a", value=1))
        thread = threading.Thread(target=lambda: seen.append(value(counters, "a")))
        thread.start()
        thread.join(10)
    assert seen == [None]


@pytest.mark.parametrize("zone", [UTC, VIETNAM, timezone(timedelta(hours=-5))], ids=str)
def test_a_moment_comes_back_the_same(counters: Database, zone: timezone) -> None:
    moment = datetime(2026, 10, 8, 23, 59, 59, 123456, tzinfo=zone)
    with counters.transaction() as connection:
        connection.execute(insert(COUNTERS).values(name="a", value=1, moment=moment))
    with counters.reading() as connection:
        found = connection.execute(select(COUNTERS.c.moment)).scalar_one()
        oldest = connection.execute(select(func.min(COUNTERS.c.moment))).scalar_one()
        later = connection.execute(select(COUNTERS.c.name).where(COUNTERS.c.moment > moment)).first()
    assert found == oldest == moment
    assert found.utcoffset() == timedelta(0)
    assert later is None


def test_moments_order_across_zones(counters: Database) -> None:
    first = datetime(2026, 10, 8, 6, 59, tzinfo=VIETNAM)
    with counters.transaction() as connection:
        connection.execute(insert(COUNTERS).values(name="later", value=1, moment=datetime(2026, 10, 8, 0, tzinfo=UTC)))
        connection.execute(insert(COUNTERS).values(name="first", value=1, moment=first))
        names = connection.execute(select(COUNTERS.c.name).order_by(COUNTERS.c.moment)).scalars().all()
    assert names == ["first", "later"]


def test_a_moment_without_its_zone_is_no_moment(counters: Database) -> None:
    naive = datetime(2026, 10, 8)  # noqa: DTZ001  # what is tried
    with pytest.raises(Exception, match="zone"), counters.transaction() as connection:
        connection.execute(insert(COUNTERS).values(name="a", value=1, moment=naive))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_a_database_a_thread_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="in memory"):
        Database(url)


def test_a_busy_sqlite_file_is_an_outage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.database._SQLITE_BUSY_SECONDS", 0.1)
    holder, other = (Database(f"sqlite:///{tmp_path}/busy.db") for _ in range(2))
    holder.create(METADATA)
    with holder.transaction(), pytest.raises(DatabaseUnavailable):
        add(other, "a")
    add(other, "a")
    holder.close()
    other.close()


@pytest.fixture
def postgres_counters(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    database.create(METADATA)
    yield database
    database.close()


def test_an_outage_is_told_soon_and_ends(postgres: PostgreSQL, postgres_counters: Database) -> None:
    add(postgres_counters, "a", value=1)
    with away(postgres):
        with pytest.raises(DatabaseUnavailable):
            add(postgres_counters, "b")
        with pytest.raises(DatabaseUnavailable):
            postgres_counters.check()
    assert value(postgres_counters, "a") == 1


def test_a_server_killed_in_mid_transaction_keeps_nothing_of_it(
    postgres: PostgreSQL, postgres_counters: Database
) -> None:
    def die() -> str:
        postgres.kill()
        return "b"

    with pytest.raises(DatabaseUnavailable):
        add_lazily(postgres_counters, lambda: "a", die)
    postgres.start()
    assert (value(postgres_counters, "a"), value(postgres_counters, "b")) == (None, None)


def read_as_clerk(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text("SET ROLE clerk"))
        connection.execute(select(COUNTERS))


def test_a_right_we_lack_is_a_refusal(postgres_counters: Database) -> None:
    with postgres_counters.transaction() as connection:
        connection.execute(text("CREATE ROLE clerk"))
    try:
        with pytest.raises(Refused):
            read_as_clerk(postgres_counters)
    finally:
        with postgres_counters.transaction() as connection:
            connection.execute(text("DROP ROLE clerk"))


def test_a_deadlock_may_be_tried_again(postgres_counters: Database) -> None:
    add(postgres_counters, "a")
    add(postgres_counters, "b")
    both_hold_one = threading.Barrier(2)

    def cross(names: tuple[str, str]) -> HosoError | None:
        try:
            with postgres_counters.transaction() as connection:
                for name in names:
                    connection.execute(update(COUNTERS).where(COUNTERS.c.name == name).values(value=1))
                    if name == names[0]:
                        both_hold_one.wait(10)
        except HosoError as error:
            return error
        return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(cross, [("a", "b"), ("b", "a")]))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DatabaseUnavailable", "NoneType"]


def older_and_newer(column: Column[Any]) -> tuple[MetaData, Table]:
    """Return a table as it was, on its own, and as it is now, with one column more."""
    older, newer = MetaData(), MetaData()
    Table("grown", older, Column("name", String(8), primary_key=True))
    return older, Table("grown", newer, Column("name", String(8), primary_key=True), column)


@pytest.mark.parametrize(
    ("column", "of_old_rows"),
    [
        (lambda: Column("added", String(8)), None),
        (lambda: Column("added", Moment), None),
        (lambda: Column("added", JSON), None),
        (lambda: Column("added", Integer, nullable=False, server_default="7"), 7),
    ],
)
def test_a_table_made_earlier_gets_the_columns_it_lacks(
    database: Database, column: Callable[[], Column[Any]], of_old_rows: object
) -> None:
    older, table = older_and_newer(column())
    database.create(older)
    with database.transaction() as connection:
        connection.execute(text("INSERT INTO grown (name) VALUES ('old')"))
    for _ in range(2):
        database.create(table.metadata)
    with database.reading() as connection:
        assert connection.execute(select(table)).all() == [("old", of_old_rows)]


def test_a_table_made_earlier_gets_the_indexes_it_lacks(database: Database) -> None:
    older, table = older_and_newer(Column("added", String(8)))
    database.create(older)
    Index("grown_added", table.c.added)
    for _ in range(2):
        database.create(table.metadata)
    with database.reading() as connection:
        assert [index["name"] for index in inspect(connection).get_indexes("grown")] == ["grown_added"]


def test_a_table_that_is_too_old_is_told_of_before_anything_is_served(database: Database) -> None:
    older, table = older_and_newer(Column("added", Integer, nullable=False))
    database.create(older)
    with pytest.raises(HosoError, match="grown is older than column added") as caught:
        database.create(table.metadata)
    assert caught.value.reason == "tables-too-old"
    assert not caught.value.retriable


def test_a_text_column_made_earlier_gets_as_wide_as_it_is_now(database: Database) -> None:
    older, newer = MetaData(), MetaData()
    for metadata, length in ((older, 8), (newer, 20)):
        Table("widened", metadata, Column("name", String(length), primary_key=True), Column("other", Integer))
    for metadata in (older, newer, older):  # an earlier version that starts again makes nothing narrow
        database.create(metadata)
    with database.transaction() as connection:
        connection.execute(text("INSERT INTO widened (name) VALUES ('twenty letters in it')"))
        assert connection.execute(text("SELECT name FROM widened")).scalar_one() == "twenty letters in it"
