"""Load reference data: files in; rows and announcements of what changed out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from services.registry.announcements import ANNOUNCED, Announced, Announcement, news
from services.registry.effects import effects
from services.registry.reference import (
    FORMATS,
    BadLine,
    BadReference,
    Format,
    Items,
    Key,
    Known,
    Reference,
    key_of,
    parse,
)
from services.registry.reference.formats import BY_FILE, CALENDAR_DAYS
from shared.clock import Clock, local_day
from shared.events import Data, Event

NATIONAL_FOLDER = Path(__file__).with_name("national")


@dataclass(frozen=True)
class Change:
    """A row that is new, differs from the one before, or is no more."""

    key: Key
    item: Data | None  # none: it is removed
    revision: int
    fields: tuple[str, ...]

    def __str__(self) -> str:
        """Return one line that says what changes."""
        name = name_of(self.key)
        if self.item is None:
            return f"- {name}"
        return f"~ {name}: {', '.join(self.fields)}" if self.fields else f"+ {name}"


@dataclass(frozen=True)
class Report:
    """What a load changed, and which rows known before are not in the files; those stay."""

    changes: tuple[Change, ...]
    unchanged: int
    absent: tuple[Key, ...]
    effects: tuple[str, ...] = ()
    before: int = 0  # rows of the shipped national set, loaded first


class ReferenceRows(Protocol):
    """The reference data kept, within one transaction."""

    def known(self, formats: Sequence[Format] = ...) -> Mapping[Key, Known]:
        """Return the rows of some kinds, or of all, by key."""

    def write(self, changes: Sequence[Change], at: datetime) -> None:
        """Write rows over those known before, and keep what was written when."""

    def announced(self) -> Mapping[str, Announced]:
        """Return what was announced last, by key."""

    def announce(self, news: Sequence[tuple[Announcement, Event]]) -> None:
        """Put events into the journal, and keep what was announced."""


class ReferenceStore(Protocol):
    """Where reference data is kept."""

    def changing(self) -> AbstractContextManager[ReferenceRows]:
        """Open a transaction that nobody else's load overlaps."""

    def trying(self) -> AbstractContextManager[ReferenceRows]:
        """Open a transaction of which nothing stays."""


def load(directory: Path, store: ReferenceStore, clock: Clock, *, first: Path | None = None) -> Report:
    """Load the files of a directory and announce what changed; raises ``BadReference``, and then nothing is loaded.

    Where no calendar is known, what is in ``first`` is loaded before: a directory may name its schemes.
    """
    with store.changing() as rows:
        return _load_both(directory, rows, clock, first)


def preview(directory: Path, store: ReferenceStore, clock: Clock, *, first: Path | None = None) -> Report:
    """Return what a load would change; raises ``BadReference``."""
    with store.trying() as rows:
        return _load_both(directory, rows, clock, first)


def load_national(store: ReferenceStore, clock: Clock) -> Report | None:
    """Load the shipped national set where no calendar is known; none where one is."""
    with store.changing() as rows:
        return None if rows.known([CALENDAR_DAYS]) else _load(_texts(NATIONAL_FOLDER), rows, clock)


def announce(store: ReferenceStore, clock: Clock) -> int:
    """Announce what stands otherwise today than announced last, since a date came; return how much."""
    with store.changing() as rows:
        return _announce(rows, rows.known(ANNOUNCED), clock)


def _load_both(directory: Path, rows: ReferenceRows, clock: Clock, first: Path | None) -> Report:
    texts = _texts(directory)
    if first is None or first == directory or rows.known([CALENDAR_DAYS]):
        return _load(texts, rows, clock)
    before = _load(_texts(first), rows, clock)
    return replace(_load(texts, rows, clock), before=len(before.changes))


def _load(texts: Mapping[str, str], rows: ReferenceRows, clock: Clock) -> Report:
    known, now = rows.known(), clock.now()
    reference = parse(texts, known=Items(row.item for row in known.values()), today=_day(now))
    changes = list(_changes(reference, known))
    rows.write(changes, now)
    after = _after(known, changes, now)
    _announce(rows, after, clock)
    same = len(reference.items) - sum(1 for change in changes if change.item is not None)
    told = tuple(effects(known, after, _day(now))) if changes else ()
    return Report(tuple(changes), unchanged=same, absent=reference.absent, effects=told)


def _announce(rows: ReferenceRows, known: Mapping[Key, Known], clock: Clock) -> int:
    now = clock.now()
    found = news(known, rows.announced(), _day(now))
    rows.announce([(each, each.event(now)) for each in found])
    return len(found)


def _day(now: datetime) -> date:
    return local_day(now)


def _texts(directory: Path) -> dict[str, str]:
    """Return the texts of the files of a directory; raises ``BadReference`` for what is no file of ours."""
    files = sorted(directory.glob("*.csv")) if directory.is_dir() else []
    texts = {file.name: _text(file) for file in files}
    bad = [text for text in texts.values() if isinstance(text, BadLine)]
    if not texts:
        bad.append(BadLine(str(directory), 0, "directory", "has no CSV file / không có tệp CSV nào"))
    if bad:
        raise BadReference(bad)
    return {name: text for name, text in texts.items() if isinstance(text, str)}


def _text(file: Path) -> str | BadLine:
    if file.name not in BY_FILE:
        return BadLine(file.name, 0, "file", f"is no file of reference data; these are: {', '.join(BY_FILE)} / tệp lạ")
    try:
        return file.read_bytes().decode()
    except OSError as error:
        return BadLine(file.name, 0, "file", f"cannot be read: {error.strerror} / không đọc được")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return BadLine(file.name, line, "row", "is not UTF-8 / không phải UTF-8")


def name_of(key: Key) -> str:
    """Return how people call a row: its kind, its code, and what else names it."""
    kind, code, *more = key
    (form,) = [form for form in FORMATS if form.kind == kind]
    rest = (f" {column} {value}" for column, value in zip(form.key[1:], more, strict=True) if value)
    return f"{kind} {code}{''.join(rest)}"


def _changes(reference: Reference, known: Mapping[Key, Known]) -> Iterator[Change]:
    for item in reference.items:
        key = key_of(item)
        change = _change(key, item, known.get(key))
        if change is not None:
            yield change
    for key in reference.removed:
        yield Change(key, None, known[key].revision + 1, fields=("removed",))


def _change(key: Key, item: Data, known: Known | None) -> Change | None:
    if known is None:
        return Change(key, item, revision=1, fields=())
    before = known.item.model_dump()
    fields = tuple(name for name, value in item.model_dump().items() if value != before[name])
    return Change(key, item, known.revision + 1, fields) if fields else None


def _after(known: Mapping[Key, Known], changes: Sequence[Change], at: datetime) -> dict[Key, Known]:
    after = dict(known)
    for change in changes:
        if change.item is None:
            del after[change.key]
        else:
            after[change.key] = Known(change.item, change.revision, at)
    return after
