"""Where the registry is put together; nothing connects before it runs."""

import asyncio
import gc
import logging
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry

from services.registry import tables
from services.registry.due_watch import DueWatch
from services.registry.figure_board import FigureBoard
from services.registry.http.api import api
from services.registry.load import NATIONAL_FOLDER, Report, announce, load, load_national, preview
from services.registry.metrics import metrics
from services.registry.metrics.announcing import of_journal
from services.registry.metrics.figures import of_figures
from services.registry.projection import apply, empty, renew
from services.registry.queries import Queries
from services.registry.reference_store import TableReference
from services.registry.settings import RegistrySettings
from shared.clock import SystemClock
from shared.database import Database
from shared.failure import Endless, Failure, FailurePolicy
from shared.follower import Follower
from shared.health import Health
from shared.kafka import KafkaLog
from shared.log import Log
from shared.ops import ops_app
from shared.ops import serve as listen
from shared.relay import Relay, announce_again
from shared.settings import KafkaSettings
from shared.topics import DOSSIERS

RELAY_LEASE_SECONDS = 15
ANNOUNCE_SECONDS = 300  # a level or version that begins today is announced soon after midnight
WATCH_LEASE_SECONDS = 60
LOOK_SECONDS = 1
log = logging.getLogger(__name__)


class Half(StrEnum):
    """Half of the registry, for a process that does only that: many may answer while one projects."""

    API = "api"
    PROJECTION = "projection"


class Registry:
    """The registry on one database and one log."""

    def __init__(self, settings: RegistrySettings, broker: Log) -> None:
        self._settings = settings
        self._broker = broker
        self._clock = SystemClock()
        self._database = Database(settings.database_url.get_secret_value())
        self._queries = Queries(self._database, self._clock)
        self._reference = TableReference(self._database)
        self._follower = self._new_follower()

    async def serve(self, only: Half | None = None) -> None:
        """Announce, project and answer, or one half of that, until cancelled."""
        health = Health()
        policy = FailurePolicy(health)
        health.troubled("database", "starting")
        application = api(self._queries, clock=self._clock, due_soon_hours=self._settings.due_soon_hours)
        board = self._board()
        # figures of the whole are told once: a sum over many answering processes would count them many times
        metrics = CollectorRegistry() if only is Half.API else self._metrics(board)
        name = "registry" if only is None else f"registry-{only}"
        ops = ops_app(name, health, metrics, application.openapi)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(listen(ops, host=self._settings.ops_host, port=self._settings.ops_port))
            if only is not Half.PROJECTION:
                tasks.create_task(listen(application, host=self._settings.host, port=self._settings.port))
            created = await policy.persist("database", lambda: asyncio.to_thread(self._create_for(only)))
            if isinstance(created, Failure):
                raise created.error
            for name, work in self._endless(only, board).items():
                tasks.create_task(policy.forever(name, work))

    def _create_for(self, only: Half | None) -> Callable[[], None]:
        # a half that only answers must not judge the projection's shape: it may be of the version before
        return partial(self._database.create, tables.metadata) if only is Half.API else self.load_national

    def _endless(self, only: Half | None, board: FigureBoard) -> Mapping[str, Endless]:
        if only is Half.API:
            return {"database": self._keep_asking}
        return {
            "reference": self._keep_announcing,
            "relay": self._relay().run,
            "projection": self._follower.run,
            "due-watch": self._due_watch().run,
            "figures": board.run,
        }

    async def _keep_asking(self, working: Callable[[], None]) -> None:
        """Ask again and again whether the database answers: nothing else tells a process that only answers."""
        while True:
            await asyncio.to_thread(self._database.check)
            working()
            await asyncio.sleep(LOOK_SECONDS)

    def _board(self) -> FigureBoard:
        reader, reference = self._queries.figures_of, self._queries.reference
        return FigureBoard(reader, reference, self._clock, minutes=self._settings.figures_minutes)

    def _metrics(self, board: FigureBoard) -> CollectorRegistry:
        subjects = [lambda: of_figures(board), lambda: of_journal(self._database, self._clock)]
        return metrics(self._queries, lambda: self._follower.lag, clock=self._clock, more=subjects)

    def create(self) -> None:
        """Create the tables that are missing; what an earlier version projected is projected anew."""
        self._database.create(tables.metadata)
        with self._database.transaction() as connection:
            renew(connection)

    def load(self, directory: Path, *, dry_run: bool) -> Report:
        """Load reference data from a directory, or say what that would change."""
        self._database.create(tables.metadata)  # the projection is left to the service
        return (preview if dry_run else load)(directory, self._reference, self._clock, first=NATIONAL_FOLDER)

    def load_national(self) -> None:
        """Load the shipped national set where no calendar is known."""
        self.create()
        report = load_national(self._reference, self._clock)
        if report is not None:
            log.info("loaded the shipped national reference data: %d rows", len(report.changes))

    async def _keep_announcing(self, working: Callable[[], None]) -> None:
        """Announce what begins or ends with a new day."""
        while True:
            announced = await asyncio.to_thread(announce, self._reference, self._clock)
            working()
            if announced:
                log.info("announced %d units, procedures or calendars that stand otherwise today", announced)
            await asyncio.sleep(ANNOUNCE_SECONDS)

    async def rebuild(self) -> Mapping[str, int]:
        """Empty the projection and replay the log to the end it has now; return the rows of each table.

        Safe while the service runs: it sees that its place moved and replays along, and no record
        takes effect twice. Meanwhile answers show what is replayed so far.
        """
        await self._broker.cluster_id()  # with the broker away nothing is emptied
        await asyncio.to_thread(self._empty)
        follower = self._new_follower()
        following = asyncio.create_task(follower.run(lambda: None))
        caught_up = asyncio.create_task(follower.caught_up.wait())
        await asyncio.wait([following, caught_up], return_when=asyncio.FIRST_COMPLETED)
        caught_up.cancel()
        if following.done():
            await following
        following.cancel()
        await asyncio.wait([following])
        return await asyncio.to_thread(self._queries.row_counts)

    def announce_again(self, first: int) -> int:
        """Have reference data and due dates from a position of the journal on announced again; return how many."""
        self.create()
        return announce_again(self._database, tables.journal, first=first)

    def _empty(self) -> None:
        self.create()
        with self._database.transaction() as connection:
            tables.positions.forget(connection, tables.FOLLOWER)
            empty(connection)

    def close(self) -> None:
        """Close the connections to the database."""
        self._database.close()

    def _new_follower(self) -> Follower:
        return Follower(
            self._database,
            tables.positions,
            self._broker,
            name=tables.FOLLOWER,
            topics=[DOSSIERS.name],
            apply=apply,
        )

    def _due_watch(self) -> DueWatch:
        lease = tables.lease.hold(self._database, "registry-due-watch", clock=self._clock, seconds=WATCH_LEASE_SECONDS)
        hours = self._settings.due_soon_hours
        return DueWatch(self._database, self._follower, lease=lease, clock=self._clock, due_soon_hours=hours)

    def _relay(self) -> Relay:
        lease = tables.lease.hold(self._database, "registry-relay", clock=self._clock, seconds=RELAY_LEASE_SECONDS)
        return Relay(self._database, tables.journal, self._broker, lease=lease, clock=self._clock)


def collect_less() -> None:
    """Let Python look for garbage less often: a replay makes many states and no cycles, and took a tenth longer."""
    gc.set_threshold(50_000, 20, 100)


def build(settings: RegistrySettings, kafka: KafkaSettings) -> Registry:
    """Return a registry on Kafka."""
    return Registry(settings, KafkaLog(kafka))
