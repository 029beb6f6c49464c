"""Transactions on PostgreSQL and SQLite; the one door to SQLAlchemy's engine.

Tables are declared with SQLAlchemy Core by the module that owns them, on ``metadata`` objects of
their own, and created by ``Database.create``.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.schema import CreateColumn

from shared.errors import AlreadyExists, DatabaseUnavailable, HosoError, Refused

_POSTGRES = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,  # ms; a server that vanished would hold a statement for 15 minutes
    "options": "-c statement_timeout=60000 -c timezone=UTC",
}
_SQLITE_BUSY_SECONDS = 30

# SQLSTATE classes: connection, serialization and deadlock, resources, lock, operator, system
_AWAY = ("08", "40", "53", "55", "57", "58")
_REFUSALS = ("28", "42501")
_UNIQUE = ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID")
_SQLITE_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_PROTOCOL")
_SQLITE_REFUSALS = ("SQLITE_PERM", "SQLITE_READONLY", "SQLITE_AUTH")


class Moment(TypeDecorator[Any]):
    """A moment in UTC; SQLite keeps no zone, so it is added again on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        """Store in UTC; a moment without its zone could be any."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        """Return with its zone."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable("no connection to the database came free") from error
    except DBAPIError as error:
        # without its cause: PostgreSQL's texts quote the row ("Failing row contains (…)")
        raise _judged(error).with_traceback(error.__traceback__) from None


def _judged(error: DBAPIError) -> HosoError:
    cause = type(error.orig).__name__
    code = str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or "")
    if code in _UNIQUE:
        return AlreadyExists("a unique key is taken")
    if error.connection_invalidated or code.startswith((*_AWAY, *_SQLITE_AWAY)):
        return DatabaseUnavailable(f"the database fails: {cause}")
    if code.startswith((*_REFUSALS, *_SQLITE_REFUSALS)):
        return Refused(f"the database refuses us: {cause}")
    if not code and isinstance(error, OperationalError | InterfaceError):  # psycopg gives a failed connect no SQLSTATE
        return DatabaseUnavailable(f"the database does not answer: {error.orig}")
    return HosoError(f"the database rejects a statement: {cause} {code}: {error.statement}", reason="database-rejects")


class Database:
    """A database of one service; safe to use from several threads.

    SQLite must be a file: in memory, each thread would see a database of its own.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        # SQLite's writers wait for their turn by polling, and one of twenty starved (0.6 s of 0.65 s)
        self._turn = threading.Lock() if self._engine.dialect.name == "sqlite" else nullcontext()

    def create(self, metadata: MetaData) -> None:
        """Create the tables that are missing, the columns and the indexes; several processes may do so at once.

        A column is added to a table made by an earlier version where old rows can do without a
        value of their own; raises ``HosoError`` where they cannot, before anything is served. Text
        columns are made as wide as they are now.
        """
        with self.transaction() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7006031)"))
            metadata.create_all(connection)
            for table in metadata.sorted_tables:
                _add_columns(connection, table)
                _widen_columns(connection, table)
                for index in table.indexes:
                    index.create(connection, checkfirst=True)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection whose work is committed as a whole, or not at all on any error.

        Raises ``AlreadyExists`` where a unique key is taken, ``Refused`` where we lack a right,
        and ``DatabaseUnavailable`` where the database is away or gave up; whether a commit
        under way then happened is unknown, so callers bring keys of their own. Anything else a
        database rejects is a bug and a plain ``HosoError``. On SQLite one writer goes at a time
        and the others wait, so never begin one inside another; on PostgreSQL rows are locked as
        they are updated.
        """
        with _our_errors(), self._turn, self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one consistent state and changes nothing."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _our_errors(), self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(**options)
            else:
                connection.info["reading"] = True
            with connection.begin():
                yield connection

    def check(self) -> None:
        """Return if the database answers now."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def copy_in(connection: Connection, statement: str, rows: str) -> None:
    """Send rows to PostgreSQL in the text format of ``COPY … FROM STDIN``, the fastest way in.

    SQLAlchemy knows no COPY; an error of the driver is made one of SQLAlchemy's, so that it is judged as all are.
    """
    driver = connection.dialect.loaded_dbapi
    try:
        with connection.connection.cursor().copy(statement) as copying:
            copying.write(rows)
    except driver.Error as error:
        raise DBAPIError.instance(
            statement, None, error, driver.Error, hide_parameters=True, dialect=connection.dialect
        ) from None


def _add_columns(connection: Connection, table: Table) -> None:
    known = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name in known:
            continue
        if not column.nullable and column.server_default is None:
            raise HosoError(f"table {table.name} is older than column {column.name}", reason="tables-too-old")
        definition = CreateColumn(column).compile(dialect=connection.dialect)
        connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {definition}"))


def _widen_columns(connection: Connection, table: Table) -> None:
    if connection.dialect.name == "sqlite":
        return  # it holds no text to its length
    for found in inspect(connection).get_columns(table.name):
        column = table.columns.get(found["name"])
        narrow, wide = getattr(found["type"], "length", None), getattr(getattr(column, "type", None), "length", None)
        if narrow is not None and wide is not None and narrow < wide:
            connection.execute(text(f"ALTER TABLE {table.name} ALTER COLUMN {found['name']} TYPE VARCHAR({wide})"))


def _engine(url: str) -> Engine:
    # hide_parameters: an error's text must not carry what a person wrote into a log
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=20,
        max_overflow=20,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args=_POSTGRES,
    )


def _sqlite(url: str) -> Engine:
    database = make_url(url).database
    if not database or ":memory:" in database or "mode=memory" in url:
        raise ValueError("an SQLite database in memory is a database a thread; name a file")
    Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _SQLITE_BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we begin ourselves, below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.info.pop("reading", False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        # a deferred transaction that writes late fails at once instead of waiting its turn
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
