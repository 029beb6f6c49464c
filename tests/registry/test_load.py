"""Loading reference data: only what changed is written and announced, and nothing half."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from services.registry import reference_tables, tables
from services.registry.load import Report, load, preview
from services.registry.reference import BadReference
from services.registry.reference_store import TableReference
from shared.database import Database
from tests.fakes.clock import FakeClock
from tests.registry.test_projection import rows
from tests.registry.test_reference import PROCEDURES, UNITS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def write(folder: Path, units: str = UNITS, procedures: str = PROCEDURES) -> None:
    (folder / "units.csv").write_text(units)
    (folder / "procedures.csv").write_text(procedures)


def loaded(folder: Path, database: Database) -> Report:
    return load(folder, TableReference(database), FakeClock())


def announced(database: Database) -> list[tuple[str, str]]:
    """Return the key and the level or name of everything announced, in order."""
    with database.reading() as connection:
        found = connection.execute(select(tables.journal.rows).order_by(tables.journal.rows.c.position)).all()
    assert {row.topic for row in found} <= {"hoso.reference"}
    contents = [json.loads(row.value) for row in found]
    return [(row.key, content.get("level", content["name"])) for row, content in zip(found, contents, strict=True)]


ALL = [
    ("unit/H98.01", "Văn phòng"),
    ("unit/H98.01.10", "Trung tâm"),
    ("procedure/9.990001", "full"),
    ("procedure/9.990002", "unclassified"),
]


def test_everything_new_is_kept_and_announced(database: Database, folder: Path) -> None:
    report = loaded(folder, database)
    assert [str(change) for change in report.changes] == [
        "+ unit H98.01",
        "+ unit H98.01.10",
        "+ procedure 9.990001 version 1",
        "+ procedure 9.990002 version 3",
    ]
    assert announced(database) == ALL
    assert [row.level for row in rows(database, reference_tables.procedure)] == ["full", "unclassified"]


def test_loading_again_changes_nothing(database: Database, folder: Path) -> None:
    loaded(folder, database)
    report = loaded(folder, database)
    assert (report.changes, report.unchanged) == ((), 4)
    assert announced(database) == ALL


def test_a_value_that_comes_back_is_announced_again(database: Database, folder: Path) -> None:
    for level in ("full", "partial", "full"):
        write(folder, procedures=PROCEDURES.replace("full", level))
        report = loaded(folder, database)
    assert [str(change) for change in report.changes] == ["~ procedure 9.990001 version 1: level"]
    assert announced(database) == [*ALL, ("procedure/9.990001", "partial"), ("procedure/9.990001", "full")]


def test_only_the_newest_version_is_announced(database: Database, folder: Path) -> None:
    old, new = "9.990002,3,", "9.990002,4,"
    line = PROCEDURES.splitlines(keepends=True)[-1]
    write(folder, procedures=PROCEDURES + line.replace(old, new).replace("unclassified,ND42_2022,", "info,X,QĐ"))
    loaded(folder, database)
    assert announced(database) == [*ALL[:3], ("procedure/9.990002", "info")]
    write(folder)  # only the older version is in the file, and changed: readers must not fall back to it
    write(folder, procedures=PROCEDURES.replace("Hộ tịch", "Tư pháp"))
    report = loaded(folder, database)
    assert len(report.changes) == 2
    assert report.absent == (("procedure", "9.990002", "4"),)
    assert announced(database)[4:] == [("procedure/9.990001", "full")]


def test_a_dry_run_changes_nothing(sqlite: Database, folder: Path) -> None:
    assert len(preview(folder, TableReference(sqlite), FakeClock()).changes) == 4
    assert rows(sqlite, reference_tables.unit) == []
    assert announced(sqlite) == []


def test_bad_data_is_not_loaded_by_half(sqlite: Database, folder: Path) -> None:
    write(folder, procedures=PROCEDURES.replace("full", "most"))
    with pytest.raises(BadReference):
        loaded(folder, sqlite)
    assert rows(sqlite, reference_tables.unit) == []
    assert announced(sqlite) == []


def test_a_file_that_is_missing_or_no_text_is_named(sqlite: Database, folder: Path) -> None:
    (folder / "units.csv").write_bytes(UNITS.encode() + b"H98.02,\xff,")
    with pytest.raises(BadReference) as caught:
        loaded(folder, sqlite)
    assert [str(line) for line in caught.value.lines] == [
        "units.csv:4: row: is not UTF-8 / không phải UTF-8",
    ]


@pytest.fixture
def two_ways(database_url: str) -> Iterator[list[Database]]:
    ways = [Database(database_url) for _ in range(4)]
    ways[0].create(tables.metadata)
    yield ways
    for way in ways:
        way.close()


def test_loads_at_once_announce_each_change_once(two_ways: list[Database], folder: Path) -> None:
    with ThreadPoolExecutor(len(two_ways)) as pool:
        reports = list(pool.map(lambda way: loaded(folder, way), two_ways))
    assert sorted(len(report.changes) for report in reports) == [0, 0, 0, 4]
    assert announced(two_ways[0]) == ALL
