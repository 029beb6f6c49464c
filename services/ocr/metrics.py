"""The metrics of the OCR workers; every label takes its values from a closed list."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from services.ocr.facts import PageFacts, Route
from shared.topics import Lane

OUTCOMES = ("digitised", "failed", "remainder", "undecodable")
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
        self._lane = lane.value
        for route in Route:  # a series that is there from the start can be alerted on
            self._pages.labels(self._lane, route.value)
        for outcome in OUTCOMES:
            self._papers.labels(self._lane, outcome)
        self._repeats.labels(self._lane)

    def opened(self, pages: int) -> None:
        """See that so many pages are left to be done; nothing is counted before it is done."""

    def page_done(self, page: PageFacts) -> None:
        """Count a page."""
        self._pages.labels(self._lane, page.route.value).inc()
        self._seconds.labels(self._lane).observe(page.seconds)

    def paper(self, outcome: str) -> None:
        """Count a message handled."""
        self._papers.labels(self._lane, outcome).inc()

    def attempt(self, tries: int) -> None:
        """Count a slice begun again."""
        if tries > 1:
            self._repeats.labels(self._lane).inc()
