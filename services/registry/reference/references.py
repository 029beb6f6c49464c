"""Whether what a line names is known, from the files or from before; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.registry.reference import formats as f
from services.registry.reference.bad import BadLine
from services.registry.reference.formats import Format
from services.registry.reference.items import Items
from services.registry.reference.lines import Line

Lines = Mapping[Format, Sequence[Line]]


@dataclass(frozen=True)
class _Name:
    """Some columns name a row of another file by the first columns of its key."""

    file: Format
    columns: tuple[str, ...]
    of: Format
    also: str = ""  # a value that needs no row


_ALL_NAMES = (
    _Name(f.UNITS, ("parent",), f.UNITS),
    _Name(f.UNITS, ("successor",), f.UNITS),
    _Name(f.PROCEDURES, ("managing_unit",), f.UNITS),
    _Name(f.PROCEDURES, ("handling_unit",), f.UNITS),
    _Name(f.STEPS, ("procedure_code", "version"), f.PROCEDURES),
    _Name(f.COMPONENTS, ("procedure_code", "version"), f.PROCEDURES),
    _Name(f.FEES, ("procedure_code", "version"), f.PROCEDURES),
    _Name(f.CRITERIA, ("scheme",), f.SCHEMES),
    _Name(f.ASSESSMENTS, ("procedure_code",), f.PROCEDURES),
    _Name(f.ASSESSMENTS, ("unit",), f.UNITS),
    _Name(f.ASSESSMENTS, ("scheme", "level"), f.SCHEMES),
    _Name(f.ASSESSMENT_CRITERIA, ("procedure_code", "service_code", "unit", "decision"), f.ASSESSMENTS),
    _Name(f.TARGETS, ("scheme",), f.SCHEMES),
    _Name(f.TARGETS, ("scope",), f.UNITS, also="all"),
    _Name(f.INDEX_SCORES, ("unit",), f.UNITS),
    _Name(f.TASK_FIGURES, ("unit",), f.UNITS),
    _Name(f.CALENDAR_DAYS, ("calendar",), f.UNITS, also="VN"),
    _Name(f.CALENDAR_WINDOWS, ("calendar",), f.UNITS, also="VN"),
)


def unknown_names(lines: Lines, known: Items) -> Iterator[BadLine]:
    """Find lines that name what no file and no row known before has."""
    for name in _ALL_NAMES:
        if name.file in lines:
            names = _names(name, lines.get(name.of, ()), known)
            yield from _unknown(name, lines[name.file], names)


def _names(name: _Name, lines: Iterable[Line], known: Items) -> set[tuple[str, ...]]:
    columns = name.of.key[: len(name.columns)]
    length = len(columns)
    before = {tuple(key[1 : length + 1]) for key in known if key[0] == name.of.kind}
    return before | {line.key(columns) for line in lines}


def _unknown(name: _Name, lines: Iterable[Line], names: set[tuple[str, ...]]) -> Iterator[BadLine]:
    for line in lines:
        cells = line.key(name.columns)
        nothing = not any(cells) or cells == (name.also,)
        if not nothing and cells not in names:
            column = " and ".join(name.columns) if len(name.columns) < 3 else name.columns[-1]
            yield line.bad(column, _is_none(name.of))


def _is_none(form: Format) -> str:
    kind = form.kind.replace("_", " ")
    return f"is no {kind} of {form.file}, nor known already / không có trong {form.file} và cũng chưa được nạp"


def doubled(lines: Lines) -> Iterator[BadLine]:
    """Find lines of one file that have the same key."""
    for form, rows in lines.items():
        first: dict[tuple[str, ...], int] = {}
        for line in rows:
            number = first.setdefault(line.key(form.key), line.number)
            if number != line.number:
                yield line.bad(" and ".join(form.key), f"stands in line {number} already / đã có ở dòng {number}")
