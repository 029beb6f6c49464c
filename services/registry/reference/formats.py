"""The files of reference data: which columns each has, and what one of its rows is; pure.

``docs/reference-data.md`` describes them for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.registry.reference import columns as c
from services.registry.reference import kinds as k
from services.registry.reference.columns import Checks
from shared.events import Data, Duty, ServiceLevel, TimeUnit, Unit


@dataclass(frozen=True, eq=False)
class Format:
    """A file: its columns, what names one of its rows, and what a row is."""

    kind: str
    model: type[Data]
    key: tuple[str, ...]
    required: Checks
    optional: Checks = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)  # columns whose name says more than the event's
    whole: tuple[str, ...] = ()  # the rows that agree in these columns are loaded as a whole

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{_PLURALS.get(self.kind, self.kind + 's')}.csv"

    @property
    def checks(self) -> Checks:
        """The checks of all its columns."""
        return {**self.required, **self.optional}


_PLURALS = {
    "level_criterion": "level_criteria",
    "assessment_criterion": "assessment_criteria",
}
_SOURCE = {"source": c.text}
_PROVEN = {"evidence": c.evidence, "source": c.text}
_VALID = {"valid_from": c.day}
_ENDS = {"valid_to": c.optional(c.day)}
_OF_VERSION = {"procedure_code": c.procedure_code, "version": c.number}
_LIMIT_UNITS = c.one_of(*TimeUnit)
_MAYBE = c.optional(c.truth)

UNITS = Format(
    "unit",
    Unit,
    ("code",),
    required={
        "code": c.unit_code,
        "name": c.text,
        "kind": c.one_of("department", "one_stop", "commune", "district", "province", "ministry", "branch"),
        "parent": c.optional(c.unit_code),
        **_VALID,
        **_SOURCE,
    },
    optional={**_ENDS, "successor": c.optional(c.unit_code)},
)

PROCEDURES = Format(
    "procedure",
    k.ProcedureVersion,
    ("code", "version"),
    required={
        "code": c.procedure_code,
        "version": c.number,
        "name": c.text,
        "field_code": c.text,
        "field_name": c.text,
        "managing_unit": c.unit_code,
        "handling_level": c.one_of("province", "commune", "district", "ministry"),
        "legal_limit": c.number,
        "legal_limit_unit": _LIMIT_UNITS,
        **_VALID,
        "result_is_document": c.truth,
        **_SOURCE,
    },
    optional={
        "online_level": c.one_of(*ServiceLevel),
        "level_scheme": c.text,
        "level_decision": c.optional(c.text),
        "name_en": c.optional(c.text),
        **_ENDS,
        "handling_unit": c.optional(c.unit_code),
        "committed_limit": c.optional(c.number),
        "committed_limit_unit": c.optional(_LIMIT_UNITS),
        "reduction_hours": c.optional(c.decimal),
        "steps_cut": c.optional(c.count),
        "step_count": c.optional(c.number),
        "cut_off": c.optional(c.clock),
        "has_fee": _MAYBE,
        "eligible_for_full": _MAYBE,
        "essential": _MAYBE,
        "portal_connected": _MAYBE,
        "internal_process_decision": c.optional(c.text),
        "electronic_process": _MAYBE,
        "published": _MAYBE,
        "published_on_time": _MAYBE,
        "updated_on_time": _MAYBE,
        "published_in_full": _MAYBE,
    },
    renamed={"legal_limit": "limit", "legal_limit_unit": "limit_unit", "online_level": "level"},
)

STEPS = Format(
    "procedure_step",
    k.ProcedureStep,
    ("procedure_code", "version", "step"),
    required={**_OF_VERSION, "step": c.number, "name": c.text, "hours": c.decimal, **_SOURCE},
    optional={"role": c.optional(c.text)},
    whole=("procedure_code", "version"),
)

COMPONENTS = Format(
    "procedure_component",
    k.ProcedureComponent,
    ("procedure_code", "version", "code"),
    required={**_OF_VERSION, "code": c.name_code, "name": c.text, "duty": c.one_of(*Duty), **_SOURCE},
    optional={"exempt_reason": c.optional(c.one_of("1", "2", "3")), "obligatory": _MAYBE},
    whole=("procedure_code", "version"),
)

FEES = Format(
    "procedure_fee",
    k.ProcedureFee,
    ("procedure_code", "version", "code"),
    required={
        **_OF_VERSION,
        "code": c.name_code,
        "name": c.text,
        "fee_kind": c.one_of("fee", "charge"),
        "amount": c.count,
        **_SOURCE,
    },
    whole=("procedure_code", "version"),
)

SCHEMES = Format(
    "level_scheme",
    k.SchemeLevel,
    ("scheme", "level"),
    required={
        "scheme": c.name_code,
        "level": c.name_code,
        "rank": c.count,
        "name": c.text,
        "name_en": c.text,
        "counts_as": c.optional(c.one_of(*ServiceLevel)),
        **_VALID,
        **_PROVEN,
    },
    optional={"proposes": c.optional(c.one_of(*ServiceLevel)), "bucket": _MAYBE, "confirmed": _MAYBE, **_ENDS},
)

CRITERIA = Format(
    "level_criterion",
    k.Criterion,
    ("scheme", "criterion"),
    required={
        "scheme": c.name_code,
        "criterion": c.name_code,
        "needed_for": c.several(c.name_code),
        "name": c.text,
        "name_en": c.text,
        **_PROVEN,
    },
)

_OF_SERVICE = {"service_code": c.optional(c.name_code), "unit": c.optional(c.unit_code)}

ASSESSMENTS = Format(
    "assessment",
    k.Assessment,
    ("procedure_code", "service_code", "unit", "decision"),
    required={
        "procedure_code": c.procedure_code,
        "scheme": c.name_code,
        "level": c.name_code,
        "decision": c.text,
        "decided_by": c.text,
        **_VALID,
        **_SOURCE,
    },
    optional={**_OF_SERVICE, **_ENDS, "withdrawn": _MAYBE},
)

ASSESSMENT_CRITERIA = Format(
    "assessment_criterion",
    k.AssessedCriterion,
    ("procedure_code", "service_code", "unit", "decision", "criterion"),
    required={
        "procedure_code": c.procedure_code,
        "decision": c.text,
        "criterion": c.name_code,
        "met": c.truth,
        "evidence": c.text,
        **_SOURCE,
    },
    optional=_OF_SERVICE,
    whole=("procedure_code", "service_code", "unit", "decision"),
)

TARGETS = Format(
    "target",
    k.Target,
    ("code",),
    required={
        "code": c.name_code,
        "metric": c.name_code,
        "value": c.decimal,
        "numerator": c.text,
        "denominator": c.text,
        "legal_basis": c.text,
        **_VALID,
        **_PROVEN,
    },
    optional={
        "scheme": c.optional(c.name_code),
        "levels": c.optional(c.several(c.name_code)),
        "comparison": c.optional(c.one_of("at_least", "at_most")),
        "scope": c.optional(lambda value: None if value == "all" else c.unit_code(value)),
        **_ENDS,
    },
)

THRESHOLDS = Format(
    "indicator_threshold",
    k.IndicatorThreshold,
    ("index", "code"),
    required={
        "index": c.name_code,
        "code": c.name_code,
        "group": c.name_code,
        "name": c.text,
        "name_en": c.text,
        "max_points": c.optional(c.decimal),
        "full_marks_at": c.optional(c.ratio),
        **_VALID,
        **_PROVEN,
    },
    optional={"portal_code": c.optional(c.name_code), **_ENDS},
)

INDEX_SCORES = Format(
    "index_score",
    k.IndexScore,
    ("index", "year", "unit", "component"),
    required={"index": c.name_code, "year": c.year, "unit": c.unit_code, **_SOURCE},
    optional={
        "component": c.optional(c.text),
        "rank": c.optional(c.number),
        "of": c.optional(c.number),
        "score": c.optional(c.decimal),
        "max_score": c.optional(c.decimal),
        "score_pct": c.optional(c.decimal),
        "threshold_pct": c.optional(c.decimal),
    },
)

TASK_FIGURES = Format(
    "task_figure",
    k.TaskFigure,
    ("code",),
    required={
        "code": c.name_code,
        "name": c.text,
        "period_from": c.day,
        "period_to": c.day,
        "numerator": c.count,
        "denominator": c.count,
        "stated_pct": c.optional(c.decimal),
        **_SOURCE,
    },
    optional={"unit": c.optional(c.unit_code)},
)


def _calendar(value: str) -> str | None:
    return (
        None
        if value == "VN" or c.unit_code(value) is None
        else "must be VN or the code of a unit / phải là VN hoặc mã đơn vị"
    )


CALENDAR_DAYS = Format(
    "calendar_day",
    k.CalendarDayRow,
    ("calendar", "day"),
    required={
        "calendar": _calendar,
        "day": c.day,
        "kind": c.one_of("off", "work"),
        "decided": c.truth,
        "name": c.text,
        **_SOURCE,
    },
)

CALENDAR_WINDOWS = Format(
    "calendar_window",
    k.CalendarWindowRow,
    ("calendar", "weekdays", "begins", "valid_from"),
    required={
        "calendar": _calendar,
        "weekdays": c.weekdays,
        "begins": c.clock,
        "ends": c.clock,
        "valid_from": c.optional(c.day),
        **_ENDS,
        **_SOURCE,
    },
    whole=("calendar",),
)

FORMATS = (
    *(UNITS, PROCEDURES, STEPS, COMPONENTS, FEES),
    *(SCHEMES, CRITERIA, ASSESSMENTS, ASSESSMENT_CRITERIA),
    *(TARGETS, THRESHOLDS, INDEX_SCORES, TASK_FIGURES, CALENDAR_DAYS, CALENDAR_WINDOWS),
)
PARTS = (STEPS, COMPONENTS, FEES)  # many rows that no figure needs: read by procedure
WHOLES = tuple(each for each in FORMATS if each not in PARTS)
OF_PROCEDURES = (PROCEDURES, STEPS, COMPONENTS, FEES, ASSESSMENTS, ASSESSMENT_CRITERIA)  # keys begin with its code
BY_FILE = {each.file: each for each in FORMATS}
BY_MODEL = {each.model: each for each in FORMATS}
