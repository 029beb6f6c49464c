"""All metrics of the registry in one collector."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from services.registry.metrics.dossiers import of_dossiers
from services.registry.metrics.families import gauge
from services.registry.metrics.levels import of_levels
from services.registry.metrics.papers import of_papers
from services.registry.metrics.projected import of_projection
from services.registry.queries import Queries
from shared.clock import Clock, SystemClock, local_day
from shared.errors import Unavailable

Subject = Callable[[], Iterable[Metric]]  # reads the database when it is called


class RegistryCollector(Collector):
    """Collects the figures of the registry; without the database it says ``up 0`` and no more."""

    def __init__(self, subjects: Sequence[Subject], lag: Callable[[], int | None]) -> None:
        self._subjects = subjects
        self._lag = lag

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        yield from self._lag_metric()
        try:
            found = [metric for subject in self._subjects for metric in subject()]
        except Unavailable:
            yield gauge("up", "Whether the database answered this scrape.", 0)
            return
        yield gauge("up", "Whether the database answered this scrape.", 1)
        yield from found

    def _lag_metric(self) -> Iterator[Metric]:
        lag = self._lag()
        if lag is not None:
            yield gauge("projection_lag_records", "Records of the log not projected yet.", lag)


def metrics(
    queries: Queries,
    lag: Callable[[], int | None],
    *,
    clock: Clock | None = None,
    more: Sequence[Subject] = (),
) -> CollectorRegistry:
    """Return the registry's metrics, with those of more subjects."""
    now = (clock or SystemClock()).now

    def of_the_projection() -> Iterator[Metric]:
        figures = queries.figures()
        yield from of_dossiers(figures, local_day(now()))
        yield from of_papers(figures)
        yield from of_projection(figures)

    registry = CollectorRegistry()
    subjects = (lambda: of_levels(queries.reference), of_the_projection, *more)
    registry.register(RegistryCollector(subjects, lag))
    return registry
