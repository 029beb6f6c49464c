"""What each column of the reference files may hold; pure.

A check returns what is wrong with a value, or nothing.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

from shared.events import ServiceLevel

Check = Callable[[str], str | None]
Checks = Mapping[str, Check]

LIMIT_UNITS = ("working_hour", "working_day", "calendar_day", "month")


def unit_checks(today: date) -> Checks:
    """Return the columns of ``units.csv`` with their checks."""
    return {
        "code": _unit_code,
        "name": _text,
        "kind": _one_of("department", "one_stop", "commune"),
        "parent": _optional(_unit_code),
        "valid_from": _begun(today),
        "source": _text,
    }


def procedure_checks(today: date) -> Checks:
    """Return the columns of ``procedures.csv`` with their checks."""
    return {
        "code": _like(r"[1-9]\.\d{6}", "a digit, a dot and six digits"),
        "version": _number,
        "name": _text,
        "field_code": _text,
        "field_name": _text,
        "managing_unit": _unit_code,
        "handling_level": _one_of("province", "commune"),
        "legal_limit": _number,
        "legal_limit_unit": _one_of(*LIMIT_UNITS),
        "online_level": _one_of(*ServiceLevel),
        "level_scheme": _text,
        "level_decision": _optional(_text),
        "valid_from": _begun(today),
        "result_is_document": _one_of("true", "false"),
        "source": _text,
    }


def _like(pattern: str, description: str) -> Check:
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str | None:
        return None if compiled.fullmatch(value) else f"must be {description}"

    return check


def _one_of(*values: str) -> Check:
    return lambda value: None if value in values else f"must be one of {', '.join(values)}"


def _optional(check: Check) -> Check:
    return lambda value: check(value) if value else None


def _text(value: str) -> str | None:
    if not value.strip():
        return "must not be empty"
    return None if value.isprintable() and value == value.strip() else "must be one line without spaces around it"


# the pattern of QĐ 20/2020/QĐ-TTg, highest level first
_unit_code = _like(
    r"(?=.{1,35}$)[A-Z]\d{2}(\.\d{1,3})*",
    "a letter, two digits and further numbers after dots, 35 characters at most",
)
_number = _like(r"[1-9]\d{0,5}", "a whole number from 1 to 999999")


def _begun(today: date) -> Check:
    # of each unit and procedure one state is announced, and readers take it as valid now
    def check(value: str) -> str | None:
        begins = _date(value)
        if begins is None:
            return "must be a date, YYYY-MM-DD"
        return None if begins <= today else f"lies in the future (today is {today}): load it when it begins"

    return check


def _date(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if value == found.isoformat() else None  # other forms of ISO 8601 are refused
