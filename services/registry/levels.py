"""Counts and shares of online-service levels; pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

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


@dataclass(frozen=True)
class Tally:
    """How many procedures stand at each level, and at each level of each scheme."""

    counts: Counts
    by_scheme: SchemeCounts


class Placement:
    """The procedures of every unit on one day, counted once however often it is asked."""

    def __init__(self, placed: Iterable[Placed]) -> None:
        self._by_unit: dict[str, list[Placed]] = {}
        for each in placed:
            self._by_unit.setdefault(each.unit, []).append(each)

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """The counts of each unit that has procedures."""
        return {unit: tally(placed) for unit, placed in self._by_unit.items()}

    @cached_property
    def everywhere(self) -> Tally:
        """The counts of all units together, each procedure once."""
        return tally(once(self.of(None)))

    def of(self, units: Sequence[str] | None) -> list[Placed]:
        """Return what some units have, or all of them."""
        wanted = self._by_unit if units is None else dict.fromkeys(units)
        return [each for unit in wanted for each in self._by_unit.get(unit, ())]


class Places:
    """Tells which units a procedure counts for."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.code: unit for unit in units}
        self._everywhere: dict[tuple[str, str], list[str]] = {}
        for unit in self._units.values():
            place = (_agency(unit.code), _LEVEL_OF_KIND.get(unit.kind, ""))
            self._everywhere.setdefault(place, []).append(unit.code)

    def of(self, version: ProcedureVersion, scope: Scope) -> Sequence[str]:
        """Return the units that manage or handle a procedure.

        ``handling_unit`` decides where it is given. Else the managing unit handles what is handled at its own level,
        and what is handled by districts or communes is handled by each of them under the same agency code of level 1.
        """
        if scope == Scope.MANAGED:
            return [version.managing_unit]
        if version.handling_unit:
            return [version.handling_unit]
        managing = self._units.get(version.managing_unit)
        if managing is not None and _LEVEL_OF_KIND.get(managing.kind) == version.handling_level:
            return [managing.code]
        if version.handling_level not in _EVERYWHERE:
            return []
        return self._everywhere.get((_agency(version.managing_unit), version.handling_level), [])


def _agency(code: str) -> str:
    return code.partition(".")[0]


def tally(placed: Sequence[Placed]) -> Tally:
    """Return the counts of some procedures."""
    return Tally(counted(placed), by_scheme(placed))


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


def shares(counts: Counts) -> dict[ServiceLevel, float | None]:
    """Return each level's share of the total, to four digits; none where there is nothing to share."""
    whole = sum(counts.values())
    return {level: round(count / whole, 4) if whole else None for level, count in counts.items()}
