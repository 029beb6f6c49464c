"""Load reference data: files in; rows and announcements of what changed out."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from services.registry.reference import PROCEDURES_FILE, UNITS_FILE, BadLine, BadReference, Reference, parse
from shared.clock import VIETNAM, Clock
from shared.events import Event, Procedure, Unit, deterministic_id

SOURCE = "/hoso/registry"
Item = Unit | Procedure
Key = tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A row of reference data and how often it was announced with another content."""

    item: Item
    revision: int


@dataclass(frozen=True)
class Change:
    """A row that is new or differs from the one before."""

    item: Item
    revision: int
    fields: tuple[str, ...]

    def __str__(self) -> str:
        """Return one line that says what changes."""
        kind, *key = key_of(self.item)
        name = f"{kind} {' version '.join(key)}"
        return f"~ {name}: {', '.join(self.fields)}" if self.fields else f"+ {name}"


@dataclass(frozen=True)
class Report:
    """What a load changed, and which rows known before are not in the files; those stay."""

    changes: tuple[Change, ...]
    unchanged: int
    absent: tuple[Key, ...]


class ReferenceRows(Protocol):
    """The reference data kept, within one transaction."""

    def known(self) -> Mapping[Key, Known]:
        """Return every row by its key."""

    def write(self, changes: Sequence[Change]) -> None:
        """Write rows over those known before."""

    def announce(self, events: Sequence[Event]) -> None:
        """Put events into the journal."""


class ReferenceStore(Protocol):
    """Where reference data is kept."""

    def changing(self) -> AbstractContextManager[ReferenceRows]:
        """Open a transaction that nobody else's load overlaps."""

    def reading(self) -> AbstractContextManager[ReferenceRows]:
        """Open a transaction that changes nothing."""


def load(directory: Path, store: ReferenceStore, clock: Clock) -> Report:
    """Load the files of a directory and announce what changed; raises ``BadReference``, and then nothing is loaded."""
    reference = _read(directory, clock)
    with store.changing() as rows:
        known = rows.known()
        report = compare(reference, known)
        rows.write(report.changes)
        rows.announce([_event(change, clock.now()) for change in _announced(report.changes, known)])
    return report


def preview(directory: Path, store: ReferenceStore, clock: Clock) -> Report:
    """Return what a load would change; raises ``BadReference``."""
    reference = _read(directory, clock)
    with store.reading() as rows:
        return compare(reference, rows.known())


def _read(directory: Path, clock: Clock) -> Reference:
    texts = [_text(directory / file) for file in (UNITS_FILE, PROCEDURES_FILE)]
    bad = [text for text in texts if isinstance(text, BadLine)]
    if bad:
        raise BadReference(bad)
    units_text, procedures_text = (text for text in texts if isinstance(text, str))
    return parse(units_text, procedures_text, today=clock.now().astimezone(VIETNAM).date())


def _text(file: Path) -> str | BadLine:
    try:
        return file.read_bytes().decode()
    except OSError as error:
        return BadLine(file.name, 0, "file", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return BadLine(file.name, line, "row", "is not UTF-8")


def key_of(item: Item) -> Key:
    """Return what names a row: its kind, its code and, of a procedure, its version."""
    if isinstance(item, Procedure):
        return ("procedure", item.code, str(item.version))
    return ("unit", item.code)


def compare(reference: Reference, known: Mapping[Key, Known]) -> Report:
    """Return what differs between the files and the rows known."""
    items: list[Item] = [*reference.units, *reference.procedures]
    changes = [change for item in items if (change := _change(item, known.get(key_of(item))))]
    absent = set(known) - {key_of(item) for item in items}
    return Report(tuple(changes), unchanged=len(items) - len(changes), absent=tuple(sorted(absent)))


def _change(item: Item, known: Known | None) -> Change | None:
    if known is None:
        return Change(item, revision=1, fields=())
    before = known.item.model_dump()
    fields = tuple(name for name, value in item.model_dump().items() if value != before[name])
    return Change(item, known.revision + 1, fields) if fields else None


def _announced(changes: Sequence[Change], known: Mapping[Key, Known]) -> list[Change]:
    """Return the changes to announce: the compacted topic keeps the newest version of a procedure only."""
    items = [k.item for k in known.values()] + [c.item for c in changes]
    newest: dict[str, int] = {}
    for item in items:
        if isinstance(item, Procedure):
            newest[item.code] = max(item.version, newest.get(item.code, 0))
    return [c for c in changes if not isinstance(c.item, Procedure) or c.item.version == newest[c.item.code]]


def _event(change: Change, at: datetime) -> Event:
    kind, code, *_ = key_of(change.item)
    content = sha256(change.item.model_dump_json().encode()).hexdigest()
    return Event(
        # the revision is part of the id: a value that comes back after another is news again
        id=deterministic_id(*key_of(change.item), change.revision, content),
        source=SOURCE,
        subject=f"{kind}/{code}",
        time=at,
        data=change.item,
        key=f"{kind}/{code}",
    )
