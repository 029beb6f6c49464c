"""Dossiers' lives in the ledger on PostgreSQL and SQLite: the queries behind ``life_ports.Life``."""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Table, bindparam, delete, func, insert, or_, select, update

from services.intake import life_tables as t
from services.intake.dossiers import Dossier
from services.intake.ledger_rows import code_of, dossier_of, task_of, wait_of, wait_row
from services.intake.life_ports import CalendarChange, Concerned
from services.intake.published_calendars import NATIONAL, KnownCalendar, known_calendar
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.tables import dossier
from services.intake.waits import AddedCode, Task, Wait
from shared.events import CalendarPublished, Status

# of our own choice, beside the one tables are made under (shared.database)
_CALENDARS_LOCK = 7006032
_AT_WORK = (Status.ACCEPTED, Status.IN_PROGRESS)
_COUNTED = ("version", "sequence", "due_at", "first_due_at", "provisional")
_SAVE_COUNTED = update(dossier).where(dossier.c.id == bindparam("of_dossier"))
log = logging.getLogger(__name__)


class SqlLife:
    """Dossiers' lives inside one transaction; what each method promises stands in ``life_ports.Life``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep_calendars(self) -> None:
        """Share a lock that who learns of a calendar has alone; on SQLite the whole transaction is alone."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock_shared(_CALENDARS_LOCK)))

    def learn(self, published: CalendarPublished) -> None:
        """Keep a calendar that is not older than the one we have; raises nothing for one that cannot be used."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_CALENDARS_LOCK)))
        row = {"code": published.code, "revision": published.revision, "published": published.model_dump_json()}
        ours = self._connection.execute(select(t.calendar).where(t.calendar.c.code == published.code)).first()
        if ours is None:
            self._connection.execute(insert(t.calendar).values(**row, recounted=False, recounted_to=None))
        elif published.revision >= ours.revision and row["published"] != ours.published:
            changed = update(t.calendar).where(t.calendar.c.code == published.code)
            self._connection.execute(changed.values(**row, recounted=False, recounted_to=None))

    def calendar(self, unit: str) -> KnownCalendar | None:
        """Return the calendar of a unit, which stands on the national one, or that."""
        c = t.calendar.c
        rows = self._connection.execute(select(c.code, c.published).where(c.code.in_((NATIONAL, unit)))).all()
        published = {row.code: row.published for row in rows}
        national = published.pop(NATIONAL, None)
        own = published.get(unit)
        try:
            if own is not None:
                return known_calendar(own, national)
            return None if national is None else known_calendar(national)
        except ValueError as error:
            log.error("the calendar of %s cannot be used: %s", unit if own else NATIONAL, error)  # noqa: TRY400
            return None

    def waits(self, dossier_id: UUID) -> tuple[Wait, ...]:
        """Return the waits of a dossier."""
        return tuple(self._waits([dossier_id])[dossier_id])

    def _waits(self, ids: Collection[UUID]) -> Mapping[UUID, list[Wait]]:
        return self._of(t.wait, ids, wait_of, t.wait.c.sequence)

    def _of(self, table: Table, ids: Collection[UUID], noun: Any, order: Any) -> Mapping[UUID, list[Any]]:
        found: dict[UUID, list[Any]] = defaultdict(list)
        query = select(table).where(table.c.dossier_id.in_(ids)).order_by(order)
        for row in self._connection.execute(query):
            found[row.dossier_id].append(noun(row))
        return found

    def parts(self, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
        """Return waits, tasks, further codes and the sequences of notes of dossiers, as their fields."""
        found = {
            "waits": self._waits(ids),
            "tasks": self._of(t.task, ids, task_of, t.task.c.opened_at),
            "added_codes": self._of(t.added_code, ids, code_of, t.added_code.c.added_at),
            "notes": self._of(t.note, ids, lambda row: row.sequence, t.note.c.sequence),
        }
        return {each: {name: tuple(of.get(each, ())) for name, of in found.items()} for each in ids}

    def begin_wait(self, dossier_id: UUID, wait: Wait) -> None:
        """Add a wait."""
        self._connection.execute(insert(t.wait).values(wait_row(dossier_id, wait)))

    def end_wait(self, dossier_id: UUID, wait: Wait) -> None:
        """Write how a wait ended."""
        w = t.wait.c
        ended = update(t.wait).where(w.dossier_id == dossier_id, w.sequence == wait.sequence)
        self._connection.execute(ended.values(wait_row(dossier_id, wait)))

    def task(self, dossier_id: UUID, task_id: UUID) -> Task:
        """Return a task of a dossier."""
        query = select(t.task).where(t.task.c.id == task_id, t.task.c.dossier_id == dossier_id)
        row = self._connection.execute(query).first()
        if row is None:
            raise Rejected(Reason.UNKNOWN_TASK, Fault("task_id", "unknown"))
        return task_of(row)

    def open_task(self, dossier_id: UUID, task: Task) -> None:
        """Add a task."""
        self._connection.execute(insert(t.task).values(dossier_id=dossier_id, **vars(task)))

    def close_task(self, task: Task) -> None:
        """Write how a task ended."""
        closed = update(t.task).where(t.task.c.id == task.id)
        self._connection.execute(closed.values(closed_at=task.closed_at, done=task.done))

    def add_code(self, dossier_id: UUID, code: AddedCode) -> None:
        """Add a further code; one that another system gave twice is the same code."""
        c = t.added_code.c
        self._connection.execute(delete(t.added_code).where(c.dossier_id == dossier_id, c.code == code.code))
        self._connection.execute(insert(t.added_code).values(dossier_id=dossier_id, **vars(code)))

    def dossiers_of_code(self, code: str) -> Sequence[UUID]:
        """Return the dossiers that bear a code beside their own."""
        rows = self._connection.execute(select(t.added_code.c.dossier_id).where(t.added_code.c.code == code))
        return [row.dossier_id for row in rows]

    def add_note(self, dossier_id: UUID, sequence: int, text_id: UUID) -> None:
        """Name the object of a note."""
        self._connection.execute(insert(t.note).values(dossier_id=dossier_id, sequence=sequence, text_id=text_id))

    def note(self, dossier_id: UUID, sequence: int) -> UUID:
        """Return the object of a note."""
        n = t.note.c
        row = self._connection.execute(
            select(n.text_id).where(n.dossier_id == dossier_id, n.sequence == sequence)
        ).first()
        if row is None:
            raise Rejected(Reason.UNKNOWN_NOTE)
        return UUID(str(row.text_id))

    def note_texts(self, dossier_id: UUID) -> set[UUID]:
        """Return the objects of a dossier's notes."""
        query = select(t.note.c.text_id).where(t.note.c.dossier_id == dossier_id)
        return {row.text_id for row in self._connection.execute(query)}

    def calendar_change(self) -> CalendarChange | None:
        """Return a calendar whose dossiers are not all counted again, its row locked, the national one first."""
        c = t.calendar.c
        query = select(c.code, c.revision, c.recounted_to).where(c.recounted.is_(False))
        row = self._connection.execute(query.order_by(c.code != NATIONAL, c.code).limit(1).with_for_update()).first()
        return row and CalendarChange(row.code, row.revision, row.recounted_to)

    def concerned(self, change: CalendarChange, limit: int) -> Concerned:
        """Return the next dossiers a change concerns: all of them for the national calendar, others stand on it."""
        d = dossier.c
        query = select(dossier).where(d.status.in_(_AT_WORK), d.time_limit.is_not(None))
        query = query.where(or_(d.extended_to.is_(None), d.due_at.is_(None)))
        if change.code != NATIONAL:
            query = query.where(d.competent_unit == change.code)
        if change.after is not None:
            query = query.where(d.id > change.after)
        ids = self._connection.execute(query.with_only_columns(d.id).order_by(d.id).limit(limit)).scalars().all()
        rows = self._locked(query, ids)
        waits = self._waits([row.id for row in rows])
        found = [dossier_of(row, waits=tuple(waits.get(row.id, ()))) for row in rows]
        return Concerned(found, more=len(ids) == limit or len(rows) < len(ids))

    def _locked(self, query: Select[Any], ids: Sequence[UUID]) -> list[Any]:
        """Lock dossiers in their order, up to the first that somebody else holds.

        Who learns of many papers at once locks their dossiers in another order: we wait for one only while we hold
        no other.
        """
        if not ids:
            return []
        rows = list(self._connection.execute(query.where(dossier.c.id == ids[0]).with_for_update()))
        others = query.where(dossier.c.id.in_(ids[1:])).with_for_update(skip_locked=True)
        free = {row.id: row for row in self._connection.execute(others)}
        return rows + [free[each] for each in takewhile(free.__contains__, ids[1:])]

    def counted_again(self, dossiers: Sequence[Dossier]) -> None:
        """Write what counting again changed."""
        rows = [{"of_dossier": d.id, **{name: getattr(d, name) for name in _COUNTED}} for d in dossiers]
        if rows:
            self._connection.execute(_SAVE_COUNTED, rows)

    def went_on(self, change: CalendarChange, after: UUID | None, *, done: bool) -> None:
        """Write how far a change has come."""
        progress = {"recounted": done, "recounted_to": after}
        self._connection.execute(update(t.calendar).where(t.calendar.c.code == change.code).values(progress))
