"""A lease: of many replicas one does the work, until it gives up or falls silent."""

import threading
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    delete,
    insert,
    or_,
    select,
    update,
)

from shared.clock import Clock
from shared.database import Database, Moment
from shared.errors import AlreadyExists, Unavailable


class Lease:
    """A row that names who does a piece of work and until when.

    A holder that stalls past its time can overlap with its successor: what the work writes must
    bear being done twice.
    """

    def __init__(self, metadata: MetaData) -> None:
        self._rows = Table(
            "lease",
            metadata,
            Column("name", String(64), primary_key=True),
            Column("holder", String(36), nullable=False),
            Column("until", Moment, nullable=False),
        )

    def hold(self, database: Database, name: str, *, clock: Clock, seconds: float) -> "HeldLease":
        """Return a contender for the lease ``name``."""
        return HeldLease(self._rows, database, name, clock=clock, seconds=seconds)


class HeldLease:
    """One contender for a lease."""

    def __init__(
        self,
        rows: Table,
        database: Database,
        name: str,
        *,
        clock: Clock,
        seconds: float,
    ) -> None:
        self._rows = rows
        self._database = database
        self._name = name
        self._clock = clock
        self._duration = timedelta(seconds=seconds)
        self._holder = str(uuid4())
        self._renewed_at: datetime | None = None
        # whoever is cancelled while a thread renews gives up after that thread, not before
        self._turn = threading.Lock()

    def renew(self) -> bool:
        """Take the lease if it is free or ours, for its full time; return whether we hold it.

        Cheap to call often: the row is written again only when a third of the time is gone.
        """
        with self._turn:
            now = self._clock.now()
            if self._renewed_at is None or now - self._renewed_at >= self._duration / 3:
                self._renewed_at = now if self._write(now) else None
            return self._renewed_at is not None

    def _write(self, now: datetime) -> bool:
        try:
            with self._database.transaction() as connection:
                return self._take(connection, now) or self._create(connection, now)
        except AlreadyExists:  # another contender made the row in the same moment
            return False

    def _take(self, connection: Connection, now: datetime) -> bool:
        rows = self._rows.c
        ours = or_(rows.holder == self._holder, rows.until < now)
        taken = connection.execute(
            update(self._rows)
            .where(rows.name == self._name, ours)
            .values(holder=self._holder, until=now + self._duration)
        )
        return taken.rowcount == 1

    def _create(self, connection: Connection, now: datetime) -> bool:
        exists = select(self._rows.c.name).where(self._rows.c.name == self._name)
        if connection.execute(exists).first():
            return False
        connection.execute(insert(self._rows).values(name=self._name, holder=self._holder, until=now + self._duration))
        return True

    def release(self) -> None:
        """Give the lease up at once, so that a successor need not wait; with the database away it just ends.

        Raises nothing of the kind, because it is called on the way out and must not hide why.
        """
        rows = self._rows.c
        ours = delete(self._rows).where(rows.name == self._name, rows.holder == self._holder)
        with self._turn:
            self._renewed_at = None
            with suppress(Unavailable), self._database.transaction() as connection:
                connection.execute(ours)
