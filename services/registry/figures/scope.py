"""Which units a question is about: a unit and those under it, or all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.registry.figures.report import UnitCovered

ALL = "all"
ALL_NAME = "Toàn bộ các đơn vị"


@dataclass(frozen=True)
class KnownUnit:
    """A unit of the reference data."""

    code: str
    name: str
    kind: str
    parent: str | None = None
    successor: str | None = None
    valid_to: str | None = None

    @property
    def covered(self) -> UnitCovered:
        """The unit as a report remembers it."""
        return UnitCovered(code=self.code, name=self.name, successor=self.successor, valid_to=self.valid_to)


@dataclass(frozen=True)
class Scope:
    """The units asked for, and all whose rows count; ``codes`` is none for every unit, known or not."""

    asked: tuple[str, ...]
    units: tuple[KnownUnit, ...]
    codes: tuple[str, ...] | None

    @property
    def name(self) -> str:
        """What to call it on a form."""
        if self.codes is None:
            return ALL_NAME
        names = {unit.code: unit.name for unit in self.units}
        return "; ".join(names[code] for code in self.asked)

    @property
    def names(self) -> dict[str, str]:
        """The names of its units."""
        return {unit.code: unit.name for unit in self.units}


class UnknownUnits(Exception):  # answered at the door
    """Some units asked for are in no reference data."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(f"{len(codes)} unknown units")


def scope(asked: Iterable[str], known: Iterable[Mapping[str, Any]]) -> Scope:
    """Return the scope of these codes, each with the units under it; raises ``UnknownUnits``."""
    units = {row["code"]: _unit(row) for row in known}
    wanted = tuple(sorted(set(asked)))
    if ALL in wanted:
        return Scope((ALL,), tuple(units[code] for code in sorted(units)), None)
    unknown = [code for code in wanted if code not in units]
    if unknown:
        raise UnknownUnits(unknown)
    codes = tuple(sorted(set().union(*(_under(code, units) for code in wanted))))
    return Scope(wanted, tuple(units[code] for code in codes), codes)


def _unit(row: Mapping[str, Any]) -> KnownUnit:
    optional = {name: row.get(name) for name in ("parent", "successor", "valid_to")}
    return KnownUnit(row["code"], row["name"], row["kind"], **optional)


def _under(code: str, units: Mapping[str, KnownUnit]) -> set[str]:
    found, rest = set(), [code]
    while rest:
        this = rest.pop()
        if this not in found:
            found.add(this)
            rest += [unit.code for unit in units.values() if unit.parent == this]
    return found
