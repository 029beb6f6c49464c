"""When dossiers are due, asked by hand or by a CSV file; pure."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from services.registry.lines import Line, clock, each, lines
from shared.calendars import Calendar
from shared.clock import VIETNAM
from shared.working_table import OutsideCalendar
from shared.working_time import Due, Limit, Pause, TimeUnit, due

COLUMNS = ("accepted_at", "limit", "unit", "cut_off", "pauses")
OUTCOME = ("due_at", "provisional")


@dataclass(frozen=True)
class Question:
    """A dossier that was accepted, and how long it may take."""

    accepted_at: datetime
    limit: Limit
    pauses: tuple[Pause, ...] = ()


def answer_file(calendar: Calendar, file: str, content: str) -> str:
    """Return a CSV file with each row's due date, and whether that may change; other columns stay as they are.

    Raises ``BadReference`` with every line that cannot be answered.
    """
    rows = lines(file, content, COLUMNS)
    answers = each(rows, lambda line: _answer(calendar, line))
    columns = [column for column in _header(content) if column not in OUTCOME]
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*columns, *OUTCOME])
    for line, found in zip(rows, answers, strict=True):
        may_change = "true" if found.provisional or found.paused else "false"
        writer.writerow([*(line.cells[column] for column in columns), written_moment(found.at), may_change])
    return written.getvalue()


def _header(content: str) -> Sequence[str]:
    return next(csv.reader(StringIO(content.removeprefix("\ufeff"), newline="")))


def _answer(calendar: Calendar, line: Line) -> Due:
    question = _question(line)
    try:
        return due(calendar, question.accepted_at, question.limit, question.pauses)
    except OutsideCalendar as error:
        raise line.bad("accepted_at", str(error)) from error


def _question(line: Line) -> Question:
    limit = Limit(
        line.read("limit", amount),
        line.read("unit", unit),
        line.read("cut_off", lambda cell: clock(cell) if cell else None),
    )
    pauses = line.read("pauses", lambda cell: tuple(pause(part) for part in cell.split(";") if part.strip()))
    return Question(line.read("accepted_at", moment), limit, pauses)


def moment(value: str) -> datetime:
    """Return a moment; one without a zone is Viet Nam's, a date alone is its beginning."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError as error:
        raise ValueError("phải là ngày giờ / must be a date and hour: 2026-11-20T10:00") from error
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def amount(value: str) -> int:
    """Return the number of a time limit."""
    if not re.fullmatch(r"[1-9]\d{0,5}", value.strip(), re.ASCII):
        raise ValueError("phải là số nguyên từ 1 đến 999999 / must be a whole number from 1 to 999999")
    return int(value)


def unit(value: str) -> TimeUnit:
    """Return the unit of a time limit."""
    try:
        return TimeUnit(value.strip())
    except ValueError as error:
        raise ValueError(f"phải là một trong / must be one of: {', '.join(TimeUnit)}") from error


def pause(value: str) -> Pause:
    """Return the pause ``FROM/TO``; without TO it lasts."""
    begins, slash, ends = value.partition("/")
    if not slash:
        raise ValueError("phải là TỪ/ĐẾN / must be FROM/TO, several with ; between")
    if not ends.strip():
        return Pause(moment(begins))
    if moment(ends) < moment(begins):
        raise ValueError("kết thúc trước khi bắt đầu / a pause ends before it begins")
    return Pause(moment(begins), moment(ends))


def written_moment(at: datetime) -> str:
    """Return a moment as Viet Nam's clock shows it, to the minute where it is a whole one."""
    local = at.astimezone(VIETNAM).replace(tzinfo=None)
    return local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")
