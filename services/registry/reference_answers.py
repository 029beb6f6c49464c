"""The bodies the API answers with about reference data."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, Field, PlainSerializer

from services.registry.reference import kinds as k
from services.registry.reference_rows import Writing as Recorded
from services.registry.stated import Stated, stated
from shared.events import CalendarPublished, Unit

Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class Units(BaseModel):
    """Units, by code."""

    items: list[Unit]


class ProcedurePage(BaseModel):
    """Procedures, by code, and where to read on."""

    items: list[k.ProcedureVersion]
    next: str | None = Field(default=None, description="link to what follows; null at the end")


class VersionMark(BaseModel):
    """A version of a procedure and when it holds."""

    version: int
    valid_from: str
    valid_to: str | None
    internal_process_decision: str | None
    source: str


class ProcedureDetail(k.ProcedureVersion):
    """A version of a procedure with its parts, and which other versions there are."""

    versions: list[VersionMark]
    steps: list[k.ProcedureStep]
    components: list[k.ProcedureComponent]
    fees: list[k.ProcedureFee]


class Target(k.Target):
    """A value that is to be reached."""

    value: Number
    in_force: bool


class Targets(BaseModel):
    """Targets, by code."""

    items: list[Target]


class Threshold(k.IndicatorThreshold):
    """An indicator, the points it can give and the ratio that gives them all."""

    max_points: Number | None = None
    full_marks_at: Number | None = None


class Thresholds(BaseModel):
    """Indicators, by index and code."""

    items: list[Threshold]


class StatedPercentage(BaseModel):
    """A percentage as stated and as its figures give it."""

    stated_pct: Number | None
    computed_pct: Number | None
    mismatch: bool


class IndexScore(StatedPercentage):
    """A rank or score of an index computed elsewhere."""

    index: str
    year: int
    unit: str
    component: str
    rank: int | None
    of: int | None
    score: Number | None
    max_score: Number | None
    threshold_pct: Number | None
    below_threshold: bool | None
    source: str


class IndexScores(BaseModel):
    """Scores, by index, year, unit and component."""

    items: list[IndexScore]


class TaskFigure(StatedPercentage):
    """Tasks done of those assigned."""

    code: str
    name: str
    unit: str | None
    period_from: date
    period_to: date
    numerator: int
    denominator: int
    source: str


class TaskFigures(BaseModel):
    """Figures of tasks, by code."""

    items: list[TaskFigure]
    mismatches: int


class Calendar(CalendarPublished):
    """A calendar of working time."""

    undecided: int = Field(description="days the State has not decided on yet")


class Calendars(BaseModel):
    """Calendars, the national one first."""

    items: list[Calendar]


class Writing(BaseModel):
    """One writing of a row: what it says from then on; nothing where it was removed."""

    kind: str
    key: list[str]
    revision: int
    recorded_at: datetime
    fields: list[str] = Field(description="what differs from the row before; none where it is new")
    content: dict[str, Any] | None


class Writings(BaseModel):
    """Every writing of a procedure's versions, their parts and assessments, oldest first."""

    items: list[Writing]


class UnitReductions(BaseModel):
    """How much time and how many steps the procedures of a unit were cut by."""

    unit: str
    name: str | None
    procedures: int
    procedures_cut: int = Field(description="with hours cut")
    hours: float
    working_days: float = Field(description="hours in working days of 8 hours, as the reports count them")
    procedures_with_steps_cut: int
    steps_cut: int


class Reductions(BaseModel):
    """Reductions of each unit asked for."""

    items: list[UnitReductions]


HOURS_PER_WORKING_DAY = 8  # how the reports turn hours into days (seed 002); no rule of law


def targets(rows: Iterable[k.Target], on: date) -> Targets:
    """Return targets, each with whether it is in force."""
    items = [
        Target(**row.model_dump(), in_force=row.valid_from <= on and (row.valid_to is None or on <= row.valid_to))
        for row in sorted(rows, key=lambda each: each.code)
    ]
    return Targets(items=items)


def thresholds(rows: Iterable[k.IndicatorThreshold], on: date) -> Thresholds:
    """Return the indicators in force."""
    valid = [row for row in rows if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)]
    ordered = sorted(valid, key=lambda row: (row.index, row.group, row.code != row.group, row.code))
    return Thresholds(items=[Threshold(**row.model_dump()) for row in ordered])


def index_scores(rows: Iterable[k.IndexScore]) -> IndexScores:
    """Return scores with the percentage their figures give."""
    ordered = sorted(rows, key=lambda row: (row.index, row.year, row.unit, row.component))
    return IndexScores(items=[_index_score(row) for row in ordered])


def _index_score(row: k.IndexScore) -> IndexScore:
    found = stated(row.score, row.max_score, row.score_pct)
    percentage = found.stated_pct if found.computed_pct is None else found.computed_pct
    known = percentage is not None and row.threshold_pct is not None
    below = percentage < row.threshold_pct if known else None  # type: ignore[operator]  # both are there
    return IndexScore(**row.model_dump(exclude={"score_pct"}), **_told(found), below_threshold=below)


def task_figures(rows: Iterable[k.TaskFigure]) -> TaskFigures:
    """Return figures of tasks with the percentage they give."""
    items = [_task_figure(row) for row in sorted(rows, key=lambda each: each.code)]
    return TaskFigures(items=items, mismatches=sum(each.mismatch for each in items))


def _task_figure(row: k.TaskFigure) -> TaskFigure:
    found = stated(Decimal(row.numerator), Decimal(row.denominator), row.stated_pct)
    return TaskFigure(**row.model_dump(exclude={"stated_pct"}), **_told(found))


def _told(found: Stated) -> dict[str, Any]:
    return {"stated_pct": found.stated_pct, "computed_pct": found.computed_pct, "mismatch": found.mismatch}


def calendars(rows: Iterable[CalendarPublished]) -> Calendars:
    """Return calendars with how many of their days are undecided."""
    items = [Calendar(**row.model_dump(), undecided=sum(not day.decided for day in row.days)) for row in rows]
    return Calendars(items=items)


def reductions(units: Iterable[tuple[Unit, Sequence[k.ProcedureVersion]]]) -> Reductions:
    """Return the reductions of units from the procedures that count for each."""
    return Reductions(items=[_reductions(unit, versions) for unit, versions in units])


def _reductions(unit: Unit, versions: Sequence[k.ProcedureVersion]) -> UnitReductions:
    hours = sum(version.reduction_hours for version in versions)
    return UnitReductions(
        unit=unit.code,
        name=unit.name,
        procedures=len(versions),
        procedures_cut=sum(version.reduction_hours > 0 for version in versions),
        hours=hours,
        working_days=round(hours / HOURS_PER_WORKING_DAY, 4),
        procedures_with_steps_cut=sum(version.steps_cut > 0 for version in versions),
        steps_cut=sum(version.steps_cut for version in versions),
    )


def history(rows: Iterable[Recorded]) -> Writings:
    """Return writings of rows."""
    return Writings(items=[_writing(row) for row in rows])


def _writing(row: Recorded) -> Writing:
    kind, *key = row.key
    told = {"revision": row.revision, "recorded_at": row.recorded_at, "fields": row.fields, "content": row.content}
    return Writing.model_validate({"kind": kind, "key": key, **told})
