"""A paper becomes a document page by page, from wherever the work before ended."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest

from services.ocr.digitise import Digitised, Digitiser, Failed, Outcome, Remainder, Rules
from services.ocr.facts import Route, Verdict
from services.ocr.hocr import Box
from services.ocr.page_pool import PagePool
from services.ocr.pages import SECRET, PageFailed, UnfitPaper
from services.ocr.reader import ReadPage
from services.ocr.required import USUAL, Demands
from services.ocr.ruled_tables import Cell
from services.ocr.scratch import Scratch
from services.ocr.sources import PageSource
from services.ocr.tables_reading import ReadCell, ReadTable
from shared.errors import StoreUnavailable
from shared.events import PaperWork, Redo
from shared.object_store import DOCUMENT, FACTS, TEXT, derived_name, original_name
from shared.topics import Lane
from tests.fakes.clock import FakeClock
from tests.fakes.ocr import FakeEngine, FakePages, Watcher, fake_workshop, read_page
from tests.fakes.store import DyingStore, FakeStore
from tests.ocr.letters import head

ORIGINAL = b"what was handed in"


class Bench:
    """The use case on fakes, with one page at a time so that order is known."""

    def __init__(self, folder: Path) -> None:
        self.store = FakeStore()
        self.clock = FakeClock()
        self.engine = FakeEngine()
        self.watcher = Watcher()
        self.demands = USUAL
        self.scratch = Scratch(folder)
        self.pages: PageSource | UnfitPaper = FakePages(3)
        self.work = PaperWork(
            paper_id=uuid4(), dossier_id=uuid4(), lane=Lane.EXPRESS, media_type="a/b", size_bytes=len(ORIGINAL)
        )

    def hand_in(self) -> None:
        """Put the original into the store."""
        name = original_name(self.work.paper_id)
        content = BytesIO(ORIGINAL)
        self.store.put(self.work.dossier_id, name, content, size_bytes=len(ORIGINAL), media_type="a/b")

    def digitiser(self, *, threads: int = 1, failed_share_limit: float = 0.5) -> Digitiser:
        return Digitiser(
            store=self.store,
            workshop=fake_workshop(self._open, self.engine),
            pool=PagePool(threads),
            job_folder=self._job,
            clock=self.clock,
            rules=Rules(failed_share_limit, 60, self.demands),
            observer=self.watcher,
        )

    def _open(self, path: Path) -> PageSource:
        assert path.read_bytes() == ORIGINAL
        if isinstance(self.pages, UnfitPaper):
            raise self.pages
        return self.pages

    def _job(self) -> AbstractContextManager[Path]:
        return self.scratch.job()

    def digitise(self, *, seconds: float | None = None) -> Outcome:
        """Digitise with so many seconds of the fake clock."""
        until = None if seconds is None else FakeClock(self.clock.now())
        if until is not None and seconds is not None:
            until.advance(seconds=seconds)
        return self.digitiser().digitise(self.work, until.now() if until else None)

    def read(self, part: str) -> bytes:
        name = derived_name(self.work.paper_id, self.digitiser().version(self.work), part)
        return self.store.read(self.work.dossier_id, name)

    def names(self) -> set[str]:
        """Return the names of what was made, below the version's folder."""
        prefix = f"{self.work.paper_id}/{self.digitiser().version(self.work)}/"
        return {o.name.removeprefix(prefix) for o in self.store.list(self.work.dossier_id, prefix)}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.hand_in()
    with closing(bench.scratch):
        yield bench
    assert list(tmp_path.iterdir()) == []


def digitised(outcome: Outcome) -> Digitised:
    assert isinstance(outcome, Digitised)
    return outcome


def test_document_text_and_facts_lie_beside_the_original(bench: Bench) -> None:
    paper = digitised(bench.digitise()).paper
    assert bench.read(TEXT).decode() == "trang 1\ftrang 2\ftrang 3"
    assert json.loads(bench.read(FACTS)) == json.loads(paper.model_dump_json())
    with pikepdf.open(BytesIO(bench.read(DOCUMENT))) as document:
        assert len(document.pages) == 3
    kinds = {f"pages/{n:05d}.{kind}" for n in (1, 2, 3) for kind in ("json", "hocr", "webp", "words.json")}
    assert bench.names() == {DOCUMENT, TEXT, FACTS, *kinds}


def test_facts_say_what_was_done_with_what(bench: Bench) -> None:
    paper = digitised(bench.digitise()).paper
    assert paper.source.sha256 == hashlib.sha256(ORIGINAL).hexdigest()
    assert (paper.source.media_type, paper.source.size_bytes) == ("application/pdf", len(ORIGINAL))
    assert [(p.number, p.route, p.words, p.confidence) for p in paper.pages] == [
        (n, Route.RECOGNISED, 2, 90) for n in (1, 2, 3)
    ]
    assert (paper.words, paper.confidence, paper.failed) == (6, 90, 0)
    assert paper.document_bytes == len(bench.read(DOCUMENT))
    assert (paper.verdict, paper.needs_review, paper.review_reasons) == (Verdict.DIGITISED, False, ())
    assert (paper.pipeline.engine, paper.pipeline.version) == ("fake 1.0", bench.digitiser().version(bench.work))


def test_facts_tell_tables_turns_fields_and_blank_pages(bench: Bench) -> None:
    first = ReadCell(Cell(0, 0, 1, 1, Box(5, 5, 50, 20)), read_page("STT").lines)
    table = ReadTable(Box(5, 5, 90, 90), (first, ReadCell(Cell(0, 1, 2, 1, Box(10, 20, 60, 40)), ())))
    bench.engine.pages = {
        1: replace(read_page("Số:", "7"), quarters=3, skew_degrees=-1.25),
        2: replace(read_page(), parts=(table,)),
        3: ReadPage(100, 100, blank=True),
    }
    paper = digitised(bench.digitise()).paper
    assert [(p.route, p.rotation, p.skew_degrees) for p in paper.pages] == [
        (Route.RECOGNISED, 90, -1.25),
        (Route.RECOGNISED, 0, 0),
        (Route.BLANK, 0, 0),
    ]
    (told,) = paper.tables
    assert (told.page, told.box) == (2, table.box)
    assert [(c.row, c.column, c.row_span, c.text, c.confidence) for c in told.cells] == [
        (0, 0, 1, "STT", 90),
        (0, 1, 2, "", None),
    ]
    assert paper.fields["page_count"].value == 3
    assert bench.read(TEXT).decode() == "Số: 7\fSTT\t\f"
    with pikepdf.open(BytesIO(bench.read(DOCUMENT))) as document:
        crooked, second, third = (float(page.mediabox[2]) for page in document.pages)
        assert all("/Rotate" not in page for page in document.pages)
    assert crooked > second == third


def test_a_required_field_that_is_missing_asks_for_review(bench: Bench) -> None:
    bench.demands = Demands({"": ("signer_name",)}, least=0, least_by_field={})
    bench.pages = FakePages(1)
    bench.engine.pages = {1: ReadPage(1654, 2339, head(), confidence=96)}
    paper = digitised(bench.digitise()).paper
    assert paper.fields["number"].value == "12"
    assert (paper.needs_review, paper.review_reasons, paper.review_fields) == (
        True,
        ("fields-doubtful",),
        ("signer_name",),
    )


def test_a_finished_paper_is_answered_from_the_store(bench: Bench) -> None:
    assert bench.digitiser().finished(bench.work) is None
    outcome = bench.digitise()
    assert bench.digitiser().finished(bench.work) == outcome


def test_a_slice_that_is_over_leaves_the_rest_to_the_next(bench: Bench) -> None:
    bench.engine = FakeEngine(lambda _: bench.clock.advance(seconds=20))
    outcome = bench.digitise(seconds=30)
    assert outcome == Remainder(bench.work.model_copy(update={"slice": 1}))
    assert bench.engine.read == [1, 2]
    assert FACTS not in bench.names()
    digitised(bench.digitise(seconds=30))
    assert bench.engine.read == [1, 2, 3]
    assert bench.watcher.left == [3, 1]
    assert bench.read(TEXT).decode() == "trang 1\ftrang 2\ftrang 3"


def test_every_slice_does_at_least_a_page(bench: Bench) -> None:
    assert [type(bench.digitise(seconds=-1)) for _ in range(3)] == [Remainder, Remainder, Digitised]


def test_pages_done_are_never_done_again(bench: Bench) -> None:
    digitised(bench.digitise())
    bench.store.delete(
        bench.work.dossier_id, derived_name(bench.work.paper_id, bench.digitiser().version(bench.work), FACTS)
    )
    before = bench.read(DOCUMENT)
    digitised(bench.digitise())
    assert bench.engine.read == [1, 2, 3]
    assert bench.read(DOCUMENT) == before


def test_another_engine_makes_another_version(bench: Bench) -> None:
    digitised(bench.digitise())
    other = FakeEngine()
    other.facts = type(other.facts)("fake 2.0", "vie", {})
    bench.engine = other
    assert bench.digitiser().finished(bench.work) is None
    digitised(bench.digitise())
    assert other.read == [1, 2, 3]


def test_a_page_that_cannot_be_read_spoils_itself_only(bench: Bench) -> None:
    bench.pages = FakePages(3, failing={2: "page-unreadable"})
    paper = digitised(bench.digitise()).paper
    assert [(p.route, p.reason) for p in paper.pages] == [
        (Route.RECOGNISED, None),
        (Route.FAILED, "page-unreadable"),
        (Route.RECOGNISED, None),
    ]
    assert (paper.verdict, paper.needs_review, paper.review_reasons) == (Verdict.NEEDS_REVIEW, True, ("pages-failed",))
    assert bench.read(TEXT).decode() == "trang 1\f\ftrang 3"
    assert bench.watcher.done[1].reason == "page-unreadable"


def test_a_page_the_engine_fails_on_is_not_tried_again(bench: Bench) -> None:
    def fail_on_two(number: int) -> None:
        bench.clock.advance(seconds=20)
        if number == 2:
            raise PageFailed(reason="page-timed-out")

    bench.engine = FakeEngine(fail_on_two)
    assert isinstance(bench.digitise(seconds=30), Remainder)
    paper = digitised(bench.digitise()).paper
    assert bench.engine.read == [1, 2, 3]
    assert paper.pages[1].reason == "page-timed-out"


def test_past_a_share_of_failed_pages_the_paper_fails(bench: Bench) -> None:
    bench.pages = FakePages(3, failing={1: "x", 2: "x"})
    assert bench.digitise() == Failed("too-many-pages-failed")
    assert FACTS not in bench.names()
    bench.pages = FakePages(4, failing={1: "x", 2: "x"})
    digitised(bench.digitise())


def test_a_page_read_badly_asks_for_review(bench: Bench) -> None:
    bench.engine = FakeEngine(confidence=59)
    paper = digitised(bench.digitise()).paper
    assert (paper.needs_review, paper.review_reasons) == (True, ("low-confidence",))


def test_an_original_that_is_not_there_fails_the_paper(bench: Bench) -> None:
    bench.store.delete(bench.work.dossier_id, original_name(bench.work.paper_id))
    assert bench.digitise() == Failed("original-missing")


@pytest.mark.parametrize("reason", ["corrupt", "encrypted", "unsupported-type", "too-many-pages"])
def test_an_unfit_paper_fails_with_its_reason(reason: str, bench: Bench) -> None:
    bench.pages = UnfitPaper(reason=reason)
    assert bench.digitise() == Failed(reason)


@pytest.mark.parametrize("threads", [1, 2])
def test_wherever_the_store_goes_away_nothing_is_lost_or_done_by_halves(threads: int, bench: Bench) -> None:
    bench.store = DyingStore(calls=10_000)
    bench.hand_in()
    calls = outages = 0
    while True:
        bench.store.calls = calls
        try:
            outcome = bench.digitiser(threads=threads).digitise(bench.work)
        except StoreUnavailable:
            outages += 1
            calls += 1
            bench.store.calls = 10_000
            finished = bench.digitiser().finished(bench.work)
            assert finished is None or bench.read(DOCUMENT)
            continue
        break
    assert outages > 5
    bench.store.calls = 10_000
    assert digitised(outcome) == bench.digitiser().finished(bench.work)
    assert bench.read(TEXT).decode() == "trang 1\ftrang 2\ftrang 3"


def test_threads_share_the_work_and_keep_the_order(bench: Bench) -> None:
    bench.pages = FakePages(20)
    outcome = bench.digitiser(threads=4).digitise(bench.work)
    assert [page.number for page in digitised(outcome).paper.pages] == list(range(1, 21))
    assert sorted(bench.engine.read) == list(range(1, 21))
    assert bench.read(TEXT).decode().split("\f") == [f"trang {n}" for n in range(1, 21)]


def test_a_bug_is_not_mistaken_for_a_failed_page(bench: Bench) -> None:
    def break_down(_: int) -> None:
        raise ZeroDivisionError

    bench.engine = FakeEngine(break_down)
    with pytest.raises(ZeroDivisionError):
        bench.digitise()


def redone(bench: Bench, page: int, *, revision: int = 1, base: str | None = None) -> PaperWork:
    base_version = base or bench.digitiser().version(bench.work)
    redo = Redo(base_version=base_version, revision=revision, page=page, rotation=180)
    return bench.work.model_copy(update={"redo": redo})


def test_a_page_read_again_makes_a_new_version_beside_the_old(bench: Bench) -> None:
    first = digitised(bench.digitise()).paper
    before = {name: bench.read(name) for name in bench.names()}
    bench.work = redone(bench, 2)
    second = digitised(bench.digitise()).paper
    assert bench.engine.read == [1, 2, 3, 2]
    assert bench.read(TEXT).decode() == "trang 1\flại 2 180\ftrang 3"
    assert (second.revision, second.pipeline.version) == (1, f"{first.pipeline.version}-r1")
    assert bench.names() == set(before)
    bench.work = bench.work.model_copy(update={"redo": None})
    assert {name: bench.read(name) for name in bench.names()} == before


def test_another_redo_stands_on_the_one_before(bench: Bench) -> None:
    digitised(bench.digitise())
    bench.work = redone(bench, 2)
    once = digitised(bench.digitise()).paper.pipeline.version
    bench.work = redone(bench, 3, revision=2, base=once)
    digitised(bench.digitise())
    assert bench.read(TEXT).decode() == "trang 1\flại 2 180\flại 3 180"


def test_two_redos_asked_for_at_once_do_not_undo_each_other(bench: Bench) -> None:
    digitised(bench.digitise())
    first, second = redone(bench, 2), redone(bench, 3, revision=2)
    for bench.work in (first, second):
        digitised(bench.digitise())
    assert bench.read(TEXT).decode() == "trang 1\flại 2 180\flại 3 180"


def test_a_redo_that_was_cut_short_is_done_whole_the_next_time(bench: Bench) -> None:
    bench.store = DyingStore(calls=10_000)
    bench.hand_in()
    digitised(bench.digitise())
    bench.work = redone(bench, 2)
    for calls in range(3, 30):
        bench.store.calls = calls
        with suppress(StoreUnavailable):
            bench.digitise()
    bench.store.calls = 10_000
    digitised(bench.digitise())
    assert bench.read(TEXT).decode() == "trang 1\flại 2 180\ftrang 3"


def test_a_redo_of_a_version_that_is_not_there_reads_all_pages(bench: Bench) -> None:
    bench.work = redone(bench, 2)
    digitised(bench.digitise())
    assert bench.read(TEXT).decode() == "trang 1\flại 2 180\ftrang 3"


def test_of_a_secret_paper_nothing_derived_is_kept(bench: Bench) -> None:
    def find_a_mark(number: int) -> None:
        if number == 3:
            raise UnfitPaper(reason=SECRET)

    digitised(bench.digitise())
    bench.work = redone(bench, 3)
    bench.engine = FakeEngine(find_a_mark)
    assert bench.digitise() == Failed("secret")
    assert bench.engine.read == [3]
    assert [facts.name for facts in bench.store.list()] == [original_name(bench.work.paper_id)]


def test_a_broken_checkpoint_tells_nothing_of_the_page(bench: Bench) -> None:
    digitised(bench.digitise())
    version = bench.digitiser().version(bench.work)
    name = derived_name(bench.work.paper_id, version, "pages/00001.json")
    content = b'{"page": 1, "text": "Nguyen Van A"}'
    bench.store.put(bench.work.dossier_id, name, BytesIO(content), size_bytes=len(content), media_type="a/b")
    with pytest.raises(ValueError, match="Checkpoint") as failure:
        bench.digitise()
    assert "Nguyen" not in str(failure.value)
