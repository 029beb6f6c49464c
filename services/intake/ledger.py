"""The ledger on PostgreSQL and SQLite: the queries behind ``ports.Entries``."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from services.intake import tables as t
from services.intake.dossiers import Dossier, Paper, PaperState
from services.intake.ledger_rows import component_of, component_row, dossier_of, paper_of
from services.intake.life_ledger import SqlLife
from services.intake.ports import Answer, Entries, Key, KnownProcedure, Wanted
from services.intake.record_ledger import SqlRecords
from services.intake.rejections import Reason, Rejected
from services.intake.review_ledger import SqlReviews
from shared.database import Database
from shared.events import Event
from shared.topics import Topic
from shared.working_time import Limit, TimeUnit

# both speak INSERT … ON CONFLICT … RETURNING, each through an insert of its own
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
T = TypeVar("T")

# what every paper needs, built once: building a statement costs as much as running it
_OF_DOSSIER: BindParameter[UUID] = bindparam("dossier_id")
_LOCK = select(t.dossier).where(t.dossier.c.id == _OF_DOSSIER).with_for_update()
_COMPONENTS = (
    select(t.component.c.code).select_from(t.dossier.outerjoin(t.component)).where(t.dossier.c.id == _OF_DOSSIER)
)
_TWINS = select(t.paper).where(
    t.paper.c.dossier_id == _OF_DOSSIER, t.paper.c.sha256.in_(bindparam("sha256s", expanding=True))
)
_SAVE = update(t.dossier).where(t.dossier.c.id == _OF_DOSSIER)
_ADD_PAPERS = insert(t.paper)
_SAVED = (
    *("status", "version", "sequence", "competent_unit", "system_of_record", "came_from", "moved_at"),
    *("accepted_at", "handed_over_at", "refused_at", "withdrawn_at", "stopped_at", "finished_at", "returned_at"),
    *("time_limit", "limit_unit", "cut_off", "due_at", "first_due_at", "provisional"),
    *("extensions", "extended_at", "extended_to"),
)


class SqlLedger:
    """The ledger in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def transaction(self) -> Iterator[Entries]:
        """Open the ledger for writing."""
        with self._database.transaction() as connection:
            yield SqlEntries(connection)

    @contextmanager
    def reading(self) -> Iterator[Entries]:
        """Open the ledger for reading."""
        with self._database.reading() as connection:
            yield SqlEntries(connection)


class SqlEntries:
    """The ledger inside one transaction; what each method promises stands in ``ports.Entries``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def reviews(self) -> SqlReviews:
        """The reviews of papers."""
        return SqlReviews(self._connection)

    @property
    def records(self) -> SqlRecords:
        """The record of digitisation."""
        return SqlRecords(self._connection)

    @property
    def life(self) -> SqlLife:
        """Dossiers' lives."""
        return SqlLife(self._connection)

    def _first(self, query: Select[Any]) -> Any:
        return self._connection.execute(query).first()

    def procedure(self, code: str) -> KnownProcedure | None:
        """Return a procedure."""
        row = self._first(select(t.reference).where(t.reference.c.kind == "procedure", t.reference.c.code == code))
        return row and KnownProcedure(row.code, row.version, row.managing_unit, _limit(row))

    def is_unit(self, code: str) -> bool:
        """Return whether there is such a unit."""
        found = select(t.reference.c.code).where(t.reference.c.kind == "unit", t.reference.c.code == code)
        return self._first(found) is not None

    def next_number(self, unit: str, day: date) -> int:
        """Count on, creating the day's row with its first number."""
        counter = _INSERTS[self._connection.dialect.name](t.code_sequence).values(unit=unit, day=day, last=1)
        counter = counter.on_conflict_do_update(
            index_elements=["unit", "day"], set_={"last": t.code_sequence.c.last + 1}
        )
        return int(self._connection.execute(counter.returning(t.code_sequence.c.last)).scalar_one())

    def add_dossier(self, dossier: Dossier, digests: Sequence[str]) -> None:
        """Add a dossier, its components and its search keys."""
        row = {column.name: getattr(dossier, column.name) for column in t.dossier.c}
        self._connection.execute(insert(t.dossier).values(row))
        components = [component_row(dossier.id, place, c) for place, c in enumerate(dossier.components)]
        if components:
            self._connection.execute(insert(t.component), components)
        keys = [{"dossier_id": dossier.id, "digest": digest} for digest in digests]
        if keys:
            self._connection.execute(insert(t.search_key), keys)

    def dossier(self, dossier_id: UUID) -> Dossier:
        """Return a dossier."""
        found = self._dossiers(select(t.dossier).where(t.dossier.c.id == dossier_id))
        return _known(found[0] if found else None)

    def lock(self, dossier_id: UUID) -> Dossier:
        """Return a dossier, its row locked; on SQLite the whole transaction is alone."""
        return dossier_of(_known(self._connection.execute(_LOCK, {"dossier_id": dossier_id}).first()))

    def components(self, dossier_id: UUID) -> set[str]:
        """Return the codes of a dossier's components."""
        rows = self._connection.execute(_COMPONENTS, {"dossier_id": dossier_id}).all()
        _known(rows or None)
        return {row.code for row in rows if row.code is not None}

    def twins(self, dossier_id: UUID, sha256s: Collection[str]) -> Sequence[Paper]:
        """Return the papers of a dossier whose files are among these."""
        asked = {"dossier_id": dossier_id, "sha256s": sha256s}
        return [paper_of(row) for row in self._connection.execute(_TWINS, asked)]

    def _dossiers(self, query: Select[Any]) -> list[Dossier]:
        rows = self._connection.execute(query).all()
        ids = [row.id for row in rows]
        components = select(t.component).where(t.component.c.dossier_id.in_(ids)).order_by(t.component.c.place)
        papers = select(t.paper).where(t.paper.c.dossier_id.in_(ids)).order_by(t.paper.c.sequence)
        of_components = self._connection.execute(components).all()
        of_papers = self._connection.execute(papers).all()
        lives = self.life.parts(ids)
        return [
            dossier_of(
                row,
                components=tuple(component_of(c) for c in of_components if c.dossier_id == row.id),
                papers=tuple(paper_of(p) for p in of_papers if p.dossier_id == row.id),
                **lives[row.id],
            )
            for row in rows
        ]

    def save(self, dossier: Dossier) -> None:
        """Write what a command may change."""
        changes = {name: getattr(dossier, name) for name in _SAVED}
        self._connection.execute(_SAVE, {"dossier_id": dossier.id, **changes})

    def dossier_of_code(self, code: str) -> UUID | None:
        """Return the id of the dossier of that code; of a code that two were given elsewhere, none."""
        row = self._first(select(t.dossier.c.id).where(t.dossier.c.code == code))
        found = [UUID(str(row.id))] if row else self.life.dossiers_of_code(code)
        return found[0] if len(found) == 1 else None

    def is_dossier(self, dossier_id: UUID) -> bool:
        """Return whether there is such a dossier."""
        return self._first(select(t.dossier.c.id).where(t.dossier.c.id == dossier_id)) is not None

    def find(self, wanted: Wanted) -> Sequence[Dossier]:
        """Return the dossiers that match, newest first."""
        d = t.dossier.c
        query = select(t.dossier).where(or_(d.receiving_unit.in_(wanted.units), d.competent_unit.in_(wanted.units)))
        if wanted.code is not None:
            others = self.life.dossiers_of_code(wanted.code)
            query = query.where(or_(d.code == wanted.code, d.external_code == wanted.code, d.id.in_(others)))
        for digest in wanted.digests:
            query = query.where(d.id.in_(select(t.search_key.c.dossier_id).where(t.search_key.c.digest == digest)))
        if wanted.after is not None:
            query = query.where(self._older_than(wanted.after))
        return self._dossiers(query.order_by(d.opened_at.desc(), d.id.desc()).limit(wanted.limit))

    def _older_than(self, dossier_id: UUID) -> ColumnElement[bool]:
        d = t.dossier.c
        row = self._first(select(d.opened_at).where(d.id == dossier_id))
        if row is None:
            raise Rejected(Reason.UNKNOWN_DOSSIER)
        return or_(d.opened_at < row.opened_at, and_(d.opened_at == row.opened_at, d.id < dossier_id))

    def add_papers(self, papers: Sequence[Paper]) -> None:
        """Add papers."""
        rows = [{column.name: getattr(paper, column.name) for column in t.paper.c} for paper in papers]
        if rows:
            self._connection.execute(_ADD_PAPERS, rows)

    def paper(self, paper_id: UUID) -> Paper:
        """Return a paper."""
        row = self._first(select(t.paper).where(t.paper.c.id == paper_id))
        if row is None:
            raise Rejected(Reason.UNKNOWN_PAPER)
        return paper_of(row)

    def ask_revision(self, paper_id: UUID) -> int:
        """Count on from the last revision, asked for or heard of."""
        p = t.paper.c
        last = case((p.revision > p.revisions_asked, p.revision), else_=p.revisions_asked)
        counted = update(t.paper).where(p.id == paper_id).values(revisions_asked=last + 1)
        return int(self._connection.execute(counted.returning(p.revisions_asked)).scalar_one())

    def attach(self, paper: Paper) -> None:
        """Write where a paper that waited has gone."""
        changes = {
            "kept_under": paper.kept_under,
            "dossier_id": paper.dossier_id,
            "component_code": paper.component_code,
            "accepted_at": paper.accepted_at,
            "sequence": paper.sequence,
            "state": paper.state,
        }
        self._must_wait(update(t.paper).where(_waits(paper.id)).values(changes))

    def remove_waiting(self, paper_id: UUID) -> None:
        """Remove a paper that waits."""
        self._must_wait(delete(t.paper).where(_waits(paper_id)))

    def _must_wait(self, statement: Any) -> None:
        if self._connection.execute(statement).rowcount != 1:
            raise Rejected(Reason.NOT_IN_TRAY)

    def tray(self, counter: str, *, limit: int, after: UUID | None) -> Sequence[Paper]:
        """Return the papers that wait in a counter's tray, oldest first."""
        p = t.paper.c
        query = select(t.paper).where(p.state == PaperState.WAITING, p.counter == counter)
        if after is not None:
            at = self.paper(after).received_at
            query = query.where(or_(p.received_at > at, and_(p.received_at == at, p.id > after)))
        rows = self._connection.execute(query.order_by(p.received_at, p.id).limit(limit))
        return [paper_of(row) for row in rows]

    def announce(self, events: Sequence[tuple[Topic, Event]]) -> None:
        """Write events to the journal."""
        t.journal.write(self._connection, [(topic.name, event) for topic, event in events])

    def answer(self, key: Key) -> Answer | None:
        """Return what was answered to this key."""
        row = self._first(select(t.idempotency).where(t.idempotency.c.digest == key.digest))
        if row is None:
            return None
        if row.fingerprint != key.fingerprint:
            raise Rejected(Reason.KEY_REUSED)
        return Answer(row.status, row.body, row.version)

    def remember(self, key: Key, answer: Answer, at: datetime) -> None:
        """Keep an answer."""
        row = {"digest": key.digest, "fingerprint": key.fingerprint, "at": at}
        row |= {"status": answer.status, "version": answer.version, "body": answer.body}
        self._connection.execute(insert(t.idempotency).values(row))

    def forget_answers(self, before: datetime) -> int:
        """Forget old answers."""
        return self._connection.execute(delete(t.idempotency).where(t.idempotency.c.at < before)).rowcount

    def hot_file(self, digest: str) -> bool:
        """Return whether this very file was taken."""
        return self._first(select(t.hot_file).where(t.hot_file.c.digest == digest)) is not None

    def add_hot_file(self, digest: str, at: datetime) -> None:
        """Note that this very file was taken."""
        self._connection.execute(insert(t.hot_file).values(digest=digest, at=at))

    def kept_papers(self, kept_under: UUID) -> set[UUID]:
        """Return the papers whose objects lie under that dossier id."""
        query = select(t.paper.c.id).where(t.paper.c.kept_under == kept_under)
        return {row.id for row in self._connection.execute(query)}


def _known(found: T | None) -> T:
    if found is None:
        raise Rejected(Reason.UNKNOWN_DOSSIER)
    return found


def _waits(paper_id: UUID) -> ColumnElement[bool]:
    return and_(t.paper.c.id == paper_id, t.paper.c.state == PaperState.WAITING)


def _limit(row: Any) -> Limit | None:
    if row.time_limit is None:
        return None
    return Limit(row.time_limit, TimeUnit(row.limit_unit), time.fromisoformat(row.cut_off) if row.cut_off else None)
