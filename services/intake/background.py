"""What intake does unasked, one replica at a time: announce, learn, count again, watch the hot folder, sweep."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from services.intake.dossiers import Act
from services.intake.hotfolder import Found, HotFolder, InboxUnavailable
from services.intake.metrics import Metrics
from services.intake.ports import Desk
from services.intake.recount import recount_some
from services.intake.refusals import FileRefused, Refusal
from services.intake.sweep import Swept, sweep
from services.intake.take_file import Taken, take_file
from shared.clock import Clock
from shared.errors import Unavailable
from shared.events import Actor
from shared.failure import Endless, Failure, attempt
from shared.lease import HeldLease
from shared.logs import new_correlation_id

LOOK_SECONDS = 1.0
log = logging.getLogger(__name__)


def while_leading(lease: HeldLease, work: Endless) -> Endless:
    """Return work that is done while we hold a lease; without it we stand by, which is fine too."""

    async def led(working: Callable[[], None]) -> None:
        while True:
            if await asyncio.to_thread(lease.renew):
                await _work_until_lost(lease, work, working)
            working()
            await asyncio.sleep(LOOK_SECONDS)

    return led


async def _work_until_lost(lease: HeldLease, work: Endless, working: Callable[[], None]) -> None:
    task = asyncio.ensure_future(work(working))
    try:
        while not task.done() and await asyncio.to_thread(lease.renew):
            await asyncio.wait([task], timeout=LOOK_SECONDS)
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.wait([task])
        with suppress(Unavailable):  # must not hide what ended us; the lease ends by itself
            await asyncio.to_thread(lease.release)


def probing(check: Callable[[], None]) -> Endless:
    """Return work that asks again and again whether something serves us."""

    async def probe(working: Callable[[], None]) -> None:
        while True:
            await asyncio.to_thread(check)
            working()
            await asyncio.sleep(LOOK_SECONDS)

    return probe


class HotFolderWatch:
    """Takes what settles in the hot folder."""

    def __init__(self, folder: HotFolder, desk: Desk, *, clock: Clock, metrics: Metrics, poll_seconds: float) -> None:
        self._folder = folder
        self._desk = desk
        self._clock = clock
        self._metrics = metrics
        self._poll_seconds = poll_seconds

    async def run(self, working: Callable[[], None]) -> None:
        """Watch until cancelled; raises what is away, and leaves the files where they are."""
        while True:
            await self.look()
            working()
            await asyncio.sleep(self._poll_seconds)

    async def look(self) -> None:
        """Take every file that settled; one that cannot be touched holds up no other."""
        await asyncio.to_thread(self._folder.prepare)
        trouble: InboxUnavailable | None = None
        for found in await asyncio.to_thread(self._folder.settled, self._clock.now()):
            try:
                await self._take_or_refuse(found)
            except InboxUnavailable as error:
                trouble = error
        if trouble is not None:
            raise trouble

    async def _take_or_refuse(self, found: Found) -> None:
        outcome = await attempt(lambda: asyncio.to_thread(self._take, found))
        if not isinstance(outcome, Failure):
            return
        if outcome.retriable:
            raise outcome.error
        refusal = Refusal.UNEXPECTED
        if isinstance(outcome.error, FileRefused):
            refusal = outcome.error.refusal
        else:
            log.error("a file of the hot folder met a bug", exc_info=outcome.error)
        await asyncio.to_thread(self._folder.refuse, found, refusal)
        self._metrics.refused([refusal])

    def _take(self, found: Found) -> None:
        actor = Actor(subject="hot-folder", role="system", counter=found.counter)
        act = Act(actor, self._clock.now(), new_correlation_id())
        with self._folder.opened(found) as file:
            taken = take_file(self._desk, file, act=act)
        log.info("a file of the hot folder was taken: %s", taken)
        if taken is not Taken.KNOWN:
            self._metrics.taken(found.lane, found.look[1], result=taken)
        self._folder.finish(found)


class Sweeper:
    """Sweeps from time to time."""

    def __init__(self, desk: Desk, *, clock: Clock, age: timedelta, keep_answers: timedelta, every: timedelta) -> None:
        self._desk = desk
        self._clock = clock
        self._age = age
        self._keep_answers = keep_answers
        self._every = every

    async def run(self, working: Callable[[], None]) -> None:
        """Sweep until cancelled, but leave it to a person when there are strangely many orphans."""
        while True:
            swept = await asyncio.to_thread(self.sweep, lambda swept: not swept.strange)
            if swept.strange:
                log.error("%d of %d objects have no owner: nothing was deleted", swept.orphans, swept.seen)
            await asyncio.to_thread(self._forget_answers)
            working()
            await asyncio.sleep(self._every.total_seconds())

    def sweep(self, may_delete: Callable[[Swept], bool]) -> Swept:
        """Delete orphaned objects, if what was seen may be deleted."""
        older_than = self._clock.now() - self._age
        swept = sweep(self._desk.ledger, self._desk.store, older_than=older_than, may_delete=may_delete)
        log.info("swept %d objects: %d orphans of %d bytes", swept.seen, swept.orphans, swept.orphan_bytes)
        return swept

    def _forget_answers(self) -> None:
        with self._desk.ledger.transaction() as entries:
            entries.forget_answers(self._clock.now() - self._keep_answers)


class Recounter:
    """Counts open dossiers again when a calendar has changed."""

    def __init__(self, desk: Desk, *, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    async def run(self, working: Callable[[], None]) -> None:
        """Look for changes until cancelled; what was begun is finished after a restart, by whoever leads then."""
        while True:
            more = await asyncio.to_thread(recount_some, self._desk, self._clock.now())
            working()
            if not more:
                await asyncio.sleep(LOOK_SECONDS)
