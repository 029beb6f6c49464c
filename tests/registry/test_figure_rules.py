"""The rules of figures by themselves, on cases computed by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registry.figures import unit_tables
from services.registry.figures.averages import Hours, averages
from services.registry.figures.counting import roman, share
from services.registry.figures.forms import KINDS, form
from services.registry.figures.indicators import Counted, Threshold, catalogue, judge
from services.registry.figures.period import Period
from services.registry.figures.practised import Practice, practised
from services.registry.figures.progress import Reached, TargetToReach, progress
from services.registry.figures.scope import ALL, Scope, UnknownUnits, scope
from services.registry.figures.scoring import ratio, score
from services.registry.figures.timeliness_766 import Course, in_time
from services.registry.figures.unit_tables import UnitCounts
from shared.events import ServiceLevel
from tests.registry.dossier_rows import at

NOON = datetime(2026, 3, 10, 5, tzinfo=UTC)


def test_a_period_is_days_of_viet_nam() -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert period.begins == datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert period.ends == datetime(2026, 3, 31, 17, tzinfo=UTC)
    assert period.reference_day(date(2026, 3, 10)) == date(2026, 3, 10)
    assert period.reference_day(date(2026, 9, 1)) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("numerator", "denominator", "max_score", "full_marks_at", "expected"),
    [
        (80, 100, 4, 0.8, 4.0),  # the threshold is enough
        (95, 100, 4, 0.8, 4.0),
        (60, 100, 4, 0.8, 3.0),  # 0.6 * 4 / 0.8
        (1, 3, 6, 0.5, 4.0),  # of the exact third, not of 0.3333
        (2, 3, 20, None, 13.33),  # no threshold is stated
        (0, 10, 4, 0.8, 0.0),
        (0, 0, 4, 0.8, None),
        (5, 10, None, 0.8, None),
    ],
)
def test_scores(
    numerator: int, denominator: int, max_score: float | None, full_marks_at: float | None, expected: float | None
) -> None:
    assert score(numerator, denominator, max_score=max_score, full_marks_at=full_marks_at) == expected


def test_a_ratio_of_nothing_is_none() -> None:
    assert (ratio(1993, 2999), ratio(0, 5), ratio(0, 0)) == (0.6646, 0.0, None)
    assert (share(1, 8), share(0, 0)) == (0.125, None)


ACCEPTED, DUE = at("2026-03-02"), at("2026-03-12", "17:00")
IN_TIME = [
    ("finished before it was due", {"finished_at": at("2026-03-12", "16:59")}, True),
    ("finished a minute late", {"finished_at": at("2026-03-12", "17:01")}, False),
    ("finished late, but it waited a day", {"finished_at": at("2026-03-13"), "supplement_seconds": 86400}, True),
    ("two requests count as overdue", {"finished_at": at("2026-03-03"), "supplements": 2}, False),
    (
        "waits since before it was due",
        {"supplements": 1, "supplement_since": at("2026-03-12")},
        True,
    ),
    ("asked for a supplement when it was late", {"supplements": 1, "supplement_since": at("2026-03-13")}, False),
    ("still open, and late", {}, False),
    ("finished in time, returned late", {"finished_at": at("2026-03-10"), "returned_at": at("2026-03-30")}, True),
    ("withdrawn in time", {"withdrawn_at": at("2026-03-05")}, True),
    ("stopped late", {"stopped_at": at("2026-03-15")}, False),
    (
        "finished goes before stopped",
        {"finished_at": at("2026-03-15"), "stopped_at": at("2026-03-05")},
        False,
    ),
]


@pytest.mark.parametrize(("facts", "expected"), [row[1:] for row in IN_TIME], ids=[row[0] for row in IN_TIME])
def test_in_time_by_indicator_2_1(facts: dict[str, object], expected: bool) -> None:  # noqa: FBT001
    course = Course(accepted_at=ACCEPTED, first_due_at=DUE, **facts)  # type: ignore[arg-type]
    assert in_time(course, at("2026-04-01", "00:00")) is expected


def test_a_dossier_that_ended_after_the_period_had_not_ended_in_it() -> None:
    course = Course(accepted_at=ACCEPTED, first_due_at=DUE, finished_at=at("2026-03-20"))
    assert in_time(course, at("2026-03-11")) is True
    assert in_time(course, at("2026-03-15")) is False


def test_without_a_due_date_the_law_s_limit_decides_or_nobody_knows() -> None:
    course = Course(accepted_at=ACCEPTED, finished_at=at("2026-03-20"))
    assert in_time(course, NOON, statutory_due_at=None) is None
    assert in_time(course, at("2026-04-01"), statutory_due_at=at("2026-03-21")) is True
    assert in_time(course, at("2026-04-01"), statutory_due_at=at("2026-03-19")) is False


def test_averages_are_in_the_unit_of_each_limit() -> None:
    monday = date(2026, 3, 2)
    durations = [
        ("working_day", monday, monday + timedelta(days=7), 2),
        ("working_day", monday, monday + timedelta(days=1), 1),
        ("calendar_day", monday, monday + timedelta(days=10), 4),
        ("month", monday, monday + timedelta(days=61), 1),
        ("working_day", date(2030, 1, 1), date(2030, 1, 2), 5),
    ]
    found = averages(
        durations,
        Hours(dossiers=2, seconds=9 * 3600),
        working_days=lambda a, b: None if a.year == 2030 else (5 if (b - a).days == 7 else 1),
    )
    assert [(a.limit_unit, a.dossiers, a.total, a.average) for a in found.averages] == [
        ("calendar_day", 4, 40.0, 10.0),
        ("month", 1, 2.0, 2.0),
        ("working_day", 3, 11.0, 3.67),
        ("working_hour", 2, 9.0, 4.5),
    ]
    assert (found.denominator, found.notes[0].en.split()[0]) == (10, "5")


def test_what_cannot_be_computed_says_so_and_is_never_zero() -> None:
    found = judge({"4.2": Counted(numerator=0, denominator=0)}, [Threshold(code="4.2", max_score=4, full_marks_at=0.8)])
    for indicator in found.indicators:
        assert (indicator.numerator, indicator.ratio, indicator.score) in {(None, None, None), (0, None, None)}
        assert indicator.unavailable_because is not None
        assert indicator.unavailable_because.vi != indicator.unavailable_because.en
    assert all(group.score is None for group in found.groups)


def test_a_figure_without_points_says_why() -> None:
    thresholds = [Threshold(code="3.2"), Threshold(code="4.3", max_score=2, full_marks_at=0.8)]
    counted = {"3.2": Counted(numerator=1, denominator=4), "4.3": Counted(numerator=2, denominator=5)}
    found = {i.code: i for i in judge(counted, [*thresholds, Threshold(code="digitised", max_score=22)]).indicators}
    assert (found["3.2"].ratio, found["3.2"].score) == (0.25, None)
    assert found["3.2"].no_score_because is not None
    assert (found["4.3"].ratio, found["4.3"].score, found["4.3"].no_score_because) == (0.4, 1.0, None)
    groups = {g.code: g for g in judge(counted, [*thresholds, Threshold(code="digitised", max_score=22)]).groups}
    assert (groups["digitised"].score, groups["digitised"].max_score) == (1.0, 22)
    assert "4.1" in groups["digitised"].without_score
    assert groups["online"].score is None


def test_every_indicator_is_computed_or_says_why_not() -> None:
    for definition in catalogue().indicators:
        assert definition.counts or definition.unavailable, definition.code
    assert len({d.code for d in catalogue().indicators}) == len(catalogue().indicators)


A_TARGET = TargetToReach(
    code="T",
    metric="m",
    value=0.3,
    comparison="at_least",
    scheme=None,
    levels=(),
    scope=ALL,
    numerator="hồ sơ trực tuyến",
    denominator="tổng số hồ sơ",
    legal_basis="NQ 17/NQ-CP",
    valid_from=date(2020, 1, 1),
    valid_to=date(2020, 12, 31),
    source="s",
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "value", "gap", "reached"),
    [
        (30, 100, 0.3, 0.0, True),
        (25, 100, 0.25, 0.05, False),
        (29999, 100000, 0.3, 0.0, False),
        (0, 0, None, None, None),
    ],
)
def test_progress(
    numerator: int,
    denominator: int,
    value: float | None,
    gap: float | None,
    reached: bool | None,  # noqa: FBT001
) -> None:
    counters = {"m": lambda _: Reached(numerator, denominator)}
    found = progress(A_TARGET, counters, first=date(2020, 12, 1), last=date(2021, 1, 31))
    assert (found.value, found.gap, found.reached, found.in_force) == (value, gap, reached, True)


def test_a_target_nobody_can_count_says_so() -> None:
    found = progress(A_TARGET, {}, first=date(2026, 1, 1), last=date(2026, 1, 31))
    assert (found.value, found.numerator, found.in_force) == (None, None, False)
    assert found.unavailable_because is not None


PRACTICES = [
    (ServiceLevel.FULL, {"received": 5, "online": 0}, ["never-submitted-online"]),
    (ServiceLevel.FULL, {"received": 5, "online": 1, "paid": 3}, ["never-paid-online"]),
    (ServiceLevel.FULL, {"received": 5, "online": 1, "returned": 4}, ["only-returned-at-the-counter"]),
    (ServiceLevel.FULL, {"received": 5, "online": 1, "returned": 4, "returned_remotely": 1}, []),
    (ServiceLevel.PARTIAL, {"received": 5, "online": 0, "returned": 4}, ["never-submitted-online"]),
    (ServiceLevel.PARTIAL, {"received": 4, "online": 4, "returned": 3, "returned_remotely": 3}, ["practised-as-full"]),
    (ServiceLevel.PARTIAL, {"received": 4, "online": 3, "returned": 3, "returned_remotely": 3}, []),
    (ServiceLevel.INFO, {"received": 4, "online": 1}, ["submitted-online-undeclared"]),
    (ServiceLevel.UNCLASSIFIED, {"received": 4}, []),
]


@pytest.mark.parametrize(("level", "shown", "expected"), PRACTICES)
def test_where_practice_and_level_disagree(level: ServiceLevel, shown: dict[str, int], expected: list[str]) -> None:
    found = practised(Practice("9.990001", "n", "H98.02", level, **shown), at_least=1)
    assert [disagreement.reason for disagreement in found.disagreements] == expected
    few = practised(Practice("9.990001", "n", "H98.02", level, **shown), at_least=1000)
    assert few.disagreements == ()


UNITS: list[dict[str, str | None]] = [
    {"code": "H98.01", "name": "Văn phòng", "kind": "department", "parent": None},
    {"code": "H98.01.10", "name": "Trung tâm", "kind": "one_stop", "parent": "H98.01"},
    {"code": "H98.02", "name": "Sở", "kind": "department", "parent": None},
]


def test_a_unit_is_asked_about_with_those_under_it() -> None:
    found = scope(["H98.01"], UNITS)
    assert (found.codes, found.name) == (("H98.01", "H98.01.10"), "Văn phòng")
    assert scope(["all", "H98.02"], UNITS) == Scope((ALL,), scope(["all"], UNITS).units, None)
    with pytest.raises(UnknownUnits) as refused:
        scope(["H98.02", "H98.77"], UNITS)
    assert refused.value.codes == ("H98.77",)


def test_unit_tables_add_up_by_kind_of_unit() -> None:
    counts = {"received": 10, "obliged": 8, "paid": 6, "paid_portal": 2, "paid_gateway": 1}
    amounts = {"amount_paid": 600_000, "amount_online": 300_000}
    units = [UnitCounts(f"H98.0{n}", f"Sở {n}", "department", counts | amounts) for n in (2, 3)]
    rows = unit_tables.rows("online-payment", [*units, UnitCounts("H98.61", "Xã", "commune", counts | amounts)])
    assert [(row.style, row.number, row.label, row.values["obliged"]) for row in rows] == [
        ("total", "", "TỔNG CỘNG", 24),
        ("group", "I", "Sở, ban, ngành", 16),
        ("line", "1", "Sở 2", 8),
        ("line", "2", "Sở 3", 8),
        ("group", "II", "Ủy ban nhân dân cấp xã", 8),
        ("line", "1", "Xã", 8),
    ]
    assert (rows[0].values["paid_online"], rows[0].values["online_ratio"]) == (9, 0.375)


def test_rows_are_numbered_in_roman_letters() -> None:
    assert [roman(n) for n in (1, 4, 9, 14, 19, 23)] == ["I", "IV", "IX", "XIV", "XIX", "XXIII"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_has_its_columns_numbered_and_its_source(kind: str) -> None:
    found = form(kind)
    assert [column.key for column in found.columns[:2]] == ["number", "label"]
    numbers = [column.number.split("=")[0] for column in found.columns]
    assert numbers == [f"({n})" for n in range(1, len(found.columns) + 1)]
    assert found.source
    keys = {column.key for column in found.counted}
    if kind in unit_tables.TABLES:
        names, derive = unit_tables.TABLES[kind]
        assert keys <= set(derive(dict.fromkeys(names, 0)))
