"""Databases as files: PostgreSQL by its own tools, SQLite by its own back-up; and the rows of such a file.

Each file is the state of one moment, taken while others go on writing.
"""

import os
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url, text

from deploy.local.programs import postgresql_program

Row = Mapping[str, str | None]
_SQLITE = "sqlite"


class RecoveryFailed(RuntimeError):
    """Something stands in the way; the message says what, and what to do."""


def dump(url: str, target: Path, *, without: Sequence[str] = ()) -> None:
    """Write a database to a file, of some tables the form only."""
    if make_url(url).get_backend_name() == _SQLITE:
        _dump_sqlite(Path(make_url(url).database or ""), target, without)
        return
    left_out = [f"--exclude-table-data={name}" for name in without]
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", *left_out)


def restore(source: Path, url: str) -> None:
    """Make a database of a file; raises ``RecoveryFailed`` where there is one already."""
    if _tables(url):
        raise RecoveryFailed(f"the database {make_url(url).database} is not empty: nothing was restored into it")
    if make_url(url).get_backend_name() == _SQLITE:
        target = Path(make_url(url).database or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(source)) as kept, closing(sqlite3.connect(target)) as made:
            kept.backup(made)
        return
    _run("pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(source))


def rows(source: Path) -> Iterator[tuple[str, Row]]:
    """Yield every row of a file with the name of its table; no server is asked."""
    with source.open("rb") as file:
        is_sqlite = file.read(15) == b"SQLite format 3"
    return _rows_of_sqlite(source) if is_sqlite else _rows_of_postgresql(source)


def live_rows(url: str, tables: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """Yield every row of some tables of a database that is in use."""
    engine = create_engine(url)
    try:
        for table in tables:
            with engine.connect() as connection:
                found = connection.execution_options(yield_per=1000).execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608  # our own names
                for row in found.mappings():
                    yield table, {name: None if value is None else str(value) for name, value in row.items()}
    finally:
        engine.dispose()


def _tables(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _dump_sqlite(source: Path, target: Path, without: Sequence[str]) -> None:
    if not source.is_file():
        raise RecoveryFailed(f"there is no database {source}")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as kept:
        live.backup(kept)
        for table in without:
            kept.execute(f'DELETE FROM "{table}"')  # noqa: S608  # our own names
        kept.commit()
        kept.execute("PRAGMA journal_mode=DELETE")  # one file, without another beside it
        kept.execute("VACUUM")


def _rows_of_sqlite(source: Path) -> Iterator[tuple[str, Row]]:
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as kept:
        kept.row_factory = sqlite3.Row
        names = [row[0] for row in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in names:
            for row in kept.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # the names it told us
                named = zip(row.keys(), row, strict=True)
                yield table, {name: None if value is None else str(value) for name, value in named}


def _rows_of_postgresql(source: Path) -> Iterator[tuple[str, Row]]:
    """Read the script ``pg_restore`` makes of the data: ``COPY`` statements, each with its rows up to an end mark."""
    command = [str(postgresql_program("pg_restore")), "--data-only", "--file=-", str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as restoring:
        assert restoring.stdout is not None
        table: str | None = None
        columns: list[str] = []
        for line in restoring.stdout:
            if table is None and line.startswith("COPY "):
                table, columns = _copied(line)
            elif line == "\\.\n":
                table = None
            elif table is not None:
                values = (None if value == "\\N" else value for value in line.rstrip("\n").split("\t"))
                yield table, dict(zip(columns, values, strict=True))
    if restoring.returncode:
        raise RecoveryFailed(f"{source.name} cannot be read: pg_restore ended with {restoring.returncode}")


def _copied(line: str) -> tuple[str, list[str]]:
    """Return table and columns of a line like ``COPY public.paper (id, kept_under) FROM stdin;``."""
    name, _, rest = line.removeprefix("COPY ").partition(" (")
    return name.rpartition(".")[2].strip('"'), [column.strip('"') for column in rest.partition(")")[0].split(", ")]


def _run(program: str, url: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on a database; the password goes by the environment, which no list shows."""
    parts = make_url(url)
    plain = parts.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    password = {"PGPASSWORD": str(parts.password)} if parts.password else {}
    command = [str(postgresql_program(program)), f"--dbname={plain}", *arguments]
    done = subprocess.run(command, env=os.environ | password, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RecoveryFailed(f"{program} ended with {done.returncode}: {done.stderr.strip()}")
