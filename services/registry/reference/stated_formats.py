"""The files of targets, indicators and figures stated elsewhere, and of calendars; pure."""

from services.registry.reference import columns as c
from services.registry.reference import kinds as k
from services.registry.reference.format import BEGINS, ENDS, PROVEN, SOURCE, Format

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
        **BEGINS,
        **PROVEN,
    },
    optional={
        "scheme": c.optional(c.name_code),
        "levels": c.optional(c.several(c.name_code)),
        "comparison": c.optional(c.one_of("at_least", "at_most")),
        "scope": c.optional(lambda value: None if value == "all" else c.unit_code(value)),
        **ENDS,
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
        **BEGINS,
        **PROVEN,
    },
    optional={"portal_code": c.optional(c.name_code), **ENDS},
)

INDEX_SCORES = Format(
    "index_score",
    k.IndexScore,
    ("index", "year", "unit", "component"),
    required={"index": c.name_code, "year": c.year, "unit": c.unit_code, **SOURCE},
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
        **SOURCE,
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
        **SOURCE,
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
        **ENDS,
        **SOURCE,
    },
    whole=("calendar",),
)
