"""The lines of a CSV file, with what is wrong with each; pure."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from unicodedata import normalize

from services.registry.reference.bad import BadLine
from services.registry.reference.columns import Checks


@dataclass(frozen=True)
class Line:
    """A row, with the file and the line it begins on."""

    file: str
    number: int
    row: Mapping[str, str]

    def bad(self, column: str, reason: str) -> BadLine:
        """Return what is wrong with this line."""
        return BadLine(self.file, self.number, column, reason)

    def key(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Return the cells of some columns; a column the file lacks is empty."""
        return tuple(self.row.get(column, "") for column in columns)


def read_lines(file: str, content: str, *, required: Checks, optional: Checks, bad: list[BadLine]) -> list[Line]:
    """Return the lines whose cells are good and those whose are not; what is wrong goes to ``bad``."""
    lines = []
    for line in _lines(file, content, required=tuple(required), optional=tuple(optional)):
        if isinstance(line, BadLine):
            bad.append(line)
            continue
        lines.append(line)
        checks = {**required, **optional}
        reasons = ((column, checks[column](value)) for column, value in line.row.items())
        bad += [line.bad(column, reason) for column, reason in reasons if reason]
    return lines


def _lines(
    file: str, content: str, *, required: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[Line | BadLine]:
    reader = csv.reader(StringIO(normalize("NFC", content.removeprefix("\ufeff")), newline=""), strict=True)
    try:
        header = next(reader, [])
        if wrong := _wrong(header, required, optional):
            yield BadLine(file, 1, "header", wrong)
            return
        begins = reader.line_num + 1
        for values in reader:
            if len(values) == len(header):
                yield Line(file, begins, dict(zip(header, values, strict=True)))
            elif values:
                yield BadLine(file, begins, "row", _uneven(len(values), len(header)))
            begins = reader.line_num + 1
    except csv.Error as error:
        yield BadLine(file, reader.line_num, "row", f"{error} / không đúng dạng CSV")


def _uneven(values: int, columns: int) -> str:
    return f"has {values} values for {columns} columns / có {values} ô cho {columns} cột"


def _wrong(header: Sequence[str], required: tuple[str, ...], optional: tuple[str, ...]) -> str | None:
    known = {*required, *optional}
    if len(set(header)) == len(header) and set(required) <= set(header) <= known:
        return None
    may = f"; may name {', '.join(optional)}" if optional else ""
    said = f"must name {', '.join(required)}{may}{_difference(header, set(required), known)}"
    return f"{said} / dòng tiêu đề phải có các cột đó"


def _difference(header: Sequence[str], required: set[str], known: set[str]) -> str:
    lacking = sorted(required - set(header))
    strange = sorted(name for name in set(header) - known if name.isidentifier())
    doubled = sorted({name for name in header if header.count(name) > 1})
    parts = (("lacks", lacking), ("does not know", strange), ("names twice", doubled))
    told = [f"{what} {', '.join(names)}" for what, names in parts if names]
    return f" ({'; '.join(told)})" if told else ""
