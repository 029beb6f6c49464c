"""The indicators and tables that count procedures, each once at its highest level."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from services.registry.figures.counting import grouped
from shared.events import ServiceLevel

_Test = Callable[["OfferedProcedure"], bool]
ONLINE = frozenset({ServiceLevel.FULL, ServiceLevel.PARTIAL})


@dataclass(frozen=True)
class OfferedProcedure:
    """A procedure as it stands on a day."""

    code: str
    name: str
    unit: str  # that manages it
    level: ServiceLevel
    scheme: str | None = None  # the decision it stands on, as that words it; none where nothing was decided
    scheme_level: str | None = None
    eligible_for_full: bool = True
    has_fee: bool = False
    pays_online: bool | None = None  # by its assessment; none where that does not say
    published_on_time: bool | None = None
    updated_on_time: bool | None = None
    published_in_full: bool | None = None

    @property
    def is_online(self) -> bool:
        """Whether it is an online service."""
        return self.level in ONLINE


@dataclass(frozen=True)
class ProcedureParts:
    """The procedures an indicator divides by which."""

    numerator: tuple[OfferedProcedure, ...]
    denominator: tuple[OfferedProcedure, ...]


def parts(procedures: Iterable[OfferedProcedure], used: frozenset[str]) -> Mapping[str, ProcedureParts]:
    """Return the parts of each indicator of procedures; ``used`` are those with a dossier received online.

    One whose data are not there at all is left out, for then it cannot be computed.
    """
    known = tuple(sorted(procedures, key=lambda procedure: procedure.code))
    online = tuple(p for p in known if p.is_online)
    made = {
        "3.1": ProcedureParts(online, known),
        "3.1-full": _among(known, lambda p: p.eligible_for_full, lambda p: p.level is ServiceLevel.FULL),
        "3.2": ProcedureParts(tuple(p for p in online if p.code in used), online),
    }
    told = {
        "1.1": _among(known, lambda p: p.published_on_time is not None, lambda p: bool(p.published_on_time)),
        "1.2": _among(known, lambda p: p.updated_on_time is not None, lambda p: bool(p.updated_on_time)),
        "1.3": _among(known, lambda p: p.published_in_full is not None, lambda p: bool(p.published_in_full)),
        "3.5": _among(known, lambda p: p.has_fee and p.pays_online is not None, lambda p: bool(p.pays_online)),
    }
    return made | {code: found for code, found in told.items() if found.denominator}


def _among(known: Iterable[OfferedProcedure], whole: _Test, part: _Test) -> ProcedureParts:
    denominator = tuple(p for p in known if whole(p))
    return ProcedureParts(tuple(p for p in denominator if part(p)), denominator)


def level_counts(procedures: Iterable[OfferedProcedure], used: frozenset[str]) -> dict[str, dict[str, int]]:
    """Return for each unit how many procedures stand at each level, and how many online services were used."""
    by_unit = grouped(procedures, lambda procedure: procedure.unit)
    return {
        unit: {
            **{str(level): sum(p.level is level for p in found) for level in ServiceLevel},
            "used": sum(p.is_online and p.code in used for p in found),
        }
        for unit, found in by_unit.items()
    }
