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
from typing import Any, Protocol

from services.ocr import facts
from services.ocr.facts import Checkpoint, PageFacts, PaperFacts, Pipeline, Route, Source, Verdict
from services.ocr.fields import Fields
from services.ocr.job import Job
from services.ocr.page_pool import PagePool
from services.ocr.pages import SECRET, PageFailed, UnfitPaper
from services.ocr.required import USUAL, Demands, to_review
from services.ocr.steps import Examined, Workshop
from services.ocr.version import version_of
from shared.clock import Clock
from shared.errors import ObjectMissing
from shared.events import PaperWork, Redo
from shared.object_store import DOCUMENT, FACTS, TEXT, ObjectStore, derived_name

_PAGE_BREAK = "\f"


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
        workshop: Workshop,
        pool: PagePool,
        job_folder: Callable[[], AbstractContextManager[Path]],
        clock: Clock,
        rules: Rules,
        observer: Observer,
    ) -> None:
        self._store = store
        self._workshop = workshop
        self._pool = pool
        self._job_folder = job_folder
        self._clock = clock
        self._rules = rules
        self._observer = observer
        self._pipeline = version_of(workshop.facts)

    def version(self, work: PaperWork) -> str:
        """Return the version of the document that this work makes: each redo of a page is one of its own."""
        return f"{self._pipeline}-r{work.redo.revision}" if work.redo else self._pipeline

    def finished(self, work: PaperWork) -> Digitised | None:
        """Return the outcome of a paper this version has digitised before."""
        try:
            content = self._store.read(work.dossier_id, derived_name(work.paper_id, self.version(work), FACTS))
        except ObjectMissing:
            return None
        return Digitised(PaperFacts.model_validate_json(content))

    def digitise(self, work: PaperWork, until: datetime | None = None) -> Outcome:
        """Digitise a paper, or what of it can be done before ``until``.

        Raises what the store raises; what was done until then is kept.
        """
        with self._job_folder() as folder:
            job = Job(self._store, work, self.version(work), folder)
            try:
                return self._do(job, until)
            except (UnfitPaper, PageFailed) as error:
                if error.reason == SECRET:
                    job.discard()
                return Failed(error.reason)

    def _do(self, job: Job, until: datetime | None) -> Outcome:
        source = job.fetch_original()
        paper = self._workshop.examine(job.original, job.folder)
        if job.work.redo:
            job.adopt_pages(self._base(job.work, job.work.redo), but=job.work.redo.page)
        if not self._read_pages(job, paper, until):
            return Remainder(job.work.model_copy(update={"slice": job.work.slice + 1}))
        checkpoints = [job.checkpoint(number) for number in range(1, paper.count + 1)]
        pages = [checkpoint.page for checkpoint in checkpoints]
        if facts.count_failed(pages) > self._rules.failed_share_limit * paper.count:
            return Failed("too-many-pages-failed")
        return Digitised(self._finish(job, paper, source, checkpoints))

    def _base(self, work: PaperWork, redo: Redo) -> str:
        """Return the version a redo stands on: an earlier redo that was asked for in the meantime, or the one named."""
        root = redo.base_version.partition("-r")[0]
        earlier = (f"{root}-r{revision}" for revision in range(redo.revision - 1, 0, -1))
        names = ((version, derived_name(work.paper_id, version, FACTS)) for version in earlier)
        return next((version for version, name in names if self._store.stat(work.dossier_id, name)), redo.base_version)

    def _read_pages(self, job: Job, paper: Examined, until: datetime | None) -> bool:
        """Do the pages that are not done; return whether all are."""
        numbers = [n for n in range(1, paper.count + 1) if n not in job.done]
        self._observer.opened(len(numbers))
        pages = (partial(self._page, job, paper, number) for number in numbers)
        done = 0
        for page in self._pool.run(pages, go_on=lambda: until is None or self._clock.now() < until):
            self._observer.page_done(page)
            done += 1
        return done == len(numbers)

    def _page(self, job: Job, paper: Examined, number: int) -> PageFacts:
        begin = monotonic()
        redo = job.work.redo if job.work.redo and job.work.redo.page == number else None
        try:
            checkpoint = self._workshop.read(paper, number, job.folder, redo)
        except PageFailed as error:
            checkpoint = Checkpoint(page=facts.failed_page(number, error.reason, seconds=monotonic() - begin))
        job.keep_page(checkpoint)
        return checkpoint.page

    def _finish(self, job: Job, paper: Examined, source: Source, checkpoints: Sequence[Checkpoint]) -> PaperFacts:
        """Store what is made of the whole paper; its facts come last, because they say that the rest is there."""
        pages = [checkpoint.page for checkpoint in checkpoints]
        for page in pages:
            if page.route is not Route.FAILED:
                job.fetch_layout(page.number)
        fields = self._workshop.describe(pages, job.folder)
        for page in pages:
            job.keep_words(page.number)
        composed = self._workshop.compose(paper, pages, fields or {}, job.folder)
        size = job.put_file(DOCUMENT, composed.document, "application/pdf") if composed.document else 0
        text = _PAGE_BREAK.join(checkpoint.text for checkpoint in checkpoints)
        job.put(TEXT, text.encode(), "text/plain; charset=utf-8")
        whole = PaperFacts(
            source=source.model_copy(update={"media_type": paper.media_type}),
            pages=tuple(pages),
            document_bytes=size,
            tables=tuple(table for checkpoint in checkpoints for table in checkpoint.tables),
            reasons=paper.reasons,
            signatures=paper.signatures,
            pdfa=composed.pdfa,
            document_note=composed.note,
            fields=fields or {},
            revision=job.work.redo.revision if job.work.redo else 0,
            pipeline=Pipeline.of(job.version, self._workshop.facts),
            **self._verdict(pages, fields),
        )
        job.put(FACTS, whole.model_dump_json().encode(), "application/json")
        return whole

    def _verdict(self, pages: Sequence[PageFacts], fields: Fields | None) -> dict[str, Any]:
        doubtful = to_review(fields or {}, self._rules.demands)
        reasons = facts.review_reasons(pages, least_confidence=self._rules.review_confidence, doubtful=doubtful)
        if fields is None:
            reasons = (*reasons, "fields-unread")
        verdict = Verdict.NEEDS_REVIEW if reasons else Verdict.DIGITISED
        told = {"review_reasons": reasons, "review_fields": doubtful}
        return {"verdict": verdict, "needs_review": bool(reasons), **told}
