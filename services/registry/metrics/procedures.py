"""Metrics of the reference data."""

from collections.abc import Iterable, Iterator

from prometheus_client.core import Metric

from services.registry import levels
from services.registry.metrics.families import table


def of_procedures(rows: Iterable[tuple[str, str, int]]) -> Iterator[Metric]:
    """Yield the metrics of procedures, from rows of unit, level and count."""
    counts = levels.by_unit(rows)
    yield table(
        "procedures",
        "Procedures, by the unit whose figures count them and their online-service level.",
        labels=("unit", "level"),
        values=[((unit, str(level)), n) for unit, by_level in counts.items() for level, n in by_level.items()],
    )
