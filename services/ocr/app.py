"""Where a lane's worker is put together; nothing connects at import."""

import asyncio
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import NoReturn

from prometheus_client import CollectorRegistry

from services.ocr import worker
from services.ocr.assemble import build_digitiser, children_of
from services.ocr.attempts import Attempts
from services.ocr.children import Children
from services.ocr.equipment import check_equipment
from services.ocr.handle import Handler
from services.ocr.metrics import LaneCollector, OcrMetrics
from services.ocr.outbox import Outbox
from services.ocr.scratch import Scratch
from services.ocr.settings import OcrSettings
from shared.clock import SystemClock
from shared.configuration import refused
from shared.failure import FailurePolicy
from shared.health import Health
from shared.kafka import KafkaLog
from shared.logs import configure
from shared.ops import ops_app, serve
from shared.settings import KafkaSettings, OpsSettings, StoreSettings
from shared.stores import open_store

# papers waiting for their pages hold a thread each; a worker is given fewer partitions than this
_PAPERS_AT_ONCE = 64
# what a call may take beside its slice, its longest page, judging and composing: storing what was made
_STORE_SECONDS = 20


def run_worker() -> int:
    """Serve the lane of the settings until told to stop, and return the exit code: 2 where a setting is wrong."""
    if (code := refused(OcrSettings, check_equipment)) is not None:
        return code
    settings = OcrSettings()
    configure(f"ocr-{settings.lane}", OpsSettings().log_level)
    os.nice(settings.niceness)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(_PAPERS_AT_ONCE, thread_name_prefix="paper"))
    with closing(Scratch(settings.work_directory)) as scratch, closing(children_of(settings)) as children:
        return _Worker(settings, scratch, children).run(loop)


def _leave(*_: object) -> NoReturn:
    sys.exit(0)


class _Worker:
    """A worker of one lane."""

    def __init__(self, settings: OcrSettings, scratch: Scratch, children: Children) -> None:
        self._settings = settings
        self._children = children
        self._broker = KafkaLog(KafkaSettings())
        self._registry = CollectorRegistry()
        self._health = Health(self._alive)
        self._policy = FailurePolicy(self._health)
        work_seconds = settings.slice_seconds + settings.page_timeout_seconds + 2 * settings.file_timeout_seconds
        self._faust = worker.build(
            settings.lane,
            KafkaSettings(),
            self._handler(scratch).handle,
            data_folder=scratch.folder / "faust",
            longest_call_seconds=work_seconds + _STORE_SECONDS,
        )
        self._watchdog = worker.watch(self._faust)
        self._registry.register(LaneCollector(settings.lane, partial(worker.standing, self._faust)))

    def _alive(self) -> bool:
        return self._watchdog.alive()

    def _handler(self, scratch: Scratch) -> Handler:
        settings, clock, store = self._settings, SystemClock(), open_store(StoreSettings())
        metrics = OcrMetrics(self._registry, settings.lane)
        digitiser = build_digitiser(
            settings, store, scratch=scratch, clock=clock, observer=metrics, children=self._children
        )
        return Handler(
            digitiser=digitiser,
            attempts=Attempts(store, digitiser.version),
            outbox=Outbox(self._broker, self._policy, self._health),
            policy=self._policy,
            clock=clock,
            metrics=metrics,
            slice_seconds=settings.slice_seconds,
            attempts_limit=settings.attempts_limit,
        )

    def run(self, loop: asyncio.AbstractEventLoop) -> int:
        """Wait for the broker, then serve."""
        threading.Thread(target=self._serve_ops, name="ops", daemon=True).start()
        self._health.troubled("lane", "starting")
        signal.signal(signal.SIGTERM, _leave)  # nothing is under way yet; Faust takes over below
        loop.run_until_complete(self._policy.persist("log", self._broker.declare_topics))
        self._watchdog.start()
        return worker.run(self._faust, loop, on_started=lambda: self._health.recovered("lane"))

    def _serve_ops(self) -> None:
        """Serve the second port on a loop of its own, which no work can hold up."""
        app = ops_app(f"ocr-{self._settings.lane}", self._health, self._registry)
        try:
            asyncio.run(serve(app, host=self._settings.ops_host, port=self._settings.port))
        finally:  # a worker nobody can look into is not run: its port is taken
            os._exit(1)
