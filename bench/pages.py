"""Pages a second of one document on both cores, against one. Goal: 1.9 times."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.scans import long_pdf

PAGES, ROUNDS = 16, 3


def measure(folder: Path) -> None:
    """Print pages a second with one and with two jobs, and the ratio."""
    document = long_pdf(folder / "long.pdf", PAGES)
    rounds = [(_rate(document, folder, 1), _rate(document, folder, 2)) for _ in range(ROUNDS)]
    one, two = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(b / a for a, b in rounds)
    print(f"pages: {one:.2f} pages/s on one core, {two:.2f} on two, {ratio:.2f} times (goal 1.9)")


def _rate(document: Path, folder: Path, jobs: int) -> float:
    command = ["digitise", str(document), "--out", str(folder / "out"), "--jobs", str(jobs)]
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "services.ocr", *command], check=True, capture_output=True)
    return PAGES / (time.perf_counter() - started)
