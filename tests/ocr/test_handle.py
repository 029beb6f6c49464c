"""Every message of a lane ends in exactly one way, acknowledged, whatever fails on the way."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from services.ocr.attempts import Attempts
from services.ocr.digitise import Digitiser, Rules
from services.ocr.handle import Handler
from services.ocr.metrics import OcrMetrics
from services.ocr.outbox import Outbox
from services.ocr.page_pool import PagePool
from services.ocr.pages import UnfitPaper
from services.ocr.scratch import Scratch
from shared.events import Event, PaperDigitised, PaperFailed, PaperWork, Unit, decode, encode
from shared.failure import Backoff, FailurePolicy
from shared.health import Health
from shared.log import Message, Record
from shared.object_store import original_name
from shared.topics import DEAD_LETTERS, DOSSIERS, EXPRESS, Lane
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.log import AwayLog, FakeLog, LateLog
from tests.fakes.ocr import FakeEngine, FakePages, fake_workshop
from tests.fakes.store import AwayStore, FakeStore

SLICE_SECONDS, ATTEMPTS_LIMIT = 30, 3
CORRELATION = "c0ffee"
BLINK = Backoff(first_seconds=0.001, most_seconds=0.001)


class Bench:
    """A handler on fakes."""

    def __init__(self, folder: Path, store: FakeStore, log: FakeLog) -> None:
        self.store, self.log = store, log
        self.clock = FakeClock()
        self.engine = FakeEngine()
        self.scratch = Scratch(folder)
        self.pages: FakePages | UnfitPaper = FakePages(2)
        self.health = Health()
        self.registry = CollectorRegistry()
        self._metrics = OcrMetrics(self.registry, Lane.EXPRESS)
        self.work = PaperWork(paper_id=uuid4(), dossier_id=uuid4(), lane=Lane.EXPRESS, media_type="a/b", size_bytes=1)

    def hand_in(self) -> None:
        name = original_name(self.work.paper_id)
        self.store.put(self.work.dossier_id, name, BytesIO(b"x"), size_bytes=1, media_type="a/b")

    def _open(self, _: Path) -> FakePages:
        if isinstance(self.pages, UnfitPaper):
            raise self.pages
        return self.pages

    def _digitiser(self) -> Digitiser:
        return Digitiser(
            store=self.store,
            workshop=fake_workshop(self._open, self.engine),
            pool=PagePool(1),
            job_folder=self.scratch.job,
            clock=self.clock,
            rules=Rules(failed_share_limit=0.5, review_confidence=60),
            observer=self._metrics,
        )

    @property
    def version(self) -> str:
        return self._digitiser().version(self.work)

    def handler(self) -> Handler:
        digitiser = self._digitiser()
        policy = FailurePolicy(self.health, BLINK)
        return Handler(
            digitiser=digitiser,
            attempts=Attempts(self.store, digitiser.version),
            outbox=Outbox(self.log, policy, self.health),
            policy=policy,
            clock=self.clock,
            metrics=self._metrics,
            slice_seconds=SLICE_SECONDS,
            attempts_limit=ATTEMPTS_LIMIT,
        )

    def record(self, work: PaperWork | None = None) -> Record:
        """Return the paper's work as the lane delivers it."""
        work = work or self.work
        event = Event(
            id=uuid4(),
            source="/hoso/intake",
            subject=str(work.paper_id),
            time=NOON,
            data=work,
            key=str(work.paper_id),
            correlation_id=CORRELATION,
        )
        return delivered(encode(event, EXPRESS.name))

    def handle(self, record: Record | None = None) -> None:
        asyncio.run(self.handler().handle(record or self.record()))

    def events(self) -> list[Event]:
        """Return what was published on the dossiers' topic."""
        found = [decode(record) for record in self.log.records(DOSSIERS.name)]
        return [event for event in found if event is not None]

    def counted(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, {"lane": "express", **labels})

    def attempts_kept(self) -> list[str]:
        return [o.name for o in self.store.list() if "attempts" in o.name]


def delivered(message: Message) -> Record:
    return Record(message.topic, message.key, message.value, message.headers, partition=2, offset=7)


Make = Callable[[FakeStore, FakeLog], Bench]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make a bench with a paper handed in."""
    with ExitStack() as made:

        def bench(store: FakeStore, log: FakeLog) -> Bench:
            bench = Bench(tmp_path, store, log)
            made.callback(bench.scratch.close)
            bench.hand_in()
            return bench

        yield bench


@pytest.fixture
def bench(make: Make) -> Bench:
    return make(FakeStore(), FakeLog())


def test_a_digitised_paper_is_announced_under_its_dossier(bench: Bench) -> None:
    bench.handle()
    (event,) = bench.events()
    assert isinstance(event.data, PaperDigitised)
    assert (event.data.paper_id, event.data.version, event.data.pages) == (bench.work.paper_id, bench.version, 2)
    assert (event.key, event.sequence, event.source) == (str(bench.work.dossier_id), None, "/hoso/ocr")
    assert event.correlation_id == CORRELATION
    assert bench.counted("hoso_ocr_papers_total", outcome="digitised") == 1
    assert bench.counted("hoso_ocr_pages_total", result="recognised") == 2
    assert bench.counted("hoso_ocr_page_seconds_count") == 2


def test_the_same_work_again_is_the_same_event_without_work(bench: Bench) -> None:
    bench.handle()
    bench.clock.advance(seconds=60)
    for _ in range(2 * ATTEMPTS_LIMIT):  # the embedded broker delivers it again with every start
        bench.handle()
    first, *others = bench.events()
    assert {event.id for event in others} == {first.id}
    assert all(event.data == first.data for event in others)
    assert bench.engine.read == [1, 2]


def test_a_remainder_goes_to_the_end_of_the_same_lane_and_is_carried_on(bench: Bench) -> None:
    bench.engine = FakeEngine(lambda _: bench.clock.advance(seconds=40))
    bench.handle()
    (rest,) = bench.log.records(EXPRESS.name)
    event = decode(rest)
    assert event is not None
    assert event.data == bench.work.model_copy(update={"slice": 1})
    assert (rest.key, event.correlation_id) == (bench.record().key, CORRELATION)
    assert bench.events() == []
    bench.handle(rest)
    assert [type(event.data) for event in bench.events()] == [PaperDigitised]
    assert bench.counted("hoso_ocr_papers_total", outcome="remainder") == 1


def test_remainders_of_the_same_slice_are_the_same_event(bench: Bench) -> None:
    bench.engine = FakeEngine(lambda _: bench.clock.advance(seconds=40))
    bench.pages = FakePages(9)
    bench.handle()
    bench.handle()
    ids = {decoded.id for r in bench.log.records(EXPRESS.name) if (decoded := decode(r))}
    assert len(ids) == 1


@pytest.mark.parametrize(
    "message",
    [
        Message(EXPRESS.name, b"k", b"garbage"),
        Message(EXPRESS.name, b"k", b"{}", (("ce_type", b"vn.hoso.paper.work.v1"),)),
        Message(EXPRESS.name, b"", b"", (("ce_type", b"vn.somebody.else.v1"),)),
    ],
)
def test_what_is_no_work_becomes_a_dead_letter_as_it_came(message: Message, bench: Bench) -> None:
    bench.handle(delivered(message))
    (letter,) = bench.log.records(DEAD_LETTERS.name)
    assert (letter.key, letter.value) == (message.key, message.value)
    assert letter.headers[: len(message.headers)] == message.headers
    assert dict(letter.headers[len(message.headers) :]) == {
        "hoso_origin_topic": b"hoso.papers.express",
        "hoso_origin_partition": b"2",
        "hoso_origin_offset": b"7",
        "hoso_reason": b"undecodable",
        "hoso_attempts": b"1",
        "hoso_dead_at": bench.clock.now().isoformat().encode(),
    }
    assert bench.events() == []


def test_an_event_of_another_type_is_no_work(bench: Bench) -> None:
    unit = Unit(code="a", name="b", kind="c", valid_from="2026-01-01", source="d")
    event = Event(id=uuid4(), source="/x", subject="y", time=NOON, data=unit, key="z")
    bench.handle(delivered(encode(event, EXPRESS.name)))
    assert len(bench.log.records(DEAD_LETTERS.name)) == 1


def test_a_paper_that_can_never_succeed_is_announced_and_laid_aside(bench: Bench) -> None:
    bench.pages = UnfitPaper(reason="corrupt")
    bench.handle()
    (event,) = bench.events()
    assert isinstance(event.data, PaperFailed)
    assert (event.data.reason, event.data.attempts) == ("corrupt", 1)
    assert (event.key, event.correlation_id) == (str(bench.work.dossier_id), CORRELATION)
    (letter,) = bench.log.records(DEAD_LETTERS.name)
    assert letter.value == bench.record().value
    assert dict(letter.headers)["hoso_reason"] == b"corrupt"
    assert bench.counted("hoso_ocr_dead_letters_total", reason="corrupt") == 1
    assert bench.counted("hoso_ocr_dead_letters_total", reason="encrypted") == 0


def test_a_bug_is_laid_aside_like_a_paper_that_can_never_succeed(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(_: int) -> None:
        raise ZeroDivisionError

    bench.engine = FakeEngine(break_down)
    bench.handle()
    (event,) = bench.events()
    assert isinstance(event.data, PaperFailed)
    assert event.data.reason == "unexpected-error"
    assert "ZeroDivisionError" in caplog.text


def test_reasons_nobody_wrote_a_text_for_are_one_label(bench: Bench) -> None:
    bench.pages = UnfitPaper(reason="Nguyễn-Thị-Canary")
    bench.handle()
    bench.handle(delivered(Message(EXPRESS.name, b"k", b"garbage")))
    assert bench.counted("hoso_ocr_dead_letters_total", reason="other") == 1
    assert bench.counted("hoso_ocr_dead_letters_total", reason="undecodable") == 1
    assert b"Canary" not in generate_latest(bench.registry)


class KilledError(BaseException):
    """Stands for the death of the process: nothing of ours catches it."""


def test_work_that_kills_its_worker_is_laid_aside_past_the_limit(bench: Bench) -> None:
    def kill(_: int) -> None:
        raise KilledError

    bench.engine = FakeEngine(kill)
    for _ in range(ATTEMPTS_LIMIT):
        with pytest.raises(KilledError):
            bench.handle()
    assert bench.events() == []
    bench.handle()
    (event,) = bench.events()
    assert isinstance(event.data, PaperFailed)
    assert (event.data.reason, event.data.attempts) == ("attempts-exhausted", ATTEMPTS_LIMIT + 1)
    assert dict(bench.log.records(DEAD_LETTERS.name)[0].headers)["hoso_attempts"] == b"4"
    assert bench.counted("hoso_ocr_repeated_attempts_total") == ATTEMPTS_LIMIT
    bench.engine = FakeEngine()  # replayed once the bug is mended, it has all its tries again
    bench.handle()
    assert isinstance(bench.events()[-1].data, PaperDigitised)


def test_work_that_ends_well_is_never_held_against_a_paper(bench: Bench) -> None:
    bench.engine = FakeEngine(lambda _: bench.clock.advance(seconds=40))
    bench.pages = FakePages(20)
    for _ in range(ATTEMPTS_LIMIT + 2):  # the same slice, announced again after each start
        bench.handle()
    assert bench.log.records(DEAD_LETTERS.name) == []
    assert bench.attempts_kept() == []


def test_with_the_store_away_for_a_while_the_work_waits_in_place(make: Make) -> None:
    store = AwayStore(failing=False)
    bench = make(store, FakeLog())
    store.failing = True

    async def scenario() -> None:
        handling = asyncio.create_task(bench.handler().handle(bench.record()))
        await until(lambda: not bench.health.ready())
        assert bench.health.troubles() == {"hoso.papers.express/2": "store-unavailable"}
        store.failing = False
        await handling

    asyncio.run(scenario())
    assert bench.health.ready()
    assert [type(event.data) for event in bench.events()] == [PaperDigitised]
    assert bench.log.records(EXPRESS.name) == []


def test_with_the_store_away_for_long_the_paper_goes_back_to_its_lane(make: Make) -> None:
    store = AwayStore(failing=False)
    bench = make(store, FakeLog())
    store.failing = True

    async def scenario() -> None:
        handling = asyncio.create_task(bench.handler().handle(bench.record()))
        await until(lambda: not bench.health.ready())
        assert bench.log.records(EXPRESS.name) == []
        bench.clock.advance(seconds=SLICE_SECONDS)
        await handling

    asyncio.run(scenario())
    (back,) = bench.log.records(EXPRESS.name)
    store.failing = False
    bench.handle(back)
    assert [type(event.data) for event in bench.events()] == [PaperDigitised]


def test_an_outage_in_the_middle_is_no_attempt(make: Make) -> None:
    store = AwayStore(failing=False)
    bench = make(store, FakeLog())
    outages = iter(range(3 * ATTEMPTS_LIMIT))

    def go_away(number: int) -> None:
        store.failing = number == 2 and next(outages, None) is not None

    bench.engine = FakeEngine(go_away)

    async def scenario() -> None:
        handling = asyncio.create_task(bench.handler().handle(bench.record()))
        while not handling.done():
            await asyncio.sleep(0.005)
            store.failing = False
        await handling

    asyncio.run(scenario())
    assert [type(event.data) for event in bench.events()] == [PaperDigitised]
    assert bench.counted("hoso_ocr_repeated_attempts_total") == 0


@pytest.mark.parametrize("kind", [AwayLog, LateLog])
def test_with_the_broker_away_the_outcome_waits(kind: type[AwayLog], make: Make) -> None:
    log = kind(failing=True)
    bench = make(FakeStore(), log)

    async def scenario() -> None:
        handling = asyncio.create_task(bench.handler().handle(bench.record()))
        await until(lambda: "log" in bench.health.troubles())
        assert not handling.done()
        log.failing = False
        await handling

    asyncio.run(scenario())
    assert len({event.id for event in bench.events()}) == 1
    assert bench.engine.read == [1, 2]


def test_nothing_that_leaves_the_worker_tells_anything_personal(bench: Bench) -> None:
    bench.handle()
    (record,) = bench.log.records(DOSSIERS.name)
    text = record.value.decode() + str(record.headers) + str([o.name for o in bench.store.list()])
    assert "trang" not in text  # what the fake engine reads
    UUID(json.loads(record.value)["paper_id"])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # of anything, told by nobody
            await asyncio.sleep(0.001)
