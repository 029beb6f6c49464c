"""Health as Prometheus is told it: ready or not, and which parts cannot do their work."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.health import Health


class HealthCollector(Collector):
    """Collects the health of one process of a service."""

    def __init__(self, service: str, health: Health) -> None:
        self._service = service
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """Yield whether the process is ready, and a series for each part in trouble."""
        labels = ["service"]
        ready = GaugeMetricFamily("hoso_ready", "Whether the process can do its work now.", labels=labels)
        ready.add_metric([self._service], self._health.ready())
        troubled = GaugeMetricFamily(
            "hoso_troubled",
            "Parts that cannot do their work now; there is no series of a part that can.",
            labels=["service", "part"],
        )
        # a worker names the partition it waits on: the lane's topic is enough
        for part in sorted({part.partition("/")[0] for part in self._health.troubles()}):
            troubled.add_metric([self._service, part], 1)
        yield from (ready, troubled)
