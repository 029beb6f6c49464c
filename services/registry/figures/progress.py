"""Progress against targets: the value reached beside the one to be reached, with what was divided by what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from services.registry.figures.report import Text
from services.registry.figures.scoring import ratio


@dataclass(frozen=True)
class TargetToReach:
    """A target of the reference data."""

    code: str
    metric: str
    value: float
    comparison: str
    scheme: str | None
    levels: tuple[str, ...]
    scope: str
    numerator: str
    denominator: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True)
class Reached:
    """What was counted towards a target."""

    numerator: int
    denominator: int


class Progress(BaseModel):
    """A target and how far it is reached; null where it cannot be told."""

    model_config = ConfigDict(frozen=True)

    code: str
    metric: str
    scheme: str | None
    levels: tuple[str, ...]
    scope: str = Field(description="code of the unit it binds, or all")
    target: float
    comparison: str
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None
    in_force: bool = Field(description="whether it holds on a day of the period")
    what: Text = Field(description="numerator and denominator in words, as the target says")
    numerator: int | None
    denominator: int | None
    value: float | None = Field(description="0 to 1, to four digits")
    gap: float | None = Field(description="what is missing; 0 where the target is reached")
    reached: bool | None
    unavailable_because: Text | None = None


Counter = Callable[[TargetToReach], Reached]


def progress(target: TargetToReach, counters: Mapping[str, Counter], *, first: date, last: date) -> Progress:
    """Return the progress against a target; ``counters`` by metric."""
    counter = counters.get(target.metric)
    counted = None if counter is None else counter(target)
    value = None if counted is None else ratio(counted.numerator, counted.denominator)
    reached = None if counted is None or value is None else _is_reached(target, counted)
    return Progress(
        code=target.code,
        metric=target.metric,
        scheme=target.scheme,
        levels=target.levels,
        scope=target.scope,
        target=target.value,
        comparison=target.comparison,
        legal_basis=target.legal_basis,
        source=target.source,
        valid_from=target.valid_from,
        valid_to=target.valid_to,
        in_force=target.valid_from <= last and (target.valid_to is None or target.valid_to >= first),
        what=Text(vi=f"{target.numerator} / {target.denominator}", en=f"{target.numerator} / {target.denominator}"),
        numerator=counted.numerator if counted else None,
        denominator=counted.denominator if counted else None,
        value=value,
        gap=None if value is None else _gap(target, value, reached=bool(reached)),
        reached=reached,
        unavailable_because=_why(counted),
    )


def _is_reached(target: TargetToReach, counted: Reached) -> bool:
    # the exact ratio decides, not the rounded one
    exact, goal = counted.numerator, target.value * counted.denominator
    return exact >= goal if target.comparison == "at_least" else exact <= goal


def _gap(target: TargetToReach, value: float, *, reached: bool) -> float:
    return 0.0 if reached else round(abs(target.value - value), 4)


def _why(counted: Reached | None) -> Text | None:
    if counted is None:
        return Text(
            vi="Hệ thống không có số liệu để tính chỉ tiêu này.",
            en="This system has no data for the metric of this target.",
        )
    if counted.denominator == 0:
        return Text(vi="Trong kỳ không có gì để tính.", en="There is nothing to count in this period.")
    return None
