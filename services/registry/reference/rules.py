"""What must hold within a row and between rows; pure."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

from services.registry.reference import kinds as k
from services.registry.reference.bad import BadLine
from services.registry.reference.columns import read_day
from services.registry.reference.items import Items
from services.registry.reference.lines import Line
from shared.events import Data, Unit

T = TypeVar("T", bound=Data)
Wrong = Iterator[tuple[str, str]]  # column and reason


class Loading:
    """The good lines of all files with their rows, and everything known once they are loaded."""

    def __init__(self, rows: list[tuple[Line, Data]], known: Items, today: date) -> None:
        self.rows = rows
        self.known = known
        self.today = today

    def each(self, model: type[T]) -> Iterator[tuple[Line, T]]:
        """Iterate over the lines of one file."""
        return ((line, item) for line, item in self.rows if isinstance(item, model))

    def broken(self, model: type[T], rule: Callable[[T], Wrong]) -> Iterator[BadLine]:
        """Find the lines of one file that break a rule."""
        for line, item in self.each(model):
            yield from (line.bad(column, reason) for column, reason in rule(item))


def broken_rules(loading: Loading) -> Iterator[BadLine]:
    """Find the lines that break a rule of their own kind."""
    yield from _too_early(loading)
    yield from _ended_before_begun(loading)
    yield from loading.broken(Unit, lambda unit: _misplaced(unit, loading.known))
    yield from loading.broken(k.ProcedureVersion, _of_version)
    yield from loading.broken(k.ProcedureComponent, _of_component)
    yield from loading.broken(k.IndexScore, _of_score)
    yield from loading.broken(k.TaskFigure, _of_tasks)
    yield from loading.broken(k.Target, lambda target: _of_target(target, loading.known))
    yield from _of_steps(loading)
    yield from _of_fees(loading)


def _too_early(loading: Loading) -> Iterator[BadLine]:
    # of each unit and procedure one state is announced, and readers take it as valid now
    for line, item in loading.rows:
        if isinstance(item, Unit | k.ProcedureVersion) and date.fromisoformat(item.valid_from) > loading.today:
            reason = (
                f"lies in the future (today is {loading.today}): load it when it begins / chưa đến ngày, hãy nạp sau"
            )
            yield line.bad("valid_from", reason)


def _ended_before_begun(loading: Loading) -> Iterator[BadLine]:
    for line, _ in loading.rows:
        begins, ends = (read_day(line.row.get(column, "")) for column in ("valid_from", "valid_to"))
        if begins and ends and ends < begins:
            yield line.bad("valid_to", "must not be before valid_from / không được trước valid_from")


def _misplaced(unit: Unit, known: Items) -> Wrong:
    """Find a unit under itself, or followed by itself."""
    units = {each.code: each for each in known.of(Unit)}
    if unit.code in _onwards(unit.code, {code: each.parent for code, each in units.items()}):
        yield "parent", "puts the unit under itself / khiến đơn vị trực thuộc chính nó"
    if unit.code in _onwards(unit.code, {code: each.successor for code, each in units.items()}):
        yield "successor", "makes the unit follow itself / khiến đơn vị kế thừa chính nó"
    if unit.successor and not unit.valid_to:
        yield "valid_to", "must say when the unit ended, since it has a successor / phải có, vì đã có đơn vị kế thừa"


def _onwards(code: str, step: dict[str, str | None]) -> set[str]:
    found: set[str] = set()
    following = step.get(code)
    while following and following not in found:
        found.add(following)
        following = step.get(following)
    return found


_UNLESS = "unless online_level is unclassified / phải có, trừ khi online_level là unclassified"


def _of_version(version: k.ProcedureVersion) -> Wrong:
    if not version.level_decision and version.level != "unclassified":
        yield "level_decision", f"must name the decision, {_UNLESS}"
    if version.level != "unclassified" and not version.level_scheme:
        yield "level_scheme", f"must name the scheme, {_UNLESS}"
    if (version.committed_limit is None) != (version.committed_limit_unit is None):
        yield "committed_limit_unit", "must stand with committed_limit, and only with it / phải đi cùng committed_limit"
    same_unit = version.committed_limit_unit == version.limit_unit
    if same_unit and version.committed_limit and version.committed_limit > version.limit:
        yield "committed_limit", "must not be longer than legal_limit / không được dài hơn legal_limit"


def _of_component(component: k.ProcedureComponent) -> Wrong:
    if (component.duty == "exempt") != (component.exempt_reason is not None):
        reason = "must say which of the reasons 1, 2, 3 where duty is exempt, and only there"
        yield "exempt_reason", f"{reason} / chỉ và phải có khi duty là exempt"


def _of_score(score: k.IndexScore) -> Wrong:
    if (score.rank is None) != (score.of is None):
        yield "of", "must stand with rank, and only with it / phải đi cùng rank"
    if score.rank and score.of and score.rank > score.of:
        yield "rank", f"must be from 1 to {score.of} / phải từ 1 đến {score.of}"
    if score.score is not None and score.max_score is not None and score.score > score.max_score:
        yield "score", f"must not be more than max_score ({score.max_score}) / không được lớn hơn max_score"
    if all(value is None for value in (score.rank, score.score, score.score_pct)):
        yield "row", "must have a rank, a score or score_pct / phải có rank, score hoặc score_pct"


def _of_tasks(figure: k.TaskFigure) -> Wrong:
    if figure.denominator == 0:
        yield "denominator", "must be 1 or more / phải từ 1 trở lên"
    if figure.numerator > figure.denominator:
        yield "numerator", f"must not be more than denominator ({figure.denominator}) / không được lớn hơn denominator"
    if figure.period_to < figure.period_from:
        yield "period_to", "must not be before period_from / không được trước period_from"


def _of_target(target: k.Target, known: Items) -> Wrong:
    levels = {level.level for level in known.of(k.SchemeLevel) if level.scheme == target.scheme}
    unknown = set((target.levels or "").split()) - levels
    if unknown:
        yield "levels", no_levels(unknown)


def no_levels(unknown: set[str]) -> str:
    """Return what is wrong with names that are no levels of a scheme."""
    return f"names levels the scheme does not have: {', '.join(sorted(unknown))} / không phải mức của hệ thống mức này"


def _of_steps(loading: Loading) -> Iterator[BadLine]:
    """Find versions whose steps are not as many as they say; told where the file at hand says it."""
    steps: dict[tuple[str, int], int] = {}
    for step in loading.known.of(k.ProcedureStep):
        steps[step.procedure_code, step.version] = steps.get((step.procedure_code, step.version), 0) + 1
    told = {(v.code, v.version): v.step_count for v in loading.known.of(k.ProcedureVersion)}
    seen = set()
    for line, version in loading.each(k.ProcedureVersion):
        seen.add((version.code, version.version))
        count = steps.get((version.code, version.version))
        if count and version.step_count and count != version.step_count:
            yield line.bad("step_count", f"must be {count}, as many as procedure_steps.csv has / phải bằng số bước")
    for line, step in loading.each(k.ProcedureStep):
        key = (step.procedure_code, step.version)
        count = told.get(key)
        if count and count != steps[key] and key not in seen:
            seen.add(key)
            yield line.bad("step", f"makes {steps[key]} steps, where step_count says {count} / số bước khác step_count")


def _of_fees(loading: Loading) -> Iterator[BadLine]:
    has_fee = {(v.code, v.version): v.has_fee for v in loading.known.of(k.ProcedureVersion)}
    for line, fee in loading.each(k.ProcedureFee):
        if fee.amount and not has_fee.get((fee.procedure_code, fee.version), True):
            yield line.bad(
                "amount", "must be 0, or has_fee of the version must be true / phải là 0, hoặc has_fee phải là true"
            )
