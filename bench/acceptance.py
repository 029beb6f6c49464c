"""Papers accepted a second on MinIO, against a bare loop of ``put_object`` of the same bytes.

Rounds of both alternate, so that what else the machine does falls on both; the figure is the median
ratio. Goal: 0.5.
"""

import io
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from bench.client import Counter
from bench.scans import unique_jpeg
from bench.servers import running_system
from deploy.local.system import System

ROUNDS, PAPERS = 5, 100
Work = Callable[[int], None]


def measure(folder: Path) -> None:
    """Print papers a second of both, for one and for eight clients."""
    with running_system(folder) as system:
        for clients in (1, 8):
            _compare(system, clients)


def _compare(system: System, clients: int) -> None:
    counters = [Counter(system) for _ in range(clients)]

    def accept(number: int) -> None:
        counters[number % clients].hand_in(unique_jpeg(number))

    def put(number: int) -> None:
        content = unique_jpeg(number)
        return system.store.put(uuid4(), "bare", io.BytesIO(content), size_bytes=len(content), media_type="image/jpeg")

    _rate(accept, clients), _rate(put, clients)  # connections made, caches warm
    rounds = [(_rate(accept, clients), _rate(put, clients)) for _ in range(ROUNDS)]
    accepted = statistics.median(a for a, _ in rounds)
    bare = statistics.median(b for _, b in rounds)
    ratio = statistics.median(a / b for a, b in rounds)
    size = len(unique_jpeg(0))
    print(
        f"acceptance, {clients} client(s), {size} bytes: {accepted:.1f} papers/s,"
        f" bare put_object {bare:.1f}/s, ratio {ratio:.2f} (goal 0.5)"
    )


def _rate(work: Work, clients: int) -> float:
    def share(client: int) -> None:
        for number in range(client, PAPERS, clients):
            work(number)

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(share, range(clients)))
    return PAPERS / (time.perf_counter() - started)
