"""What a column of a reference file may hold; pure.

A check returns what is wrong with a value, in English and Vietnamese, or nothing.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

Check = Callable[[str], str | None]
Checks = Mapping[str, Check]


def like(pattern: str, english: str, vietnamese: str) -> Check:
    """Return a check of the form of a value."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str | None:
        return None if compiled.fullmatch(value) else f"must be {english} / phải là {vietnamese}"

    return check


def one_of(*values: str) -> Check:
    """Return a check against a closed list."""
    listed = ", ".join(values)
    return lambda value: None if value in values else f"must be one of {listed} / phải là một trong các giá trị đó"


def optional(check: Check) -> Check:
    """Return a check that an empty cell passes."""
    return lambda value: check(value) if value else None


def several(check: Check) -> Check:
    """Return a check of every word of a cell, which holds at least one."""

    def check_all(value: str) -> str | None:
        if not value.split() or value != " ".join(value.split()):
            return "must be words with one space between them / phải là các từ cách nhau một dấu cách"
        return next((wrong for word in value.split() if (wrong := check(word))), None)

    return check_all


def text(value: str) -> str | None:
    """Refuse what is no single line of text."""
    if not value.strip():
        return "must not be empty / không được để trống"
    if value.isprintable() and value == value.strip():
        return None
    return "must be one line without spaces around it / phải trên một dòng, không có dấu cách ở hai đầu"


def day(value: str) -> str | None:
    """Refuse what is no date, other forms of ISO 8601 among it."""
    return None if read_day(value) else "must be a date, YYYY-MM-DD / phải là ngày có thật, dạng NNNN-TT-NN"


def read_day(value: str) -> date | None:
    """Return the date a cell holds."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if value == found.isoformat() else None


# the pattern of QĐ 20/2020/QĐ-TTg, highest level first
unit_code = like(
    r"(?=.{1,35}$)[A-Z]\d{2}(\.\d{1,3})*",
    "a letter, two digits and further numbers after dots, 35 characters at most",
    "một chữ cái, hai chữ số rồi các số sau dấu chấm, tối đa 35 ký tự",
)
procedure_code = like(r"[1-9]\.\d{6}", "a digit, a dot and six digits", "một chữ số, dấu chấm và sáu chữ số")
name_code = like(
    r"[A-Za-z0-9][A-Za-z0-9_./-]{0,63}",
    "letters, digits and _ . / - only, 64 characters at most",
    "chữ không dấu, chữ số và _ . / -, tối đa 64 ký tự",
)
number = like(r"[1-9]\d{0,5}", "a whole number from 1 to 999999", "số nguyên từ 1 đến 999999")
count = like(r"0|[1-9]\d{0,8}", "a whole number from 0 to 999999999", "số nguyên từ 0 đến 999999999")
decimal = like(
    r"(0|[1-9]\d{0,6})(\.\d{1,4})?", "a number with a point, such as 71.25", "số thập phân dùng dấu chấm, ví dụ 71.25"
)
ratio = like(r"0(\.\d{1,4})?|1(\.0{1,4})?", "a number from 0 to 1, such as 0.30", "số từ 0 đến 1, ví dụ 0.30")
year = like(r"(19|20)\d\d", "a year", "năm")
clock = like(r"([01]\d|2[0-3]):[0-5]\d", "an hour of the day, HH:MM", "giờ trong ngày, dạng HH:MM")
weekdays = like(
    r"[1-7](-[1-7])?( [1-7](-[1-7])?)*",
    "days of the week, Monday is 1, such as 1-5 or 1-4 6",
    "các thứ trong tuần, thứ Hai là 1, ví dụ 1-5 hoặc 1-4 6",
)
truth = one_of("true", "false")
evidence = like(
    r"(S|V2|V|R|I)(/(S|V2|V|R|I))*",
    "S, V, V2, R or I, or several with / between them",
    "S, V, V2, R hoặc I, hay nhiều giá trị cách nhau bằng /",
)
