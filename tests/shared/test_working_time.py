"""When a dossier is due: the known cases, and what holds of all of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.calendars_file import read_calendars
from shared.calendars import Calendar, Day, Window
from shared.clock import VIETNAM
from shared.due_account import Part, explain
from shared.working_table import OutsideCalendar
from shared.working_time import Due, Limit, Pause, TimeUnit, due

VN = read_calendars()["VN"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=VIETNAM)


def asked(accepted: str, amount: int, unit: str, *pauses: str, cut_off: str = "", calendar: Calendar = VN) -> Due:
    limit = Limit(amount, TimeUnit(unit), time.fromisoformat(cut_off) if cut_off else None)
    spans = (pause.split("/") for pause in pauses)
    return due(calendar, at(accepted), limit, [Pause(at(begins), at(ends) if ends else None) for begins, ends in spans])


def local(found: datetime) -> str:
    return found.astimezone(VIETNAM).replace(tzinfo=None).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("accepted", "days", "expected"),
    [
        ("2026-11-20", 7, "2026-12-02"),
        ("2026-11-20", 10, "2026-12-07"),
        ("2026-11-20", 15, "2026-12-14"),
        ("2026-11-23", 1, "2026-11-25"),
        ("2026-08-20", 3, "2026-08-24"),
        ("2026-08-27", 3, "2026-09-04"),
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-04-24", 3, "2026-05-04"),
        ("2025-12-31", 5, "2026-01-09"),
    ],
)
@pytest.mark.parametrize(("hour", "due_hour"), [("00:00", "07:00"), ("10:00", "10:00"), ("17:00", "17:00")])
def test_known_limits_in_working_days(accepted: str, days: int, expected: str, hour: str, due_hour: str) -> None:
    found = asked(f"{accepted}T{hour}", days, "working_day")
    assert (local(found.at), found.provisional) == (f"{expected}T{due_hour}", False)


@pytest.mark.parametrize(
    ("accepted", "cut_off", "started"),
    [
        ("2026-11-26T07:00", "", "2026-11-26T07:00"),
        ("2026-11-26T11:30", "", "2026-11-26T11:30"),
        ("2026-11-26T17:00", "", "2026-11-26T17:00"),
        ("2026-11-26T05:59", "", "2026-11-26T07:00"),
        ("2026-11-26T11:31", "", "2026-11-26T13:30"),
        ("2026-11-26T17:01", "", "2026-11-27T07:00"),
        ("2026-11-27T17:01", "", "2026-11-30T07:00"),
        ("2026-11-23T17:01", "", "2026-11-25T07:00"),
        ("2026-11-24T09:00", "", "2026-11-25T07:00"),
        ("2026-08-22T09:00", "", "2026-08-22T09:00"),
        ("2026-11-26T15:00", "15:00", "2026-11-26T15:00"),
        ("2026-11-26T15:01", "15:00", "2026-11-27T07:00"),
        ("2026-11-26T12:00", "15:00", "2026-11-26T13:30"),
        ("2026-11-26T12:00", "11:30", "2026-11-27T07:00"),
        ("2026-11-28T16:00", "15:00", "2026-11-30T07:00"),
    ],
)
def test_what_comes_in_outside_hours_is_at_work_later(accepted: str, cut_off: str, started: str) -> None:
    assert local(VN.arrival(at(accepted), time.fromisoformat(cut_off) if cut_off else None)) == started


@pytest.mark.parametrize(
    ("accepted", "amount", "unit", "expected"),
    [
        ("2026-11-26T07:00", 8, "working_hour", "2026-11-26T17:00"),
        ("2026-11-26T17:00", 8, "working_hour", "2026-11-27T17:00"),
        ("2026-11-26T16:00", 2, "working_hour", "2026-11-27T08:00"),
        ("2026-11-26T10:30", 1, "working_hour", "2026-11-26T11:30"),
        ("2026-11-26T12:00", 1, "working_hour", "2026-11-26T14:30"),
        ("2026-11-30T07:00", 1, "working_day", "2026-12-01T07:00"),
        ("2026-11-30T12:00", 1, "working_day", "2026-12-01T13:30"),
        ("2026-11-18T10:00", 5, "calendar_day", "2026-11-23T10:00"),
        ("2026-11-16T10:00", 5, "calendar_day", "2026-11-23T10:00"),  # Sat 21 slides
        ("2026-11-19T10:00", 5, "calendar_day", "2026-11-25T10:00"),  # Tue 24 is off
        ("2026-11-14T10:00", 4, "calendar_day", "2026-11-20T07:00"),  # Sat: counted from Mon 16
        ("2026-10-20T10:00", 1, "month", "2026-11-20T10:00"),
        ("2026-10-24T10:00", 1, "month", "2026-11-26T07:00"),  # Sat: counted from Mon 26
        ("2026-08-31T10:00", 6, "month", "2027-03-03T07:00"),  # off until 3 September
        ("2025-12-31T16:00", 2, "month", "2026-03-02T16:00"),  # 28 February is a Saturday
        ("2024-01-31T16:00", 1, "month", "2024-02-29T16:00"),
        ("2025-10-31T16:00", 26, "month", "2027-12-31T16:00"),
    ],
)
def test_each_unit_counts_its_way(accepted: str, amount: int, unit: str, expected: str) -> None:
    assert local(asked(accepted, amount, unit).at) == expected


@pytest.mark.parametrize(
    ("unit", "pauses", "expected"),
    [  # accepted Monday 2026-11-30 10:00, 16 working hours or 2 days
        ("working_hour", ["2026-12-01T10:00/2026-12-01T14:00"], "2026-12-02T14:00"),
        ("working_day", ["2026-12-01T10:00/2026-12-01T14:00"], "2026-12-02T14:00"),
        ("working_day", ["2026-12-01T10:00/2026-12-01T11:00", "2026-12-01T10:30/2026-12-01T14:00"], "2026-12-02T14:00"),
        ("working_day", ["2026-12-01T17:00/2026-12-02T07:00"], "2026-12-02T10:00"),
        ("working_day", ["2026-11-20T10:00/2026-11-30T11:00"], "2026-12-02T11:00"),  # in part before acceptance
        ("working_day", ["2026-11-20T10:00/2026-11-27T10:00"], "2026-12-02T10:00"),
        ("working_day", ["2026-12-02T10:00/2026-12-03T10:00"], "2026-12-02T10:00"),  # due by then
        ("working_day", ["2026-12-02T09:59/2026-12-03T09:59"], "2026-12-03T10:00"),
        ("working_day", ["2026-12-01T10:00/2026-12-02T10:00", "2026-12-02T16:00/2026-12-03T16:00"], "2026-12-04T10:00"),
        ("calendar_day", ["2026-12-01T10:00/2026-12-02T14:00"], "2026-12-03T14:00"),
        ("calendar_day", ["2026-12-01T10:00/2026-12-04T14:00"], "2026-12-07T14:00"),  # Sat 5 slides
        ("month", ["2026-12-01T10:00/2026-12-02T14:00"], "2027-02-01T14:00"),  # Sat 30 January, and a day
    ],
)
def test_a_pause_moves_the_due_date(unit: str, pauses: list[str], expected: str) -> None:
    amount = 16 if unit == "working_hour" else 2
    assert local(asked("2026-11-30T10:00", amount, unit, *pauses).at) == expected


def test_a_whole_day_of_pause_keeps_an_opening_an_opening() -> None:
    found = asked("2026-11-30T07:00", 2, "working_day", "2026-12-01T09:00/2026-12-02T09:00")
    assert local(found.at) == "2026-12-03T07:00"


def test_pauses_that_touch_are_one() -> None:
    night, day = "2026-11-30T17:00/2026-12-01T07:00", "2026-12-01T07:00/2026-12-02T07:00"
    assert local(asked("2026-11-30T07:00", 1, "working_day", day).at) == "2026-12-01T07:00"
    assert local(asked("2026-11-30T07:00", 1, "working_day", day, night).at) == "2026-12-02T07:00"


@pytest.mark.parametrize(
    ("pause", "expected"),
    [  # the period ends on Saturday 2026-12-05 10:00, which Monday 10:00 stands for
        ("2026-12-06T16:00/2026-12-06T16:30", "2026-12-07T10:00"),
        ("2026-12-07T08:00/2026-12-09T08:00", "2026-12-09T08:00"),
        ("2026-12-07T10:00/2026-12-09T08:00", "2026-12-07T10:00"),
        ("2026-12-05T09:00/2026-12-09T08:00", "2026-12-09T09:00"),
        ("2026-12-04T09:00/2026-12-05T08:00", "2026-12-07T10:00"),  # to Sunday 09:00: never earlier than without
    ],
)
def test_a_pause_around_a_period_that_ends_on_a_day_off(pause: str, expected: str) -> None:
    assert local(asked("2026-11-30T10:00", 5, "calendar_day").at) == "2026-12-07T10:00"
    assert local(asked("2026-11-30T10:00", 5, "calendar_day", pause).at) == expected


def test_the_clock_does_not_run_before_the_cut_off_lets_it() -> None:
    late = asked("2026-11-30T15:10", 2, "working_day", "2026-11-30T15:30/2026-11-30T16:30", cut_off="15:00")
    assert local(late.at) == "2026-12-03T07:00"


@pytest.mark.parametrize(("unit", "earliest"), [("working_day", "2026-12-02T10:00"), ("month", "2027-02-01T10:00")])
def test_a_pause_that_lasts_gives_the_earliest_due_date(unit: str, earliest: str) -> None:
    found = asked("2026-11-30T10:00", 2, unit, "2026-12-01T10:00/")
    assert (local(found.at), found.paused) == (earliest, True)
    assert not asked("2026-11-30T10:00", 2, unit, "2027-02-02T10:00/").paused


@pytest.mark.parametrize(
    ("accepted", "amount", "unit", "provisional"),
    [
        ("2027-02-01T10:00", 2, "working_day", False),
        ("2027-02-01T10:00", 3, "working_day", True),  # Thu 4 is taken as worked
        ("2027-02-05T10:00", 1, "working_day", True),
        ("2027-02-15T10:00", 1, "working_day", False),
        ("2027-01-25T10:00", 5, "calendar_day", False),
        ("2027-01-25T10:00", 25, "calendar_day", False),  # undecided days on the way do not matter
        ("2027-01-25T10:00", 10, "calendar_day", True),
        ("2027-02-01T10:00", 5, "calendar_day", True),  # Sat 6 slides over days nobody decided on
        ("2027-02-12T18:00", 7, "calendar_day", True),  # when it was at work is not sure
        ("2027-01-08T10:00", 1, "month", True),
        ("2027-01-20T10:00", 1, "month", False),
        ("2027-08-31T10:00", 2, "working_day", True),
    ],
)
def test_a_count_that_looks_at_an_undecided_day_is_provisional(
    accepted: str, amount: int, unit: str, *, provisional: bool
) -> None:
    assert asked(accepted, amount, unit).provisional == provisional


def test_a_pause_in_the_days_off_that_move_an_end_may_make_it_provisional() -> None:
    # Sat 6 February slides to Thu 11, which would not be so had 8 February been decided otherwise
    found = asked("2027-02-01T10:00", 5, "calendar_day", "2027-02-08T10:00/2027-02-17T10:00")
    assert (local(found.at), found.provisional) == ("2027-02-17T10:00", True)


def test_a_unit_may_decide_for_itself() -> None:
    decided = tuple(replace(row, decided=True) for row in VN.days if not row.decided)
    assert not asked("2027-02-01T10:00", 3, "working_day", calendar=Calendar(decided, (), VN)).provisional


def test_a_unit_has_days_and_hours_of_its_own() -> None:
    feast = Day(date(2026, 11, 26), works=False, decided=True, name="Hội làng", source="Hư cấu")
    saturday = Window(time(7), time(11), frozenset({6}), valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 30))
    unit = Calendar((feast,), (saturday,), VN)
    assert local(asked("2026-11-25T16:00", 2, "working_day", calendar=unit).at) == "2026-11-28T11:00"
    assert local(asked("2026-11-25T16:00", 2, "working_day").at) == "2026-11-27T16:00"
    assert [unit.is_working(date(2026, *day)) for day in ((11, 26), (11, 28), (12, 5))] == [False, True, False]


def test_own_hours_replace_the_national_ones_while_they_are_valid() -> None:
    summer = Window(time(6), time(12), frozenset({1, 2, 3, 4, 5}), date(2026, 5, 4), date(2026, 8, 28))
    unit = Calendar((), (summer,), VN)
    assert unit.windows_on(date(2026, 8, 22)) == ((time(6), time(12)),)  # a worked Saturday has Monday's
    assert unit.windows_on(date(2026, 9, 3)) == VN.windows_on(date(2026, 9, 3)) == ((time(7), time(11, 30)), _AFTERNOON)
    assert local(asked("2026-08-27T05:00", 1, "working_day", calendar=unit).at) == "2026-08-28T06:00"


_AFTERNOON = (time(13, 30), time(17))


@pytest.mark.parametrize(
    ("accepted", "amount", "unit", "year"),
    [
        ("2027-12-31T17:01", 1, "working_hour", 2028),
        ("2027-12-31T16:30", 1, "working_hour", 2028),
        ("2027-12-20T10:00", 10, "working_day", 2028),
        ("2027-12-20T10:00", 12, "calendar_day", 2028),
        ("2027-12-20T10:00", 1, "month", 2028),
        ("2027-12-20T10:00", 999999, "month", 2028),
        ("2027-12-20T10:00", 999999, "calendar_day", 2028),
        ("2028-01-03T10:00", 1, "working_day", 2028),
        ("2023-12-31T23:59", 1, "working_day", 2023),
    ],
)
def test_a_year_without_a_calendar_is_never_guessed(accepted: str, amount: int, unit: str, year: int) -> None:
    with pytest.raises(OutsideCalendar, match=str(year)):
        asked(accepted, amount, unit)
    assert local(asked("2027-12-31T16:00", 1, "working_hour").at) == "2027-12-31T17:00"


@pytest.mark.parametrize(
    ("days", "windows", "wrong"),
    [
        ([], [(7, 17)], "at least one day"),
        (["2025-01-01", "2027-01-01"], [(7, 17)], "no day of 2026"),
        (["2026-01-01", "2026-01-01"], [(7, 17)], "two rows"),
        (["2026-01-01"], [(7, 12), (11, 17)], "2026-01-02 overlap"),
        (["2026-01-01"], [(12, 7)], "end before they begin"),
        (["2026-01-01"], [], "no window says when 2026"),
    ],
)
def test_rows_that_contradict_each_other_make_no_calendar(
    days: list[str], windows: list[tuple[int, int]], wrong: str
) -> None:
    rows = [Day(date.fromisoformat(day), works=False, decided=True, name="Nghỉ", source="Hư cấu") for day in days]
    week = frozenset(range(1, 6))
    with pytest.raises(ValueError, match=wrong):
        Calendar(tuple(rows), tuple(Window(time(begins), time(ends), week) for begins, ends in windows))


def test_a_worked_day_needs_windows_and_a_units_day_a_year_of_the_nation() -> None:
    worked = Day(date(2028, 1, 1), works=True, decided=True, name="Làm bù", source="Hư cấu")
    with pytest.raises(ValueError, match="no window says when"):
        Calendar((worked,), ())
    with pytest.raises(ValueError, match="outside"):
        Calendar((worked,), (), VN)


def test_a_limit_and_a_pause_make_sense() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Limit(0, TimeUnit.MONTH)
    with pytest.raises(ValueError, match="before it begins"):
        Pause(at("2026-01-05T10:00"), at("2026-01-05T09:00"))


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=2 * 365)).map(lambda later: at("2024-01-02") + later)
LIMITS = st.builds(
    Limit,
    st.integers(1, 12),
    st.sampled_from(TimeUnit),
    st.none() | st.sampled_from([time(10, 15), time(15)]),
)
SPANS = st.timedeltas(timedelta(0), timedelta(days=60))
many = settings(max_examples=300, deadline=None)


@many
@given(MOMENTS, SPANS, LIMITS)
def test_what_is_accepted_later_is_not_due_earlier(accepted: datetime, later: timedelta, limit: Limit) -> None:
    first, second = due(VN, accepted, limit).at, due(VN, accepted + later, limit).at
    if limit.unit in {TimeUnit.WORKING_HOUR, TimeUnit.WORKING_DAY}:
        assert first <= second
    else:  # Saturday 16:00 and Sunday 08:00 both slide to Monday, each at its hour
        assert first.date() <= second.date()


@many
@given(MOMENTS, LIMITS, st.integers(1, 10))
def test_a_longer_limit_is_not_due_earlier(accepted: datetime, limit: Limit, more: int) -> None:
    longer = replace(limit, amount=limit.amount + more)
    assert due(VN, accepted, limit).at.date() <= due(VN, accepted, longer).at.date()


@many
@given(MOMENTS, SPANS)
def test_adding_is_the_inverse_of_elapsed_working_time(begins: datetime, span: timedelta) -> None:
    working = span / 3
    reached = VN.add(begins, working)
    assert VN.working_between(begins, reached) == working
    assert VN.working_between(reached, begins) == -working
    worked = VN.working_between(begins, begins + span)
    assert begins <= VN.add(begins, worked) <= begins + span


@many
@given(MOMENTS, st.integers(1, 200))
def test_working_hours_are_elapsed_working_time(accepted: datetime, hours: int) -> None:
    found = due(VN, accepted, Limit(hours, TimeUnit.WORKING_HOUR)).at
    assert VN.working_between(VN.arrival(accepted), found) == hours * HOUR


@many
@given(MOMENTS, st.integers(1, 25))
def test_working_days_are_days_of_eight_hours(accepted: datetime, days: int) -> None:
    found = due(VN, accepted, Limit(days, TimeUnit.WORKING_DAY)).at
    assert VN.working_between(VN.arrival(accepted), found) == days * 8 * HOUR


@many
@given(MOMENTS, LIMITS, SPANS, SPANS)
def test_a_pause_shifts_by_what_it_lasts(accepted: datetime, limit: Limit, wait: timedelta, length: timedelta) -> None:
    before = due(VN, accepted, limit).at
    begins = VN.arrival(accepted, limit.cut_off) + wait
    after = due(VN, accepted, limit, [Pause(begins, begins + length)]).at
    assert before <= after
    if begins >= before:
        assert after == before
    elif limit.unit in {TimeUnit.WORKING_HOUR, TimeUnit.WORKING_DAY}:
        assert VN.working_between(before, after) == VN.working_between(begins, begins + length)
    else:
        assert before + length - 11 * DAY <= after <= before + length + 11 * DAY  # the longest run of days off is ten


@many
@given(MOMENTS, st.integers(1, 12), st.sampled_from([TimeUnit.WORKING_HOUR, TimeUnit.WORKING_DAY]), SPANS)
def test_a_pause_from_the_start_is_a_later_start(
    accepted: datetime, amount: int, unit: TimeUnit, span: timedelta
) -> None:
    limit, resumes = Limit(amount, unit), accepted + span
    paused, later = due(VN, accepted, limit, [Pause(accepted, resumes)]).at, due(VN, resumes, limit).at
    assert VN.working_between(paused, later) == timedelta(0)


@many
@given(MOMENTS, LIMITS, st.lists(st.tuples(SPANS, SPANS), max_size=4))
def test_pauses_count_once_in_any_order_and_in_parts(
    accepted: datetime, limit: Limit, spans: list[tuple[timedelta, timedelta]]
) -> None:
    begins = [accepted - 5 * DAY + wait for wait, _ in spans]
    pauses = [Pause(begin, begin + length) for begin, (_, length) in zip(begins, spans, strict=True)]
    halves = [
        half
        for begin, (_, length) in zip(begins, spans, strict=True)
        for half in (Pause(begin + length / 2, begin + length), Pause(begin, begin + length / 2))
    ]
    assert due(VN, accepted, limit, halves + pauses[::-1]) == due(VN, accepted, limit, pauses)


@many
@given(MOMENTS, LIMITS, st.lists(st.tuples(SPANS, SPANS), max_size=3))
def test_an_account_says_how_the_due_date_came_about(
    accepted: datetime, limit: Limit, spans: list[tuple[timedelta, timedelta]]
) -> None:
    pauses = [Pause(accepted + wait, accepted + wait + length) for wait, length in spans]
    account, plain = explain(VN, accepted, limit, pauses), due(VN, accepted, limit)
    assert account.due == due(VN, accepted, limit, pauses)
    assert [day.day for day in account.days] == [
        accepted.date() + count * DAY for count in range((account.due.at.date() - accepted.date()).days + 1)
    ]
    counted = sum((day.counted for day in account.days), timedelta(0))
    paused = sum((day.paused for day in account.days), timedelta(0))
    numbers = [day.number for day in account.days if day.number]
    match limit.unit:
        case TimeUnit.WORKING_HOUR:
            assert counted == limit.amount * HOUR
            assert VN.working_between(plain.at, account.due.at) == paused
        case TimeUnit.WORKING_DAY:
            assert numbers == list(range(1, limit.amount + 1))
            assert VN.working_between(plain.at, account.due.at) == paused
        case TimeUnit.CALENDAR_DAY:
            assert numbers == list(range(1, limit.amount + 1))
    parts = {(day.part, VN.is_working(day.day)) for day in account.days}
    assert not parts & {(Part.FIRST, False), (Part.OFF, True), (Part.MOVED, False)}


@given(MOMENTS, LIMITS)
def test_zones_do_not_matter(accepted: datetime, limit: Limit) -> None:
    found = due(VN, accepted.astimezone(UTC), limit)
    assert found == due(VN, accepted, limit)
    assert found.at.tzinfo is VIETNAM
