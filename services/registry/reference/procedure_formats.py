"""The files of units and procedures; pure."""

from services.registry.reference import columns as c
from services.registry.reference import kinds as k
from services.registry.reference.format import BEGINS, ENDS, MAYBE, OF_VERSION, SOURCE, Format
from shared.events import Duty, ServiceLevel, TimeUnit, Unit

_LIMIT_UNITS = c.one_of(*TimeUnit)

UNITS = Format(
    "unit",
    Unit,
    ("code",),
    required={
        "code": c.unit_code,
        "name": c.text,
        "kind": c.one_of("department", "one_stop", "commune", "district", "province", "ministry", "branch"),
        "parent": c.optional(c.unit_code),
        **BEGINS,
        **SOURCE,
    },
    optional={**ENDS, "successor": c.optional(c.unit_code)},
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
        **BEGINS,
        "result_is_document": c.truth,
        **SOURCE,
    },
    optional={
        "online_level": c.one_of(*ServiceLevel),
        "level_scheme": c.text,
        "level_decision": c.optional(c.text),
        "name_en": c.optional(c.text),
        **ENDS,
        "handling_unit": c.optional(c.unit_code),
        "committed_limit": c.optional(c.number),
        "committed_limit_unit": c.optional(_LIMIT_UNITS),
        "reduction_hours": c.optional(c.decimal),
        "steps_cut": c.optional(c.count),
        "step_count": c.optional(c.number),
        "cut_off": c.optional(c.clock),
        "has_fee": MAYBE,
        "eligible_for_full": MAYBE,
        "essential": MAYBE,
        "portal_connected": MAYBE,
        "internal_process_decision": c.optional(c.text),
        "electronic_process": MAYBE,
        "published": MAYBE,
        "published_on_time": MAYBE,
        "updated_on_time": MAYBE,
        "published_in_full": MAYBE,
    },
    renamed={"legal_limit": "limit", "legal_limit_unit": "limit_unit", "online_level": "level"},
)

STEPS = Format(
    "procedure_step",
    k.ProcedureStep,
    ("procedure_code", "version", "step"),
    required={**OF_VERSION, "step": c.number, "name": c.text, "hours": c.decimal, **SOURCE},
    optional={"role": c.optional(c.text)},
    whole=("procedure_code", "version"),
)

COMPONENTS = Format(
    "procedure_component",
    k.ProcedureComponent,
    ("procedure_code", "version", "code"),
    required={**OF_VERSION, "code": c.name_code, "name": c.text, "duty": c.one_of(*Duty), **SOURCE},
    optional={"exempt_reason": c.optional(c.one_of("1", "2", "3")), "obligatory": MAYBE},
    whole=("procedure_code", "version"),
)

FEES = Format(
    "procedure_fee",
    k.ProcedureFee,
    ("procedure_code", "version", "code"),
    required={
        **OF_VERSION,
        "code": c.name_code,
        "name": c.text,
        "fee_kind": c.one_of("fee", "charge"),
        "amount": c.count,
        **SOURCE,
    },
    whole=("procedure_code", "version"),
)
