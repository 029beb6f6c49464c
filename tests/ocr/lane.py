"""A lane seen from outside: papers are handed in as intake does, and what comes of them is read as subscribers do."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pikepdf

from shared.clock import SystemClock
from shared.errors import Undecodable
from shared.events import Event, PaperDigitised, PaperWork, decode, encode
from shared.kafka import KafkaLog
from shared.log import Message, Record
from shared.object_store import ObjectStore, original_name
from shared.settings import KafkaSettings
from shared.topics import DEAD_LETTERS, DOSSIERS, LANES, Lane

SPECIMENS = Path(__file__).parents[2] / "deploy" / "demo" / "specimens"
ONE_PAGE = SPECIMENS / "giay-xac-nhan-215.png"
THREE_PAGES = SPECIMENS / "quyet-dinh-457.pdf"


def long_pdf(target: Path, pages: int) -> Path:
    """Write a PDF of so many pages of printed text."""
    with pikepdf.open(THREE_PAGES) as specimen, pikepdf.new() as pdf:
        while len(pdf.pages) < pages:
            pdf.pages.append(specimen.pages[len(pdf.pages) % len(specimen.pages)])
        pdf.save(target)
    return target


class Counter:
    """Hands papers in to one lane and reads what comes of them."""

    def __init__(self, store: ObjectStore, bootstrap_servers: str, *, declare_topics: bool, lane: Lane) -> None:
        self.store = store
        self._lane = lane
        self._settings = KafkaSettings(bootstrap_servers=bootstrap_servers, declare_topics=declare_topics, partitions=4)

    def hand_in(self, *contents: bytes) -> list[PaperWork]:
        """Store originals and announce them as work."""
        works = [self._stored(content) for content in contents]
        self.publish([encode(_event(work), LANES[self._lane].name) for work in works])
        return works

    def _stored(self, content: bytes) -> PaperWork:
        work = PaperWork(
            paper_id=uuid4(), dossier_id=uuid4(), lane=self._lane, media_type="a/b", size_bytes=len(content)
        )
        name = original_name(work.paper_id)
        self.store.put(work.dossier_id, name, BytesIO(content), size_bytes=len(content), media_type="a/b")
        return work

    def publish(self, messages: Sequence[Message]) -> None:
        """Publish whatever it is."""

        async def send() -> None:
            log = KafkaLog(self._settings)
            await log.declare_topics()
            publisher = await log.publisher()
            await publisher.publish(messages)
            await publisher.close()

        asyncio.run(send())

    def records(
        self, topics: Sequence[str], enough: Callable[[list[Record]], bool], *, timeout_seconds: float
    ) -> list[Record]:
        """Return all that topics hold as soon as that is enough, or at the deadline."""

        async def read() -> list[Record]:
            reader = await KafkaLog(self._settings).reader(topics, {})
            found: list[Record] = []
            deadline = time.monotonic() + timeout_seconds
            while not enough(found) and time.monotonic() < deadline:
                found += await reader.read(max_records=500, timeout_seconds=0.5)
            await reader.close()
            return found

        return asyncio.run(read())

    def digitised(self, works: Sequence[PaperWork], *, timeout_seconds: float) -> dict[UUID, PaperDigitised]:
        """Return what was announced of these papers as soon as all are digitised, or at the deadline."""
        wanted = {work.paper_id for work in works}

        def enough(records: list[Record]) -> bool:
            return wanted <= digitised_in(records).keys()

        records = self.records([DOSSIERS.name], enough, timeout_seconds=timeout_seconds)
        return {paper: data for paper, data in digitised_in(records).items() if paper in wanted}

    def dead_letters(self, count: int, *, timeout_seconds: float) -> list[Record]:
        """Return the dead letters as soon as there are so many."""
        return self.records([DEAD_LETTERS.name], lambda found: len(found) >= count, timeout_seconds=timeout_seconds)

    def checkpoints(self, work: PaperWork) -> dict[str, object]:
        """Return the pages done of a paper, each with the moment it was done."""
        return {
            o.name: o.modified_at
            for o in self.store.list(work.dossier_id)
            if o.name.endswith(".json") and not o.name.endswith(".words.json") and "/pages/" in o.name
        }


def digitised_in(records: Sequence[Record]) -> dict[UUID, PaperDigitised]:
    """Return the digitised papers among records."""
    found = {}
    for record in records:
        event = None
        with suppress(Undecodable):  # of tests that share the broker
            event = decode(record)
        if event is not None and isinstance(event.data, PaperDigitised):
            found[event.data.paper_id] = event.data
    return found


def _event(work: PaperWork) -> Event:
    return Event(
        id=uuid4(),
        source="/hoso/intake",
        subject=str(work.paper_id),
        time=SystemClock().now(),
        data=work,
        key=str(work.paper_id),
        correlation_id=uuid4().hex,
    )
