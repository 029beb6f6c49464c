"""Lines of a CSV file whose cells are read one by one, and what is wrong with them; pure."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from io import StringIO
from pathlib import Path
from typing import TypeVar

from services.registry.reference import BadLine, BadReference

T = TypeVar("T")


class BadCell(Exception):
    """A cell cannot be read."""

    def __init__(self, line: BadLine) -> None:
        self.line = line
        super().__init__(str(line))


@dataclass(frozen=True)
class Line:
    """A row, with the file and the line it begins on."""

    file: str
    number: int
    cells: dict[str, str]

    def read(self, column: str, reading: Callable[[str], T]) -> T:
        """Return what a reading makes of a cell; its ``ValueError`` becomes a ``BadCell``."""
        try:
            return reading(self.cells[column])
        except ValueError as error:
            raise self.bad(column, str(error)) from error

    def bad(self, column: str, reason: str) -> BadCell:
        """Return the error that names this line."""
        return BadCell(BadLine(self.file, self.number, column, reason))


def each(lines: Sequence[Line], reading: Callable[[Line], T]) -> list[T]:
    """Return what a reading makes of every line; raises ``BadReference`` with every line it cannot read."""
    found, bad = [], []
    for line in lines:
        try:
            found.append(reading(line))
        except BadCell as error:
            bad.append(error.line)
    if bad:
        raise BadReference(bad)
    return found


def text(file: Path) -> str:
    """Return what a file holds; raises ``BadReference``."""
    try:
        return file.read_bytes().decode()
    except OSError as error:
        reason = f"không đọc được / cannot be read: {error.strerror}"
        raise BadReference([BadLine(file.name, 0, "file", reason)]) from error
    except UnicodeDecodeError as error:
        number = error.object[: error.start].count(b"\n") + 1
        raise BadReference([BadLine(file.name, number, "file", "không phải UTF-8 / is not UTF-8")]) from error


def lines(file: str, content: str, columns: Sequence[str]) -> list[Line]:
    """Return the rows of a file that has these columns and maybe others; raises ``BadReference``."""
    found = list(_lines(file, content.removeprefix("\ufeff"), columns))
    if bad := [line for line in found if isinstance(line, BadLine)]:
        raise BadReference(bad)
    return [line for line in found if isinstance(line, Line)]


def _lines(file: str, content: str, columns: Sequence[str]) -> Iterator[Line | BadLine]:
    reader = csv.reader(StringIO(content, newline=""), strict=True)
    try:
        header = next(reader, [])
        if wrong := _wrong_header(header, columns):
            yield BadLine(file, 1, "header", wrong)
            return
        begins = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                yield Line(file, begins, dict(zip(header, cells, strict=True)))
            elif cells:
                counts = f"{len(cells)} / {len(header)}"
                yield BadLine(file, begins, "row", f"số ô khác số cột / cells for columns: {counts}")
            begins = reader.line_num + 1
    except csv.Error as error:
        yield BadLine(file, reader.line_num, "row", f"không phải CSV / no CSV: {error}")


def _wrong_header(header: Sequence[str], columns: Sequence[str]) -> str | None:
    if missing := [column for column in columns if column not in header]:
        return f"thiếu cột / lacks the columns: {', '.join(missing)}"
    return "có cột trùng tên / names a column twice" if len(set(header)) < len(header) else None


def clock(value: str) -> time:
    """Return an hour of the day, ``HH:MM``."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        raise ValueError("phải là giờ / must be an hour: HH:MM")
    return time.fromisoformat(value)
