"""From the texts of files to checked rows; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.registry.reference.bad import BadLine, BadReference
from services.registry.reference.calendars import broken_calendars
from services.registry.reference.formats import BY_FILE, Format
from services.registry.reference.items import Items, Key, key_of
from services.registry.reference.level_rules import broken_level_rules
from services.registry.reference.lines import Line, read_lines
from services.registry.reference.references import doubled, unknown_names
from services.registry.reference.rules import Loading, broken_rules
from shared.events import Data


@dataclass(frozen=True)
class Reference:
    """Checked rows of some files."""

    items: tuple[Data, ...]  # in the order of the files and lines
    removed: tuple[Key, ...]  # rows known before of what is loaded as a whole
    absent: tuple[Key, ...]  # rows known before that the files could have, and that stay


def parse(texts: Mapping[str, str], *, known: Items, today: date, alone: bool = False) -> Reference:
    """Return the checked rows of files by their names; raises ``BadReference`` with everything that is wrong.

    ``alone``: what they name in other files (a calendar its unit) need not be known.
    """
    bad: list[BadLine] = []
    lines = {form: _read(form, texts[file], bad) for file, form in BY_FILE.items() if file in texts}
    spoilt = {(line.file, line.line) for line in bad}
    bad += doubled(lines)
    bad += [] if alone else unknown_names(lines, known)
    good = [(form, line) for form, rows in lines.items() for line in rows if (form.file, line.number) not in spoilt]
    rows = [(line, _item(form, line)) for form, line in good]
    removed = [key for form, table in lines.items() for key in _replaced(form, table, known)]
    after = Items([*(item for key, item in known.items() if key not in set(removed)), *(item for _, item in rows)])
    loading = Loading(rows, after, today)
    bad += [*broken_rules(loading), *broken_level_rules(loading), *broken_calendars(loading)]
    if bad:
        raise BadReference(bad)
    items = tuple(item for _, item in rows)
    return Reference(items, tuple(removed), tuple(sorted(_absent(lines, items, [*removed], known))))


def _read(form: Format, content: str, bad: list[BadLine]) -> list[Line]:
    return read_lines(form.file, content, required=form.required, optional=form.optional, bad=bad)


def _item(form: Format, line: Line) -> Data:
    return form.model.model_validate({form.renamed.get(c, c): value for c, value in line.row.items() if value})


def _replaced(form: Format, lines: Iterable[Line], known: Items) -> list[Key]:
    """Return the rows known before of what a file loads as a whole, and that it does not have."""
    if not form.whole:
        return []
    length = len(form.whole)
    wholes = {line.key(form.whole) for line in lines}
    here = {(form.kind, *line.key(form.key)) for line in lines}
    return [key for key in known if key[0] == form.kind and key not in here and tuple(key[1 : length + 1]) in wholes]


def _absent(lines: Mapping[Format, list[Line]], items: Iterable[Data], removed: list[Key], known: Items) -> list[Key]:
    """Return the rows that stay though their file does not have them.

    Of kinds that come in parts (a calendar, an index) only those whose part is in the file.
    """
    here = {key_of(item) for item in items} | set(removed)
    found = []
    for form, rows in lines.items():
        parts = None if form.kind in {"unit", "procedure"} or len(form.key) == 1 else {r.key(form.key)[0] for r in rows}
        stay = (key for key in known if key[0] == form.kind and key not in here)
        found += [key for key in stay if parts is None or key[1] in parts]
    return found
