"""Metrics of papers and of their reviews."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client.core import Metric

from services.registry.metrics.families import counters, gauge, listed, table
from services.registry.paper_state import PAPER_STATES
from services.registry.project import REVIEW_OUTCOMES, answer_counter, review_counter
from services.registry.tally_queries import Figures
from shared.events import FieldAnswer
from shared.topics import Lane


def of_papers(figures: Figures) -> Iterator[Metric]:
    """Yield the metrics of papers."""
    papers = Counter(dict.fromkeys(PAPER_STATES, 0))
    for _, _, state, _, value in figures.tallies["paper"]:
        papers[state] += value
    states = [((state,), papers[state]) for state in PAPER_STATES]
    yield table("papers", "Papers, by what became of them.", labels=("state",), values=states)
    pages = sum(value for *_, value in figures.tallies["pages"])
    yield from _of_reviews(figures)
    yield gauge("digitised_pages", "Pages of the newest documents of all digitised papers.", pages)


def _of_reviews(figures: Figures) -> Iterator[Metric]:
    waiting = Counter({str(lane): 0 for lane in Lane})
    for lane, _, _, _, value in figures.tallies["awaiting"]:
        waiting[listed(lane, tuple(Lane))] += value
    yield table(
        "papers_awaiting_review",
        "Papers whose newest document waits for a person to look at it, by lane.",
        labels=("lane",),
        values=[((lane,), count) for lane, count in waiting.items()],
    )
    yield counters(
        "reviews",
        "Reviews finished: confirmed where every answer was right, else changed.",
        label="outcome",
        counts={outcome: figures.counters.get(review_counter(outcome), 0) for outcome in REVIEW_OUTCOMES},
    )
    yield counters(
        "reviewed_fields",
        "Fields looked at in reviews, by the answer given.",
        label="answer",
        counts={str(answer): figures.counters.get(answer_counter(answer), 0) for answer in FieldAnswer},
    )
