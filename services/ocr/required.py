"""Which fields a paper must have by its kind, and which of them a person has to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from services.ocr.doc_types import FORM_NAMES, LETTER
from services.ocr.fields import NAMES, Field, Fields

# Decree 30/2020/NĐ-CP, Art. 8: the parts that every administrative document has.
_EVERY = ("doc_type", "number", "symbol", "date", "issuer", "subject", "signer_name")
_FORM = ("doc_type",)  # a citizen fills the rest in by hand, and no form has an office's fields
REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "": _EVERY,  # kinds that are not named here
    LETTER: (*_EVERY, "recipients"),
    "Tờ trình": (*_EVERY, "recipients"),
    "Giấy mời": (*_EVERY, "recipients"),
    "Biên bản": ("doc_type", "subject", "signer_name"),  # minutes have a number only where an office gives them one
    "Hợp đồng": ("doc_type", "date", "signer_name"),
    "Giấy chứng nhận": ("doc_type", "number", "issuer", "signer_name"),
    "Giấy khai sinh": ("doc_type", "number", "signer_name"),
    "Giấy báo tử": ("doc_type", "number", "signer_name"),
    "Trích lục": ("doc_type", "number", "signer_name"),
    "Giấy giới thiệu": ("doc_type", "number", "date", "issuer", "signer_name"),
    "Phiếu": ("doc_type",),
    "Giấy tiếp nhận hồ sơ": ("doc_type",),
    "Giấy ủy quyền": _FORM,
    **dict.fromkeys(FORM_NAMES, _FORM),
})  # fmt: skip
# What tells an office's paper whose kind could not be read from one that is no document of an office at all.
_OFFICIAL = ("doc_type", "symbol", "number", "issuer")
# A clerk files by the fields above; these only help a search, and are wrong without harm.
_HELPFUL = ("place", "issuer_parent", "copied_to", "references", "signer_title", "signing_mode")


@dataclass(frozen=True)
class Demands:
    """What a paper must say and how surely it must be read; settings may demand otherwise."""

    required: Mapping[str, Sequence[str]]
    least: float
    least_by_field: Mapping[str, float]


USUAL = Demands(
    REQUIRED,
    least=0.8,
    least_by_field=MappingProxyType({"subject": 0.7, "recipients": 0.7, **dict.fromkeys(_HELPFUL, 0.0)}),
)


def to_review(fields: Fields, demands: Demands) -> tuple[str, ...]:
    """Return the fields a person must look at: required and missing, or read below their threshold."""
    required = _required(fields, demands)
    return tuple(name for name in NAMES if _is_doubtful(fields.get(name), name, required, demands))


def _required(fields: Fields, demands: Demands) -> Sequence[str]:
    if not any(name in fields for name in _OFFICIAL):
        return ()
    kind = fields["doc_type"].value if "doc_type" in fields else ""
    return demands.required.get(str(kind), demands.required.get("", ()))


def _is_doubtful(found: Field | None, name: str, required: Sequence[str], demands: Demands) -> bool:
    if found is None:
        return name in required
    return found.confidence < demands.least_by_field.get(name, demands.least)
