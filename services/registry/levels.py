"""Counts and shares of online-service levels; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from shared.events import ServiceLevel

Counts = dict[ServiceLevel, int]


def by_unit(rows: Iterable[tuple[str, str, int]]) -> Mapping[str, Counts]:
    """Return the counts of each unit, with every level, from rows of unit, level and count."""
    table: dict[str, Counts] = {}
    for unit, level, count in rows:
        table.setdefault(unit, dict.fromkeys(ServiceLevel, 0))[ServiceLevel(level)] += count
    return table


def total(tables: Iterable[Counts]) -> Counts:
    """Return the sum of some counts, with every level."""
    counter = Counter(dict.fromkeys(ServiceLevel, 0))
    for counts in tables:
        counter.update(counts)
    return dict(counter)


def shares(counts: Counts) -> dict[ServiceLevel, float | None]:
    """Return each level's share of the total, to four digits; none where there is nothing to share."""
    whole = sum(counts.values())
    return {level: round(count / whole, 4) if whole else None for level, count in counts.items()}
