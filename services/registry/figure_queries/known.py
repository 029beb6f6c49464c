"""What figures need of the reference data, from all that is known; pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time

from services.registry.effective import Standing
from services.registry.figures.differences import LevelCause
from services.registry.figures.indicators import Threshold
from services.registry.figures.procedures import OfferedProcedure
from services.registry.figures.progress import TargetToReach
from services.registry.figures.scope import KnownUnit, Scope, scope
from services.registry.knowledge import Knowledge
from services.registry.reference.calendars import NATIONAL, calendar_of, published
from services.registry.reference.kinds import AssessedCriterion, IndicatorThreshold, ProcedureVersion, Target
from shared.calendars import Calendar
from shared.events import ServiceLevel
from shared.working_table import OutsideCalendar
from shared.working_time import Limit, TimeUnit, due

# the criterion of the schemes that a procedure with a fee meets where it can be paid online
_PAYS_ONLINE = "fee_online_or_none"
_QD766 = "QD766"
StatutoryDue = Callable[[str | None, int | None, str | None, datetime], datetime | None]


def scope_of(known: Knowledge, asked: Sequence[str]) -> Scope:
    """Return the units asked for, with those under them."""
    return scope(asked, (unit.model_dump() for unit in known.units.values()))


def unit_of(known: Knowledge, code: str) -> KnownUnit | None:
    """Return a unit by its code."""
    unit = known.units.get(code)
    return None if unit is None else KnownUnit(unit.code, unit.name, unit.kind)


def offered(known: Knowledge, on: date, units: Sequence[str] | None) -> list[OfferedProcedure]:
    """Return the procedures these units manage, as they stand on a day."""
    pays = _pays_online(known)
    return [
        _offered(known, version, on, pays)
        for version in known.procedures(on)
        if units is None or version.managing_unit in units
    ]


def _offered(
    known: Knowledge, version: ProcedureVersion, on: date, pays: dict[tuple[str, str], bool]
) -> OfferedProcedure:
    standing = known.levels.of(version.code, on)
    assessment = standing.decision.assessment if standing else None
    return OfferedProcedure(
        code=version.code,
        name=version.name,
        unit=version.managing_unit,
        level=standing.level if standing else ServiceLevel.UNCLASSIFIED,
        scheme=assessment.scheme if assessment else None,
        scheme_level=assessment.level if assessment else None,
        eligible_for_full=version.eligible_for_full,
        has_fee=version.has_fee,
        pays_online=pays.get((version.code, assessment.decision)) if assessment else None,
        published_on_time=version.published_on_time,
        updated_on_time=version.updated_on_time,
        published_in_full=version.published_in_full,
    )


def _pays_online(known: Knowledge) -> dict[tuple[str, str], bool]:
    rows = known.items.of(AssessedCriterion)
    return {(row.procedure_code, row.decision): row.met for row in rows if row.criterion == _PAYS_ONLINE}


def thresholds(known: Knowledge, on: date) -> list[Threshold]:
    """Return the points and thresholds of QD 766 in force on a day."""
    rows = [row for row in known.items.of(IndicatorThreshold) if row.index.startswith(_QD766)]
    valid = [row for row in rows if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)]
    return [
        Threshold(
            code=row.code,
            max_score=None if row.max_points is None else float(row.max_points),
            full_marks_at=None if row.full_marks_at is None else float(row.full_marks_at),
        )
        for row in sorted(valid, key=lambda row: row.valid_from)
    ]


def targets(known: Knowledge) -> Iterator[TargetToReach]:
    """Iterate over the targets there are."""
    for row in sorted(known.items.of(Target), key=lambda row: row.code):
        yield TargetToReach(
            code=row.code,
            metric=row.metric,
            value=float(row.value),
            comparison=row.comparison,
            scheme=row.scheme,
            levels=tuple((row.levels or "").split()),
            scope=row.scope,
            numerator=row.numerator,
            denominator=row.denominator,
            legal_basis=row.legal_basis,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
        )


def calendars(known: Knowledge) -> dict[str, Calendar]:
    """Return the calendars that can be counted on, by code."""
    made: dict[str, Calendar] = {}
    for calendar in published(known.items):  # the national one comes first
        made[calendar.code] = calendar_of(calendar, made.get(NATIONAL))
    return made


def statutory_due(known: Knowledge) -> StatutoryDue:
    """Return what tells when a dossier would be due by the longest time the law allows, or nothing."""
    by_unit = calendars(known)
    versions = {(v.code, v.version): v for found in known.versions.values() for v in found}

    def tell(code: str | None, version: int | None, unit: str | None, accepted_at: datetime) -> datetime | None:
        found = versions.get((code or "", version or 0))
        calendar = by_unit.get(unit or "") or by_unit.get(NATIONAL)
        if found is None or calendar is None:
            return None
        cut_off = time.fromisoformat(found.cut_off) if found.cut_off else None
        try:
            return due(calendar, accepted_at, Limit(found.limit, TimeUnit(found.limit_unit), cut_off)).at
        except OutsideCalendar:
            return None

    return tell


def levels_recorded_later(
    before: Knowledge, now: Knowledge, *, on: date, units: Sequence[str] | None
) -> tuple[LevelCause, ...]:
    """Return the procedures whose level on a day is another than was known before, with the decision it stands on."""
    found = []
    for procedure in offered(now, on, units):
        was, standing = before.levels.of(procedure.code, on), now.levels.of(procedure.code, on)
        if (was.decision if was else None) != (standing.decision if standing else None):
            found.append(_level_cause(procedure, was, standing))
    return tuple(found)


def _level_cause(procedure: OfferedProcedure, was: Standing | None, standing: Standing | None) -> LevelCause:
    assessment = standing.decision.assessment if standing else None
    return LevelCause(
        procedure_code=procedure.code,
        unit=procedure.unit,
        level_before=str(was.level) if was else None,
        level=str(procedure.level),
        decision=assessment.decision if assessment else None,
        valid_from=assessment.valid_from if assessment else None,
        recorded_at=standing.decision.recorded_at if standing else None,
    )
