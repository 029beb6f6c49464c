"""Transactions on PostgreSQL and SQLite; the one door to SQLAlchemy's engine.

Tables are declared with SQLAlchemy Core by the module that owns them, on ``metadata`` objects of
their own, and created by ``Database.create``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import AlreadyExists, DatabaseUnavailable

_POSTGRES = {
    "connect_timeout": 3,
    "options": "-c statement_timeout=60000 -c timezone=UTC",
}
_SQLITE_BUSY_MS = 30_000


class Moment(TypeDecorator[Any]):
    """A moment in UTC; SQLite keeps no zone, so it is added again on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Store in UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return with its zone."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise AlreadyExists("a unique key is taken") from error
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise DatabaseUnavailable(
            f"the database fails: {type(error).__name__}"
        ) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable("the database closed the connection") from error
        raise


class Database:
    """A database of one service."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)

    def create(self, metadata: MetaData) -> None:
        """Create the tables that are missing; several processes may do so at once."""
        with self.transaction() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7006031)"))
            metadata.create_all(connection)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection whose work is committed as a whole, or not at all on any error.

        Raises ``AlreadyExists`` where a unique key is taken and ``DatabaseUnavailable`` where
        the database is away or gave up; whether a commit under way then happened is unknown,
        so callers bring keys of their own. On SQLite one writer goes at a time and the others
        wait; on PostgreSQL rows are locked as they are updated.
        """
        with _our_errors(), self._engine.begin() as connection:
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
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": _SQLITE_BUSY_MS}
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we begin ourselves, below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA busy_timeout={_SQLITE_BUSY_MS}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # a deferred transaction that writes late fails at once instead of waiting its turn
        reading = connection.info.pop("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
