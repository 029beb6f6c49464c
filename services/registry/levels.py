"""Counts and shares of online-service levels; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.registry.effective import Standing
from services.registry.reference.kinds import ProcedureVersion
from shared.events import ServiceLevel, Unit

Counts = dict[ServiceLevel, int]
SchemeCounts = dict[str, dict[str, int]]

_LEVEL_OF_KIND = {
    "ministry": "ministry",
    "department": "province",
    "branch": "province",
    "province": "province",
    "district": "district",
    "commune": "commune",
}
_EVERYWHERE = {"district", "commune"}  # what is handled there is handled by each of them


class Scope(StrEnum):
    """Which procedures count for a unit: those it manages, or those it handles itself."""

    MANAGED = "managed"
    HANDLED = "handled"


@dataclass(frozen=True)
class Placed:
    """A procedure in the figures of a unit, with its level there; without a standing nobody decided."""

    unit: str
    code: str
    standing: Standing | None

    @property
    def level(self) -> ServiceLevel:
        """The level it counts at."""
        return self.standing.level if self.standing else ServiceLevel.UNCLASSIFIED


def manages(unit: Unit, version: ProcedureVersion) -> bool:
    """Tell whether a procedure is under the management of a unit."""
    return version.managing_unit == unit.code


def handles(unit: Unit, version: ProcedureVersion, managing: Unit | None) -> bool:
    """Tell whether a unit handles a procedure itself.

    ``handling_unit`` decides where it is given. Else the managing unit handles what is handled at its own level, and
    what is handled by districts or communes is handled by each of them under the same agency code of level 1.
    """
    if version.handling_unit:
        return version.handling_unit == unit.code
    if managing is not None and _LEVEL_OF_KIND.get(managing.kind) == version.handling_level:
        return unit.code == managing.code
    level = _LEVEL_OF_KIND.get(unit.kind)
    return (
        level in _EVERYWHERE
        and level == version.handling_level
        and unit.code.split(".")[0] == version.managing_unit.split(".")[0]
    )


def by_unit(rows: Iterable[tuple[str, str, int]]) -> Mapping[str, Counts]:
    """Return the counts of each unit, with every level, from rows of unit, level and count."""
    table: dict[str, Counts] = {}
    for unit, level, count in rows:
        table.setdefault(unit, dict.fromkeys(ServiceLevel, 0))[ServiceLevel(level)] += count
    return table


def counted(placed: Iterable[Placed]) -> Counts:
    """Return how many procedures stand at each level."""
    counts = Counter(each.level for each in placed)
    return {level: counts[level] for level in ServiceLevel}


def once(placed: Iterable[Placed]) -> list[Placed]:
    """Return each procedure once, as it stands highest: several units may handle the same."""
    highest: dict[str, Placed] = {}
    for each in placed:
        other = highest.get(each.code)
        if other is None or _height(each) > _height(other):
            highest[each.code] = each
    return list(highest.values())


def _height(placed: Placed) -> tuple[int, int]:
    return placed.standing.height if placed.standing else (-1, 0)


def by_scheme(placed: Iterable[Placed]) -> SchemeCounts:
    """Return how many procedures stand at each level of each scheme, as the decisions word it."""
    counts: SchemeCounts = {}
    for each in placed:
        if each.standing is not None:
            assessment = each.standing.decision.assessment
            levels = counts.setdefault(assessment.scheme, {})
            levels[assessment.level] = levels.get(assessment.level, 0) + 1
    return {scheme: dict(sorted(levels.items())) for scheme, levels in sorted(counts.items())}


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
