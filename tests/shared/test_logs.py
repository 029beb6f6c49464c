"""Logs: one JSON object a line, with a correlation id, and without what a person wrote."""

import asyncio
import json
import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table, insert

from shared import logs
from shared.database import Database
from shared.errors import HosoError
from shared.failure import FailurePolicy, judge
from shared.health import Health

CANARY = "Nguyễn Thị Canary"


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Configure logging as a service does, and put back what was there."""
    root, written = logging.getLogger(), StringIO()
    before = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in logs._CHATTY})
    monkeypatch.setattr("sys.stderr", written)
    logs.configure("intake", "INFO")
    yield written
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_line_is_json_with_what_one_looks_for(stream: StringIO) -> None:
    logs.correlation_id.set("c0ffee")
    logging.getLogger("services.intake").warning("the store is away: %s", "store-unavailable")
    logging.getLogger("services.intake").debug("not at this level")
    (line,) = lines(stream)
    assert line.pop("time").startswith("20")
    assert line == {
        "level": "WARNING",
        "logger": "services.intake",
        "message": "the store is away: store-unavailable",
        "correlation_id": "c0ffee",
        "service": "intake",
    }


def test_vietnamese_is_readable_and_stays_on_one_line(stream: StringIO) -> None:
    logging.getLogger("x").info("hồ sơ\nthứ hai")
    assert "hồ sơ\\nthứ hai" in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 1


def test_a_correlation_id_is_fresh_and_set(stream: StringIO) -> None:
    first, second = logs.new_correlation_id(), logs.new_correlation_id()
    logging.getLogger("x").info("hello")
    assert first != second
    assert lines(stream)[0]["correlation_id"] == second


def test_chatty_libraries_say_a_thing_once_in_a_while(stream: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("shared.logs.time.monotonic", lambda: now)

    def complain() -> None:
        logging.getLogger("aiokafka.client").error("unable to connect")

    for _ in range(10):
        complain()
        logging.getLogger("services.ocr").error("ours")
    logging.getLogger("aiokafka.client").error("another place in the code")
    now += logs._CHATTY_SECONDS + 1
    complain()
    said = [line["message"] for line in lines(stream)]
    assert said.count("ours") == 10
    assert [m for m in said if m != "ours"] == ["unable to connect", "another place in the code", "unable to connect"]


def test_what_a_library_does_in_good_order_is_not_logged(stream: StringIO) -> None:
    logging.getLogger("aiokafka.consumer").info("subscribed")
    assert lines(stream) == []


async def bug_in_the_database(path: Path) -> None:
    metadata = MetaData()
    people = Table(
        "people", metadata, Column("name", String(64), primary_key=True), Column("a", String, nullable=False)
    )
    database = Database(f"sqlite:///{path}/x.db")
    try:
        database.create(metadata)
        with database.transaction() as connection:
            connection.execute(insert(people).values(name=CANARY, a=None))
    finally:
        database.close()


def test_an_errors_text_is_logged_and_no_value_of_a_statement(stream: StringIO, tmp_path: Path) -> None:
    with pytest.raises(HosoError) as caught:
        asyncio.run(bug_in_the_database(tmp_path))
    FailurePolicy(Health())._troubled("ledger", judge(caught.value), first=True)
    (line,) = lines(stream)
    assert line["message"] == "ledger met a bug"
    assert "HosoError" in line["exc_info"]
    assert "INSERT INTO people" in line["exc_info"]
    assert CANARY not in stream.getvalue()
