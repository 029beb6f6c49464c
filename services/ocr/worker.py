"""A lane's worker on Faust; the one door to it.

Faust 0.15.3 is held to what is known to work (the rules are in docs/adr): it hands over raw bytes
and commits offsets, nothing else. Offsets of one partition are handled one after the other, because
acknowledgements out of order lose messages; several partitions are handled at once.
"""

import asyncio
import logging
import os
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import faust
import faust.assignor
from faust.types import AppT
from faust.types.auth import CredentialsT

from services.ocr.metrics import Standing
from services.ocr.watchdog import EXIT_CODE, Trouble, Watchdog, membership_trouble
from shared.failure import Failure, attempt
from shared.log import Record
from shared.settings import KafkaSettings
from shared.topics import LANES, Lane

Handle = Callable[[Record], Awaitable[None]]
_SESSION_SECONDS, _HEARTBEAT_SECONDS = 12, 3
_NEVER_SECONDS = 86_400  # an idle limit would throw a worker out that works on something long

_METADATA_SECONDS = 1

log = logging.getLogger(__name__)


class Assignor(faust.assignor.PartitionAssignor):
    """Faust's assignor, which asks again where it must leave a topic out.

    A broker that has just come back may answer before it knows its topics; Faust 0.15.3 then says
    "Ignoring missing topic" and assigns nothing to anybody, for as long as nobody joins or leaves.
    """

    def assign(self, cluster: Any, member_metadata: Any) -> Any:
        """Assign what is known, and have the group join again while a topic is not."""
        assignment = super().assign(cluster, member_metadata)
        topics = {topic for member in member_metadata.values() for topic in member.subscription}
        if not all(cluster.partitions_for_topic(topic) for topic in topics):
            asyncio.get_running_loop().call_later(_METADATA_SECONDS, _join_again, coordinator_of(self.app))
        return assignment


def _join_again(coordinator: Any) -> None:
    coordinator._client.force_metadata_update()  # noqa: SLF001  # private names; a test says when they go
    coordinator.request_rejoin()


def build(
    lane: Lane, kafka: KafkaSettings, handle: Handle, *, data_folder: Path, longest_call_seconds: float
) -> faust.App:
    """Return the Faust application of a lane; nothing connects before it is started."""
    app = faust.App(
        group_id(lane),
        broker=[f"kafka://{server}" for server in kafka.bootstrap_servers.split(",")],
        broker_client_id=kafka.client_id,
        broker_credentials=_credentials(kafka),
        broker_session_timeout=_SESSION_SECONDS,
        broker_heartbeat_interval=_HEARTBEAT_SECONDS,
        # a member whose call outlasts this is thrown out, and its paper done twice
        broker_rebalance_timeout=2 * longest_call_seconds,
        broker_max_poll_interval=_NEVER_SECONDS,
        # a full buffer of one partition would hold up all others: fetching of a partition stops at
        # 8 messages of 10 and no fetch brings more than 2
        stream_buffer_maxsize=10,
        broker_max_poll_records=2,
        stream_wait_empty=True,
        consumer_auto_offset_reset="earliest",
        datadir=data_folder,  # it insists on one and keeps nothing there
        PartitionAssignor=Assignor,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        store="memory://",
    )
    topic = app.topic(LANES[lane].name, key_type=bytes, key_serializer="raw", value_type=bytes, value_serializer="raw")

    @app.agent(topic, concurrency=1, isolated_partitions=True)
    async def papers(stream: Any) -> None:
        async for event in stream.events():
            await _handle_or_end(handle, _record(event.message))

    return app


def group_id(lane: Lane) -> str:
    """Return the consumer group of a lane's workers."""
    return f"hoso-ocr-{lane}"


async def _handle_or_end(handle: Handle, record: Record) -> None:
    """Handle a record; Faust commits whatever raises, so a bug ends the process instead."""
    outcome = await attempt(lambda: handle(record))
    if isinstance(outcome, Failure):
        log.critical("handling itself failed", exc_info=outcome.error)
        os._exit(EXIT_CODE)


def _record(message: Any) -> Record:
    return Record(
        topic=message.topic,
        key=message.key or b"",
        value=message.value or b"",
        headers=tuple(message.headers or ()),
        partition=message.partition,
        offset=message.offset,
    )


def _credentials(kafka: KafkaSettings) -> CredentialsT | None:
    secure = kafka.security_protocol.endswith("SSL")
    context = ssl.create_default_context(cafile=kafka.ca_file) if secure else None
    if kafka.security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=kafka.username,
            password=kafka.password.get_secret_value(),
            mechanism=kafka.sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context else None


def watch(app: faust.App) -> Watchdog:
    """Return a watchdog over an application's membership of its group."""

    def look() -> Trouble | None:
        coordinator = coordinator_of(app) if app.started and not app.should_stop else None
        if coordinator is None:
            return None
        return membership_trouble(coordinator, rebalance_seconds=app.conf.broker_rebalance_timeout)

    return Watchdog(look)


def coordinator_of(app: AppT) -> Any | None:
    """Return what keeps the membership of a started application; private names of Faust and aiokafka."""
    thread: Any = app.consumer._thread  # type: ignore[attr-defined]  # noqa: SLF001
    consumer = thread._consumer  # noqa: SLF001
    return None if consumer is None else consumer._coordinator  # noqa: SLF001


def standing(app: faust.App) -> Standing:
    """Return where an application stands in its lane; asked from another thread, so it may be a moment old."""
    if not app.started or app.should_stop or coordinator_of(app) is None:
        return Standing()
    consumer: Any = app.consumer
    held = consumer.assignment()
    committed = consumer._committed_offset  # noqa: SLF001  # private names; a test says when they go
    lag = 0
    for partition in held:
        with suppress(AssertionError):  # it was taken away just now
            lag += max((consumer.highwater(partition) or 0) - (committed.get(partition) or 0), 0)
    return Standing(len(held), lag)


def run(app: faust.App, loop: asyncio.AbstractEventLoop, *, on_started: Callable[[], None]) -> int:
    """Serve until SIGTERM or Ctrl-C, finish the messages under way, and return the exit code."""

    async def first_assignment(*_: Any, **__: Any) -> None:
        on_started()

    app.on_partitions_assigned.connect(first_assignment, weak=False)
    worker = faust.Worker(app, loop=loop, quiet=True, override_logging=False, loglevel="WARNING")
    worker.spinner = None  # it writes to stdout
    try:
        worker.execute_from_commandline()
    except SystemExit as end:
        return int(end.code or 0)
