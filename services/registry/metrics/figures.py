"""Metrics of QD 766 and of the progress against targets, as the board computed them last."""

from collections.abc import Iterator
from typing import Any

from prometheus_client.core import Metric

from services.registry.figure_board import ComputedFigures, FigureBoard
from services.registry.metrics.families import gauge, table


def of_figures(board: FigureBoard) -> Iterator[Metric]:
    """Yield the metrics of what the board shows; nothing before it has computed once."""
    if board.shown is not None:
        yield from _of_indicators(board.shown)
        yield from _of_targets(board.shown)
        moment = board.shown.computed_at.timestamp()
        yield gauge("figures_computed_timestamp_seconds", "When QD 766 and targets were computed.", moment)


def _of_indicators(figures: ComputedFigures) -> Iterator[Metric]:
    ratios, scores = _by_indicator(figures, "ratio"), _by_indicator(figures, "score")
    groups = [
        ((unit, group.code), group.score)
        for unit, found in figures.indicators.items()
        for group in found.groups
        if group.score is not None
    ]
    labels = ("unit", "indicator")
    yield table("qd766_ratio", "Indicators of QD 766 for the year so far (0 to 1).", labels=labels, values=ratios)
    yield table("qd766_score", "Points of the indicators of QD 766, where known.", labels=labels, values=scores)
    yield table("qd766_max_score", "Points they could reach.", labels=("indicator",), values=_maxima(figures))
    yield table(
        "qd766_group_score",
        "Points of the groups of QD 766, of the indicators whose points are known.",
        labels=("unit", "group"),
        values=groups,
    )


def _by_indicator(figures: ComputedFigures, what: str) -> list[tuple[tuple[str, str], Any]]:
    return [
        ((unit, indicator.code), value)
        for unit, found in figures.indicators.items()
        for indicator in found.indicators
        if (value := getattr(indicator, what)) is not None
    ]


def _maxima(figures: ComputedFigures) -> list[tuple[tuple[str], float]]:
    known = {i.code: i.max_score for found in figures.indicators.values() for i in found.indicators}
    return [((code,), points) for code, points in known.items() if points is not None]


def _of_targets(figures: ComputedFigures) -> Iterator[Metric]:
    labels = ("target", "metric", "scope")
    in_force = [each for each in figures.progress if each.in_force]
    parts = {
        "target_reached_ratio": ("Value reached towards a target in the year so far (0 to 1).", "value"),
        "target_numerator": ("What counts towards a target in the year so far.", "numerator"),
        "target_denominator": ("Of how much a target is a share, in the year so far.", "denominator"),
    }
    for name, (documentation, what) in parts.items():
        told = [((each.code, each.metric, each.scope), getattr(each, what)) for each in in_force]
        yield table(name, documentation, labels=labels, values=[(key, v) for key, v in told if v is not None])
