"""Metrics of the projection itself: what it read, and what it misses."""

from collections.abc import Iterator

from prometheus_client.core import Metric

from services.registry.metrics.families import counter, gauge
from services.registry.project import COUNTERS
from services.registry.tally_queries import Figures

_EVENT_COUNTERS = {
    "duplicate": "Events read more than once from one cluster.",
    "out_of_order": "Events that came after a later one of their dossier.",
    "undecodable": "Records that are no events we can read.",
    "unknown": "Events of types not known to us.",
}


def of_projection(figures: Figures) -> Iterator[Metric]:
    """Yield the metrics of the projection."""
    for name in COUNTERS:
        yield counter(f"events_{name}", _EVENT_COUNTERS[name], figures.counters.get(name, 0))
    missing = sum(value for *_, value in figures.tallies["missing"])
    yield gauge("events_missing", "Events not seen, of dossiers of which a later one was.", missing)
    if figures.last_event_at is not None:
        moment = figures.last_event_at.timestamp()
        yield gauge("projection_last_event_timestamp_seconds", "Time of the newest event projected.", moment)
