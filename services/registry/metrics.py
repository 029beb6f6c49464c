"""The metrics of the registry: read from the database at each scrape, so that a restart changes nothing.

Label values come from closed lists: unit codes of the reference data, levels, statuses, states; what
stands in none of them is counted as ``unknown``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services.registry import levels
from services.registry.answers import status_name
from services.registry.paper_state import PAPER_STATES
from services.registry.project import COUNTERS, REVIEW_OUTCOMES, answer_counter, review_counter
from services.registry.queries import Figures, Queries
from shared.errors import Unavailable
from shared.events import FieldAnswer, Status
from shared.topics import Lane

UNKNOWN = "unknown"
_EVENT_COUNTERS = {
    "duplicate": "Events read more than once from one cluster.",
    "out_of_order": "Events that came after a later one of their dossier.",
    "undecodable": "Records that are no events we can read.",
    "unknown": "Events of types not known to us.",
}


class RegistryCollector(Collector):
    """Collects the figures of the registry; without the database it says ``up 0`` and no more."""

    def __init__(self, queries: Queries, lag: Callable[[], int | None]) -> None:
        self._queries = queries
        self._lag = lag

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        yield from self._lag_metric()
        try:
            figures = self._queries.figures()
        except Unavailable:
            yield _gauge("up", "Whether the database answered this scrape.", 0)
            return
        yield _gauge("up", "Whether the database answered this scrape.", 1)
        yield from _of_reference(figures)
        yield from _of_dossiers(figures)
        yield from _of_projection(figures)

    def _lag_metric(self) -> Iterator[Metric]:
        lag = self._lag()
        if lag is not None:
            yield _gauge("projection_lag_records", "Records of the log not projected yet.", lag)


def metrics(queries: Queries, lag: Callable[[], int | None]) -> CollectorRegistry:
    """Return the registry's metrics."""
    registry = CollectorRegistry()
    registry.register(RegistryCollector(queries, lag))
    return registry


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(f"hoso_registry_{name}", documentation, value=value)


def _table(
    name: str, documentation: str, *, labels: tuple[str, ...], counts: Iterable[tuple[tuple[str, ...], int]]
) -> Metric:
    family = GaugeMetricFamily(f"hoso_registry_{name}", documentation, labels=labels)
    for values, count in counts:
        family.add_metric(values, count)
    return family


def _counters(name: str, documentation: str, *, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"hoso_registry_{name}", documentation, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family


def _of_reference(figures: Figures) -> Iterator[Metric]:
    table = levels.by_unit(figures.procedures)
    yield _table(
        "procedures",
        "Procedures, by the unit whose figures count them and their online-service level.",
        labels=("unit", "level"),
        counts=[((unit, str(level)), n) for unit, counts in table.items() for level, n in counts.items()],
    )


def _of_dossiers(figures: Figures) -> Iterator[Metric]:
    counts: Counter[tuple[str, ...]] = Counter()
    for unit, status, count in figures.dossiers:
        name = unit if unit is not None and unit in figures.units else UNKNOWN
        counts.update({(name, status_name(s)): 0 for s in Status})  # a count that falls to 0 stays to be seen
        counts[name, status_name(status)] += count
    yield _table(
        "dossiers",
        "Dossiers, by competent unit and status.",
        labels=("unit", "status"),
        counts=counts.items(),
    )
    papers = dict.fromkeys(PAPER_STATES, 0) | figures.papers
    states = [((state,), papers[state]) for state in PAPER_STATES]
    yield _table("papers", "Papers, by what became of them.", labels=("state",), counts=states)
    yield from _of_reviews(figures)
    yield _gauge("digitised_pages", "Pages of the newest documents of all digitised papers.", figures.pages)


def _of_reviews(figures: Figures) -> Iterator[Metric]:
    waiting = Counter({str(lane): 0 for lane in Lane})
    for lane, count in figures.awaiting_review.items():
        waiting[lane if lane in tuple(Lane) else UNKNOWN] += count
    yield _table(
        "papers_awaiting_review",
        "Papers whose newest document waits for a person to look at it, by lane.",
        labels=("lane",),
        counts=[((lane,), count) for lane, count in waiting.items()],
    )
    yield _counters(
        "reviews",
        "Reviews finished: confirmed where every answer was right, else changed.",
        label="outcome",
        counts={outcome: figures.counters.get(review_counter(outcome), 0) for outcome in REVIEW_OUTCOMES},
    )
    yield _counters(
        "reviewed_fields",
        "Fields looked at in reviews, by the answer given.",
        label="answer",
        counts={str(answer): figures.counters.get(answer_counter(answer), 0) for answer in FieldAnswer},
    )


def _of_projection(figures: Figures) -> Iterator[Metric]:
    for name in COUNTERS:
        yield CounterMetricFamily(
            f"hoso_registry_events_{name}", _EVENT_COUNTERS[name], value=figures.counters.get(name, 0)
        )
    yield _gauge("events_missing", "Events not seen, of dossiers of which a later one was.", figures.missing)
    if figures.last_event_at is not None:
        moment = figures.last_event_at.timestamp()
        yield _gauge("projection_last_event_timestamp_seconds", "Time of the newest event projected.", moment)
