"""The use case put together with its workshop in child processes."""

from services.ocr.child_workshop import ChildWorkshop
from services.ocr.children import Children
from services.ocr.digitise import Digitiser, Observer, Rules
from services.ocr.page_pool import PagePool
from services.ocr.scratch import Scratch
from services.ocr.settings import OcrSettings
from shared.clock import Clock
from shared.object_store import ObjectStore


def build_digitiser(
    settings: OcrSettings, store: ObjectStore, *, scratch: Scratch, clock: Clock, observer: Observer, children: Children
) -> Digitiser:
    """Return the use case on children that the caller closes."""
    return Digitiser(
        store=store,
        workshop=ChildWorkshop(settings, children),
        pool=PagePool(settings.page_threads),
        job_folder=scratch.job,
        clock=clock,
        rules=Rules(settings.failed_share_limit, settings.review_confidence, settings.demands),
        observer=observer,
    )


def children_of(settings: OcrSettings) -> Children:
    """Return as many children as pages are read at once; none is started yet."""
    return Children(settings.page_threads, memory_bytes=settings.child_memory_bytes)
