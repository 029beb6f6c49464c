"""One page from acceptance to digitised on an idle system, against the bare tesseract call.

Both see the same page in turn; the bare call gets the image as the worker prepares it. Goal: at
most half a second more.
"""

import asyncio
import os
import statistics
import subprocess
import time
from pathlib import Path

from PIL import Image

from bench.client import Counter
from bench.scans import ONE_PAGE, unique_jpeg
from bench.servers import running_system
from deploy.local.programs import installed
from shared.events import PaperDigitised, decode
from shared.kafka import KafkaLog
from shared.log import Reader
from shared.settings import KafkaSettings
from shared.topics import DOSSIERS

ROUNDS = 10


def measure(folder: Path) -> None:
    """Print both medians and the median of the differences."""
    asyncio.run(_measure(folder))


async def _measure(folder: Path) -> None:
    with running_system(folder) as system:
        system.start_worker()
        counter = Counter(system)
        log = KafkaLog(KafkaSettings(bootstrap_servers=system.kafka.bootstrap_servers))
        reader = await log.reader([DOSSIERS.name], {})
        await _once(counter, reader, 0)  # connections made, the worker assigned
        rounds = [(await _once(counter, reader, n), _bare(folder)) for n in range(1, ROUNDS + 1)]
        await reader.close()
    whole, bare = (statistics.median(column) for column in zip(*rounds, strict=True))
    more = statistics.median(a - b for a, b in rounds)
    print(
        f"latency of one page: {whole:.2f} s from acceptance to the event digitised, bare tesseract"
        f" {bare:.2f} s, {more:+.2f} s (goal +0.5)"
    )


async def _once(counter: Counter, reader: Reader, number: int) -> float:
    paper_id = await asyncio.to_thread(counter.hand_in, unique_jpeg(number))
    accepted = time.perf_counter()
    while True:
        for record in await reader.read(max_records=100, timeout_seconds=1):
            event = decode(record)
            if event and isinstance(event.data, PaperDigitised) and str(event.data.paper_id) == paper_id:
                return time.perf_counter() - accepted


def _bare(folder: Path) -> float:
    """Return the seconds of the engine alone for text and layout of the prepared page."""
    page = folder / "page.png"
    if not page.exists():
        with Image.open(ONE_PAGE) as image:
            image.getchannel("R").save(page, dpi=(200, 200))
    started = time.perf_counter()
    subprocess.run(
        [installed("tesseract"), str(page), str(folder / "bare"), "-l", "vie", "txt", "hocr"],
        check=True,
        capture_output=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    return time.perf_counter() - started
