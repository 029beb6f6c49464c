"""Metrics of the registry's own journal: what the broker has not heard."""

from collections.abc import Iterator

from prometheus_client.core import Metric

from services.registry.metrics.families import gauge
from services.registry.tables import journal
from shared.clock import Clock
from shared.database import Database


def of_journal(database: Database, clock: Clock) -> Iterator[Metric]:
    """Yield how much was not announced, and since when."""
    with database.reading() as connection:
        backlog = journal.backlog(connection)
    age = (clock.now() - backlog.oldest).total_seconds() if backlog.oldest else 0
    yield gauge("unannounced_events", "Events of the registry the broker has not heard.", backlog.events)
    yield gauge("unannounced_oldest_seconds", "Age of the oldest of them.", age)
