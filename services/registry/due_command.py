"""``due``: prints when a dossier is due and how that was counted, or answers a CSV file; needs no server."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from services.registry.calendars_file import NATIONAL, NATIONAL_FOLDER, read_calendars
from services.registry.due import Question, amount, answer_file, moment, pause, unit
from services.registry.due_text import account_lines
from services.registry.lines import clock, text
from services.registry.reference import BadLine, BadReference
from shared.calendars import Calendar
from shared.working_table import OutsideCalendar
from shared.working_time import Limit, TimeUnit

if TYPE_CHECKING:
    from argparse import _SubParsersAction

T = TypeVar("T")
OK, BAD_DATA = 0, 2


def add_to(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    due = commands.add_parser("due", help="print when a dossier is due and how that was counted, day by day")
    due.add_argument("--accepted", type=_said(moment), metavar="WHEN", help="2026-11-20T10:00, Viet Nam's clock")
    due.add_argument("--limit", type=_said(amount), metavar="N")
    due.add_argument("--unit", type=_said(unit), metavar="UNIT", help=", ".join(TimeUnit))
    due.add_argument("--cut-off", type=_said(clock), metavar="HH:MM", help="what comes later is the next working day's")
    due.add_argument(
        "--pause", type=_said(pause), action="append", default=[], metavar="FROM/TO", help="may be repeated"
    )
    due.add_argument("--csv", type=Path, metavar="FILE", help="columns accepted_at, limit, unit, cut_off, pauses")
    due.add_argument("--out", type=Path, metavar="FILE", help="where the answers to --csv go (default: printed)")
    due.add_argument("--unit-code", default=NATIONAL, metavar="CODE", help="the unit whose calendar is used")
    due.add_argument(
        "--calendar", type=Path, default=NATIONAL_FOLDER, metavar="DIR", help="another folder of calendars"
    )
    due.set_defaults(wrong=due.error)


def run(arguments: argparse.Namespace) -> int:
    """Answer, and return the exit code: 0 done, 2 something cannot be answered, and then nothing is written."""
    single = [arguments.accepted, arguments.limit, arguments.unit]
    if (arguments.csv is None and None in single) or (arguments.csv and any(single)):
        arguments.wrong(
            "cần --accepted, --limit và --unit, hoặc --csv / needs --accepted, --limit and --unit, or --csv"
        )
    try:
        calendar = _calendar(arguments.calendar, arguments.unit_code)
        answers = _file(calendar, arguments.csv) if arguments.csv else _one(calendar, arguments)
        _write(answers, arguments.out)
    except BadReference as error:
        print(*error.lines, "không ghi gì / nothing was written", sep="\n", file=sys.stderr)
        return BAD_DATA
    except OutsideCalendar as error:
        print(error, file=sys.stderr)
        return BAD_DATA
    return OK


def _calendar(folder: Path, code: str) -> Calendar:
    calendars = read_calendars(folder)
    if code not in calendars:
        reason = f"không có lịch riêng của {code} / {code} has no calendar of its own; --unit-code {NATIONAL}"
        raise BadReference([BadLine(str(folder), 0, "calendar", reason)])
    return calendars[code]


def _one(calendar: Calendar, arguments: argparse.Namespace) -> str:
    limit = Limit(arguments.limit, arguments.unit, arguments.cut_off)
    question = Question(arguments.accepted, limit, tuple(arguments.pause))
    return "".join(f"{line}\n" for line in account_lines(calendar, question))


def _file(calendar: Calendar, file: Path) -> str:
    return answer_file(calendar, file.name, text(file))


def _write(answers: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(answers)
        return
    try:
        out.write_text(answers, encoding="utf-8", newline="")
    except OSError as error:
        raise BadReference(
            [BadLine(out.name, 0, "file", f"không ghi được / cannot be written: {error.strerror}")]
        ) from error


def _said(reading: Callable[[str], T]) -> Callable[[str], T]:
    """Return a reading whose reason argparse prints."""

    def read(value: str) -> T:
        try:
            return reading(value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read
