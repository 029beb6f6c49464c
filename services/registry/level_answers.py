"""The bodies the API answers with about online-service levels."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from services.registry import levels
from services.registry.effective import Decision, Standing
from services.registry.explain import Answered, Explanation
from services.registry.levels import Placement, Scope, Tally
from services.registry.reference import kinds as k
from shared.events import ServiceLevel


class Levels(BaseModel):
    """How many procedures stand at each level, and their shares (0 to 1; null where there are none)."""

    counts: dict[ServiceLevel, int]
    shares: dict[ServiceLevel, float | None]
    total: int
    by_scheme: dict[str, dict[str, int]] = Field(description="as the decisions word it, older schemes too")


class UnitLevels(Levels):
    """The levels of the procedures that count for a unit."""

    unit: str
    name: str | None


class LevelTable(BaseModel):
    """The levels of each unit asked for, and of all of them together, each procedure once."""

    on: date
    known_at: datetime | None
    scope: Scope
    items: list[UnitLevels]
    total: Levels


class DecisionTold(k.Assessment):
    """A decision on a level; ``of_version`` where procedures.csv declares it, without criteria."""

    recorded_at: datetime | None
    of_version: int | None


class Span(BaseModel):
    """A level and from when to when it held; without a decision nobody had decided."""

    level: ServiceLevel
    valid_from: date
    valid_to: date | None
    proposed: ServiceLevel | None = Field(description="what an older level would be once somebody confirms it")
    decision: DecisionTold | None


class CriterionTold(BaseModel):
    """A criterion and what was found of it; ``met`` is null where it was not answered."""

    criterion: str
    name: str
    name_en: str
    needed_for_full: bool
    met: bool | None
    evidence: str | None


class ServiceExplained(BaseModel):
    """Why one online service of a procedure stands at its level."""

    service_code: str
    unit: str
    level: ServiceLevel
    proposed: ServiceLevel | None
    keeping_from_full: list[str]
    unanswered: list[str]
    criteria: list[CriterionTold]
    detail: str
    detail_vi: str


class LevelHistory(BaseModel):
    """The level of a procedure on a day with its reasons, and how it went, as known at a moment."""

    procedure_code: str
    on: date
    known_at: datetime | None
    level: ServiceLevel
    services: list[ServiceExplained]
    timeline: list[Span]
    decisions: list[DecisionTold]


class Proposal(BaseModel):
    """A level of an older scheme, what it would be, and who decided it; it waits for a new assessment."""

    procedure_code: str
    service_code: str
    unit: str
    scheme: str
    level: str
    proposed: ServiceLevel
    decision: str
    valid_from: date


class Proposals(BaseModel):
    """Levels of older schemes nobody has confirmed, by procedure."""

    items: list[Proposal]


class Scheme(BaseModel):
    """A scheme with its levels, highest first, and its criteria."""

    scheme: str
    levels: list[k.SchemeLevel]
    criteria: list[k.Criterion]


class Schemes(BaseModel):
    """Schemes, by code."""

    items: list[Scheme]


def level_table(
    placement: Placement, names: Mapping[str, str], *, on: date, known_at: datetime | None, scope: Scope, whole: bool
) -> LevelTable:
    """Return the levels of units by their names, those without procedures too; ``whole`` where these are all."""
    tallies = placement.tallies
    items = [UnitLevels(unit=code, name=name, **_levels(tallies.get(code, _NOTHING))) for code, name in names.items()]
    together = placement.everywhere if whole else levels.tally(levels.once(placement.of(list(names))))
    return LevelTable(on=on, known_at=known_at, scope=scope, items=items, total=Levels(**_levels(together)))


_NOTHING = levels.tally([])


def _levels(tally: Tally) -> dict[str, Any]:
    told = {"counts": tally.counts, "shares": levels.shares(tally.counts), "by_scheme": tally.by_scheme}
    return told | {"total": sum(tally.counts.values())}


def decision_told(decision: Decision) -> DecisionTold:
    """Return a decision as the API tells it."""
    return DecisionTold(
        **decision.assessment.model_dump(), recorded_at=decision.recorded_at, of_version=decision.of_version
    )


def service_explained(explanation: Explanation) -> ServiceExplained:
    """Return an explanation as the API tells it."""
    standing = explanation.standing
    service, unit = standing.decision.service if standing else ("", "")
    return ServiceExplained(
        service_code=service,
        unit=unit,
        level=standing.level if standing else ServiceLevel.UNCLASSIFIED,
        proposed=standing.proposed if standing else None,
        keeping_from_full=explanation.keeping_from_full,
        unanswered=explanation.unanswered,
        criteria=[_criterion(answer) for answer in explanation.criteria],
        detail=explanation.detail,
        detail_vi=explanation.detail_vi,
    )


def _criterion(answer: Answered) -> CriterionTold:
    return CriterionTold(
        criterion=answer.criterion.criterion,
        name=answer.criterion.name,
        name_en=answer.criterion.name_en,
        needed_for_full=answer.needed_for_full,
        met=answer.met,
        evidence=answer.evidence,
    )


def span(standing: Standing | None, begins: date, ends: date | None) -> Span:
    """Return a level with when it held."""
    return Span(
        level=standing.level if standing else ServiceLevel.UNCLASSIFIED,
        valid_from=begins,
        valid_to=ends,
        proposed=standing.proposed if standing else None,
        decision=decision_told(standing.decision) if standing else None,
    )


def proposals(standings: Iterable[Standing]) -> Proposals:
    """Return the levels nobody has confirmed."""
    items = [_proposal(standing, standing.proposed) for standing in standings if standing.proposed is not None]
    return Proposals(items=sorted(items, key=lambda each: (each.procedure_code, each.service_code, each.unit)))


def _proposal(standing: Standing, proposed: ServiceLevel) -> Proposal:
    return Proposal(
        **standing.decision.assessment.model_dump(include=set(Proposal.model_fields) - {"proposed"}), proposed=proposed
    )


def schemes(rows: Iterable[k.SchemeLevel], criteria: Sequence[k.Criterion]) -> Schemes:
    """Return schemes with their levels and criteria."""
    found: dict[str, list[k.SchemeLevel]] = {}
    for row in sorted(rows, key=lambda each: (each.scheme, -each.rank)):
        found.setdefault(row.scheme, []).append(row)
    items = [
        Scheme(scheme=code, levels=its, criteria=[c for c in criteria if c.scheme == code])
        for code, its in found.items()
    ]
    return Schemes(items=items)
