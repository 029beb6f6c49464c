"""The indicators of QĐ 766: what they are called, what was counted for them, what points that gives."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.registry.figures.report import Text
from services.registry.figures.scoring import ratio, score


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class IndicatorGroup(_Frozen):
    """A group of indicators."""

    code: str
    name: Text


class Definition(_Frozen):
    """An indicator, how it is read here, or why it cannot be computed."""

    code: str
    portal_code: str | None = None
    group: str
    name: Text
    counts: Literal["dossiers", "procedures", "time"] | None = None
    reading: Text | None = None
    unavailable: Text | None = None


class Catalogue(_Frozen):
    """All indicators."""

    groups: tuple[IndicatorGroup, ...]
    indicators: tuple[Definition, ...]


class Threshold(_Frozen):
    """The points of an indicator or of a whole group, and from which ratio on they are full; reference data."""

    code: str
    max_score: float | None = None
    full_marks_at: float | None = None


class Average(_Frozen):
    """An average time of handling, in the unit of the procedures' limits."""

    limit_unit: str
    dossiers: int
    total: float
    average: float


class Counted(_Frozen):
    """What was counted for an indicator."""

    numerator: int
    denominator: int
    averages: tuple[Average, ...] = ()
    notes: tuple[Text, ...] = ()


class Indicator(_Frozen):
    """An indicator with its figures; null where there is nothing to count or it is not known."""

    code: str
    portal_code: str | None
    group: str
    name: Text
    numerator: int | None
    denominator: int | None
    ratio: float | None = Field(description="0 to 1, to four digits")
    score: float | None
    max_score: float | None
    full_marks_at: float | None
    averages: tuple[Average, ...] = Field(default=(), description="of indicator 2.2, for each unit of time limits")
    unavailable_because: Text | None = Field(default=None, description="why there is no figure")
    no_score_because: Text | None = Field(default=None, description="why there is a figure but no score")
    counts: str | None = Field(default=None, description="whether dossiers or procedures stand behind it")
    reading: Text | None = Field(default=None, description="how its formula is read here")
    notes: tuple[Text, ...] = ()


class GroupScore(_Frozen):
    """What a group's known scores add up to; the others are named."""

    code: str
    name: Text
    max_score: float | None
    score: float | None = Field(description="of the indicators that have one; null where none has")
    without_score: tuple[str, ...]


class Indicators(_Frozen):
    """All indicators of some units and a period."""

    groups: tuple[GroupScore, ...]
    indicators: tuple[Indicator, ...]


@cache
def catalogue() -> Catalogue:
    """Return the indicators there are."""
    text = (files("services.registry.figures") / "indicators.toml").read_text("utf-8")
    return Catalogue.model_validate(tomllib.loads(text))


def definition(code: str) -> Definition | None:
    """Return an indicator by its code, ours or the portal's."""
    return next((d for d in catalogue().indicators if code in {d.code, d.portal_code}), None)


def judge(counted: Mapping[str, Counted], thresholds: Iterable[Threshold]) -> Indicators:
    """Return every indicator with what was counted for it and its points."""
    points = {threshold.code: threshold for threshold in thresholds}
    made = tuple(_indicator(d, counted.get(d.code), _points(d, points)) for d in catalogue().indicators)
    groups = tuple(_group(group, made, points.get(group.code)) for group in catalogue().groups)
    return Indicators(groups=groups, indicators=made)


def _points(wanted: Definition, points: Mapping[str, Threshold]) -> Threshold:
    return points.get(wanted.code) or Threshold(code=wanted.code)


def _indicator(wanted: Definition, counted: Counted | None, points: Threshold) -> Indicator:
    facts = {name: getattr(wanted, name) for name in ("code", "portal_code", "group", "name", "counts", "reading")}
    limits = {"max_score": points.max_score, "full_marks_at": points.full_marks_at}
    if counted is None:
        figures = dict.fromkeys(("numerator", "denominator", "ratio", "score"))
        return Indicator(**facts, **limits, **figures, unavailable_because=wanted.unavailable or _NOT_COUNTED)
    return Indicator(**facts, **limits, **_figures(wanted, counted, points), no_score_because=_why(wanted, points))


def _figures(wanted: Definition, counted: Counted, points: Threshold) -> dict[str, object]:
    n, d = counted.numerator, counted.denominator
    is_time = wanted.counts == "time"
    return {
        "numerator": n,
        "denominator": d,
        "ratio": None if is_time else ratio(n, d),
        "score": None if is_time else score(n, d, max_score=points.max_score, full_marks_at=points.full_marks_at),
        "averages": counted.averages,
        "notes": counted.notes + ((_NO_THRESHOLD,) if points.max_score and points.full_marks_at is None else ()),
        "unavailable_because": None if d else _NOTHING,
    }


def _why(wanted: Definition, points: Threshold) -> Text | None:
    if wanted.counts == "time":
        return Text(vi="Chỉ số thời gian, không tính điểm.", en="A time, which bears no points.")
    if points.max_score is None:
        return Text(
            vi="Chưa rõ điểm tối đa của riêng chỉ số này trong nhóm.",
            en="How many of its group's points this indicator bears is not known.",
        )
    return None


def _group(group: IndicatorGroup, made: Iterable[Indicator], points: Threshold | None) -> GroupScore:
    members = [indicator for indicator in made if indicator.group == group.code]
    scores = [indicator.score for indicator in members if indicator.score is not None]
    return GroupScore(
        code=group.code,
        name=group.name,
        max_score=points.max_score if points else None,
        score=round(sum(scores), 2) if scores else None,
        without_score=tuple(i.code for i in members if i.score is None and i.counts != "time"),
    )


_NO_THRESHOLD = Text(
    vi="Không nêu ngưỡng đạt điểm tối đa: điểm tính theo tỷ lệ, tối đa khi đạt 100 %.",
    en="No threshold is stated: points are in proportion, full at 100 %.",
)
_NOTHING = Text(vi="Trong kỳ không có gì để tính.", en="There is nothing to count in this period.")
_NOT_COUNTED = Text(vi="Chưa có dữ liệu để tính.", en="The data it needs are not there.")
