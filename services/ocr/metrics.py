"""The metrics of the OCR workers; every label takes its values from a closed list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services.ocr.facts import PageFacts, Route
from services.ocr.reasons import REASONS
from shared.topics import Lane

OTHER = "other"
OUTCOMES = ("digitised", "failed", "remainder", "undecodable")
_CONFIDENCE = (10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 95, 98, 100)
_SECONDS = (0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 20, 30, 60)


class OcrMetrics:
    """What one worker did; it is the digitiser's observer."""

    def __init__(self, registry: CollectorRegistry, lane: Lane) -> None:
        self._pages = Counter("hoso_ocr_pages", "Pages done, by result", ["lane", "result"], registry=registry)
        self._seconds = Histogram(
            "hoso_ocr_page_seconds", "Time spent on one page", ["lane"], registry=registry, buckets=_SECONDS
        )
        self._papers = Counter(
            "hoso_ocr_papers", "Messages of the lane handled, by outcome", ["lane", "outcome"], registry=registry
        )
        self._repeats = Counter(
            "hoso_ocr_repeated_attempts",
            "Slices begun again because a worker went away with them",
            ["lane"],
            registry=registry,
        )
        self._letters = Counter(
            "hoso_ocr_dead_letters",
            "Messages that can never succeed, put aside on hoso.dead-letters, by lane and reason",
            ["lane", "reason"],
            registry=registry,
        )
        self._confidence = Histogram(
            "hoso_ocr_page_confidence",
            "Mean confidence of the words of recognised pages, 0 to 100",
            ["lane"],
            registry=registry,
            buckets=_CONFIDENCE,
        )
        self._lane = lane.value
        for route in Route:  # a series that is there from the start can be alerted on
            self._pages.labels(self._lane, route.value)
        for outcome in OUTCOMES:
            self._papers.labels(self._lane, outcome)
        self._repeats.labels(self._lane)
        for reason in (*REASONS, OTHER):
            self._letters.labels(self._lane, reason)

    def opened(self, pages: int) -> None:
        """See that so many pages are left to be done; nothing is counted before it is done."""

    def page_done(self, page: PageFacts) -> None:
        """Count a page."""
        self._pages.labels(self._lane, page.route.value).inc()
        self._seconds.labels(self._lane).observe(page.seconds)
        if page.route is Route.RECOGNISED and page.confidence is not None:
            self._confidence.labels(self._lane).observe(page.confidence)

    def paper(self, outcome: str) -> None:
        """Count a message handled."""
        self._papers.labels(self._lane, outcome).inc()

    def dead_letter(self, reason: str) -> None:
        """Count a message put aside; a reason we have no text for is counted as another."""
        self._letters.labels(self._lane, reason if reason in REASONS else OTHER).inc()

    def attempt(self, tries: int) -> None:
        """Count a slice begun again."""
        if tries > 1:
            self._repeats.labels(self._lane).inc()


@dataclass(frozen=True)
class Standing:
    """How many partitions of its lane a worker holds, and how many of their records it has not finished."""

    partitions: int = 0
    lag: int = 0


class LaneCollector(Collector):
    """Collects where a worker stands in its lane, when Prometheus asks."""

    def __init__(self, lane: Lane, standing: Callable[[], Standing]) -> None:
        self._lane = lane.value
        self._standing = standing

    def collect(self) -> Iterator[Metric]:
        """Yield the partitions held and the lag in them."""
        standing = self._standing()
        figures = {
            "hoso_ocr_partitions": ("Partitions of the lane this worker holds", standing.partitions),
            "hoso_ocr_lag_records": ("Records of those partitions not finished, as the worker knows", standing.lag),
        }
        for name, (documentation, value) in figures.items():
            family = GaugeMetricFamily(name, documentation, labels=["lane"])
            family.add_metric([self._lane], value)
            yield family
