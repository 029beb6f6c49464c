"""What the API, the metrics and the reports read of reference data."""

from datetime import date, datetime

from sqlalchemy import Connection, func, select

from services.registry.knowledge import Knowledge
from services.registry.reference import Items
from services.registry.reference.calendars import published
from services.registry.reference.formats import OF_PROCEDURES, PARTS, WHOLES
from services.registry.reference_rows import Writing, known_at, known_now, writings
from services.registry.reference_tables import announced, change
from shared.clock import Clock, SystemClock, local_day
from shared.database import Database
from shared.events import CalendarPublished


class ReferenceQueries:
    """Reads reference data; what is known now is kept in memory until a load changes it.

    Raises ``DatabaseUnavailable``.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()
        self._kept: tuple[int, Knowledge] | None = None

    def today(self) -> date:
        """Return the day it is in Viet Nam."""
        return local_day(self._clock.now())

    def now(self) -> Knowledge:
        """Return what is known now."""
        with self._database.reading() as connection:
            return self.within(connection)

    def within(self, connection: Connection) -> Knowledge:
        """Return what is known, within a transaction."""
        place = connection.execute(select(func.coalesce(func.max(change.c.position), 0))).scalar_one()
        kept = self._kept
        if kept is None or kept[0] != place or not place:
            kept = self._kept = (place, Knowledge(known_now(connection, WHOLES)))
        return kept[1]

    def at(self, moment: datetime | None) -> Knowledge:
        """Return what was known at a moment; none means now."""
        if moment is None:
            return self.now()
        with self._database.reading() as connection:
            return Knowledge(known_at(connection, WHOLES, moment))

    def calendars(self) -> list[CalendarPublished]:
        """Return the calendars as they were announced, the national one first."""
        with self._database.reading() as connection:
            known = self.within(connection)
            revisions = dict(connection.execute(select(announced.c.key, announced.c.revision)).all())
        return [
            calendar.model_copy(update={"revision": revisions.get(f"calendar/{calendar.code}", 1)})
            for calendar in published(known.items)
        ]

    def parts(self, code: str) -> Items:
        """Return the steps, components and fees of a procedure's versions."""
        with self._database.reading() as connection:
            return Items(row.item for row in known_now(connection, PARTS, code=code).values())

    def history(self, code: str) -> list[Writing]:
        """Return every writing of a procedure's versions, their parts and assessments, oldest first."""
        with self._database.reading() as connection:
            return writings(connection, OF_PROCEDURES, code)
