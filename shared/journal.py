"""The journal: events written in the transaction that made them true, then announced in order."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from shared.database import Moment
from shared.events import Event, encode
from shared.log import Message

_POSITION = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up on INTEGER only


@dataclass(frozen=True)
class Backlog:
    """What the journal holds that was not announced yet."""

    events: int
    oldest: datetime | None


class Journal:
    """The journal tables of one service's database, declared on that service's ``metadata``."""

    def __init__(self, metadata: MetaData) -> None:
        self.rows = Table(
            "journal",
            metadata,
            Column("position", _POSITION, primary_key=True, autoincrement=True),
            Column("event_id", String(36), nullable=False, unique=True),
            Column("topic", String(64), nullable=False),
            Column("key", String(128), nullable=False),
            Column("sequence", Integer),
            Column("occurred_at", Moment, nullable=False),
            Column("headers", Text, nullable=False),
            Column("value", LargeBinary, nullable=False),
            Column("announced_at", Moment),
        )
        waiting = self.rows.c.announced_at.is_(None)
        Index(
            "journal_waiting",
            self.rows.c.position,
            postgresql_where=waiting,
            sqlite_where=waiting,
        )
        Index("journal_key", self.rows.c.key, self.rows.c.sequence)
        self._cluster = Table(
            "journal_cluster",
            metadata,
            Column("one", Integer, primary_key=True),
            Column("cluster_id", String(64), nullable=False),
        )

    def write(self, connection: Connection, events: Iterable[tuple[str, Event]]) -> None:
        """Add events, each with the topic it goes to; raises ``AlreadyExists`` for a known id."""
        rows = [_row(event, encode(event, topic)) for topic, event in events]
        if rows:
            connection.execute(insert(self.rows), rows)

    def waiting(self, connection: Connection, limit: int) -> Sequence[tuple[int, Message]]:
        """Return up to ``limit`` events not announced yet, oldest first, with their positions."""
        rows = self.rows.c
        query = (
            select(rows.position, rows.topic, rows.key, rows.value, rows.headers)
            .where(rows.announced_at.is_(None))
            .order_by(rows.position)
            .limit(limit)
        )
        return [(r.position, _message(r)) for r in connection.execute(query)]

    def mark(self, connection: Connection, positions: Sequence[int], at: datetime) -> None:
        """Note that the broker acknowledged these events."""
        query = update(self.rows).where(self.rows.c.position.in_(positions))
        connection.execute(query.values(announced_at=at))

    def meet(self, connection: Connection, cluster_id: str) -> bool:
        """Note the cluster we announce to; one we have not met hears everything from the start.

        Returns whether it is new to us.
        """
        known = connection.execute(select(self._cluster.c.cluster_id)).scalar()
        if known == cluster_id:
            return False
        if known is None:
            connection.execute(insert(self._cluster).values(one=1, cluster_id=cluster_id))
        else:
            connection.execute(update(self._cluster).values(cluster_id=cluster_id))
        connection.execute(update(self.rows).where(self.rows.c.announced_at.is_not(None)).values(announced_at=None))
        return True

    def announced_until(self, connection: Connection) -> int:
        """Return the position of the newest event that was announced, 0 where there is none."""
        rows = self.rows.c
        newest = select(rows.position).where(rows.announced_at.is_not(None)).order_by(rows.position.desc()).limit(1)
        return connection.execute(newest).scalar() or 0

    def again(self, connection: Connection, first: int, limit: int) -> tuple[int, int | None]:
        """Take back that events from a position on were announced, of ``limit`` rows at most.

        Returns how many that were, and the position to go on from, nothing at the end.
        """
        rows = self.rows.c
        positions = select(rows.position).where(rows.position >= first).order_by(rows.position).limit(limit)
        found = connection.execute(positions).scalars().all()
        if not found:
            return 0, None
        those = rows.position.between(found[0], found[-1]) & rows.announced_at.is_not(None)
        changed = connection.execute(update(self.rows).where(those).values(announced_at=None)).rowcount
        return changed, found[-1] + 1 if len(found) == limit else None

    def forget_cluster(self, connection: Connection) -> None:
        """Forget the cluster that was announced to, so that even it hears everything from the start."""
        connection.execute(delete(self._cluster))

    def backlog(self, connection: Connection) -> Backlog:
        """Return how much was not announced yet, and since when."""
        rows = self.rows.c
        query = select(func.count(), func.min(rows.occurred_at)).where(rows.announced_at.is_(None))
        events, oldest = connection.execute(query).one()
        return Backlog(events, oldest)


def _row(event: Event, message: Message) -> dict[str, object]:
    return {
        "event_id": str(event.id),
        "topic": message.topic,
        "key": event.key,
        "sequence": event.sequence,
        "occurred_at": event.time,
        "headers": json.dumps({name: value.decode() for name, value in message.headers}),
        "value": message.value,
    }


def _message(row: Any) -> Message:
    headers = json.loads(row.headers)
    return Message(
        topic=row.topic,
        key=row.key.encode(),
        value=row.value,
        headers=tuple((name, value.encode()) for name, value in headers.items()),
    )
