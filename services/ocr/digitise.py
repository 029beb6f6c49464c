"""Digitising a paper: its original in the store becomes a searchable document beside it.

The work is done page by page, each kept in the store as soon as it is done, so that whoever comes
after a killed worker, or takes over the remainder of a long paper, begins where it ended.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Protocol

from services.ocr import facts
from services.ocr.extract import extract
from services.ocr.facts import Checkpoint, PageFacts, PaperFacts, Pipeline, Route, Source, Verdict
from services.ocr.fields import Field, Fields
from services.ocr.findings import checkpoint_of
from services.ocr.hocr import parse, written
from services.ocr.job import Job
from services.ocr.layout import page_of
from services.ocr.page_engine import PageEngine
from services.ocr.page_pool import PagePool
from services.ocr.pages import PageFailed, PageSource, UnfitPaper
from services.ocr.pdf.compose import compose
from services.ocr.pdf.plans import DocumentFacts, PagePlan
from services.ocr.required import USUAL, Demands, to_review
from services.ocr.version import version_of
from shared.clock import Clock
from shared.errors import ObjectMissing
from shared.events import PaperWork
from shared.object_store import DOCUMENT, FACTS, TEXT, ObjectStore, derived_name

_PAGE_BREAK = "\f"
_USUAL_DPI = 200.0


@dataclass(frozen=True)
class Digitised:
    """The document is in the store."""

    paper: PaperFacts


@dataclass(frozen=True)
class Failed:
    """The paper cannot be digitised, now or later."""

    reason: str


@dataclass(frozen=True)
class Remainder:
    """The time of this slice is over; the rest of the paper is still to be done."""

    work: PaperWork


Outcome = Digitised | Failed | Remainder


class Observer(Protocol):
    """Sees the work as it goes on."""

    def opened(self, pages: int) -> None:
        """See that so many pages of a paper are left to be done."""

    def page_done(self, page: PageFacts) -> None:
        """See that a page was recognised or failed; called from several threads."""


@dataclass(frozen=True)
class Rules:
    """What is still good enough."""

    failed_share_limit: float
    review_confidence: float
    demands: Demands = USUAL


class Digitiser:
    """Digitises papers with one version of the pipeline; safe to use from several threads."""

    def __init__(
        self,
        *,
        store: ObjectStore,
        open_pages: Callable[[Path], PageSource],
        engine: PageEngine,
        pool: PagePool,
        job_folder: Callable[[], AbstractContextManager[Path]],
        clock: Clock,
        rules: Rules,
        observer: Observer,
    ) -> None:
        self._store = store
        self._open_pages = open_pages
        self._engine = engine
        self._pool = pool
        self._job_folder = job_folder
        self._clock = clock
        self._rules = rules
        self._observer = observer
        self.version = version_of(engine.facts)

    def finished(self, work: PaperWork) -> Digitised | None:
        """Return the outcome of a paper this version has digitised before."""
        try:
            content = self._store.read(work.dossier_id, derived_name(work.paper_id, self.version, FACTS))
        except ObjectMissing:
            return None
        return Digitised(PaperFacts.model_validate_json(content))

    def digitise(self, work: PaperWork, until: datetime | None = None) -> Outcome:
        """Digitise a paper, or what of it can be done before ``until``.

        Raises what the store raises; what was done until then is kept.
        """
        with self._job_folder() as folder:
            job = Job(self._store, work, self.version, folder)
            try:
                return self._do(job, until)
            except UnfitPaper as error:
                return Failed(error.reason)

    def _do(self, job: Job, until: datetime | None) -> Outcome:
        source_facts = job.fetch_original()
        source = self._open_pages(job.original)
        if not self._recognise(job, source, until):
            return Remainder(job.work.model_copy(update={"slice": job.work.slice + 1}))
        checkpoints = [job.checkpoint(number) for number in range(1, source.count + 1)]
        pages = [checkpoint.page for checkpoint in checkpoints]
        if facts.count_failed(pages) > self._rules.failed_share_limit * source.count:
            return Failed("too-many-pages-failed")
        document_bytes = job.put_file(DOCUMENT, self._document(job, source, pages), "application/pdf")
        text = _PAGE_BREAK.join(checkpoint.text for checkpoint in checkpoints)
        job.put(TEXT, text.encode(), "text/plain; charset=utf-8")
        source_facts = source_facts.model_copy(update={"media_type": source.media_type})
        paper = self._paper(source_facts, checkpoints, _fields(job, pages), document_bytes=document_bytes)
        job.put(FACTS, paper.model_dump_json().encode(), "application/json")
        return Digitised(paper)

    def _recognise(self, job: Job, source: PageSource, until: datetime | None) -> bool:
        """Do the pages that are not done; return whether all are."""
        numbers = [n for n in range(1, source.count + 1) if n not in job.done]
        self._observer.opened(len(numbers))
        pages = (partial(self._page, job, source, number) for number in numbers)
        done = 0
        for page in self._pool.run(pages, go_on=lambda: until is None or self._clock.now() < until):
            self._observer.page_done(page)
            done += 1
        return done == len(numbers)

    def _page(self, job: Job, source: PageSource, number: int) -> PageFacts:
        begin = monotonic()
        try:
            checkpoint, hocr = self._read(job, source, number)
        except PageFailed as error:
            page = facts.failed_page(number, error.reason, seconds=monotonic() - begin)
            checkpoint, hocr = Checkpoint(page=page), None
        job.keep_page(checkpoint, hocr)
        return checkpoint.page

    def _read(self, job: Job, source: PageSource, number: int) -> tuple[Checkpoint, bytes]:
        begin = monotonic()
        read, dpi = self._engine.recognise(source.picture(number), job.folder)
        hocr = written(read.layout, engine=self._engine.facts.name)
        return checkpoint_of(number, read, dpi=dpi, seconds=monotonic() - begin), hocr

    def _document(self, job: Job, source: PageSource, pages: Sequence[PageFacts]) -> Path:
        target = job.folder / DOCUMENT
        facts_of_document = DocumentFacts(title="", producer=f"hoso {self.version}")
        compose(source.as_pdf(job.folder), [_plan(job, page) for page in pages], target, facts=facts_of_document)
        return target

    def _paper(
        self, source: Source, checkpoints: Sequence[Checkpoint], fields: Fields, *, document_bytes: int
    ) -> PaperFacts:
        pages = tuple(checkpoint.page for checkpoint in checkpoints)
        doubtful = to_review(fields, self._rules.demands)
        reasons = facts.review_reasons(pages, least_confidence=self._rules.review_confidence, doubtful=doubtful)
        return PaperFacts(
            source=source,
            verdict=Verdict.NEEDS_REVIEW if reasons else Verdict.DIGITISED,
            reasons=reasons,
            pages=pages,
            document_bytes=document_bytes,
            tables=tuple(table for checkpoint in checkpoints for table in checkpoint.tables),
            fields=fields,
            review_fields=doubtful,
            needs_review=bool(reasons),
            pipeline=Pipeline.of(self.version, self._engine.facts),
        )


def _plan(job: Job, page: PageFacts) -> PagePlan:
    if page.route is Route.FAILED:
        return PagePlan()
    return PagePlan(parse(job.hocr(page.number)), page.rotation, page.skew_degrees)


def _fields(job: Job, pages: Sequence[PageFacts]) -> Fields:
    read = [page for page in pages if page.route is not Route.FAILED]
    fields = extract([page_of(page.number, parse(job.hocr(page.number)), page.dpi or _USUAL_DPI) for page in read])
    return {**fields, "page_count": Field(len(pages), str(len(pages)), 1, None, 1)}
