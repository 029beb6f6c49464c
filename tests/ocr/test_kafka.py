"""Workers of one lane on a real broker: whoever dies or leaves, every paper is digitised.

Papers of several partitions are at work in one process at a time (Faust's isolated partitions), so
these tests are what that setting rests on.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local.servers import Kafka
from deploy.local.service import Service
from shared.directory_store import DirectoryStore
from shared.events import PaperWork
from shared.topics import Lane
from tests.ocr.lane import ONE_PAGE, Counter, long_pdf
from tests.servers import wait_until

SECONDS = 80


class Site:
    """The bulk lane, which no other test uses, on a broker others use too."""

    def __init__(self, folder: Path, kafka: Kafka, stack: ExitStack) -> None:
        self._folder, self._kafka, self._stack = folder, kafka, stack
        store = DirectoryStore(folder / "objects")
        self.counter = Counter(store, kafka.bootstrap_servers, declare_topics=True, lane=Lane.BULK)

    def start_worker(self, name: str) -> Service:
        settings = {
            "HOSO_KAFKA_BOOTSTRAP_SERVERS": self._kafka.bootstrap_servers,
            "HOSO_STORE_DIRECTORY": str(self._folder / "objects"),
            "HOSO_OCR_WORK_DIRECTORY": str(self._folder / name / "work"),
            "HOSO_OCR_LANE": "bulk",
            "HOSO_OCR_THREADS": "1",
        }
        worker = Service("ocr", self._folder / name, settings)
        self._stack.callback(worker.stop)
        return worker.start()

    def at_work_on(self, worker: Service, size_bytes: int) -> bool:
        """Return whether a worker holds an original of this size."""
        return any(path.stat().st_size == size_bytes for path in worker.data_folder.glob("work/*/*/original"))


@pytest.fixture
def site(tmp_path: Path, kafka: Kafka) -> Iterator[Site]:
    with ExitStack() as stack:
        yield Site(tmp_path, kafka, stack)


def hand_in(site: Site, folder: Path, *, pages: int, short: int) -> tuple[PaperWork, list[PaperWork]]:
    """Hand in a long paper and short ones behind it."""
    long = long_pdf(folder / "long.pdf", pages).read_bytes()
    works = site.counter.hand_in(long, *[ONE_PAGE.read_bytes()] * short)
    return works[0], works


def await_pages(site: Site, work: PaperWork, pages: int) -> None:
    assert wait_until(lambda: len(site.counter.checkpoints(work)) >= pages, timeout_seconds=SECONDS)


def assert_all_digitised(site: Site, works: Sequence[PaperWork]) -> None:
    found = site.counter.digitised(works, timeout_seconds=SECONDS)
    assert [work.paper_id for work in works if work.paper_id not in found] == []
    assert sum(event.pages_failed for event in found.values()) == 0


def test_of_two_workers_one_killed_inside_a_document_loses_nothing(site: Site, tmp_path: Path) -> None:
    workers = [site.start_worker(name) for name in ("one", "two")]
    assert wait_until(lambda: all(worker.ready() for worker in workers), timeout_seconds=SECONDS)
    long, works = hand_in(site, tmp_path, pages=7, short=5)
    await_pages(site, long, 2)
    (victim,) = (worker for worker in workers if site.at_work_on(worker, long.size_bytes))
    victim.kill()
    done = site.counter.checkpoints(long)
    assert len(done) < 7
    assert_all_digitised(site, works)
    assert done.items() <= site.counter.checkpoints(long).items()


def test_a_worker_that_leaves_hands_its_partitions_over(site: Site, tmp_path: Path) -> None:
    first = site.start_worker("one")
    long, works = hand_in(site, tmp_path, pages=4, short=3)
    await_pages(site, long, 1)
    second = site.start_worker("two")  # the group waits for the papers under way
    first.stop()
    done = site.counter.checkpoints(long)
    more = site.counter.hand_in(ONE_PAGE.read_bytes())
    assert_all_digitised(site, [*works, *more])
    assert done.items() <= site.counter.checkpoints(long).items()
    assert second.ready()
