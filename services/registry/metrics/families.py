"""Families of metrics, with the prefix all of ours have."""

from collections.abc import Iterable, Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

PREFIX = "hoso_registry"
UNKNOWN = "unknown"


def gauge(name: str, documentation: str, value: float) -> Metric:
    """Return a metric without labels."""
    return GaugeMetricFamily(f"{PREFIX}_{name}", documentation, value=value)


def counter(name: str, documentation: str, value: float) -> Metric:
    """Return a counter without labels."""
    return CounterMetricFamily(f"{PREFIX}_{name}", documentation, value=value)


def table(
    name: str, documentation: str, *, labels: Sequence[str], values: Iterable[tuple[Sequence[str], float]]
) -> Metric:
    """Return a metric with labels."""
    family = GaugeMetricFamily(f"{PREFIX}_{name}", documentation, labels=labels)
    for label_values, value in values:
        family.add_metric(label_values, value)
    return family


def counters(name: str, documentation: str, *, label: str, counts: Mapping[str, int]) -> Metric:
    """Return counters told apart by one label."""
    family = CounterMetricFamily(f"{PREFIX}_{name}", documentation, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family


def listed(value: str, known: Iterable[str]) -> str:
    """Return a value of a closed list, or that it is unknown."""
    return value if value in known else UNKNOWN
