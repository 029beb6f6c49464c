"""Form II.06a against a naive count of the same dossiers, and 3 = 7 + 11 whatever they are."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.registry.figure_reader import FigureReader
from services.registry.figures import form06
from services.registry.figures.form06 import InvariantBroken
from services.registry.figures.period import Period
from services.registry.figures.report import Report
from services.registry.file_report import Wanted
from services.registry.load import load
from services.registry.reference_queries import ReferenceQueries
from services.registry.reference_store import TableReference
from shared.clock import VIETNAM
from shared.database import Database
from tests.fakes.clock import FakeClock
from tests.registry.dossier_rows import a_dossier, at, days_from, put
from tests.registry.test_reference import PROVINCE

FIRST = date(2026, 3, 1)
NOW = at("2026-05-20", "09:00")
DAYS = st.integers(0, 100).map(lambda count: days_from(FIRST, count))


@pytest.fixture
def reader(database: Database) -> FigureReader:
    load(PROVINCE, TableReference(database), FakeClock())
    return FigureReader(database, ReferenceQueries(database))


def made(reader: FigureReader, period: Period, *units: str, now: datetime = NOW) -> Report:
    return reader.make(Wanted("II.06a", units or ("all",), period), now).report


@st.composite
def dossiers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw dossiers of some units, procedures and channels: open, settled in three ways, waiting, never received."""
    return [_dossier(draw, number) for number in range(draw(st.integers(0, 25)))]


def _dossier(draw: st.DrawFn, number: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "competent_unit": draw(st.sampled_from(["H98.02", "H98.61", "H98.61.01", None])),
        "procedure_code": draw(st.sampled_from(["9.990001", "9.990005", "9.990017", "no-such", None])),
        "channel": draw(st.sampled_from([1, 2, 3, None])),
    }
    if draw(st.booleans()) or draw(st.booleans()):
        received = draw(DAYS)
        fields["accepted_at"] = at(received, draw(st.sampled_from(["00:00", "07:30", "23:59"])))
        end = draw(st.sampled_from([None, "finished_at", "withdrawn_at", "stopped_at"]))
        if end is not None:
            fields[end] = at(days_from(received, draw(st.integers(0, 60))), "23:59")
        elif draw(st.booleans()):
            fields["status"] = draw(st.sampled_from([5, 6, 8]))
            fields["paused_since"] = at(days_from(received, draw(st.integers(0, 60))))
        if draw(st.booleans()):
            fields["due_at"] = at(days_from(received, draw(st.integers(0, 40))), "17:00")
    return a_dossier(number, **fields)


def naive(rows: Sequence[dict[str, Any]], period: Period, now: datetime) -> Counter[str]:
    """Count one dossier after the other, by its moments alone."""
    counts: Counter[str] = Counter()
    end = min(period.ends, now)
    today = now.astimezone(VIETNAM).date()
    reference_day = period.last + timedelta(days=1) if period.last < today else today
    for row in rows:
        accepted, settled, due = row["accepted_at"], row["settled_at"], row["counted_due_at"]
        if accepted is None or accepted >= period.ends or (settled is not None and settled < period.begins):
            continue
        if accepted < period.begins:
            counts["carried"] += 1
        else:
            counts["received_online" if row["channel"] == 2 else "received_direct"] += 1
        if settled is not None and settled < period.ends:
            day, due_day = settled.astimezone(VIETNAM).date(), due and due.astimezone(VIETNAM).date()
            by_day = "early" if due_day and day < due_day else "overdue" if due_day and day > due_day else "on_time"
            counts[f"settled_{by_day if row['finished_at'] else 'on_time'}"] += 1
        else:
            waits = row["paused_since"] is not None and row["paused_since"] < end
            late = due is not None and due.astimezone(VIETNAM).date() < reference_day and not waits
            counts["open_overdue" if late else "open_in_time"] += 1
    return counts


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=dossiers(), first=DAYS, length=st.integers(0, 50))
def test_it_is_what_a_naive_count_gives(
    database: Database, reader: FigureReader, rows: list[dict[str, Any]], first: date, length: int
) -> None:
    period = Period(first, days_from(first, length))
    put(database, rows)
    report = made(reader, period)
    expected = naive(rows, period, NOW)
    total, *others = report.rows
    assert {key: total.values[key] for key in form06.LEAVES} == {key: expected[key] for key in form06.LEAVES}
    for row in (*report.rows, *report.by_unit):
        assert row.values["received"] == row.values["settled"] + row.values["open"]  # type: ignore[operator]
    for style in ("group", "line"):
        assert sum(row.values["received"] or 0 for row in others if row.style == style) == total.values["received"]
    for unit in ("H98.02", "H98.61"):
        theirs = [row for row in rows if (row["competent_unit"] or "").startswith(unit)]
        head = made(reader, period, unit).rows[0]
        assert {k: head.values[k] for k in form06.LEAVES} == {k: naive(theirs, period, NOW)[k] for k in form06.LEAVES}


def test_what_is_open_at_an_end_is_carried_into_the_next_period(database: Database, reader: FigureReader) -> None:
    rows = [a_dossier(n, accepted_at=at(days_from(FIRST, n)), due_at=at(days_from(FIRST, n + 5))) for n in range(30)]
    for row in rows[::2]:
        row |= {"finished_at": row["due_at"], "settled_at": row["due_at"], "settled_day": row["due_day"]}
        row["timeliness"] = "on_time"
    put(database, rows)
    first = made(reader, Period(FIRST, days_from(FIRST, 14))).rows[0].values
    second = made(reader, Period(days_from(FIRST, 15), days_from(FIRST, 40))).rows[0].values
    assert first["open"] == second["carried"] == 10
    assert (first["received"], second["received"], second["settled"]) == (15, 25, 10)


def test_rows_are_fields_by_handling_level(database: Database, reader: FigureReader) -> None:
    of = {"9.990001": 2, "9.990005": 1, "9.990017": 3}
    versions = [(code, n) for code, count in of.items() for n in range(count)]
    units = {"9.990017": "H98.61"}
    put(
        database,
        [
            a_dossier(n, procedure_code=code, competent_unit=units.get(code, "H98.02"), accepted_at=at(FIRST))
            for n, (code, _) in enumerate(versions)
        ],
    )
    report = made(reader, Period(FIRST, FIRST))
    assert [(row.style, row.number, row.label, row.values["received"]) for row in report.rows] == [
        ("total", "", "TỔNG CỘNG", 6),
        ("group", "I", "Cấp tỉnh", 3),
        ("line", "1", "Người có công", 2),
        ("line", "2", "Việc làm", 1),
        ("group", "II", "Cấp xã", 3),
        ("line", "1", "Hộ tịch", 3),
    ]
    assert [(row.number, row.label, row.unit) for row in report.by_unit if row.style == "unit"] == [
        ("A", "Sở Nội vụ tỉnh Hạ Vân", "H98.02"),
        ("B", "Ủy ban nhân dân xã Đồi Gió", "H98.61"),
    ]


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ("2026-03-10", 0),  # due today: the day is not over
        ("2026-03-11", 1),
        ("2026-04-20", 1),  # the period is long over
    ],
)
def test_while_a_period_runs_open_dossiers_are_judged_today(
    database: Database, reader: FigureReader, now: str, late: int
) -> None:
    put(database, [a_dossier(1, accepted_at=at("2026-03-02"), due_at=at("2026-03-10", "17:00"))])
    report = made(reader, Period(FIRST, date(2026, 3, 31)), now=at(now))
    assert report.rows[0].values["open_overdue"] == late


def test_a_dossier_due_on_the_last_day_and_not_settled_is_overdue(database: Database, reader: FigureReader) -> None:
    put(database, [a_dossier(1, accepted_at=at("2026-03-02"), due_at=at("2026-03-31", "08:00"))])
    assert made(reader, Period(FIRST, date(2026, 3, 31))).rows[0].values["open_overdue"] == 1
    assert made(reader, Period(FIRST, date(2026, 3, 30))).rows[0].values["open_in_time"] == 1


def test_no_report_is_made_of_counts_that_contradict_each_other() -> None:
    leaves = dict.fromkeys(form06.LEAVES, 0) | {"received_online": 2, "settled_early": 1}
    with pytest.raises(InvariantBroken, match="2 to be handled, 1 settled, 0 open"):
        form06.rows([form06.Group("H98.02", "province", "F", "Lĩnh vực", leaves)])
