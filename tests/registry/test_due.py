"""The command ``due``: a due date with its account, and whole files; without any server."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from services.registry.__main__ import main
from services.registry.calendars_file import DAYS_FILE, NATIONAL_FOLDER, WINDOWS_FILE, parse_calendars, read_calendars
from services.registry.reference import BadReference

REPOSITORY = Path(__file__).parents[2]
COMMAND_SECONDS = 60
PROVISIONAL = "provisional: a day it stands on is not decided by the State yet"
DAYS, WINDOWS = ((NATIONAL_FOLDER / file).read_text() for file in (DAYS_FILE, WINDOWS_FILE))


class Answer(NamedTuple):
    """What the command did."""

    code: int
    printed: str
    complaint: str


Command = Callable[..., Answer]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return what runs ``due`` in an empty folder, within this process."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["registry", "due", *arguments])
        try:
            code = main()
        except SystemExit as error:  # argparse leaves so
            code = int(str(error.code))
        return Answer(code, *capsys.readouterr())

    return run


def said(command: Command, *arguments: str) -> list[str]:
    done = command(*arguments)
    assert (done.code, done.complaint) == (0, "")
    return done.printed.splitlines()


def alone(folder: Path, *arguments: str) -> Answer:
    """Run the command as a process of its own, where no server can be reached."""
    nowhere = {"HOSO_REGISTRY_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "-m", "services.registry", "due", *arguments],
        env={**os.environ, **nowhere, "PYTHONPATH": str(REPOSITORY)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def question(accepted: str, limit: int, unit: str) -> tuple[str, ...]:
    return ("--accepted", accepted, "--limit", str(limit), "--unit", unit)


def test_a_due_date_is_told_with_every_day_of_its_count(tmp_path: Path) -> None:
    done = alone(tmp_path, *question("2026-11-20T10:00", 7, "working_day"))
    assert (done.code, done.complaint) == (0, "")
    assert done.printed.splitlines() == [
        "due 2026-12-02T10:00 (Thứ Tư / Wednesday)",
        "2026-11-20 Fri  tiếp nhận 10:00; ngày đầu không tính / received 10:00; first day, not counted",
        "2026-11-21 Sat  nghỉ: cuối tuần / day off: weekend",
        "2026-11-22 Sun  nghỉ: cuối tuần / day off: weekend",
        "2026-11-23 Mon  ngày 1 / day 1",
        "2026-11-24 Tue  nghỉ: Ngày Văn hóa Việt Nam / day off",
        "2026-11-25 Wed  ngày 2 / day 2",
        "2026-11-26 Thu  ngày 3 / day 3",
        "2026-11-27 Fri  ngày 4 / day 4",
        "2026-11-28 Sat  nghỉ: cuối tuần / day off: weekend",
        "2026-11-29 Sun  nghỉ: cuối tuần / day off: weekend",
        "2026-11-30 Mon  ngày 5 / day 5",
        "2026-12-01 Tue  ngày 6 / day 6",
        "2026-12-02 Wed  ngày 7; đến hạn 10:00 / day 7; due 10:00",
    ]
    assert list(tmp_path.iterdir()) == []


def test_hours_cut_off_and_pauses_are_told(command: Command) -> None:
    pauses = ("--pause", "2026-08-22T08:30/2026-08-24T09:45:30", "--pause", "2026-08-21T16:00/2026-08-21T17:00")
    assert said(command, *question("2026-08-20T15:10", 20, "working_hour"), "--cut-off", "15:00", *pauses) == [
        "due 2026-08-25T15:15:30 (Thứ Ba / Tuesday)",
        "2026-08-20 Thu  tiếp nhận 15:10, tính từ 2026-08-21T07:00 / received 15:10, taken as 2026-08-21T07:00",
        "2026-08-21 Fri  tính 7 giờ; tạm dừng 1 giờ / 7 h counted; paused 1 h",
        "2026-08-22 Sat  tính 1 giờ 30 phút; tạm dừng 6 giờ 30 phút / 1 h 30 min counted; paused 6 h 30 min",
        "2026-08-23 Sun  nghỉ: cuối tuần / day off: weekend",
        (
            "2026-08-24 Mon  tính 5 giờ 14 phút 30 giây; tạm dừng 2 giờ 45 phút 30 giây"
            " / 5 h 14 min 30 s counted; paused 2 h 45 min 30 s"
        ),
        "2026-08-25 Tue  tính 6 giờ 15 phút 30 giây; đến hạn 15:15:30 / 6 h 15 min 30 s counted; due 15:15:30",
    ]


def test_what_may_change_is_said(command: Command) -> None:
    lines = said(command, *question("2027-02-01T10:00", 4, "calendar_day"), "--pause", "2027-02-02T10:00/2027-02-03")
    assumed = "chưa quyết định, giả định {} / {}; not decided yet, taken as {}"
    assert lines[:9] == [
        "due 2027-02-11T10:00 (Thứ Năm / Thursday)",
        f"tạm tính: có ngày Nhà nước chưa quyết định / {PROVISIONAL}",
        "2027-02-01 Mon  tiếp nhận 10:00; ngày đầu không tính / received 10:00; first day, not counted",
        "2027-02-02 Tue  ngày 1; tạm dừng 14 giờ / day 1; paused 14 h",
        "2027-02-03 Wed  ngày 2 / day 2",
        "2027-02-04 Thu  ngày 3 (Tết Nguyên đán); " + assumed.format("làm việc", "day 3", "worked"),
        "2027-02-05 Fri  ngày 4 (Tết Nguyên đán); " + assumed.format("nghỉ", "day 4", "off"),
        "2027-02-06 Sat  bù thời gian tạm dừng / makes up for the pause",
        "2027-02-07 Sun  nghỉ: cuối tuần / day off: weekend",
    ]
    moved = "2027-02-11 Thu  chuyển sang ngày làm việc tiếp theo (Tết Nguyên đán); chưa quyết định, giả định làm việc; "
    assert lines[-1] == moved + (
        "đến hạn 10:00 / moved to the next working day; not decided yet, taken as worked; due 10:00"
    )
    paused = said(command, *question("2026-11-02", 1, "month"), "--pause", "2026-11-05/")
    assert paused[:2] == [
        "due 2026-12-02T07:00 (Thứ Tư / Wednesday)",
        "đang tạm dừng: đây là hạn sớm nhất / the clock stands still: this is the earliest it can be",
    ]


def test_the_zone_of_a_moment_is_kept_and_viet_nams_is_printed(command: Command) -> None:
    assert said(command, *question("2026-11-20T03:00Z", 1, "working_hour"))[0].startswith("due 2026-11-20T11:00 ")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (question("yesterday", 1, "month"), "--accepted: phải là ngày giờ / must be a date and hour"),
        (question("2026-11-20", 0, "month"), "--limit: phải là số nguyên từ 1 đến 999999 / must be a whole number"),
        (question("2026-11-20", 1, "year"), "--unit: phải là một trong / must be one of: working_hour, working_day"),
        ((*question("2026-11-20", 1, "month"), "--cut-off", "25:00"), "--cut-off: phải là giờ / must be an hour"),
        ((*question("2026-11-20", 1, "month"), "--pause", "2026-11-21"), "--pause: phải là TỪ/ĐẾN / must be FROM/TO"),
        (("--limit", "3", "--unit", "month"), "needs --accepted, --limit and --unit, or --csv"),
        ((*question("2026-11-20", 1, "month"), "--csv", "x.csv"), "needs --accepted, --limit and --unit, or --csv"),
        (question("2027-12-20", 1, "month"), "hãy nạp lịch năm 2028 / no working calendar after 2027-12-31"),
        ((*question("2026-11-20", 1, "month"), "--unit-code", "H98.77"), "H98.77 has no calendar of its own"),
        (("--csv", "absent.csv"), "absent.csv:0: file: không đọc được / cannot be read"),
    ],
)
def test_what_cannot_be_answered_is_said(command: Command, arguments: tuple[str, ...], complaint: str) -> None:
    done = command(*arguments)
    assert (done.code, done.printed) == (2, "")
    assert complaint in done.complaint


FILE = """code,accepted_at,limit,unit,cut_off,pauses,note
A,2026-11-20T10:00,7,working_day,,,"một, hai
ba"
B,2026-11-23,1,working_day,,,
C,2026-11-26T15:01,8,working_hour,15:00,2026-11-27T08:00/2026-11-27T09:00;2026-11-27T08:30/2026-11-27T10:00,x
D,2027-02-01T10:00,5,calendar_day,,,
E,2026-11-20T03:00:00+00:00,1,month,,2026-11-25T00:00/,
"""


def test_a_file_comes_back_with_due_dates(tmp_path: Path, command: Command) -> None:
    (tmp_path / "rows.csv").write_text("\ufeff" + FILE, encoding="utf-8")
    done = alone(tmp_path, "--csv", "rows.csv")
    assert (done.code, done.complaint) == (0, "")
    printed = done.printed
    rows = list(csv.DictReader(StringIO(printed)))
    assert [(row["code"], row["due_at"], row["provisional"]) for row in rows] == [
        ("A", "2026-12-02T10:00", "false"),
        ("B", "2026-11-25T07:00", "false"),
        ("C", "2026-11-30T09:00", "false"),
        ("D", "2027-02-11T10:00", "true"),
        ("E", "2026-12-21T10:00", "true"),
    ]
    asked = list(csv.DictReader(StringIO(FILE)))
    assert [{column: row[column] for column in asked[0]} for row in rows] == asked
    assert said(command, "--csv", "rows.csv", "--out", "answers.csv") == []
    assert (tmp_path / "answers.csv").read_text(encoding="utf-8") == printed
    assert said(command, "--csv", "answers.csv", "--out", "answers.csv") == []  # answered again, it stays
    assert (tmp_path / "answers.csv").read_text(encoding="utf-8") == printed


def test_every_bad_line_is_named_and_nothing_is_written(tmp_path: Path, command: Command) -> None:
    bad = (
        FILE + "F,morning,1,month,,,\nG,2026-11-20,1.5,month,,,\nH,2026-11-20,1,months,,,\nI,2026-11-20,1,month,3pm,,\n"
    )
    bad += "J,2026-11-20,1,month,,2026-11-21/2026-11-20,\nK,2028-11-20,1,month,,,\nL,2026-11-20\n"
    (tmp_path / "rows.csv").write_text(bad, encoding="utf-8")
    done = command("--csv", "rows.csv", "--out", "answers.csv")
    places = [":".join(line.split(":")[:3]) for line in done.complaint.splitlines()]
    assert places == ["rows.csv:14: row", "không ghi gì / nothing was written"]
    (tmp_path / "rows.csv").write_text(bad.removesuffix("L,2026-11-20\n"), encoding="utf-8")
    done = command("--csv", "rows.csv", "--out", "answers.csv")
    assert [":".join(line.split(":")[:3]) for line in done.complaint.splitlines()] == [
        "rows.csv:8: accepted_at",
        "rows.csv:9: limit",
        "rows.csv:10: unit",
        "rows.csv:11: cut_off",
        "rows.csv:12: pauses",
        "rows.csv:13: accepted_at",
        "không ghi gì / nothing was written",
    ]
    assert (done.code, (tmp_path / "answers.csv").exists()) == (2, False)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("accepted_at,limit,unit\n", "rows.csv:1: header: thiếu cột / lacks the columns: cut_off, pauses"),
        ("", "rows.csv:1: header: thiếu cột"),
        ("accepted_at,limit,unit,cut_off,pauses,a,a\n", "rows.csv:1: header: có cột trùng tên / names a column twice"),
        ('accepted_at,limit,unit,cut_off,pauses\n"2026', "rows.csv:2: row: không phải CSV / no CSV"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, command: Command, content: str, complaint: str) -> None:
    (tmp_path / "rows.csv").write_text(content, encoding="utf-8")
    done = command("--csv", "rows.csv")
    assert (done.code, done.printed) == (2, "")
    assert complaint in done.complaint


def test_a_file_of_other_letters_is_refused(tmp_path: Path, command: Command) -> None:
    (tmp_path / "rows.csv").write_bytes("accepted_at\nTết\n".encode("utf-16"))
    done = command("--csv", "rows.csv")
    assert (done.code, "rows.csv:1: file: không phải UTF-8 / is not UTF-8" in done.complaint) == (2, True)


def test_another_folder_has_calendars_of_units(tmp_path: Path, command: Command) -> None:
    (tmp_path / DAYS_FILE).write_text(DAYS + "H98.02,2026-11-26,off,true,Lễ hội,Hư cấu\n", encoding="utf-8")
    (tmp_path / WINDOWS_FILE).write_text(
        WINDOWS + "H98.02,5 7,08:00,12:00,2026-11-27,2026-11-29,Hư cấu\n", encoding="utf-8"
    )
    asked = (*question("2026-11-25T16:00", 2, "working_day"), "--calendar", str(tmp_path))
    assert said(command, *asked)[0].startswith("due 2026-11-27T16:00 ")
    assert said(command, *asked, "--unit-code", "H98.02") == [
        "due 2026-11-29T12:00 (Chủ nhật / Sunday)",
        "2026-11-25 Wed  tiếp nhận 16:00; ngày đầu không tính / received 16:00; first day, not counted",
        "2026-11-26 Thu  nghỉ: Lễ hội / day off",
        "2026-11-27 Fri  ngày 1 / day 1",
        "2026-11-28 Sat  nghỉ: cuối tuần / day off: weekend",
        "2026-11-29 Sun  ngày 2; đến hạn 12:00 / day 2; due 12:00",
    ]


def complaints(days: str, windows: str) -> list[str]:
    with pytest.raises(BadReference) as caught:
        parse_calendars(days, windows)
    return [str(line).split(" / ")[0] for line in caught.value.lines]


HEADER, FIRST_DAY = DAYS.splitlines()[:2]
WINDOWS_HEADER = WINDOWS.splitlines()[0]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("H9,2026-01-05,off,true,Lễ,Hư cấu", "3: calendar: must be VN or the code of a unit"),
        ("VN,05/01/2026,off,true,Lễ,Hư cấu", "3: day: must be a date, YYYY-MM-DD"),
        ("VN,2026-01-05,free,true,Lễ,Hư cấu", "3: kind: must be one of off, work"),
        ("VN,2026-01-05,off,maybe,Lễ,Hư cấu", "3: decided: must be one of true, false"),
        ("VN,2026-01-05,off,true,,Hư cấu", "3: name: must not be empty"),
        ("VN,2026-01-05,off,true,Lễ,", "3: source: must not be empty"),
        ("VN,2026-02-30,off,true,Lễ,Hư cấu", "3: day: must be a date, YYYY-MM-DD"),
        ("VN,2024-01-01,work,true,Lễ,Hư cấu", "3: calendar and day: stands in line 2 already"),
        ("H98,2028-01-03,off,true,Lễ,Hư cấu", "3: day: lies in a year that VN does not have"),
        (
            "VN,2026-01-05,off,true,Lễ,Hư cấu",
            "2: calendar: VN: no day of 2025 is known: nobody is on holiday for a whole year",
        ),
        ("VN,2026-01-05,off,true,Lễ", "3: row: has 5 values for 6 columns"),
    ],
)
def test_a_bad_day_is_named(row: str, complaint: str) -> None:
    assert complaints(f"{HEADER}\n{FIRST_DAY}\n{row}\n", WINDOWS) == [f"{DAYS_FILE}:{complaint}"]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("VN,6-5,07:00,11:00,,,Hư cấu", "4: weekdays: names a last day before the first"),
        ("VN,Mon,07:00,11:00,,,Hư cấu", "4: weekdays: must be days of the week, Monday is 1, such as 1-5 or 1-4 6"),
        ("VN,6,7:00,11:00,,,Hư cấu", "4: begins: must be an hour of the day, HH:MM"),
        ("VN,6,07:00,24:00,,,Hư cấu", "4: ends: must be an hour of the day, HH:MM"),
        ("VN,6,11:00,07:00,,,Hư cấu", "4: ends: must be after begins"),
        ("VN,6,07:00,11:00,2026-02-01,2026-01-01,Hư cấu", "4: valid_to: must not be before valid_from"),
        ("VN,6,07:00,11:00,,,", "4: source: must not be empty"),
        ("VN,2-6,11:00,12:00,2026-02-01,,Hư cấu", "4: begins: overlaps the hours of line 2"),
    ],
)
def test_a_bad_window_is_named(row: str, complaint: str) -> None:
    assert complaints(DAYS, f"{WINDOWS}{row}\n") == [f"{WINDOWS_FILE}:{complaint}"]


def test_windows_of_another_calendar_time_or_weekday_do_not_overlap() -> None:
    hours = "07:00,11:30,,,Hư cấu"
    rows = [f"H98.01,1-5,{hours}", f"VN,6,{hours}", "VN,1-5,11:30,13:30,,,Hư cấu", f"H98.02,1-5,{hours}"]
    assert sorted(parse_calendars(DAYS, WINDOWS + "\n".join(rows))) == ["H98.01", "H98.02", "VN"]
    season = "VN,6,07:00,11:00,2026-01-01,2026-03-31,Hư cấu\nVN,6,08:00,12:00,2026-04-01,,Hư cấu\n"
    assert list(parse_calendars(DAYS, WINDOWS + season)) == ["VN"]


def test_the_shipped_calendars_have_four_years_and_say_what_is_not_decided() -> None:
    calendar = read_calendars()["VN"]
    assert (str(calendar.first), str(calendar.last)) == ("2024-01-01", "2027-12-31")
    assert [str(row.date) for row in calendar.days if not row.decided] == [
        *(f"2027-02-{day}" for day in ("04", "05", "08", "09", "10", "11", "12")),
        "2027-09-01",
        "2027-09-03",
    ]
    off = [row for row in calendar.days if not row.works]
    assert all(row.date.isoweekday() < 6 for row in off)  # a weekend needs no row
    per_year = {year: sum(1 for row in off if row.date.year == year) for year in range(2024, 2028)}
    worked = [row.date.year for row in calendar.days if row.works and row.decided]
    # 11 holidays, 12 from 2026, and a day off for each worked Saturday; one day of Tết 2027 is a Saturday
    assert {year: per_year[year] - worked.count(year) for year in per_year} == {2024: 11, 2025: 11, 2026: 12, 2027: 11}
