"""A follower: applies the log to a database, with the offsets in the transaction of the rows."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
)

from shared.database import Database
from shared.log import Log, Positions, Reader, Record

Apply = Callable[[Connection, Sequence[Record]], Any]
BATCH_RECORDS = 2000
POLL_SECONDS = 0.5
log = logging.getLogger(__name__)


class PositionTable:
    """Where each follower of a database stands, and in which cluster."""

    def __init__(self, metadata: MetaData) -> None:
        self.rows = Table(
            "log_position",
            metadata,
            Column("follower", String(64), primary_key=True),
            Column("topic", String(64), primary_key=True),
            Column("partition", Integer, primary_key=True),
            Column("cluster_id", String(64), nullable=False),
            Column("next_offset", BigInteger, nullable=False),
        )

    def load(self, connection: Connection, follower: str, cluster_id: str) -> Positions:
        """Return the positions in this cluster; another cluster's mean nothing."""
        rows = self.rows.c
        query = select(rows.topic, rows.partition, rows.next_offset).where(
            rows.follower == follower, rows.cluster_id == cluster_id
        )
        return {(r.topic, r.partition): r.next_offset for r in connection.execute(query)}

    def save(
        self,
        connection: Connection,
        follower: str,
        cluster_id: str,
        *,
        positions: Positions,
    ) -> None:
        """Replace the positions of the partitions named."""
        rows = self.rows.c
        for (topic, partition), offset in positions.items():
            connection.execute(
                delete(self.rows).where(
                    rows.follower == follower,
                    rows.topic == topic,
                    rows.partition == partition,
                )
            )
            connection.execute(
                insert(self.rows).values(
                    follower=follower,
                    topic=topic,
                    partition=partition,
                    cluster_id=cluster_id,
                    next_offset=offset,
                )
            )

    def forget(self, connection: Connection, follower: str) -> None:
        """Forget where a follower stood: it reads from the beginning."""
        connection.execute(delete(self.rows).where(self.rows.c.follower == follower))


class Follower:
    """Reads topics from where the database says it stands and applies batches to it.

    ``apply`` is called in the transaction that moves the offsets, so each record takes effect
    exactly once in one cluster; from another cluster everything comes again.
    """

    def __init__(
        self,
        database: Database,
        positions: PositionTable,
        broker: Log,
        *,
        name: str,
        topics: Sequence[str],
        apply: Apply,
    ) -> None:
        self._database = database
        self._positions = positions
        self._broker = broker
        self._name = name
        self._topics = topics
        self._apply = apply
        self.lag: int | None = None
        self.caught_up = asyncio.Event()

    async def run(self, working: Callable[[], None]) -> None:
        """Follow until cancelled; raises what the broker and the database raise.

        Calls ``working`` after every step once all that was published at the start is applied.
        """
        await self._broker.declare_topics()
        cluster_id = await self._broker.cluster_id()
        positions = await asyncio.to_thread(self._load, cluster_id)
        reader = await self._broker.reader(self._topics, positions)
        try:
            while True:
                await self._step(reader)
                if self.caught_up.is_set():
                    working()
        finally:
            await reader.close()

    def _load(self, cluster_id: str) -> Positions:
        with self._database.reading() as connection:
            return self._positions.load(connection, self._name, cluster_id)

    async def _step(self, reader: Reader) -> None:
        records = await reader.read(max_records=BATCH_RECORDS, timeout_seconds=POLL_SECONDS)
        if records:
            await asyncio.to_thread(self._commit, reader.cluster_id, records)
        self.lag = await reader.lag()
        if self.lag == 0:
            self.caught_up.set()

    def _commit(self, cluster_id: str, records: Sequence[Record]) -> None:
        positions = {(r.topic, r.partition): r.offset + 1 for r in records}
        with self._database.transaction() as connection:
            self._apply(connection, records)
            self._positions.save(connection, self._name, cluster_id, positions=positions)
