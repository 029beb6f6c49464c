"""Memory of a worker and its children over a 300-page file. Goal: flat, at most 400 MB."""

import statistics
import time
from pathlib import Path

import psutil

from bench.client import Counter
from bench.scans import long_pdf
from bench.servers import running_system
from bench.usage import share_bytes

PAGES = 300
SAMPLE_SECONDS = 0.2
MEGABYTE = 1_000_000


def measure(folder: Path) -> None:
    """Print the peak and the medians of the first, middle and last third of the work."""
    content = long_pdf(folder / "long.pdf", PAGES).read_bytes()
    with running_system(folder) as system:
        worker = system.start_worker()
        counter = Counter(system)
        idle = _memory(worker.pid)
        paper_id = counter.hand_in(content)
        samples: list[float] = []
        while not counter.digitised(paper_id):
            samples.append(_memory(worker.pid))
            time.sleep(SAMPLE_SECONDS)
    third = len(samples) // 3
    thirds = [statistics.median(samples[n * third : (n + 1) * third]) for n in range(3)]
    print(
        f"memory over {PAGES} pages: idle {idle:.0f} MB, peak {max(samples):.0f} MB (goal 400),"
        f" medians of the thirds {', '.join(f'{value:.0f}' for value in thirds)} MB"
    )


def _memory(pid: int | None) -> float:
    """Return what a process and its children hold alone or share in fair parts (PSS), in MB."""
    worker = psutil.Process(pid)
    return sum(map(share_bytes, (worker, *worker.children(recursive=True)))) / MEGABYTE
