"""Which level a procedure has on a date, from the assessments known; pure.

Per online service the newest decision begun by that date stands: by ``valid_from``, then by when it was
recorded. A procedure with several services counts once, at the highest. A level in ``procedures.csv``
stands like an assessment of the procedure itself by its ``level_decision``, and gives way to an assessment
from the same day. What an older scheme calls a level without an equal counts as unclassified until
somebody confirms it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.registry.reference import Key, Known
from services.registry.reference.kinds import Assessment, ProcedureVersion, SchemeLevel
from shared.events import ServiceLevel

_EVER = datetime.min.replace(tzinfo=UTC)
_HEIGHT = {level: height for height, level in enumerate(reversed(ServiceLevel))}


@dataclass(frozen=True)
class Decision:
    """An assessment as known, or a level a version declares."""

    assessment: Assessment
    recorded_at: datetime | None
    of_version: int | None = None  # declared in procedures.csv, without criteria

    @property
    def service(self) -> tuple[str, str]:
        """The service it is about: its code and, where it is one unit's own, the unit."""
        return self.assessment.service_code, self.assessment.unit

    @property
    def order(self) -> tuple[date, bool, datetime, str]:
        """What makes a decision newer than another."""
        assessment = self.assessment
        return assessment.valid_from, self.of_version is None, self.recorded_at or _EVER, assessment.decision

    def holds(self, on: date) -> bool:
        """Tell whether it has not ended."""
        return self.assessment.valid_to is None or on <= self.assessment.valid_to


@dataclass(frozen=True)
class Standing:
    """The level of a procedure on a date, and the decision it rests on."""

    level: ServiceLevel
    decision: Decision
    scheme_level: SchemeLevel | None  # none where the scheme is not known

    @property
    def proposed(self) -> ServiceLevel | None:
        """What the level would be if somebody confirmed it; none where it needs no confirmation."""
        told = self.scheme_level
        return told.proposes if told and told.counts_as is None and self.decision.of_version is None else None

    @property
    def height(self) -> tuple[int, int]:
        """What makes it higher than another."""
        return _HEIGHT[self.level], self.scheme_level.rank if self.scheme_level else 0


class Levels:
    """Tells the level of any procedure on any date, from what was known at one moment."""

    def __init__(self, known: Mapping[Key, Known]) -> None:
        rows = [(row.item, row.recorded_at) for row in known.values()]
        self._scheme = {(s.scheme, s.level): s for s, _ in rows if isinstance(s, SchemeLevel)}
        self._decisions: dict[str, list[Decision]] = defaultdict(list)
        for item, recorded_at in rows:
            decision = _decision(item, recorded_at)
            if decision is not None:
                self._decisions[decision.assessment.procedure_code].append(decision)
        for decisions in self._decisions.values():
            decisions.sort(key=lambda each: each.order)

    def of(self, code: str, on: date, *, unit: str | None = None) -> Standing | None:
        """Return the level of a procedure, at one unit where given; none where nothing was decided."""
        return max(self.services(code, on, unit=unit), key=lambda each: each.height, default=None)

    def level(self, code: str, on: date, *, unit: str | None = None) -> ServiceLevel:
        """Return the level of a procedure, unclassified where nothing was decided."""
        standing = self.of(code, on, unit=unit)
        return standing.level if standing else ServiceLevel.UNCLASSIFIED

    def services(self, code: str, on: date, *, unit: str | None = None) -> list[Standing]:
        """Return the standing of each service of a procedure."""
        newest: dict[tuple[str, str], Decision] = {}
        for decision in self._decisions.get(code, ()):
            if decision.assessment.valid_from <= on and (unit is None or decision.service[1] in {"", unit}):
                newest[decision.service] = decision  # they come in order
        return [self._standing(decision) for decision in newest.values() if decision.holds(on)]

    def decisions(self, code: str) -> list[Decision]:
        """Return all that was decided on a procedure, oldest first."""
        return list(self._decisions.get(code, ()))

    def is_uniform(self, code: str) -> bool:
        """Tell whether no unit has a level of its own."""
        return all(not decision.service[1] for decision in self._decisions.get(code, ()))

    def dates(self, code: str) -> list[date]:
        """Return the days on which the level of a procedure may change."""
        days = set()
        for decision in self._decisions.get(code, ()):
            days.add(decision.assessment.valid_from)
            if decision.assessment.valid_to:
                days.add(decision.assessment.valid_to + timedelta(days=1))
        return sorted(days)

    def _standing(self, decision: Decision) -> Standing:
        assessment = decision.assessment
        scheme_level = self._scheme.get((assessment.scheme, assessment.level))
        if decision.of_version is not None:
            return Standing(ServiceLevel(assessment.level), decision, scheme_level)
        counts_as = scheme_level.counts_as if scheme_level else None
        return Standing(counts_as or ServiceLevel.UNCLASSIFIED, decision, scheme_level)


def _decision(item: object, recorded_at: datetime | None) -> Decision | None:
    if isinstance(item, Assessment):
        return None if item.withdrawn else Decision(item, recorded_at)
    if isinstance(item, ProcedureVersion) and item.level_decision:
        return Decision(_declared(item, item.level_decision), recorded_at, of_version=item.version)
    return None


def _declared(version: ProcedureVersion, decision: str) -> Assessment:
    return Assessment(
        procedure_code=version.code,
        scheme=version.level_scheme,
        level=version.level,
        decision=decision,
        decided_by=version.source,
        valid_from=date.fromisoformat(version.valid_from),
        valid_to=date.fromisoformat(version.valid_to) if version.valid_to else None,
        source=version.source,
    )


def current_version(versions: Iterable[ProcedureVersion], on: date) -> ProcedureVersion | None:
    """Return the newest version in force on a date; where all have ended, the newest that had begun."""
    day = on.isoformat()
    begun = sorted((v for v in versions if v.valid_from <= day), key=lambda each: each.version)
    in_force = [v for v in begun if v.valid_to is None or day <= v.valid_to]
    found = in_force or begun
    return found[-1] if found else None
