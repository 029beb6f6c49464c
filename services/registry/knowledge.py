"""All reference data as known at one moment, with what follows from it; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.registry.announcements import versions_of, with_level
from services.registry.effective import Levels, Standing, current_version
from services.registry.levels import Placed, Scope, handles, manages
from services.registry.reference import Items, Key, Known
from services.registry.reference.kinds import ProcedureVersion
from shared.events import ServiceLevel, Unit

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
    """Reference data as known at one moment; changes no more, so it may be shared and kept."""

    def __init__(self, known: Mapping[Key, Known]) -> None:
        self.known = known

    @cached_property
    def items(self) -> Items:
        """The rows by key."""
        return Items(row.item for row in self.known.values())

    @cached_property
    def levels(self) -> Levels:
        """The level of any procedure on any date."""
        return Levels(self.known)

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

    def procedures(self, on: date) -> Iterator[ProcedureVersion]:
        """Iterate over the procedures in force on a date, by code, with their levels."""
        for versions in self.versions.values():
            version = current_version(versions, on)
            if version is not None and (version.valid_to is None or on.isoformat() <= version.valid_to):
                yield with_level(version, self.levels, on)

    def placed(self, on: date, scope: Scope, units: Units) -> Iterator[Placed]:
        """Iterate over units and the procedures each of them manages or handles, with their levels there."""
        wanted = [unit for code, unit in self.units.items() if units is None or code in units]
        for version in self.procedures(on):
            for unit in wanted:
                if self._belongs(version, unit, scope):
                    yield Placed(unit.code, version.code, self._standing(version.code, on, scope, unit.code))

    def matching(self, wanted: ProcedureFilter) -> Iterator[ProcedureVersion]:
        """Iterate over the procedures asked for, by code."""
        units = [unit for code, unit in self.units.items() if wanted.units is None or code in wanted.units]
        for version in self.procedures(wanted.on):
            if wanted.fits(version) and any(self._belongs(version, unit, wanted.scope) for unit in units):
                yield version

    def of_units(self, on: date, scope: Scope, units: Units) -> list[tuple[Unit, list[ProcedureVersion]]]:
        """Return units with the procedures each of them manages or handles."""
        versions = list(self.procedures(on))
        wanted = [unit for code, unit in self.units.items() if units is None or code in units]
        return [(unit, [v for v in versions if self._belongs(v, unit, scope)]) for unit in wanted]

    def _belongs(self, version: ProcedureVersion, unit: Unit, scope: Scope) -> bool:
        if scope == Scope.MANAGED:
            return manages(unit, version)
        return handles(unit, version, self.units.get(version.managing_unit))

    def _standing(self, code: str, on: date, scope: Scope, unit: str) -> Standing | None:
        alone = scope == Scope.HANDLED and not self.levels.is_uniform(code)
        return self.levels.of(code, on, unit=unit if alone else None)
