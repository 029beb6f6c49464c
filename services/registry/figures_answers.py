"""The bodies the API answers with to questions about figures and reports."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.figures.differences import Difference
from services.registry.figures.indicators import Indicator, Indicators
from services.registry.figures.practised import Practised
from services.registry.figures.procedures import OfferedProcedure
from services.registry.figures.progress import Progress
from services.registry.figures.report import Report
from services.registry.file_report import Filed, FiledHead
from shared.events import Channel, ServiceLevel, Status


class OfPeriod(BaseModel):
    """Figures of some units and a period."""

    units: tuple[str, ...]
    first_day: date
    last_day: date


class IndicatorsOfPeriod(Indicators, OfPeriod):
    """The indicators of QD 766, by group."""

    made_at: datetime


class OneIndicator(OfPeriod):
    """One indicator."""

    made_at: datetime
    indicator: Indicator


class DossierBehind(BaseModel):
    """A dossier that an indicator counts."""

    dossier_id: UUID
    code: str | None
    procedure_code: str | None
    receiving_unit: str | None
    competent_unit: str | None
    channel: Channel | None
    status: Status | None
    received_day: date
    due_at: datetime | None
    settled_at: datetime | None
    timeliness: str | None = Field(description="by form II.06a, not by indicator 2.1")
    result_kind: str | None


class DossiersBehind(OfPeriod):
    """The dossiers behind a part of an indicator, those received last first."""

    code: str
    part: Literal["numerator", "denominator"]
    items: list[DossierBehind]
    next: str | None = Field(description="link to what follows; null at the end")


class ProcedureBehind(BaseModel):
    """A procedure that an indicator counts."""

    code: str
    name: str
    unit: str
    level: ServiceLevel
    in_numerator: bool


class ProceduresBehind(OfPeriod):
    """The procedures behind an indicator, by code."""

    code: str
    items: list[ProcedureBehind]


class PractisedOfPeriod(OfPeriod):
    """The procedures with dossiers, as declared and as practised."""

    disagreeing: int = Field(description="of all procedures with dossiers")
    items: list[Practised]


class ProgressOfPeriod(OfPeriod):
    """The targets and how far they are reached."""

    items: list[Progress]


class DraftReport(BaseModel):
    """A report as it would be filed now."""

    made_at: datetime
    difference: Difference | None = Field(description="from the one filed last; null where none was")
    report: Report


class FiledReport(FiledHead):
    """A filed report with its figures, exactly as filed."""

    report: Report


class FiledPage(BaseModel):
    """Filed reports, newest first, without their figures."""

    items: list[FiledHead]
    next: str | None = Field(description="link to what follows; null at the end")


Link = Callable[[str], str]


def dossiers_behind(
    rows: Sequence[Mapping[Any, Any]], *, limit: int, link: Link, told: Mapping[str, Any]
) -> DossiersBehind:
    """Return a page of ``limit`` dossiers, with a link where more were found."""
    shown = rows[:limit]
    mark = f"{shown[-1]['received_day']}_{shown[-1]['dossier_id']}" if len(rows) > limit else None
    return DossiersBehind.model_validate({**told, "items": shown, "next": link(mark) if mark else None})


def procedures_behind(
    numerator: Sequence[OfferedProcedure], denominator: Sequence[OfferedProcedure], told: Mapping[str, Any]
) -> ProceduresBehind:
    """Return the procedures of an indicator."""
    counted = {procedure.code for procedure in numerator}
    items = [
        ProcedureBehind(code=p.code, name=p.name, unit=p.unit, level=p.level, in_numerator=p.code in counted)
        for p in denominator
    ]
    return ProceduresBehind.model_validate({**told, "items": items})


def filed_page(heads: Sequence[FiledHead], *, limit: int, link: Link) -> FiledPage:
    """Return a page of ``limit`` filed reports, with a link where more were found."""
    shown = list(heads[:limit])
    mark = f"{shown[-1].made_at.isoformat()}_{shown[-1].report_id}" if len(heads) > limit else None
    return FiledPage(items=shown, next=link(mark) if mark else None)


def filed_text(filed: Filed) -> str:
    """Return a filed report as JSON, its figures letter by letter as filed."""
    return f'{filed.head.model_dump_json()[:-1]},"report":{filed.body}}}'
