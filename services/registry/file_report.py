"""Make a report, file it so that it never changes, and say how it differs from the one filed last and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from services.registry.figures.differences import (
    Difference,
    DossierCause,
    LevelCause,
    Reason,
    causes,
    changed_cells,
    units_changed,
)
from services.registry.figures.period import Period
from services.registry.figures.report import Report, digest
from shared.clock import Clock, local_day
from shared.events import Actor


class Standing(BaseModel):
    """Where the projection stood in the log when something was counted."""

    model_config = ConfigDict(frozen=True)

    cluster_id: str | None
    positions: Mapping[str, int] = Field(description="the next offset of each partition, as topic/partition")


class FiledHead(BaseModel):
    """What is known of a filed report beside its figures."""

    model_config = ConfigDict(frozen=True)

    report_id: UUID
    kind: str
    scope: tuple[str, ...]
    first_day: date
    last_day: date
    made_at: datetime
    made_by: Actor
    made_from: Standing
    digest: str = Field(description="SHA-256 of the report's text")
    difference: Difference | None = Field(description="from the one filed last before it; null where it is the first")


@dataclass(frozen=True)
class Filed:
    """A filed report: its head, and its text exactly as filed."""

    head: FiledHead
    body: str

    @property
    def report(self) -> Report:
        """The report."""
        return Report.model_validate_json(self.body)


@dataclass(frozen=True)
class Wanted:
    """A report that is asked for."""

    kind: str
    units: tuple[str, ...]
    period: Period


class Made(Protocol):
    """A report with the moment of the log it was made from."""

    @property
    def report(self) -> Report:
        """The report."""

    @property
    def standing(self) -> Standing:
        """Where the projection stood."""


class ReportMaker(Protocol):
    """Makes reports of what is known now."""

    def make(self, wanted: Wanted, now: datetime) -> Made:
        """Return a report and where the projection stood, seen in one moment."""

    def later_changes(
        self, wanted: Wanted, *, since: datetime, now: datetime
    ) -> tuple[tuple[LevelCause, ...], Mapping[Reason, DossierCause]]:
        """Return what was recorded since a moment and bears on a period: levels, and dossiers by reason."""


class Files(Protocol):
    """Keeps filed reports."""

    def keep(self, filed: Filed) -> None:
        """Keep a new report."""

    def last(self, kind: str, scope: Sequence[str], *, first_day: date, last_day: date) -> Filed | None:
        """Return the report of this kind, scope and period that was filed last."""


def file_report(wanted: Wanted, actor: Actor, *, maker: ReportMaker, files: Files, clock: Clock) -> Filed:
    """Make a report and file it."""
    now = clock.now()
    made = maker.make(wanted, now)
    difference = compare(wanted, made.report, maker=maker, files=files, now=now)
    body = made.report.text()
    head = FiledHead(
        report_id=uuid4(),
        kind=wanted.kind,
        scope=made.report.scope,
        first_day=wanted.period.first,
        last_day=wanted.period.last,
        made_at=now,
        made_by=actor,
        made_from=made.standing,
        digest=digest(body),
        difference=difference,
    )
    filed = Filed(head, body)
    files.keep(filed)
    return filed


def compare(wanted: Wanted, report: Report, *, maker: ReportMaker, files: Files, now: datetime) -> Difference | None:
    """Return how a report differs from the one filed last for the same units and period, and what caused it."""
    earlier = files.last(wanted.kind, report.scope, first_day=wanted.period.first, last_day=wanted.period.last)
    if earlier is None:
        return None
    before, made_at = earlier.report, earlier.head.made_at
    cells = changed_cells(before, report)
    told = {"earlier_id": str(earlier.head.report_id), "earlier_made_at": made_at}
    if not cells:
        return Difference(**told, differs=False)
    levels, dossiers = maker.later_changes(wanted, since=made_at, now=now)
    found = causes(
        levels=levels,
        dossiers=dossiers,
        units=units_changed(before.units, report.units),
        was_running=local_day(made_at) <= wanted.period.last,
    )
    return Difference(**told, differs=True, cells=cells, causes=found, unexplained=not found)
