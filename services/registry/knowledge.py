"""All reference data as known at one moment, with what follows from it; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.registry.announcements import versions_of, with_level
from services.registry.effective import Levels, current_version
from services.registry.levels import Placed, Placement, Places, Scope
from services.registry.reference import Items, Key, Known
from services.registry.reference.kinds import ProcedureVersion
from services.registry.reference.level_rules import Answers, answers_of
from shared.events import ServiceLevel, Unit

_DAYS_KEPT = 8
Units = Sequence[str] | None  # none: every unit, asked for as such


@dataclass(frozen=True)
class ProcedureFilter:
    """Which procedures are asked for; an empty choice is no condition."""

    on: date
    scope: Scope
    units: Units
    levels: Sequence[ServiceLevel] = ()
    fields: Sequence[str] = ()
    essential: bool | None = None
    portal_connected: bool | None = None

    def fits(self, version: ProcedureVersion) -> bool:
        """Tell whether a procedure is asked for, units aside."""
        chosen = ((self.levels, version.level), (self.fields, version.field_code))
        flags = ((self.essential, version.essential), (self.portal_connected, version.portal_connected))
        return all(not wanted or value in wanted for wanted, value in chosen) and all(
            wanted is None or value == wanted for wanted, value in flags
        )


class Knowledge:
    """Reference data as known at one moment, without the parts of procedures; it may be shared and kept.

    What follows for the days asked about last is kept too: of a whole province that takes a second to find.
    """

    def __init__(self, known: Mapping[Key, Known]) -> None:
        self.known = known
        self._in_force: dict[date, tuple[ProcedureVersion, ...]] = {}
        self._placed: dict[tuple[date, Scope], Placement] = {}

    @cached_property
    def items(self) -> Items:
        """The rows by key."""
        return Items(row.item for row in self.known.values())

    @cached_property
    def levels(self) -> Levels:
        """The level of any procedure on any date."""
        return Levels(self.known)

    @cached_property
    def answers(self) -> Answers:
        """What each assessment found of its criteria."""
        return answers_of(self.items)

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The units by code, in order."""
        return {unit.code: unit for unit in sorted(self.items.of(Unit), key=lambda each: each.code)}

    @cached_property
    def versions(self) -> dict[str, list[ProcedureVersion]]:
        """The versions of each procedure, by code in order."""
        return dict(sorted(versions_of(self.items).items()))

    def procedure(self, code: str, on: date) -> ProcedureVersion | None:
        """Return the version of a procedure in force on a date, else the last begun, with its level on that date."""
        version = current_version(self.versions.get(code, ()), on)
        return with_level(version, self.levels, on) if version else None

    def procedures(self, on: date) -> Sequence[ProcedureVersion]:
        """Return the procedures in force on a date, by code, with their levels."""
        if on not in self._in_force:
            self._in_force = dict(list(self._in_force.items())[1 - _DAYS_KEPT :]) | {on: tuple(self._find(on))}
        return self._in_force[on]

    def _find(self, on: date) -> Iterator[ProcedureVersion]:
        for versions in self.versions.values():
            version = current_version(versions, on)
            if version is not None and (version.valid_to is None or on.isoformat() <= version.valid_to):
                yield with_level(version, self.levels, on)

    def placement(self, on: date, scope: Scope) -> Placement:
        """Return units and the procedures each of them manages or handles on a date, with their levels there."""
        place = (on, scope)
        if place not in self._placed:
            latest = dict(list(self._placed.items())[1 - _DAYS_KEPT :])
            self._placed = latest | {place: Placement(self._place(on, scope))}
        return self._placed[place]

    def _place(self, on: date, scope: Scope) -> Iterator[Placed]:
        for version in self.procedures(on):
            alone = scope == Scope.HANDLED and not self.levels.is_uniform(version.code)
            standing = self.levels.of(version.code, on)
            for unit in self._places.of(version, scope):
                theirs = self.levels.of(version.code, on, unit=unit) if alone else standing
                yield Placed(unit, version.code, theirs)

    def matching(self, wanted: ProcedureFilter) -> list[ProcedureVersion]:
        """Return the procedures asked for, by code."""
        return [v for v in self.procedures(wanted.on) if wanted.fits(v) and self._is_of(v, wanted.scope, wanted.units)]

    def of_units(self, on: date, scope: Scope, units: Units) -> list[tuple[Unit, list[ProcedureVersion]]]:
        """Return units with the procedures each of them manages or handles."""
        found: dict[str, list[ProcedureVersion]] = {code: [] for code in self.units if units is None or code in units}
        for version in self.procedures(on):
            for unit in self._places.of(version, scope):
                if unit in found:
                    found[unit].append(version)
        return [(self.units[code], versions) for code, versions in found.items()]

    def _is_of(self, version: ProcedureVersion, scope: Scope, units: Units) -> bool:
        return units is None or not set(units).isdisjoint(self._places.of(version, scope))

    @cached_property
    def _places(self) -> Places:
        return Places(self.units.values())
