"""Every reference file: what is wrong with it is named by file, line, column and reason, in both languages."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.reference import FORMATS, BadReference, Items, key_of, parse
from services.registry.reference.kinds import AssessedCriterion, ProcedureVersion
from tests.registry.reference_files import GOOD

TODAY = date(2026, 10, 8)


def wrong(files: dict[str, str], known: Items | None = None) -> list[str]:
    with pytest.raises(BadReference) as caught:
        parse(files, known=known or Items(), today=TODAY)
    return [str(line) for line in caught.value.lines]


def everything() -> Items:
    return Items(parse(GOOD, known=Items(), today=TODAY).items)


def test_the_good_set_is_good_and_has_every_file() -> None:
    assert set(GOOD) == {form.file for form in FORMATS}
    items = parse(GOOD, known=Items(), today=TODAY).items
    assert {type(item) for item in items} == {form.model for form in FORMATS}
    assert len({key_of(item) for item in items}) == len(items)


@pytest.mark.parametrize("file", sorted(GOOD))
def test_any_file_may_come_alone_when_the_rest_is_known(file: str) -> None:
    reference = parse({file: GOOD[file]}, known=everything(), today=TODAY)
    assert reference.items
    assert (reference.removed, reference.absent) == ((), ())


@pytest.mark.parametrize("file", sorted(GOOD))
def test_any_file_without_its_source_is_bad(file: str) -> None:
    header, *lines = GOOD[file].splitlines()
    (found,) = wrong({file: "\n".join([header.replace(",source", ",sauce"), *lines])})
    assert found.startswith(f"{file}:1: header: must name ")
    assert "(lacks source; does not know sauce)" in found


def test_a_column_named_twice_is_bad() -> None:
    (found,) = wrong({"units.csv": GOOD["units.csv"].replace(",successor", ",valid_to")})
    assert "names twice valid_to" in found


BAD = [
    # units
    ("units.csv", ",2025-02-28,H98.02", ",2014-12-31,H98.02", "3: valid_to: must not be before valid_from"),
    ("units.csv", ",2025-02-28,H98.02", ",,H98.02", "3: valid_to: must say when the unit ended"),
    ("units.csv", ",2025-02-28,H98.02", ",2025-02-28,H98.09", "3: successor: is no unit of units.csv"),
    ("units.csv", ",2025-02-28,H98.02", ",2025-02-28,H98.07", "3: successor: makes the unit follow itself"),
    ("units.csv", "2020-01-01,,,", "2027-01-01,,,", "2: valid_from: lies in the future (today is 2026-10-08)"),
    # procedures
    ("procedures.csv", "2025-07-01,,true,7", "2027-07-01,,true,7", "3: valid_from: lies in the future"),
    ("procedures.csv", "true,10,working_day", "true,10,", "2: committed_limit_unit: must stand with committed_limit"),
    ("procedures.csv", "true,10,working_day", "true,16,working_day", "2: committed_limit: must not be longer"),
    ("procedures.csv", "15:00", "25:00", "2: cut_off: must be an hour of the day"),
    ("procedures.csv", ",4.5,", ',"4,5",', "5: reduction_hours: must be a number with a point"),
    ("procedures.csv", ",H98.61,", ",H98.99,", "5: handling_unit: is no unit of units.csv"),
    ("procedures.csv", "full,ND42_2022,QĐ 2", "full,ND42_2022,", "3: level_decision: must name the decision"),
    ("procedures.csv", "full,ND42_2022,QĐ 2", "full,,QĐ 2", "3: level_scheme: must not be empty"),
    ("procedures.csv", "40,1,2,", "40,1,3,", "2: step_count: must be 2, as many as procedure_steps.csv has"),
    # parts of procedures
    ("procedure_steps.csv", "1,2,Thẩm", "1,1,Thẩm", "3: procedure_code and version and step: stands in line 2 already"),
    ("procedure_steps.csv", "9.990001,2,2", "9.990001,3,2", "5: procedure_code and version: is no procedure"),
    ("procedure_steps.csv", "36.5", "-1", "3: hours: must be a number with a point"),
    ("procedure_components.csv", "exempt,2", "exempt,", "3: exempt_reason: must say which of the reasons"),
    ("procedure_components.csv", "exempt,2", "exempt,4", "3: exempt_reason: must be one of 1, 2, 3"),
    ("procedure_components.csv", "exempt,2", "optional,", "3: duty: must be one of required, reused, exempt"),
    ("procedure_fees.csv", "9.990001,1", "9.990001,2", "2: amount: must be 0, or has_fee of the version must be true"),
    ("procedure_fees.csv", "30000", "30.000", "2: amount: must be a whole number"),
    # schemes, criteria, assessments
    ("level_schemes.csv", ",,info,", ",,some,", "2: proposes: must be one of full, partial"),
    ("level_schemes.csv", ",V/R,", ",sure,", "2: evidence: must be S, V, V2, R or I"),
    ("level_criteria.csv", "full partial", "full 5", "3: needed_for: names levels the scheme does not have: 5"),
    ("level_criteria.csv", "full partial", "full  partial", "3: needed_for: must be words with one space"),
    ("level_criteria.csv", "ND42_2022,info", "ND41_2022,info", "2: scheme: is no level scheme of level_schemes.csv"),
    ("assessments.csv", "9.990003,", "9.990009,", "4: procedure_code: is no procedure of procedures.csv"),
    ("assessments.csv", "ND43_2011,4", "ND43_2011,5", "4: scheme and level: is no level scheme"),
    ("assessments.csv", ",H98.62,", ",H98.69,", "3: unit: is no unit of units.csv"),
    ("assessments.csv", "2018-01-01", "2011-01-01", "4: valid_from: must not be before the scheme was in force"),
    ("assessments.csv", "ND42_2022,partial", "ND42_2022,full", "2: level: contradicts its criteria (not met: no_in_p"),
    ("assessments.csv", "ND42_2022,partial", "ND42_2022,info", "2: level: contradicts its criteria"),
    ("assessments.csv", "QĐ 6", "", "4: decision: must not be empty"),
    ("assessment_criteria.csv", "QĐ 5,info", "QĐ 7,info", "3: decision: is no assessment of assessments.csv"),
    ("assessment_criteria.csv", "info_complete", "info_good", "3: criterion: is no criterion of the scheme ND42_2022"),
    ("assessment_criteria.csv", "info_complete,true", "info_complete,maybe", "3: met: must be one of true, false"),
    # stated figures
    ("targets.csv", ",3 4,", ",3 5,", "2: levels: names levels the scheme does not have: 5"),
    ("targets.csv", "0.30,at_least,all", "0.30,at_least,H98", "2: scope: is no unit of units.csv"),
    ("targets.csv", "0.30,at_least", "30 %,at_least", "2: value: must be a number with a point"),
    ("indicator_thresholds.csv", ",0.50,", ",50,", "13: full_marks_at: must be a number from 0 to 1"),
    ("index_scores.csv", "15,18", "19,18", "2: rank: must be from 1 to 18"),
    ("index_scores.csv", "15,18", "15,", "2: of: must stand with rank"),
    ("index_scores.csv", "11.4,16", "17,16", "3: score: must not be more than max_score (16)"),
    ("index_scores.csv", ",15,18,", ",,,", "2: row: must have a rank, a score or score_pct"),
    ("index_scores.csv", "2021,H98.07,,", "21,H98.07,,", "2: year: must be a year"),
    ("task_figures.csv", "17,20", "21,20", "2: numerator: must not be more than denominator (20)"),
    ("task_figures.csv", "17,20", "0,0", "2: denominator: must be 1 or more"),
    ("task_figures.csv", "2020-12-12", "2019-12-12", "2: period_to: must not be before period_from"),
    ("task_figures.csv", "2020-12-12", "2020-02-30", "2: period_to: must be a date"),
    # calendars
    ("calendar_days.csv", "VN,2024-01-01", "H98.99,2024-01-01", "2: calendar: is no unit of units.csv"),
    ("calendar_days.csv", "VN,2024-01-01", "Vietnam,2024-01-01", "2: calendar: must be VN or the code of a unit"),
    ("calendar_days.csv", "VN,2024-01-01,off", "VN,2024-01-01,holiday", "2: kind: must be one of off, work"),
    ("calendar_windows.csv", "13:30", "10:30", "3: begins: overlaps the hours of line 2"),
    ("calendar_windows.csv", "07:00,11:30", "11:30,07:00", "2: ends: must be after begins"),
    ("calendar_windows.csv", "1-5,07:00", "5-1,07:00", "2: weekdays: names a last day before the first"),
    ("calendar_windows.csv", "1-5,07:00", "Mon,07:00", "2: weekdays: must be days of the week"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), BAD)
def test_a_bad_line_is_named(file: str, old: str, new: str, expected: str) -> None:
    assert old in GOOD[file]
    lines = wrong({**GOOD, file: GOOD[file].replace(old, new, 1)})
    assert any(line.startswith(f"{file}:{expected}") for line in lines), lines
    for line in lines:
        assert re.fullmatch(r"[a-z_]+\.csv:\d+: [^:]+: .+ / .+", line), line


def spoilt() -> Iterator[tuple[str, str]]:
    """Yield every file with its last line's source taken away."""
    for file, content in GOOD.items():
        *lines, last = content.splitlines()
        yield file, "\n".join([*lines, last.rsplit(",", 1)[0] if '"' not in last else last.split(',"')[0]])


def test_everything_wrong_in_all_files_is_named_at_once() -> None:
    lines = wrong(dict(spoilt()))
    assert {line.split(":")[0] for line in lines} == set(GOOD)


def test_a_row_that_is_no_good_does_not_hide_what_is_wrong_with_others() -> None:
    files = {
        **GOOD,
        "task_figures.csv": GOOD["task_figures.csv"].replace("17,20", "x,20").replace("226,262", "263,262"),
    }
    assert [line.split(": ")[1] for line in wrong(files)] == ["numerator", "numerator"]


def test_a_calendar_with_a_year_left_out_cannot_be_counted_on() -> None:
    lines = GOOD["calendar_days.csv"].splitlines(keepends=True)
    files = {**GOOD, "calendar_days.csv": "".join(line for line in lines if ",2025-" not in line)}
    (found,) = wrong(files)
    assert found.startswith("calendar_days.csv:2: calendar: VN: ")


def test_a_unit_s_calendar_needs_the_national_one() -> None:
    day = "calendar,day,kind,decided,name,source\nH98.02,2026-05-04,off,true,Ngày truyền thống,Hư cấu\n"
    (found,) = wrong({"units.csv": GOOD["units.csv"], "calendar_days.csv": day})
    assert found.startswith("calendar_days.csv:2: calendar: stands on the calendar VN, which is not known")


def test_a_unit_s_day_in_a_year_nobody_knows_is_named_by_its_line() -> None:
    days = "H98.02,2026-05-04,off,true,Ngày truyền thống,Hư cấu\nH98.02,2028-05-04,off,true,Ngày truyền thống,Hư cấu\n"
    (found,) = wrong({"calendar_days.csv": f"calendar,day,kind,decided,name,source\n{days}"}, everything())
    assert found.startswith("calendar_days.csv:3: day: lies in a year that VN does not have")


def test_steps_are_loaded_as_a_whole_for_their_version() -> None:
    lines = GOOD["procedure_steps.csv"].splitlines(keepends=True)
    procedures = GOOD["procedures.csv"].replace("40,1,2,", "40,1,1,")
    fewer = {"procedures.csv": procedures, "procedure_steps.csv": "".join([lines[0], lines[1]])}
    reference = parse(fewer, known=everything(), today=TODAY)
    assert reference.removed == (("procedure_step", "9.990001", "1", "2"),)
    counted = wrong({"procedure_steps.csv": fewer["procedure_steps.csv"]}, everything())
    assert counted[0].startswith("procedure_steps.csv:2: step: makes 1 steps, where step_count says 2")


def test_a_contradiction_is_seen_whichever_of_the_two_files_comes() -> None:
    criteria = GOOD["assessment_criteria.csv"].replace("submit_online,true", "submit_online,false")
    (found,) = wrong({"assessment_criteria.csv": criteria}, everything())
    assert found.startswith("assessment_criteria.csv:2: met: contradicts its criteria")
    assessments = GOOD["assessments.csv"].replace("DVC1,,ND42_2022,partial", "DVC1,,ND42_2022,full")
    (found,) = wrong({"assessments.csv": assessments}, everything())
    assert found.startswith("assessments.csv:2: level: contradicts its criteria")


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "0", "-1", "1e9", "NaN", "9" * 30, "2026-02-30", "9999-12-31", "true", "full", "4", "H98.02"]),
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_cell_is_loaded_or_named(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(GOOD)))
    rows = list(csv.reader(StringIO(GOOD[file])))
    row = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    rows[row][column] = data.draw(CELLS)
    spoilt_file = StringIO(newline="")
    csv.writer(spoilt_file).writerows(rows)
    with suppress(BadReference):  # any other error fails
        parse({**GOOD, file: spoilt_file.getvalue()}, known=Items(), today=TODAY)


@settings(max_examples=200, deadline=None)
@given(file=st.sampled_from(sorted(GOOD)), content=st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_whatever_a_file_holds_is_loaded_or_named(file: str, content: str) -> None:
    with pytest.raises(BadReference):
        parse({file: content}, known=Items(), today=TODAY)


def test_what_an_empty_cell_means() -> None:
    items = parse(GOOD, known=Items(), today=TODAY).items
    versions = {(v.code, v.version): v for v in items if isinstance(v, ProcedureVersion)}
    silent = versions["9.990002", 1]
    assert (silent.reduction_hours, silent.has_fee, silent.eligible_for_full, silent.published) == (
        0,
        False,
        True,
        None,
    )
    assert versions["9.990001", 1].cut_off == "15:00"
    criteria = [item for item in items if isinstance(item, AssessedCriterion)]
    assert [criterion.met for criterion in criteria] == [True, True, False]
