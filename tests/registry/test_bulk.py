"""Many rows at once: the same rows whichever way they go in, on SQLite and PostgreSQL."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select

from services.registry import bulk, tables
from shared.database import Database
from shared.errors import AlreadyExists, HosoError
from tests.registry.test_projection import rows

NASTY = ["\\", "\\N", "a\tb", "a\nb", "a\r\nb", "Đặng", "'; --", '{"a":"\\u0000"}', "%s ?", ""]
NAMES = ("event_id", "dossier_id", "sequence", "type", "occurred_at", "actor_unit", "data", "cluster_id")
AT = datetime(2026, 10, 8, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=7)))


def made(count: int) -> list[tuple[Any, ...]]:
    return [
        (f"e{n}", f"d{n}", n or None, NASTY[n % len(NASTY)], AT, NASTY[n % 10] or None, NASTY[(n + 3) % 10], "c")
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 3, bulk._FEW, 3 * bulk._FEW])
def test_rows_come_back_as_they_went_in(database: Database, count: int) -> None:
    with database.transaction() as connection:
        bulk.insert_all(connection, tables.history, NAMES, made(count))
        bulk.insert_all(connection, tables.history, NAMES, [])
    with database.reading() as connection:
        query = select(*(tables.history.c[name] for name in NAMES))
        found = sorted(tuple(row) for row in connection.execute(query))
    assert found == sorted(made(count))
    assert found[0][4].tzinfo is not None


@pytest.mark.parametrize("count", [2, 2 * bulk._FEW])
def test_the_same_key_is_replaced_or_added_to(database: Database, count: int) -> None:
    key = ("name", "a", "b", "c", "day", "value")
    tally = [("n", str(n), "", "", date(2026, 1, 1), 5) for n in range(count)]
    for adding in (False, True, True):
        with database.transaction() as connection:
            bulk.upsert_all(connection, tables.tally, key, tally, adding=adding)
    assert {row.value for row in rows(database, tables.tally)} == {15}
    with database.transaction() as connection:
        bulk.upsert_all(connection, tables.tally, key, tally)
        bulk.upsert_all(connection, tables.tally, key, [], adding=True)
    assert [row.value for row in rows(database, tables.tally)] == [5] * count


def test_two_batches_of_one_transaction_do_not_meet(database: Database) -> None:
    key = ("name", "a", "b", "c", "day", "value")
    with database.transaction() as connection:
        for name in ("x", "y"):
            tally = [(name, str(n), "", "", date(2026, 1, 1), 5) for n in range(2 * bulk._FEW)]
            bulk.upsert_all(connection, tables.tally, key, tally, adding=True)
    assert {row.value for row in rows(database, tables.tally)} == {5}


@pytest.mark.parametrize("count", [2, 2 * bulk._FEW])
def test_what_the_database_refuses_is_judged_as_ever(database: Database, count: int) -> None:
    doubled = [*made(count), made(1)[0]]
    with pytest.raises(AlreadyExists), database.transaction() as connection:
        bulk.insert_all(connection, tables.history, NAMES, doubled)
    assert rows(database, tables.history) == []
    without = [(row[0], None, *row[2:]) for row in made(count)]
    with pytest.raises(HosoError) as caught, database.transaction() as connection:
        bulk.insert_all(connection, tables.history, NAMES, without)
    assert "Đặng" not in str(caught.value)


@pytest.mark.parametrize("wanted", [[], ["e1"], ["e1", "e3", "e77"], [f"e{n}" for n in range(5000)]])
def test_one_parameter_for_any_number_of_ids(database: Database, wanted: list[str]) -> None:
    with database.transaction() as connection:
        bulk.insert_all(connection, tables.history, NAMES, made(60))
    with database.reading() as connection:
        those = bulk.among(connection, tables.history.c.event_id, wanted)
        found = connection.execute(select(tables.history.c.event_id).where(those)).scalars().all()
    assert set(found) == {f"e{n}" for n in range(60)} & set(wanted)


def test_moments_are_kept_in_utc(sqlite: Database) -> None:
    with sqlite.transaction() as connection:
        bulk.insert_all(connection, tables.history, NAMES, made(1))
    (row,) = rows(sqlite, tables.history)
    assert (row.occurred_at, row.occurred_at.tzinfo) == (AT, UTC)
