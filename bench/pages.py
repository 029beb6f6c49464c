"""Pages a second of one document on both cores, against one. Goal: 1.9 times.

Two cores of a shared machine are seldom twice one: the engine alone, run the same way, says what the
machine can give.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.scans import ONE_PAGE, long_pdf
from deploy.local.programs import installed

PAGES, ROUNDS = 16, 3
Rate = Callable[[Path, int], float]


def measure(folder: Path) -> None:
    """Print pages a second with one and with two jobs, and the ratio, of hoso and of the engine alone."""
    long_pdf(folder / "long.pdf", PAGES)
    for name, rate in (("hoso", _rate), ("engine alone", _engine_rate)):
        rounds = [(rate(folder, 1), rate(folder, 2)) for _ in range(ROUNDS)]
        one, two = (statistics.median(column) for column in zip(*rounds, strict=True))
        ratio = statistics.median(b / a for a, b in rounds)
        print(f"pages, {name}: {one:.2f} pages/s on one core, {two:.2f} on two, {ratio:.2f} times (goal 1.9)")


def _rate(folder: Path, jobs: int) -> float:
    command = ["digitise", str(folder / "long.pdf"), "--out", str(folder / "out"), "--jobs", str(jobs)]
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "services.ocr", *command], check=True, capture_output=True)
    return PAGES / (time.perf_counter() - started)


def _engine_rate(folder: Path, jobs: int) -> float:
    def recognise(number: int) -> None:
        subprocess.run(
            [installed("tesseract"), str(ONE_PAGE), str(folder / f"page{number}"), "-l", "vie", "txt", "hocr"],
            check=True,
            capture_output=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )

    started = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(recognise, range(PAGES)))
    return PAGES / (time.perf_counter() - started)
