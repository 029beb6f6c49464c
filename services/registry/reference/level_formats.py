"""The files of online-service levels: schemes, criteria, assessments; pure."""

from services.registry.reference import columns as c
from services.registry.reference import kinds as k
from services.registry.reference.format import BEGINS, ENDS, MAYBE, PROVEN, SOURCE, Format
from shared.events import ServiceLevel

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
        **BEGINS,
        **PROVEN,
    },
    optional={"proposes": c.optional(c.one_of(*ServiceLevel)), "bucket": MAYBE, "confirmed": MAYBE, **ENDS},
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
        **PROVEN,
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
        **BEGINS,
        **SOURCE,
    },
    optional={**_OF_SERVICE, **ENDS, "withdrawn": MAYBE},
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
        **SOURCE,
    },
    optional=_OF_SERVICE,
    whole=("procedure_code", "service_code", "unit", "decision"),
)
