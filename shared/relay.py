"""The relay: announces the journal in order; one is active, however many replicas run."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from shared.clock import Clock
from shared.database import Database
from shared.journal import Journal
from shared.lease import HeldLease
from shared.log import Log, Message, Publisher

BATCH_EVENTS = 500
GATHER_SECONDS = 0.05
Heard = Callable[[Sequence[Message], datetime], None]
_AGAIN_ROWS = 10_000
log = logging.getLogger(__name__)


def announce_again(database: Database, journal: Journal, *, first: int = 0) -> int:
    """Have everything from a position of the journal on announced again, by the relay; return how many events.

    Goes up in short transactions beside a relay that runs: what is lower is announced first, and new events in between.
    """
    total = 0
    following: int | None = first
    while following is not None:
        with database.transaction() as connection:
            changed, following = journal.again(connection, following, _AGAIN_ROWS)
        total += changed
    return total


class Relay:
    """Announces what one journal holds, at least once, and marks what the broker acknowledged.

    ``heard`` is called with what the broker acknowledged and when, without what it only hears again.
    """

    def __init__(
        self,
        database: Database,
        journal: Journal,
        broker: Log,
        *,
        lease: HeldLease,
        clock: Clock,
        idle_seconds: float = 0.1,
        heard: Heard | None = None,
    ) -> None:
        self._database = database
        self._journal = journal
        self._broker = broker
        self._lease = lease
        self._clock = clock
        self._idle_seconds = idle_seconds
        self._wake = asyncio.Event()
        self._heard = heard
        self._heard_before = 0  # up to this position of the journal

    def wake(self) -> None:
        """Say that there is something to announce, so that nobody waits for the next look."""
        self._wake.set()

    async def run(self, working: Callable[[], None]) -> None:
        """Announce until cancelled; raises what the broker and the database raise.

        Calls ``working`` after every look at the journal that went well.
        """
        publisher: Publisher | None = None
        try:
            while True:
                leads = await asyncio.to_thread(self._lease.renew)
                if leads and publisher is None:
                    publisher = await self._connect()
                announced = await self.announce(publisher) if leads and publisher else 0
                working()
                await self._pause(announced)
        finally:
            if publisher is not None:
                await publisher.close()
            await asyncio.to_thread(self._lease.release)

    async def _connect(self) -> Publisher:
        await self._broker.declare_topics()
        cluster_id = await self._broker.cluster_id()
        if await asyncio.to_thread(self._meet, cluster_id):
            log.info("a cluster not met before: announcing the journal from its beginning")
        return await self._broker.publisher()

    def _meet(self, cluster_id: str) -> bool:
        with self._database.transaction() as connection:
            # in order: what waits below something announced was announced once and comes again
            self._heard_before = max(self._heard_before, self._journal.announced_until(connection))
            return self._journal.meet(connection, cluster_id)

    async def announce(self, publisher: Publisher) -> int:
        """Announce one batch and return how many events that was."""
        batch = await asyncio.to_thread(self._waiting)
        if batch:
            await publisher.publish([message for _, message in batch])
            at = await asyncio.to_thread(self._mark, [position for position, _ in batch])
            self._tell(batch, at)
        return len(batch)

    def _tell(self, batch: Sequence[tuple[int, Message]], at: datetime) -> None:
        fresh = [message for position, message in batch if position > self._heard_before]
        self._heard_before = max(self._heard_before, batch[-1][0])
        if self._heard is not None and fresh:
            self._heard(fresh, at)

    def _waiting(self) -> Sequence[tuple[int, Message]]:
        with self._database.reading() as connection:
            return self._journal.waiting(connection, BATCH_EVENTS)

    def _mark(self, positions: Sequence[int]) -> datetime:
        now = self._clock.now()
        with self._database.transaction() as connection:
            self._journal.mark(connection, positions, now)
        return now

    async def _pause(self, announced: int) -> None:
        if announced:
            # the first is announced at once; under load the next gather, each round costs two transactions
            await asyncio.sleep(0 if announced == BATCH_EVENTS else GATHER_SECONDS)
            return
        try:
            async with asyncio.timeout(self._idle_seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()
