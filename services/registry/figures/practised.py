"""The level a procedure is declared at, beside what its dossiers show, and where the two disagree."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from services.registry.figures.counting import share
from shared.events import ServiceLevel


@dataclass(frozen=True)
class Practice:
    """What the dossiers of a procedure show in a period, and what it is declared to be."""

    procedure_code: str
    name: str
    unit: str
    level: ServiceLevel
    received: int = 0  # in the period
    online: int = 0  # of these
    paid: int = 0  # of these, with a fee above 0
    paid_online: int = 0
    results: int = 0  # finished in the period, with a document as result
    results_electronic: int = 0
    returned: int = 0  # in the period
    returned_remotely: int = 0  # electronically or by post


class Disagreement(BaseModel):
    """Why the declared level and the practice do not fit."""

    model_config = ConfigDict(frozen=True)

    reason: str
    vi: str
    en: str


class Practised(BaseModel):
    """A procedure as declared and as practised; a share is null where there was nothing to share."""

    model_config = ConfigDict(frozen=True)

    procedure_code: str
    name: str
    unit: str
    level: ServiceLevel = Field(description="declared for the last day of the period")
    received: int
    online: int
    online_share: float | None
    paid: int = Field(description="dossiers received in the period whose fee was paid")
    paid_online: int
    paid_online_share: float | None
    results: int = Field(description="dossiers finished in the period whose result is a document")
    results_electronic: int
    results_electronic_share: float | None
    returned: int
    returned_remotely: int = Field(description="electronically or by post")
    returned_remotely_share: float | None
    disagreements: tuple[Disagreement, ...]


def practised(practice: Practice, *, at_least: int) -> Practised:
    """Return a procedure with its shares and disagreements; fewer dossiers than ``at_least`` show nothing."""
    facts = {name: getattr(practice, name) for name in Practised.model_fields if hasattr(practice, name)}
    return Practised(
        **facts,
        online_share=share(practice.online, practice.received),
        paid_online_share=share(practice.paid_online, practice.paid),
        results_electronic_share=share(practice.results_electronic, practice.results),
        returned_remotely_share=share(practice.returned_remotely, practice.returned),
        disagreements=tuple(_disagreements(practice, at_least)),
    )


def _disagreements(practice: Practice, at_least: int) -> Iterable[Disagreement]:
    for reason, rule in _RULES.items():
        if rule(practice, at_least):
            yield Disagreement(reason=reason, **_TEXTS[reason])


def _never_online(practice: Practice, at_least: int) -> bool:
    offered = practice.level in {ServiceLevel.FULL, ServiceLevel.PARTIAL}
    return offered and practice.received >= at_least and practice.online == 0


def _never_paid_online(practice: Practice, at_least: int) -> bool:
    return practice.level is ServiceLevel.FULL and practice.paid >= at_least and practice.paid_online == 0


def _only_at_the_counter(practice: Practice, at_least: int) -> bool:
    return practice.level is ServiceLevel.FULL and practice.returned >= at_least and practice.returned_remotely == 0


def _online_undeclared(practice: Practice, at_least: int) -> bool:
    return practice.level in {ServiceLevel.INFO, ServiceLevel.UNCLASSIFIED} and practice.online >= at_least


def _as_full(practice: Practice, at_least: int) -> bool:
    everything_online = practice.online == practice.received >= at_least
    everything_paid = practice.paid_online == practice.paid
    everything_remote = practice.returned_remotely == practice.returned >= at_least
    return practice.level is ServiceLevel.PARTIAL and everything_online and everything_paid and everything_remote


_RULES: dict[str, Callable[[Practice, int], bool]] = {
    "never-submitted-online": _never_online,
    "never-paid-online": _never_paid_online,
    "only-returned-at-the-counter": _only_at_the_counter,
    "submitted-online-undeclared": _online_undeclared,
    "practised-as-full": _as_full,
}
_TEXTS = {
    "never-submitted-online": {
        "vi": "Công bố là dịch vụ công trực tuyến nhưng trong kỳ không có hồ sơ nào nộp trực tuyến.",
        "en": "Declared as an online service, but no dossier came in online in the period.",
    },
    "never-paid-online": {
        "vi": "Công bố toàn trình nhưng mọi khoản phí, lệ phí trong kỳ đều thu ngoài kênh trực tuyến.",
        "en": "Declared full, but no fee was paid online in the period.",
    },
    "only-returned-at-the-counter": {
        "vi": "Công bố toàn trình nhưng mọi kết quả trong kỳ đều trả tại quầy, không trực tuyến hoặc qua bưu chính.",
        "en": "Declared full, but every result was handed over at the counter, none online or by post.",
    },
    "submitted-online-undeclared": {
        "vi": "Chưa công bố là dịch vụ công trực tuyến nhưng trong kỳ có hồ sơ nộp trực tuyến; cần đánh giá mức độ.",
        "en": "Not declared as an online service, but dossiers came in online; its level needs assessing.",
    },
    "practised-as-full": {
        "vi": "Công bố một phần nhưng mọi hồ sơ trong kỳ được nộp, thu phí và trả kết quả từ xa; xem xét nâng mức độ.",
        "en": "Declared partial, but everything came in, was paid and was returned remotely; its level may be raised.",
    },
}
