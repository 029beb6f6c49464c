"""A follower: applies the log to a database, with the offsets in the transaction of the rows."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from shared.database import Database
from shared.errors import AlreadyExists, HosoError, LogUnavailable
from shared.log import Log, Positions, Reader, Record

Apply = Callable[[Connection, Sequence[Record]], Any]
BATCH_RECORDS = 2000
REPLAYED_RECORDS = 10_000  # of a batch while far behind: a larger one writes each row less often
POLL_SECONDS = 0.5
GATHERING_SECONDS = 0.02
LAG_SECONDS = 1
REPLAYED_LAG_SECONDS = 5
log = logging.getLogger(__name__)


class PositionsMoved(HosoError):
    """Somebody made this follower begin anew; reading on from the old place would leave a hole."""

    reason = "positions-moved"
    retriable = True


class PositionTable:
    """Where each follower of a database stands, in which cluster, and how often it began anew.

    A follower's row is locked by every batch, so of several replicas one applies at a time.
    """

    def __init__(self, metadata: MetaData) -> None:
        self._followers = Table(
            "log_follower",
            metadata,
            Column("follower", String(64), primary_key=True),
            Column("cluster_id", String(64), nullable=False),
            Column("generation", Integer, nullable=False),
        )
        self._rows = Table(
            "log_position",
            metadata,
            Column("follower", String(64), primary_key=True),
            Column("topic", String(64), primary_key=True),
            Column("partition", Integer, primary_key=True),
            Column("next_offset", BigInteger, nullable=False),
        )

    def begin(self, connection: Connection, follower: str, cluster_id: str) -> tuple[int, Positions]:
        """Return the generation and the positions in this cluster; another cluster's are forgotten.

        Raises ``AlreadyExists`` when another replica begins for the first time in the same moment.
        """
        row = self._locked(connection, follower)
        if row is None:
            values = {"follower": follower, "cluster_id": cluster_id, "generation": 1}
            connection.execute(insert(self._followers).values(values))
            return 1, {}
        if row.cluster_id != cluster_id:
            self._anew(connection, follower, cluster_id)
            return row.generation + 1, {}
        return row.generation, self._load(connection, follower)

    def hold(self, connection: Connection, follower: str, generation: int) -> Positions:
        """Lock the follower for this transaction and return where it stands.

        Raises ``PositionsMoved`` where it began anew since ``generation``.
        """
        row = self._locked(connection, follower)
        if row is None or row.generation != generation:
            raise PositionsMoved
        return self._load(connection, follower)

    def forget(self, connection: Connection, follower: str) -> None:
        """Make a follower begin anew, also one that is running."""
        row = self._locked(connection, follower)
        if row is not None:
            self._anew(connection, follower, row.cluster_id)

    def forget_all(self, connection: Connection) -> None:
        """Make every follower begin as if for the first time; none may be running."""
        connection.execute(delete(self._rows))
        connection.execute(delete(self._followers))

    def cluster_id(self, connection: Connection, follower: str) -> str:
        """Return the cluster whose records a follower that has begun applies."""
        rows = self._followers.c
        return str(connection.execute(select(rows.cluster_id).where(rows.follower == follower)).scalar_one())

    def generation(self, connection: Connection, follower: str) -> int | None:
        """Return how often a follower began, if it ever did."""
        rows = self._followers.c
        return connection.execute(select(rows.generation).where(rows.follower == follower)).scalar()

    def _locked(self, connection: Connection, follower: str) -> Row[Any] | None:
        query = select(self._followers).where(self._followers.c.follower == follower)
        return connection.execute(query.with_for_update()).first()

    def _anew(self, connection: Connection, follower: str, cluster_id: str) -> None:
        rows = self._followers.c
        connection.execute(delete(self._rows).where(self._rows.c.follower == follower))
        connection.execute(
            update(self._followers)
            .where(rows.follower == follower)
            .values(cluster_id=cluster_id, generation=rows.generation + 1)
        )

    def _load(self, connection: Connection, follower: str) -> Positions:
        rows = self._rows.c
        query = select(rows.topic, rows.partition, rows.next_offset).where(rows.follower == follower)
        return {(r.topic, r.partition): r.next_offset for r in connection.execute(query)}

    def save(self, connection: Connection, follower: str, positions: Positions) -> None:
        """Replace the positions of the partitions named."""
        rows = self._rows.c
        named = tuple_(rows.topic, rows.partition).in_(list(positions))
        connection.execute(delete(self._rows).where(rows.follower == follower, named))
        new = [
            {"follower": follower, "topic": topic, "partition": partition, "next_offset": offset}
            for (topic, partition), offset in positions.items()
        ]
        connection.execute(insert(self._rows), new)

    def standing(self, connection: Connection, follower: str) -> tuple[str | None, Positions]:
        """Return the cluster a follower reads and where it stands, without holding it; nothing before it began."""
        rows = self._followers.c
        cluster_id = connection.execute(select(rows.cluster_id).where(rows.follower == follower)).scalar()
        return cluster_id, self._load(connection, follower)


class Follower:
    """Reads topics from where the database says it stands and applies batches to it.

    ``apply`` is called in the transaction that moves the offsets, so each record takes effect
    exactly once in one cluster, however many replicas follow; from another cluster everything
    comes again. What comes within ``gather_seconds`` after a batch is applied in one transaction.
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
        gather_seconds: float = 0,
    ) -> None:
        self._database = database
        self._positions = positions
        self._broker = broker
        self._name = name
        self._topics = topics
        self._apply = apply
        self._gather_seconds = gather_seconds
        self._asked_at = -inf
        self._generation: int | None = None
        self._ahead: asyncio.Task[Sequence[Record]] | None = None  # the next batch, read while this one is applied
        self._awaited: tuple[float, int] | None = None  # when the log's end was asked for, records until there
        self._fresh_at = -inf
        self.lag: int | None = None
        self.caught_up = asyncio.Event()

    async def run(self, working: Callable[[], None]) -> None:
        """Follow until cancelled; raises what the broker and the database raise, and ``PositionsMoved``.

        Calls ``working`` after every step once all that was published at the start is applied.
        """
        self._awaited, self._fresh_at = None, -inf
        await self._broker.declare_topics()
        cluster_id = await self._broker.cluster_id()
        generation, positions = await asyncio.to_thread(self._begin, cluster_id)
        reader = await self._broker.reader(self._topics, positions)
        try:
            if reader.cluster_id != cluster_id:
                raise LogUnavailable("the cluster was replaced while we connected")
            asked_at = asyncio.get_running_loop().time()
            behind = await reader.lag()
            self._awaited = (asked_at, behind)
            self._generation = generation
            while True:
                behind -= await self._step(reader, generation)
                if self.lag == 0 or behind <= 0:
                    self.caught_up.set()
                if self.caught_up.is_set():
                    working()
        finally:
            self._generation = None
            if self._ahead is not None:
                self._ahead.cancel()
                await asyncio.gather(self._ahead, return_exceptions=True)
                self._ahead = None
            await reader.close()

    def fresh(self, within_seconds: float) -> int | None:
        """Return the generation where all that was published until so many seconds ago is applied.

        Whoever acts on the rows then checks with ``PositionTable.hold`` that they still are of it.
        """
        fresh = asyncio.get_running_loop().time() - self._fresh_at <= within_seconds
        return self._generation if fresh else None

    def _begin(self, cluster_id: str) -> tuple[int, Positions]:
        try:
            with self._database.transaction() as connection:
                return self._positions.begin(connection, self._name, cluster_id)
        except AlreadyExists:  # another replica made the row in the same moment
            return self._begin(cluster_id)

    async def _step(self, reader: Reader, generation: int) -> int:
        records = await self._next(reader)
        far = bool(records) and self._awaited is not None and self._awaited[1] > len(records) + REPLAYED_RECORDS
        now = asyncio.get_running_loop().time()
        asking = not records or now - self._asked_at >= (REPLAYED_LAG_SECONDS if far else LAG_SECONDS)
        if far and not asking:  # what is read ahead would be missing in the answer
            self._ahead = asyncio.create_task(self._read(reader))
        if records:
            await asyncio.to_thread(self._commit, generation, records)
            await asyncio.sleep(self._gather_seconds)
        self._applied(len(records))
        if asking:  # each time asks the broker
            await self._ask(reader, generation)
        return len(records)

    async def _ask(self, reader: Reader, generation: int) -> None:
        self._asked_at = asyncio.get_running_loop().time()
        self.lag = await reader.lag()
        self._awaited = self._awaited or (self._asked_at, self.lag)
        self._applied(0)
        await asyncio.to_thread(self._check, generation)

    async def _next(self, reader: Reader) -> Sequence[Record]:
        ahead, self._ahead = self._ahead, None
        return await (ahead or self._read(reader))

    async def _read(self, reader: Reader) -> Sequence[Record]:
        """Return the next batch; while far behind what is there already is gathered up to a larger one."""
        records = list(await reader.read(max_records=BATCH_RECORDS, timeout_seconds=POLL_SECONDS))
        behind = self._awaited is not None and self._awaited[1] > REPLAYED_RECORDS
        while behind and records and len(records) < REPLAYED_RECORDS:
            more = await reader.read(max_records=REPLAYED_RECORDS - len(records), timeout_seconds=GATHERING_SECONDS)
            records += more
            behind = bool(more)
        return records

    def _applied(self, records: int) -> None:
        """Note how much was applied; once it is what the log held when asked, the rows are as new as that."""
        if self._awaited is not None:
            asked_at, remaining = self._awaited
            self._awaited = (asked_at, remaining - records)
            if remaining <= records:
                self._fresh_at, self._awaited = asked_at, None

    def _check(self, generation: int) -> None:
        """Raise ``PositionsMoved`` where this follower began anew elsewhere, though nothing new came."""
        with self._database.reading() as connection:
            if self._positions.generation(connection, self._name) != generation:
                raise PositionsMoved

    def _commit(self, generation: int, records: Sequence[Record]) -> None:
        with self._database.transaction() as connection:
            standing = self._positions.hold(connection, self._name, generation)
            # what another replica applied meanwhile is left out
            fresh = [r for r in records if r.offset >= standing.get((r.topic, r.partition), 0)]
            if fresh:
                self._apply(connection, fresh)
                positions = {(r.topic, r.partition): r.offset + 1 for r in fresh}
                self._positions.save(connection, self._name, positions)
