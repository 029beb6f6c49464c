"""Reads figures and reports from the database; every method sees one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping

from services.registry.figure_queries import form06_counts, indicator_counts, unit_counts
from services.registry.figure_queries.conditions import Within
from services.registry.figure_queries.indicator_counts import Parts, Place, Statutory
from services.registry.figure_queries.judging import statutory, time_of_handling
from services.registry.figure_queries.known import (
    levels_recorded_later,
    offered,
    scope_of,
    targets,
    thresholds,
)
from services.registry.figure_queries.later_changes import later_changes
from services.registry.figure_queries.practice_counts import practice
from services.registry.figure_queries.target_counts import counters
from services.registry.figures import form06, procedures, unit_tables
from services.registry.figures.differences import DossierCause, LevelCause, Reason
from services.registry.figures.forms import form
from services.registry.figures.indicators import Counted, Indicators, judge
from services.registry.figures.period import Period
from services.registry.figures.practised import Practice
from services.registry.figures.procedures import ProcedureParts
from services.registry.figures.progress import Counter, Progress, TargetToReach, progress
from services.registry.figures.report import Report, Row, Text
from services.registry.figures.scope import ALL, Scope
from services.registry.file_report import Standing, Wanted
from services.registry.reference_queries import ReferenceQueries
from services.registry.tables import FOLLOWER, positions
from shared.database import Database
from shared.events import ServiceLevel

Units = Sequence[str]


@dataclass(frozen=True)
class MadeReport:
    """A report and where the projection stood when it was counted."""

    report: Report
    standing: Standing


@dataclass(frozen=True)
class _Seen:
    """A transaction, the units asked about, and the period."""

    connection: Connection
    scope: Scope
    within: Within

    @property
    def codes(self) -> Sequence[str] | None:
        return self.scope.codes


class FigureReader:
    """Reads figures; raises ``DatabaseUnavailable``, and ``UnknownUnits`` where a unit asked for is not known."""

    def __init__(self, database: Database, reference: ReferenceQueries) -> None:
        self._database = database
        self._reference = reference

    def make(self, wanted: Wanted, now: datetime) -> MadeReport:
        """Return a report and where the projection stood."""
        with self._database.reading() as connection:
            seen = self._seen(connection, wanted.units, wanted.period, now)
            rows, by_unit = self._rows(wanted.kind, seen)
            report = Report(
                form=form(wanted.kind),
                scope=seen.scope.asked,
                scope_name=seen.scope.name,
                first_day=wanted.period.first,
                last_day=wanted.period.last,
                reference_day=seen.within.reference_day,
                units=tuple(unit.covered for unit in seen.scope.units),
                rows=rows,
                by_unit=by_unit,
                notes=_notes(wanted.kind, seen.within),
            )
            return MadeReport(report, _standing(connection))

    def later_changes(
        self, wanted: Wanted, *, since: datetime, now: datetime
    ) -> tuple[tuple[LevelCause, ...], Mapping[Reason, DossierCause]]:
        """Return what was recorded since a moment and bears on a period: levels, and dossiers by reason."""
        before = self._reference.at(since)
        with self._database.reading() as connection:
            seen = self._seen(connection, wanted.units, wanted.period, now)
            known = self._reference.within(connection)
            dossiers = later_changes(connection, wanted.kind, seen.within, seen.codes, since=since)
        levels = levels_recorded_later(before, known, on=wanted.period.last, units=seen.codes)
        return (levels if wanted.kind == "levels" else ()), dossiers

    def indicators(self, units: Units, period: Period, now: datetime) -> Indicators:
        """Return the indicators of QD 766."""
        with self._database.reading() as connection:
            seen = self._seen(connection, units, period, now)
            judged, undetermined = self._statutory(seen)
            parts = indicator_counts.indicators(seen.within, judged)
            counted = indicator_counts.counts(connection, parts, seen.within, seen.codes)
            of_dossiers = {code: Counted(numerator=n, denominator=d) for code, (n, d) in counted.items()}
            if undetermined:
                of_dossiers["2.1"] = of_dossiers["2.1"].model_copy(update={"notes": (_undetermined(undetermined),)})
            of_procedures = {
                code: Counted(numerator=len(p.numerator), denominator=len(p.denominator))
                for code, p in self._procedure_parts(seen).items()
            }
            known = self._reference.within(connection)
            times = {"2.2": time_of_handling(connection, seen.within, seen.codes, known)}
            return judge(of_dossiers | of_procedures | times, thresholds(known, period.last))

    def dossiers_behind(
        self, code: str, part: str, units: Units, period: Period, *, now: datetime, limit: int, after: Place | None
    ) -> Sequence[RowMapping]:
        """Return the dossiers behind a part of an indicator, those received last first."""
        with self._database.reading() as connection:
            seen = self._seen(connection, units, period, now)
            judged, _ = self._statutory(seen) if code == "2.1" else (Statutory(), 0)
            parts: Parts = indicator_counts.indicators(seen.within, judged)[code]
            condition = parts.both if part == "numerator" else parts.denominator
            condition &= seen.within.handled
            return indicator_counts.behind(connection, condition, seen.codes, limit=limit, after=after)

    def procedures_behind(self, units: Units, period: Period, now: datetime) -> Mapping[str, ProcedureParts]:
        """Return the procedures behind the indicators that count some."""
        with self._database.reading() as connection:
            return self._procedure_parts(self._seen(connection, units, period, now))

    def practice(self, units: Units, period: Period, now: datetime) -> list[Practice]:
        """Return what dossiers show of each procedure with any, beside its level on the last day."""
        with self._database.reading() as connection:
            seen = self._seen(connection, units, period, now)
            shown = practice(connection, seen.within, seen.codes)
            managed = {p.code: p for p in offered(self._reference.within(connection), period.last, None)}
        fields = Practice.__dataclass_fields__
        return [
            Practice(
                code,
                managed[code].name if code in managed else code,
                managed[code].unit if code in managed else "",
                managed[code].level if code in managed else ServiceLevel.UNCLASSIFIED,
                **{name: count for name, count in counts.items() if name in fields},
            )
            for code, counts in sorted(shown.items())
        ]

    def progress(self, units: Units, period: Period, now: datetime) -> list[Progress]:
        """Return the progress against every target that binds the units asked about, or some of theirs."""
        with self._database.reading() as connection:
            seen = self._seen(connection, units, period, now)
            bound = [t for t in targets(self._reference.within(connection)) if _binds(t, seen.scope)]
            counting = {t.scope: self._counters(self._narrowed(seen, t)) for t in bound}
            return [progress(t, counting[t.scope], first=period.first, last=period.last) for t in bound]

    def _counters(self, seen: _Seen) -> Mapping[str, Counter]:
        managed = offered(self._reference.within(seen.connection), seen.within.period.last, seen.codes)
        return counters(practice(seen.connection, seen.within, seen.codes), managed)

    def _narrowed(self, seen: _Seen, target: TargetToReach) -> _Seen:
        """Return the units a target binds: its own, or those asked about where it binds all."""
        if target.scope == ALL:
            return seen
        return replace(seen, scope=scope_of(self._reference.within(seen.connection), [target.scope]))

    def _seen(self, connection: Connection, units: Units, period: Period, now: datetime) -> _Seen:
        scope = scope_of(self._reference.within(connection), units)
        return _Seen(connection, scope, Within(period, now))

    def _rows(self, kind: str, seen: _Seen) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        if kind == form06.KIND:
            groups = form06_counts.form06(seen.connection, seen.within, seen.codes)
            several = len({group.unit for group in groups}) > 1
            return form06.rows(groups), form06.unit_rows(groups, seen.scope.names) if several else ()
        counts = self._unit_counts(kind, seen)
        keys, _ = unit_tables.TABLES[kind]
        known = {unit.code: unit for unit in seen.scope.units}
        lines = []
        for code, counted in counts.items():
            unit = known.get(code)
            name, unit_kind = (unit.name, unit.kind) if unit else (code or unit_tables.UNKNOWN_UNIT, "")
            lines.append(unit_tables.UnitCounts(code, name, unit_kind, dict.fromkeys(keys, 0) | counted))
        return unit_tables.rows(kind, lines), ()

    def _unit_counts(self, kind: str, seen: _Seen) -> dict[str, dict[str, int]]:
        if kind == "digitisation":
            return unit_counts.digitisation(seen.connection, seen.within, seen.codes)
        if kind == "online-payment":
            return unit_counts.payment(seen.connection, seen.within, seen.codes)
        used = frozenset(unit_counts.used_online(seen.connection, seen.within))
        managed = offered(self._reference.within(seen.connection), seen.within.period.last, seen.codes)
        levels = procedures.level_counts(managed, used)
        received = unit_counts.reception(seen.connection, seen.within, seen.codes)
        return {code: levels.get(code, {}) | received.get(code, {}) for code in sorted(levels.keys() | received.keys())}

    def _procedure_parts(self, seen: _Seen) -> Mapping[str, ProcedureParts]:
        used = frozenset(unit_counts.used_online(seen.connection, seen.within))
        known = self._reference.within(seen.connection)
        return procedures.parts(offered(known, seen.within.period.last, seen.codes), used)

    def _statutory(self, seen: _Seen) -> tuple[Statutory, int]:
        return statutory(seen.connection, seen.within, seen.codes, self._reference.within(seen.connection))


def _binds(target: TargetToReach, scope: Scope) -> bool:
    known = {unit.code for unit in scope.units}
    return target.scope == ALL or target.scope in known


def _standing(connection: Connection) -> Standing:
    cluster_id, standing = positions.standing(connection, FOLLOWER)
    named = {f"{topic}/{partition}": offset for (topic, partition), offset in sorted(standing.items())}
    return Standing(cluster_id=cluster_id, positions=named)


def _notes(kind: str, within: Within) -> tuple[Text, ...]:
    if kind != form06.KIND:
        return ()
    day = within.reference_day
    return (
        Text(
            vi=f"Ngày chốt để xét hồ sơ đang giải quyết quá hạn: {day:%d/%m/%Y}.",
            en=f"Open dossiers are overdue where they were due before {day}.",
        ),
    )


def _undetermined(count: int) -> Text:
    return Text(
        vi=f"{count} hồ sơ không có ngày hẹn trả và không xác định được thời hạn theo quy định: không tính.",
        en=f"{count} dossiers have no due date and no statutory limit that could be determined: left out.",
    )
