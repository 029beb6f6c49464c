"""A worker as a process, on the in-process broker: what it answers, and that no kill loses anything."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from deploy.local.service import Service
from shared.directory_store import DirectoryStore
from shared.embedded_broker import EmbeddedBroker
from shared.log import Message
from shared.object_store import DOCUMENT, TEXT, derived_name
from shared.topics import EXPRESS, Lane
from tests.ocr.lane import ONE_PAGE, Counter, long_pdf
from tests.servers import wait_until

SECONDS = 60


@pytest.fixture(scope="module")
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as broker:
        yield broker


class Site:
    """One machine: a directory store, the in-process broker, and workers of the express lane."""

    def __init__(self, folder: Path, broker: EmbeddedBroker, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._settings = {
            "HOSO_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
            "HOSO_KAFKA_DECLARE_TOPICS": "false",
            "HOSO_STORE_DIRECTORY": str(folder / "objects"),
            "HOSO_OCR_WORK_DIRECTORY": str(folder / "work"),
        }
        store = DirectoryStore(folder / "objects")
        self.counter = Counter(store, broker.bootstrap_servers, declare_topics=False, lane=Lane.EXPRESS)

    def start_worker(self, **settings: str) -> Service:
        worker = Service("ocr", self._folder / "worker", {**self._settings, **settings})
        self._stack.callback(worker.stop)  # killed, it would keep the next one out of the group for 12 s
        worker.start()
        return worker

    def left_over(self) -> list[Path]:
        """Return what lies in the workers' temporary folder."""
        return list((self._folder / "work").iterdir())


@pytest.fixture
def site(tmp_path: Path, broker: EmbeddedBroker) -> Iterator[Site]:
    with ExitStack() as stack:
        yield Site(tmp_path, broker, stack)


def metric(worker: Service, name: str) -> float:
    """Return a sample of the worker's metrics."""
    lines = httpx.get(f"{worker.ops_url}/metrics").text.splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(name))


def test_papers_are_digitised_and_what_is_none_is_laid_aside(site: Site) -> None:
    (work,) = site.counter.hand_in(ONE_PAGE.read_bytes())
    site.counter.publish([Message(EXPRESS.name, b"k", b"garbage")])
    worker = site.start_worker()
    event = site.counter.digitised([work], timeout_seconds=SECONDS)[work.paper_id]
    store, version = site.counter.store, event.version
    assert "ỦY BAN NHÂN DÂN" in store.read(work.dossier_id, derived_name(work.paper_id, version, TEXT)).decode()
    assert store.stat(work.dossier_id, derived_name(work.paper_id, version, DOCUMENT))
    (letter,) = site.counter.dead_letters(1, timeout_seconds=SECONDS)
    assert letter.value == b"garbage"
    assert wait_until(worker.ready)
    assert metric(worker, 'hoso_ocr_papers_total{lane="express",outcome="digitised"}') == 1
    assert metric(worker, 'hoso_ocr_pages_total{lane="express",result="recognised"}') == 1
    assert metric(worker, 'hoso_ocr_page_confidence_count{lane="express"}') == 1
    assert metric(worker, 'hoso_ocr_partitions{lane="express"}') > 0
    assert wait_until(lambda: metric(worker, 'hoso_ocr_lag_records{lane="express"}') == 0)
    assert metric(worker, 'hoso_ready{service="ocr-express"}') == 1
    assert "ỦY BAN" not in worker.log_file.read_text()
    worker.stop()
    assert site.left_over() == []


def test_a_worker_that_still_waits_for_its_broker_stops_at_once(site: Site) -> None:
    worker = site.start_worker(HOSO_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1", HOSO_KAFKA_DECLARE_TOPICS="true")
    assert wait_until(lambda: httpx.get(f"{worker.ops_url}/health/ready").json()["troubles"].get("log") is not None)
    process = worker._process
    worker.stop()
    assert process is not None
    assert process.returncode == 0
    assert site.left_over() == []


def begun(site: Site, work: object, *, pages: int) -> Callable[[], bool]:
    return lambda: len(site.counter.checkpoints(work)) >= pages  # type: ignore[arg-type]


def test_a_worker_killed_inside_a_document_is_followed_where_it_was(site: Site, tmp_path: Path) -> None:
    (work,) = site.counter.hand_in(long_pdf(tmp_path / "long.pdf", 6).read_bytes())
    worker = site.start_worker()
    assert wait_until(begun(site, work, pages=2), timeout_seconds=SECONDS)
    worker.kill()
    done = site.counter.checkpoints(work)
    assert 2 <= len(done) < 6
    assert site.left_over()
    site.start_worker()
    event = site.counter.digitised([work], timeout_seconds=SECONDS)[work.paper_id]
    assert (event.pages, event.pages_failed) == (6, 0)
    assert done.items() <= site.counter.checkpoints(work).items()


def test_a_worker_told_to_stop_finishes_its_slice_and_gives_the_rest_back(site: Site, tmp_path: Path) -> None:
    (work,) = site.counter.hand_in(long_pdf(tmp_path / "long.pdf", 6).read_bytes())
    worker = site.start_worker(HOSO_OCR_SLICE_SECONDS="1", HOSO_OCR_THREADS="1")
    assert wait_until(begun(site, work, pages=1), timeout_seconds=SECONDS)
    process, begin = worker._process, time.monotonic()
    worker.stop()
    assert time.monotonic() - begin < 20
    assert process is not None
    assert process.returncode == 0
    assert site.left_over() == []
    assert len(site.counter.checkpoints(work)) < 6
    site.start_worker()
    event = site.counter.digitised([work], timeout_seconds=SECONDS)[work.paper_id]
    assert (event.pages, event.pages_failed) == (6, 0)
