"""Loading every kind of reference data: whole or not at all, again without effect, with a trace of everything."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from services.registry import reference_tables, tables
from services.registry.announcements import Announcement
from services.registry.load import NATIONAL_FOLDER, announce, load, load_national, preview
from services.registry.reference import BadReference
from services.registry.reference_queries import ReferenceQueries
from services.registry.reference_store import TableReference, TableReferenceRows
from shared.database import Database
from shared.errors import AlreadyExists
from shared.events import CalendarPublished, Data, Event, Procedure, Unit, decode
from tests.fakes.clock import FakeClock
from tests.registry.reference_files import GOOD, NATIONAL, UNITS, loaded, write

EVERYTHING = (
    *reference_tables.TABLES.values(),
    reference_tables.change,
    reference_tables.announced,
    tables.journal.rows,
)


def counts(database: Database) -> dict[str, int]:
    """Return how many rows each table of reference data has."""
    with database.reading() as connection:
        queries = {table.name: select(func.count()).select_from(table) for table in EVERYTHING}
        return {name: connection.execute(query).scalar_one() for name, query in queries.items()}


def announced(database: Database) -> list[Data]:
    """Return everything announced, in order."""
    with database.reading() as connection:
        messages = [message for _, message in tables.journal.waiting(connection, 10_000)]
    events = [decode(message) for message in messages]
    return [event.data for event in events if event is not None]


def levels(database: Database) -> list[tuple[str, str]]:
    return [(data.code, data.level) for data in announced(database) if isinstance(data, Procedure)]


def test_every_file_is_loaded_and_loaded_again_without_effect(database: Database, tmp_path: Path) -> None:
    report = loaded(tmp_path, database, GOOD)
    lines = {form.kind: len(GOOD[form.file].splitlines()) - 1 for form in reference_tables.TABLES}
    kept = counts(database)
    assert {kind: kept[kind] for kind in lines} == lines
    assert (len(report.changes), report.unchanged) == (sum(lines.values()), 0)
    assert kept["reference_change"] == sum(lines.values())
    again = loaded(tmp_path, database, GOOD)
    assert (again.changes, again.unchanged, again.absent, again.effects) == ((), sum(lines.values()), (), ())
    assert counts(database) == kept


def test_units_are_announced_first_then_calendars_then_procedures(database: Database, tmp_path: Path) -> None:
    loaded(tmp_path, database, GOOD)
    told = announced(database)
    assert [type(data) for data in told] == [Unit] * 4 + [CalendarPublished] + [Procedure] * 3
    assert levels(database) == [("9.990001", "full"), ("9.990002", "full"), ("9.990003", "unclassified")]
    (ended,) = [unit for unit in told if isinstance(unit, Unit) and unit.successor]
    assert (ended.code, ended.valid_to, ended.successor) == ("H98.07", "2025-02-28", "H98.02")


def test_a_load_that_is_bad_in_its_last_line_leaves_nothing(database: Database, tmp_path: Path) -> None:
    last = GOOD["task_figures.csv"].replace("226,262", "263,262")
    with pytest.raises(BadReference) as caught:
        loaded(tmp_path, database, {**GOOD, "task_figures.csv": last})
    assert [str(line).split(" ")[0] for line in caught.value.lines] == ["task_figures.csv:3:"]
    assert set(counts(database).values()) == {0}


class RowsThatFail(TableReferenceRows):
    """Rows whose last announcement takes a key that is taken."""

    def announce(self, news: Sequence[tuple[Announcement, Event]]) -> None:
        """Announce all, then once more what is last."""
        super().announce(news)
        tables.journal.write(self._connection, [("hoso.reference", news[-1][1])])


def test_a_load_the_database_refuses_at_its_last_row_leaves_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.registry.reference_store.TableReferenceRows", RowsThatFail)
    with pytest.raises(AlreadyExists):
        loaded(tmp_path, database, GOOD)
    assert set(counts(database).values()) == {0}


def test_a_dry_run_tells_all_and_leaves_nothing(database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", GOOD)
    tried = preview(folder, TableReference(database), FakeClock())
    assert set(counts(database).values()) == {0}
    assert tried == load(folder, TableReference(database), FakeClock())
    assert "calendar VN: hours differ" in tried.effects


def test_a_dry_run_names_the_levels_and_calendars_that_would_change(database: Database, tmp_path: Path) -> None:
    loaded(tmp_path, database, GOOD)
    before = counts(database)
    changed = {
        "assessments.csv": """procedure_code,scheme,level,decision,decided_by,valid_from,source
9.990003,ND42_2022,partial,QĐ 9,UBND tỉnh,2025-10-01,Hư cấu
9.990003,ND42_2022,full,QĐ 10,UBND tỉnh,2027-01-01,Hư cấu
""",
        "calendar_days.csv": "calendar,day,kind,decided,name,source\n"
        "VN,2027-02-09,off,true,Tết,Hư cấu\nH98.02,2026-05-04,off,true,Ngày truyền thống,Hư cấu\n",
    }
    report = preview(write(tmp_path / "more", changed), TableReference(database), FakeClock())
    assert [str(change) for change in report.changes] == [
        "+ assessment 9.990003 decision QĐ 9",
        "+ assessment 9.990003 decision QĐ 10",
        "~ calendar_day VN day 2027-02-09: decided, name, source",
        "+ calendar_day H98.02 day 2026-05-04",
    ]
    assert report.effects == (
        "calendar VN: 1 days differ, from 2027-02-09 to 2027-02-09",
        "calendar H98.02: 1 days differ, from 2026-05-04 to 2026-05-04",
        "level of 9.990003 from 2025-10-01: unclassified -> partial",
        "level of 9.990003 from 2027-01-01: unclassified -> full",
    )
    assert counts(database) == before


def test_what_a_row_loses_with_its_whole_leaves_a_trace(database: Database, tmp_path: Path) -> None:
    loaded(tmp_path, database, GOOD)
    lines = GOOD["procedure_components.csv"].splitlines(keepends=True)
    report = loaded(tmp_path, database, {"procedure_components.csv": "".join(lines[:2])})
    assert [str(change) for change in report.changes] == ["- procedure_component 9.990001 version 2 code KQ.02"]
    assert counts(database)["procedure_component"] == 1
    written = [w for w in ReferenceQueries(database).history("9.990001") if w.key[-1] == "KQ.02"]
    assert [(w.revision, w.fields, w.content is None) for w in written] == [(1, (), False), (2, ("removed",), True)]
    again = loaded(tmp_path, database, {"procedure_components.csv": "".join(lines)})
    assert [str(change) for change in again.changes] == ["+ procedure_component 9.990001 version 2 code KQ.02"]


def test_other_hours_replace_all_hours_of_their_calendar(database: Database, tmp_path: Path) -> None:
    loaded(tmp_path, database, GOOD)
    hours = "calendar,weekdays,begins,ends,valid_from,valid_to,source\nVN,1-5,08:00,16:00,,,Hư cấu\n"
    report = loaded(tmp_path, database, {"calendar_windows.csv": hours})
    assert [str(change)[0] for change in report.changes] == ["+", "-", "-"]
    *_, calendar = [data for data in announced(database) if isinstance(data, CalendarPublished)]
    assert (calendar.revision, [str(window.begins) for window in calendar.windows]) == (2, ["08:00:00"])


def test_rows_that_stay_are_told_for_the_calendars_and_procedures_at_hand_only(
    database: Database, tmp_path: Path
) -> None:
    loaded(tmp_path, database, GOOD)
    day = "calendar,day,kind,decided,name,source\nH98.02,2026-05-04,off,true,Ngày truyền thống,Hư cấu\n"
    assert loaded(tmp_path, database, {"calendar_days.csv": day}).absent == ()
    units = "".join(UNITS.splitlines(keepends=True)[:3])
    assert loaded(tmp_path, database, {"units.csv": units}).absent == (("unit", "H98.61"), ("unit", "H98.62"))


def test_an_unknown_file_and_an_empty_folder_are_bad(sqlite: Database, tmp_path: Path) -> None:
    for files, expected in (({"unit.csv": UNITS}, "unit.csv:0: file: is no file of"), ({}, "has no CSV file")):
        with pytest.raises(BadReference) as caught:
            loaded(tmp_path, sqlite, files)
        assert expected in str(caught.value.lines[0])
    with pytest.raises(BadReference):
        load(tmp_path / "nowhere", TableReference(sqlite), FakeClock())


def test_the_national_set_is_loaded_first_where_no_calendar_is_known(database: Database, tmp_path: Path) -> None:
    own = {name: content for name, content in GOOD.items() if name not in NATIONAL}
    with pytest.raises(BadReference, match="6 errors"):  # the schemes are not known
        loaded(tmp_path, database, own)
    folder = write(tmp_path / "files", own)
    report = load(folder, TableReference(database), FakeClock(), first=NATIONAL_FOLDER)
    national = sum(len(content.splitlines()) - 1 for content in NATIONAL.values())
    assert (report.before, report.unchanged) == (national, 0)
    assert load_national(TableReference(database), FakeClock()) is None
    assert load(folder, TableReference(database), FakeClock(), first=NATIONAL_FOLDER).before == 0


def test_what_begins_with_a_day_is_announced_on_that_day_once(database: Database, tmp_path: Path) -> None:
    clock = FakeClock()
    loaded(tmp_path, database, GOOD, clock)
    later = """procedure_code,scheme,level,decision,decided_by,valid_from,source
9.990003,ND42_2022,partial,QĐ 9,UBND tỉnh,2026-10-10,Hư cấu
"""
    loaded(tmp_path, database, {"assessments.csv": later}, clock)
    assert levels(database)[3:] == []
    clock.advance(seconds=timedelta(hours=36).total_seconds() - 1)  # 9 October 2026, 23:59:59 in Viet Nam
    assert announce(TableReference(database), clock) == 0
    clock.advance(seconds=1)
    assert [announce(TableReference(database), clock) for _ in range(2)] == [1, 0]
    assert levels(database)[3:] == [("9.990003", "partial")]


def test_rows_of_an_earlier_version_count_as_known_ever_since(database: Database) -> None:
    old = {"code": "H98", "name": "n", "kind": "department", "valid_from": "2026-01-01", "source": "s", "revision": 1}
    with database.transaction() as connection:
        connection.execute(insert(reference_tables.unit).values(old))
    queries = ReferenceQueries(database)
    assert list(queries.now().units) == list(queries.at(datetime(2020, 1, 1, tzinfo=UTC)).units) == ["H98"]


BEFORE = """
CREATE TABLE procedure (
    code TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, field_code TEXT NOT NULL,
    field_name TEXT NOT NULL, managing_unit TEXT NOT NULL, handling_level TEXT NOT NULL, "limit" INTEGER NOT NULL,
    limit_unit TEXT NOT NULL, level TEXT NOT NULL, level_scheme TEXT NOT NULL, level_decision TEXT,
    valid_from TEXT NOT NULL, result_is_document BOOLEAN NOT NULL, source TEXT NOT NULL, revision INTEGER NOT NULL,
    PRIMARY KEY (code, version)
);
INSERT INTO procedure VALUES ('9.990001', 1, 'n', 'f', 'f', 'H98.02', 'province', 15, 'working_day', 'full',
    'ND42_2022', 'QĐ 1', '2026-01-01', TRUE, 's', 1)
"""


def test_a_table_of_an_earlier_version_gets_what_it_lacks(database_url: str) -> None:
    database = Database(database_url)
    with database.transaction() as connection:
        for statement in BEFORE.split(";"):
            connection.execute(text(statement))
    database.create(tables.metadata)
    (version,) = ReferenceQueries(database).now().versions["9.990001"]
    added = {"has_fee": False, "eligible_for_full": True, "reduction_hours": 0, "published": None, "steps_cut": 0}
    assert version.model_dump(include=set(added)) == added
    assert announce(TableReference(database), FakeClock()) == 1
    database.close()
