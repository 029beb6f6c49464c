"""The one place where intake's adapters meet its use cases; nothing connects before it runs."""

import asyncio
from datetime import timedelta
from functools import partial

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.intake import tables
from services.intake.background import HotFolderWatch, Recounter, Sweeper, probing, while_leading
from services.intake.content import judge
from services.intake.digitisation_codes import dossier_coding
from services.intake.files import Limits
from services.intake.following import check_calendar, check_reference, learn_outcomes, learn_reference
from services.intake.hotfolder import HotFolder
from services.intake.http.api import api
from services.intake.http.middleware import Observe
from services.intake.ledger import SqlLedger
from services.intake.metrics import LedgerFigures, Metrics
from services.intake.names import Digests
from services.intake.ports import Desk
from services.intake.settings import IntakeSettings
from shared.clock import SystemClock
from shared.database import Database
from shared.failure import Endless, Failure, FailurePolicy
from shared.follower import Apply, Follower
from shared.health import Health
from shared.kafka import KafkaLog
from shared.lease import HeldLease
from shared.log import Log
from shared.object_store import ObjectStore
from shared.ops import ops_app
from shared.ops import serve as listen
from shared.relay import Relay, announce_again
from shared.settings import KafkaSettings, StoreSettings
from shared.stores import open_store
from shared.topics import DOSSIERS, REFERENCE, Topic

LEASE_SECONDS = 15
GATHER_SECONDS = 0.2  # most of what we follow is what we said ourselves: it need not cost a transaction each
# without these we still accept: what they do is done later
CAN_WAIT = ("relay", "outcomes", "reference", "calendar", "recount", "hot-folder", "sweep")


class Intake:
    """Intake on one database, one store and one log."""

    def __init__(self, settings: IntakeSettings, store: ObjectStore, broker: Log) -> None:
        self._settings = settings
        self._store = store
        self._broker = broker
        self._clock = SystemClock()
        self._database = Database(settings.database_url.get_secret_value())
        self._registry = CollectorRegistry()
        self._registry.register(LedgerFigures(self._database, self._clock))
        self._metrics = Metrics(self._registry)
        self._relay = Relay(
            self._database,
            tables.journal,
            broker,
            lease=self._lease("intake-relay"),
            clock=self._clock,
            heard=self._metrics.announced,
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._desk = self._new_desk()

    def _new_desk(self) -> Desk:
        limits = Limits(self._settings.max_file_bytes, self._settings.max_pixels, self._settings.max_pages)
        return Desk(
            ledger=SqlLedger(self._database),
            store=self._store,
            digests=Digests(self._settings.search_key.get_secret_value()),
            judge=partial(judge, limits=limits),
            wake=self._wake,
            review_lease=timedelta(seconds=self._settings.review_lease_seconds),
            coding=dossier_coding,
            rules=self._settings.life_rules(),
        )

    def _wake(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._relay.wake)

    def _lease(self, name: str) -> HeldLease:
        return tables.lease.hold(self._database, name, clock=self._clock, seconds=LEASE_SECONDS)

    def application(self) -> FastAPI:
        """Return the API."""
        most_bytes = self._settings.max_request_bytes
        return api(self._desk, clock=self._clock, metrics=self._metrics, max_request_bytes=most_bytes)

    async def serve(self) -> None:
        """Accept, announce, learn, watch and sweep until cancelled."""
        self._loop = asyncio.get_running_loop()
        health = Health(tolerated=CAN_WAIT)
        policy = FailurePolicy(health)
        health.troubled("ledger", "starting")
        application = self.application()
        ops = ops_app("intake", health, self._registry, application.openapi)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(listen(ops, host=self._settings.host, port=self._settings.ops_port))
            tasks.create_task(
                listen(Observe(application, self._metrics), host=self._settings.host, port=self._settings.port)
            )
            created = await policy.persist("ledger", lambda: asyncio.to_thread(self.create))
            if isinstance(created, Failure):
                raise created.error
            for name, work in self._endless().items():
                tasks.create_task(policy.forever(name, work))

    def _endless(self) -> dict[str, Endless]:
        outcomes = partial(learn_outcomes, told=self._metrics.outcome)
        works: dict[str, Endless] = {
            "ledger": probing(self._database.check),
            "store": probing(self._store.check),
            "reference-data": probing(partial(check_reference, self._database)),
            "calendar": probing(partial(check_calendar, self._database)),
            "relay": self._relay.run,
            # a name of its own since limits and calendars are learned: what the one before read is read again
            "reference": self._follower("intake-reference-2", REFERENCE, learn_reference).run,
            "recount": while_leading(self._lease("intake-recount"), Recounter(self._desk, clock=self._clock).run),
            "outcomes": self._follower("intake-outcomes", DOSSIERS, outcomes).run,
            "sweep": while_leading(self._lease("intake-sweep"), self.sweeper().run),
        }
        if self._settings.inbox is not None:
            works["hot-folder"] = while_leading(self._lease("intake-hot-folder"), self._watch().run)
        return works

    def _follower(self, name: str, topic: Topic, apply: Apply) -> Follower:
        return Follower(
            self._database,
            tables.positions,
            self._broker,
            name=name,
            topics=[topic.name],
            apply=apply,
            gather_seconds=GATHER_SECONDS,
        )

    def _watch(self) -> HotFolderWatch:
        assert self._settings.inbox is not None
        folder = HotFolder(
            self._settings.inbox,
            settle_seconds=self._settings.inbox_settle_seconds,
            keep_done=self._settings.keep_done,
        )
        return HotFolderWatch(
            folder,
            self._desk,
            clock=self._clock,
            metrics=self._metrics,
            poll_seconds=self._settings.inbox_poll_seconds,
        )

    def sweeper(self, *, age_hours: float | None = None) -> Sweeper:
        """Return what sweeps, with the age of the settings or another one."""
        return Sweeper(
            self._desk,
            clock=self._clock,
            age=timedelta(hours=self._settings.sweep_age_hours if age_hours is None else age_hours),
            keep_answers=timedelta(hours=self._settings.keep_answers_hours),
            every=timedelta(hours=self._settings.sweep_interval_hours),
        )

    def announce_again(self, first: int) -> int:
        """Have the journal from a position on announced again by whichever replica runs; return how many events."""
        self.create()
        return announce_again(self._database, tables.journal, first=first)

    def create(self) -> None:
        """Create the tables that are missing."""
        self._database.create(tables.metadata)

    def close(self) -> None:
        """Close the connections to the database."""
        self._database.close()


def build(settings: IntakeSettings, store: StoreSettings, kafka: KafkaSettings) -> Intake:
    """Return intake on Kafka and the store the settings name."""
    return Intake(settings, open_store(store), KafkaLog(kafka))
