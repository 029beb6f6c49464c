"""Rows of reference data by what names them; pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeVar

from services.registry.reference.formats import BY_MODEL
from shared.events import Data

Key = tuple[str, ...]
T = TypeVar("T", bound=Data)


def key_of(item: Data) -> Key:
    """Return what names a row: its kind, then the fields that name it."""
    form = BY_MODEL[type(item)]
    return (form.kind, *(_cell(getattr(item, form.renamed.get(name, name))) for name in form.key))


def _cell(value: object) -> str:
    return value.isoformat(timespec="minutes") if isinstance(value, time) else str(value)


@dataclass(frozen=True)
class Known:
    """A row of reference data, how often it was written with another content, and when last."""

    item: Data
    revision: int
    recorded_at: datetime | None = None


class Items(Mapping[Key, Data]):
    """Rows of every kind, by key."""

    def __init__(self, items: Iterable[Data] = ()) -> None:
        self._items = {key_of(item): item for item in items}
        self._by_model: dict[type[Data], list[Data]] = {}
        for item in self._items.values():
            self._by_model.setdefault(type(item), []).append(item)

    def __getitem__(self, key: Key) -> Data:
        """Return a row."""
        return self._items[key]

    def __iter__(self) -> Iterator[Key]:
        """Iterate over the keys."""
        return iter(self._items)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._items)

    def of(self, model: type[T]) -> list[T]:
        """Return the rows of one kind."""
        return [item for item in self._by_model.get(model, ()) if isinstance(item, model)]
