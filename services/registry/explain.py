"""Why a procedure stands at its level, and what keeps it from full, in Vietnamese and English; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.registry.effective import Standing
from services.registry.reference import Items
from services.registry.reference.criteria import needs
from services.registry.reference.kinds import AssessedCriterion, Criterion, SchemeLevel
from services.registry.reference.level_rules import Answers, assessment_key
from shared.events import ServiceLevel

_NAMES = {
    ServiceLevel.FULL: ("toàn trình", "full"),
    ServiceLevel.PARTIAL: ("một phần", "partial"),
    ServiceLevel.INFO: ("cung cấp thông tin", "information only"),
    ServiceLevel.UNCLASSIFIED: ("chưa phân loại", "unclassified"),
}


@dataclass(frozen=True)
class Answered:
    """A criterion, whether full needs it, and what the assessment found; ``met`` is none where it was not answered."""

    criterion: Criterion
    needed_for_full: bool
    met: bool | None
    evidence: str | None


@dataclass(frozen=True)
class Explanation:
    """Why a service stands at its level."""

    standing: Standing | None
    criteria: tuple[Answered, ...]
    detail: str
    detail_vi: str

    @property
    def keeping_from_full(self) -> list[str]:
        """The criteria that full needs and that are not met."""
        return [a.criterion.criterion for a in self.criteria if a.needed_for_full and a.met is False]

    @property
    def unanswered(self) -> list[str]:
        """The criteria that full needs and that nobody answered."""
        return [a.criterion.criterion for a in self.criteria if a.needed_for_full and a.met is None]


def explain(standing: Standing | None, rows: Items, found: Answers) -> Explanation:
    """Explain the standing of a service by the criteria of its scheme and what was answered, by assessment."""
    if standing is None:
        detail = "Nobody has assessed it: load an assessment with its decision."
        return Explanation(None, (), detail, "Chưa ai đánh giá: hãy nạp kết quả đánh giá kèm quyết định.")
    criteria = tuple(_answered(standing, rows, found))
    detail, detail_vi = _words(standing, criteria)
    return Explanation(standing, criteria, detail, detail_vi)


def _answered(standing: Standing, rows: Items, answers: Answers) -> list[Answered]:
    assessment = standing.decision.assessment
    found: Mapping[str, AssessedCriterion] = {}
    if standing.decision.of_version is None:
        found = answers.get(assessment_key(assessment), {})
    criteria = [criterion for criterion in rows.of(Criterion) if criterion.scheme == assessment.scheme]
    full = _full_of(assessment.scheme, rows)
    needed = {criterion.criterion for criterion in needs(full, criteria)} if full else set()
    return [_answer(criterion, criterion.criterion in needed, found.get(criterion.criterion)) for criterion in criteria]


def _full_of(scheme: str, rows: Items) -> str | None:
    levels = (s for s in rows.of(SchemeLevel) if s.scheme == scheme)
    return next((s.level for s in levels if ServiceLevel.FULL in {s.counts_as, s.proposes}), None)


def _answer(criterion: Criterion, needed: bool, found: AssessedCriterion | None) -> Answered:  # noqa: FBT001
    return Answered(criterion, needed, found.met if found else None, found.evidence if found else None)


def _words(standing: Standing, criteria: Sequence[Answered]) -> tuple[str, str]:
    assessment = standing.decision.assessment
    vi, en = _NAMES[standing.level]
    if standing.proposed is not None:
        proposed_vi, proposed_en = _NAMES[standing.proposed]
        counts_not = f"Level {assessment.level} of {assessment.scheme} counts as nothing until somebody confirms it"
        counts_not_vi = f"Mức {assessment.level} theo {assessment.scheme} chưa được tính cho đến khi có người xác nhận"
        return (
            f"{counts_not}; proposed: {proposed_en}. Load a new assessment.",
            f"{counts_not_vi}; đề xuất: {proposed_vi}. Hãy nạp kết quả đánh giá mới.",
        )
    if all(answer.met is None for answer in criteria):
        return (
            f"Stands at {en} by {assessment.decision}, without criteria.",
            f"Mức {vi} theo {assessment.decision}, không kèm tiêu chí đánh giá.",
        )
    return _by_criteria(standing, criteria, vi=vi, en=en)


def _by_criteria(standing: Standing, criteria: Sequence[Answered], *, vi: str, en: str) -> tuple[str, str]:
    if standing.level == ServiceLevel.FULL and not any(a.needed_for_full and a.met is None for a in criteria):
        return "Full: every criterion is met.", "Toàn trình: đáp ứng mọi tiêu chí."
    failed = [a.criterion for a in criteria if a.needed_for_full and a.met is False]
    silent = [a.criterion for a in criteria if a.needed_for_full and a.met is None]
    told = [(f"Stands at {en}.", f"Mức {vi}.")]
    if failed:
        told.append((f"Not full, for it is not so: {_en(failed)}.", f"Chưa toàn trình vì chưa đáp ứng: {_vi(failed)}."))
    if silent:
        told.append((f"Not answered: {_en(silent)}.", f"Chưa được đánh giá: {_vi(silent)}."))
    return " ".join(detail for detail, _ in told), " ".join(detail for _, detail in told)


def _en(criteria: Sequence[Criterion]) -> str:
    return "; ".join(criterion.name_en for criterion in criteria)


def _vi(criteria: Sequence[Criterion]) -> str:
    return "; ".join(criterion.name for criterion in criteria)
