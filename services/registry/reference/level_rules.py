"""What must hold between assessments, their criteria and their schemes; pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from services.registry.reference import criteria
from services.registry.reference import kinds as k
from services.registry.reference.bad import BadLine
from services.registry.reference.items import Items
from services.registry.reference.lines import Line
from services.registry.reference.rules import Loading, no_levels

AssessmentKey = tuple[str, str, str, str]
Answers = Mapping[AssessmentKey, Mapping[str, k.AssessedCriterion]]  # by assessment, then by criterion


def assessment_key(row: k.Assessment | k.AssessedCriterion) -> AssessmentKey:
    """Return what names an assessment."""
    return row.procedure_code, row.service_code, row.unit, row.decision


def answers_of(rows: Items) -> Answers:
    """Return what each assessment found, by criterion."""
    found: dict[AssessmentKey, dict[str, k.AssessedCriterion]] = defaultdict(dict)
    for row in rows.of(k.AssessedCriterion):
        found[assessment_key(row)][row.criterion] = row
    return found


def broken_level_rules(loading: Loading) -> Iterator[BadLine]:
    """Find assessments, criteria and schemes that contradict each other."""
    yield from _before_scheme(loading)
    yield from _criteria_of_no_level(loading)
    yield from _strange_criteria(loading)
    yield from _contradictions(loading)


def _before_scheme(loading: Loading) -> Iterator[BadLine]:
    begins = {(s.scheme, s.level): s.valid_from for s in loading.known.of(k.SchemeLevel)}
    for line, assessment in loading.each(k.Assessment):
        begun = begins.get((assessment.scheme, assessment.level))
        if begun and assessment.valid_from < begun:
            yield line.bad(
                "valid_from", f"must not be before the scheme was in force ({begun}) / hệ thống mức chưa có hiệu lực"
            )


def _criteria_of_no_level(loading: Loading) -> Iterator[BadLine]:
    for line, criterion in loading.each(k.Criterion):
        levels = {s.level for s in loading.known.of(k.SchemeLevel) if s.scheme == criterion.scheme}
        if unknown := set(criterion.needed_for.split()) - levels:
            yield line.bad("needed_for", no_levels(unknown))


def _strange_criteria(loading: Loading) -> Iterator[BadLine]:
    schemes = {assessment_key(a): a.scheme for a in loading.known.of(k.Assessment)}
    known = {(c.scheme, c.criterion) for c in loading.known.of(k.Criterion)}
    for line, answer in loading.each(k.AssessedCriterion):
        scheme = schemes.get(assessment_key(answer))
        if scheme and (scheme, answer.criterion) not in known:
            yield line.bad("criterion", f"is no criterion of the scheme {scheme} / không phải tiêu chí của {scheme}")


def _contradictions(loading: Loading) -> Iterator[BadLine]:
    """Find claimed levels that the answers exclude; the assessment's line is named, else that of an answer."""
    lines: dict[AssessmentKey, Line] = {}
    for line, answer in loading.each(k.AssessedCriterion):
        lines.setdefault(assessment_key(answer), line)
    lines |= {assessment_key(assessment): line for line, assessment in loading.each(k.Assessment)}
    found = answers_of(loading.known)
    for assessment in loading.known.of(k.Assessment):
        key = assessment_key(assessment)
        if key in lines and key in found and not assessment.withdrawn:
            met = {criterion: answer.met for criterion, answer in found[key].items()}
            if reason := _excluded(assessment, met, loading.known):
                column = "level" if "level" in lines[key].row else "met"
                yield lines[key].bad(column, reason)


def _excluded(assessment: k.Assessment, met: criteria.Answers, known: Items) -> str | None:
    levels = [s for s in known.of(k.SchemeLevel) if s.scheme == assessment.scheme]
    asked = [c for c in known.of(k.Criterion) if c.scheme == assessment.scheme]
    if not asked:
        return None
    possible = [level.level for level in criteria.attainable(levels, asked, met)]
    if assessment.level in possible:
        return None
    failed = [c.criterion for c in asked if met.get(c.criterion) is False]
    ground = f"not met: {', '.join(failed)}" if failed else "none is not met"
    reason = f"contradicts its criteria ({ground}): they give {' or '.join(possible)}, not {assessment.level}"
    return f"{reason} / mâu thuẫn với tiêu chí đánh giá"
