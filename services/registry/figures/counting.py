"""Summing what the database counted up to the rows of a table."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Counts = Mapping[str, int]
Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


def summed(parts: Iterable[Counts], keys: Sequence[str]) -> dict[str, int]:
    """Return the sums of some counts, with every key."""
    sums = dict.fromkeys(keys, 0)
    for part in parts:
        for key in keys:
            sums[key] += part[key]
    return sums


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Return items by a key, in the order in which each key came first."""
    groups: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


def share(part: int, whole: int) -> float | None:
    """Return a share to four digits, or nothing where there is nothing to share."""
    return round(part / whole, 4) if whole else None


def roman(number: int) -> str:
    """Return a number in Roman letters, as the rows of a form are numbered."""
    steps = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, letters in steps:
        text += letters * (number // value)
        number %= value
    return text
