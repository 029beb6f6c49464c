"""What reference data says: one model a kind of row; pure.

A rule a law can change is a row with its source; ``evidence`` says how far it is known: S a source
document, V the words were read, V2 a secondary source, R recalled, I our own inference.
"""

from datetime import date, time
from decimal import Decimal
from typing import Literal

from pydantic import Field

from shared.events import Data, Duty, Procedure, ServiceLevel

HandlingLevel = Literal["ministry", "province", "district", "commune"]


class ProcedureVersion(Procedure):
    """A version of a procedure, with what the registry alone keeps; ``level`` is what its own row declares."""

    level: ServiceLevel = ServiceLevel.UNCLASSIFIED
    level_scheme: str = ""
    name_en: str | None = None
    handling_unit: str | None = Field(default=None, description="the unit that handles it, where it is one alone")
    reduction_hours: float = Field(default=0, description="working hours cut from the limit the ministry published")
    steps_cut: int = Field(default=0, description="steps cut from the internal process before")
    step_count: int | None = None
    internal_process_decision: str | None = None
    electronic_process: bool = False
    published: bool | None = None
    published_on_time: bool | None = None
    updated_on_time: bool | None = None
    published_in_full: bool | None = None


class ProcedureStep(Data):
    """A step of the internal process of a version."""

    procedure_code: str
    version: int
    step: int
    name: str
    role: str | None = None
    hours: float
    source: str


class ProcedureComponent(Data):
    """A kind of paper a version asks for, and the duty to digitise it."""

    procedure_code: str
    version: int
    code: str
    name: str
    duty: Duty
    exempt_reason: int | None = None
    obligatory: bool = True
    source: str


class ProcedureFee(Data):
    """An amount of money a version costs, in đồng."""

    procedure_code: str
    version: int
    code: str
    name: str
    fee_kind: Literal["fee", "charge"]
    amount: int
    source: str


class SchemeLevel(Data):
    """A level of a scheme; one without ``counts_as`` counts only after somebody confirmed what it proposes."""

    scheme: str
    level: str
    rank: int
    name: str
    name_en: str
    counts_as: ServiceLevel | None = None
    proposes: ServiceLevel | None = None
    bucket: bool = Field(default=False, description="for reports only, no level of the law")
    confirmed: bool = Field(default=True, description="false where the text of the law was not seen")
    valid_from: date
    valid_to: date | None = None
    evidence: str
    source: str


class Criterion(Data):
    """A question a scheme asks, and the levels that need a yes."""

    scheme: str
    criterion: str
    needed_for: str = Field(description="levels, separated by spaces")
    name: str
    name_en: str
    evidence: str
    source: str


class Assessment(Data):
    """A decision on the level of a procedure's online service; without a unit it holds wherever it is handled."""

    procedure_code: str
    service_code: str = ""
    unit: str = ""
    scheme: str
    level: str
    decision: str
    decided_by: str
    valid_from: date
    valid_to: date | None = None
    withdrawn: bool = Field(default=False, description="loaded by mistake: counts no more, its trace stays")
    source: str


class AssessedCriterion(Data):
    """What an assessment found of a criterion, and on what ground."""

    procedure_code: str
    service_code: str = ""
    unit: str = ""
    decision: str
    criterion: str
    met: bool
    evidence: str
    source: str


class Target(Data):
    """A value that is to be reached."""

    code: str
    metric: str
    scheme: str | None = None
    levels: str | None = Field(default=None, description="levels of the scheme that count, separated by spaces")
    value: Decimal
    comparison: Literal["at_least", "at_most"] = "at_least"
    scope: str = Field(default="all", description="code of a unit, or all")
    numerator: str
    denominator: str
    legal_basis: str
    valid_from: date
    valid_to: date | None = None
    evidence: str
    source: str


class IndicatorThreshold(Data):
    """An indicator of an index of quality, or, where code and group are the same, a group of them."""

    index: str
    code: str
    group: str
    portal_code: str | None = None
    name: str
    name_en: str
    max_points: Decimal | None = None
    full_marks_at: Decimal | None = Field(default=None, description="ratio, 0 to 1")
    valid_from: date
    valid_to: date | None = None
    evidence: str
    source: str


class IndexScore(Data):
    """A rank or score of an index computed elsewhere."""

    index: str
    year: int
    unit: str
    component: str = ""
    rank: int | None = None
    of: int | None = None
    score: Decimal | None = None
    max_score: Decimal | None = None
    score_pct: Decimal | None = None
    threshold_pct: Decimal | None = None
    source: str


class TaskFigure(Data):
    """Tasks assigned and done as reported, with the percentage as it was stated."""

    code: str
    name: str
    unit: str | None = None
    period_from: date
    period_to: date
    numerator: int
    denominator: int
    stated_pct: Decimal | None = None
    source: str


class CalendarDayRow(Data):
    """A day on which a calendar differs from its week."""

    calendar: str
    day: date
    kind: Literal["off", "work"]
    decided: bool
    name: str
    source: str


class CalendarWindowRow(Data):
    """Hours of work of a calendar."""

    calendar: str
    weekdays: str
    begins: time
    ends: time
    valid_from: str = ""
    valid_to: str | None = None
    source: str


Item = Data
