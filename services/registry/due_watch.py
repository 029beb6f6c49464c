"""The watch of due dates: announces dossiers as due soon and as overdue, once for each due date.

What was announced is noted beside the projection, in the transaction of the journal, so neither a
restart nor a rebuild says it again. It announces only while the projection is as new as the log:
else a dossier whose end stands further on in the log would be called late.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, select

from services.registry.dossier_matches import RUNNING
from services.registry.tables import FOLLOWER, announced_due, dossier, journal, positions
from shared.clock import Clock
from shared.database import Database
from shared.events import Data, DossierDueSoon, DossierOverdue, Event, deterministic_id
from shared.follower import PositionsMoved
from shared.lease import HeldLease
from shared.topics import DOSSIERS

SOURCE = "/hoso/registry"
DUE_SOON, OVERDUE = "due-soon", "overdue"
AT_ONCE = 500  # the projection waits meanwhile
PAUSE_SECONDS = 10
FRESH_SECONDS = 15


class Projected(Protocol):
    """How far the projection is."""

    def fresh(self, within_seconds: float) -> int | None:
        """Return its generation where all that was published until so many seconds ago is applied."""


class DueWatch:
    """Looks for dossiers that are due soon or overdue; of several replicas one does."""

    def __init__(
        self,
        database: Database,
        projected: Projected,
        *,
        lease: HeldLease,
        clock: Clock,
        due_soon_hours: int,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._database = database
        self._projected = projected
        self._lease = lease
        self._clock = clock
        self._hours = due_soon_hours
        self._pause_seconds = pause_seconds

    async def run(self, working: Callable[[], None]) -> None:
        """Watch until cancelled; raises what the database raises."""
        try:
            while True:
                announced = await self.look()
                working()
                await asyncio.sleep(0 if announced == AT_ONCE else self._pause_seconds)
        finally:
            await asyncio.to_thread(self._lease.release)

    async def look(self) -> int:
        """Announce what is due, at most ``AT_ONCE`` of a kind, and return the most of one kind."""
        generation = self._projected.fresh(FRESH_SECONDS)
        if generation is None or not await asyncio.to_thread(self._lease.renew):
            return 0
        try:
            return await asyncio.to_thread(self.announce, generation)
        except PositionsMoved:  # somebody empties the projection just now
            return 0

    def announce(self, generation: int) -> int:
        """Announce in one transaction; raises ``PositionsMoved`` where the projection began anew."""
        now = self._clock.now()
        soon = now + timedelta(hours=self._hours)
        d = dossier.c
        with self._database.transaction() as connection:
            positions.hold(connection, FOLLOWER, generation)
            late = _unannounced(connection, OVERDUE, d.due_at < now)
            next_ones = _unannounced(connection, DUE_SOON, and_(d.due_at >= now, d.due_at <= soon))
            said: list[tuple[str, Any, Data]] = [(OVERDUE, row, DossierOverdue(**_fields(row))) for row in late]
            said += [(DUE_SOON, row, DossierDueSoon(**_fields(row), hours=self._hours)) for row in next_ones]
            _note(connection, said, now)
        return max(len(late), len(next_ones))


def _unannounced(connection: Connection, kind: str, due: ColumnElement[bool]) -> Sequence[Any]:
    d, a = dossier.c, announced_due.c
    said = exists().where(a.dossier_id == d.dossier_id, a.kind == kind, a.due_at == d.due_at)
    # of back-files nobody waits for the result; whose opening was not seen is nobody's yet
    ours = and_(RUNNING, d.back_file.is_(False), d.competent_unit.is_not(None))
    query = select(d.dossier_id, d.competent_unit, d.due_at).where(ours, due, ~said)
    return connection.execute(query.order_by(d.due_at, d.dossier_id).limit(AT_ONCE)).all()


def _fields(row: Any) -> dict[str, Any]:
    return {"dossier_id": row.dossier_id, "competent_unit": row.competent_unit, "due_at": row.due_at}


def _note(connection: Connection, said: Sequence[tuple[str, Any, Data]], now: datetime) -> None:
    if said:
        noted = [{"dossier_id": row.dossier_id, "kind": kind, "due_at": row.due_at} for kind, row, _ in said]
        connection.execute(insert(announced_due), noted)
        journal.write(connection, [(DOSSIERS.name, _event(kind, row, data, now)) for kind, row, data in said])


def _event(kind: str, row: Any, data: Data, now: datetime) -> Event:
    return Event(
        id=deterministic_id(kind, row.dossier_id, row.due_at.isoformat()),
        source=SOURCE,
        subject=row.dossier_id,
        time=now,
        data=data,
        key=row.dossier_id,
    )
