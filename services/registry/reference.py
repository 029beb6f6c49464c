"""Reference data: from the text of ``units.csv`` and ``procedures.csv`` to checked rows; pure.

The columns are defined in ``deploy/demo/province/README.md``.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from unicodedata import normalize

from services.registry.columns import Checks, procedure_checks, unit_checks
from shared.events import Procedure, Unit

UNITS_FILE = "units.csv"
PROCEDURES_FILE = "procedures.csv"

# columns whose name in the file says more than the event's
_EVENT_NAMES = {"legal_limit": "limit", "legal_limit_unit": "limit_unit", "online_level": "level"}


@dataclass(frozen=True, order=True)
class BadLine:
    """What is wrong with reference data, and where."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        """Return it as compilers print it."""
        return f"{self.file}:{self.line}: {self.column}: {self.reason}"


class BadReference(Exception):
    """The files cannot be loaded; nothing was."""

    def __init__(self, lines: Iterable[BadLine]) -> None:
        self.lines = sorted(lines)
        super().__init__(f"{len(self.lines)} errors in the reference data")


@dataclass(frozen=True)
class Reference:
    """Checked reference data; of a procedure, every version."""

    units: tuple[Unit, ...]
    procedures: tuple[Procedure, ...]


@dataclass(frozen=True)
class _Line:
    """A row, with the file and the line it begins on."""

    file: str
    number: int
    row: dict[str, str]

    def bad(self, column: str, reason: str) -> BadLine:
        return BadLine(self.file, self.number, column, reason)


def parse(units_text: str, procedures_text: str, *, today: date) -> Reference:
    """Return the checked rows of both files; raises ``BadReference`` with everything that is wrong."""
    bad: list[BadLine] = []
    units = _table(UNITS_FILE, units_text, checks=unit_checks(today), bad=bad)
    procedures = _table(PROCEDURES_FILE, procedures_text, checks=procedure_checks(today), bad=bad)
    bad += _doubled(units, "code")
    bad += _doubled(procedures, "code", "version")
    bad += _misplaced(units, procedures)
    bad += _undecided(procedures)
    if bad:
        raise BadReference(bad)
    return Reference(
        units=tuple(Unit.model_validate(_fields(line.row)) for line in units),
        procedures=tuple(Procedure.model_validate(_fields(line.row)) for line in procedures),
    )


def _fields(row: dict[str, str]) -> dict[str, str | None]:
    return {_EVENT_NAMES.get(column, column): value or None for column, value in row.items()}


def _table(file: str, content: str, *, checks: Checks, bad: list[BadLine]) -> list[_Line]:
    """Return the rows of a file that have the right columns; what is wrong goes to ``bad``."""
    lines = []
    for line in _lines(file, content, columns=tuple(checks)):
        if isinstance(line, BadLine):
            bad.append(line)
            continue
        lines.append(line)
        reasons = ((column, check(line.row[column])) for column, check in checks.items())
        bad += [line.bad(column, reason) for column, reason in reasons if reason]
    return lines


def _lines(file: str, content: str, *, columns: tuple[str, ...]) -> Iterator[_Line | BadLine]:
    reader = csv.reader(StringIO(normalize("NFC", content.removeprefix("\ufeff")), newline=""), strict=True)
    try:
        header = next(reader, [])
        if sorted(header) != sorted(columns):
            yield BadLine(file, 1, "header", f"must name {', '.join(columns)}")
            return
        begins = reader.line_num + 1
        for values in reader:
            if len(values) == len(header):
                yield _Line(file, begins, dict(zip(header, values, strict=True)))
            elif values:
                yield BadLine(file, begins, "row", f"has {len(values)} values for {len(header)} columns")
            begins = reader.line_num + 1
    except csv.Error as error:
        yield BadLine(file, reader.line_num, "row", str(error))


def _doubled(lines: Iterable[_Line], *key: str) -> Iterator[BadLine]:
    first: dict[tuple[str, ...], int] = {}
    for line in lines:
        number = first.setdefault(tuple(line.row[column] for column in key), line.number)
        if number != line.number:
            yield line.bad(" and ".join(key), f"stands in line {number} already")


def _misplaced(units: list[_Line], procedures: list[_Line]) -> Iterator[BadLine]:
    """Find units under no unit or under themselves, and procedures of no unit."""
    parents = {line.row["code"]: line.row["parent"] for line in units}
    for line in units:
        parent = line.row["parent"]
        if parent and parent not in parents:
            yield line.bad("parent", f"is no unit of {UNITS_FILE}")
        elif line.row["code"] in _above(line.row["code"], parents):
            yield line.bad("parent", "puts the unit under itself")
    for line in procedures:
        if line.row["managing_unit"] not in parents:
            yield line.bad("managing_unit", f"is no unit of {UNITS_FILE}")


def _above(code: str, parents: dict[str, str]) -> set[str]:
    above: set[str] = set()
    while (code := parents.get(code, "")) and code not in above:
        above.add(code)
    return above


def _undecided(procedures: Iterable[_Line]) -> Iterator[BadLine]:
    for line in procedures:
        if not line.row["level_decision"] and line.row["online_level"] != "unclassified":
            yield line.bad("level_decision", "must name the decision, unless online_level is unclassified")
