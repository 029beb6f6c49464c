"""A PostgreSQL server with a cluster of its own."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.local.ports import HOST
from deploy.local.process import ServerFailed, ServerProcess
from deploy.local.programs import installed, postgresql_program


class PostgreSQL(ServerProcess):
    """PostgreSQL: `create_database(name)`, then `url(name)` is what SQLAlchemy needs.

    PostgreSQL refuses to run as root, so root starts it as the user postgres (or nobody).
    """

    name = "postgresql"
    start_timeout_seconds = 60
    stop_signal = signal.SIGINT  # "fast": on SIGTERM it would wait for its clients to leave
    user = "hoso"

    def __init__(self, data_folder: Path, *, port: int | None = None, durable: bool = True) -> None:
        super().__init__(data_folder, port=port)
        self._durable = durable
        self._account = _account()

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{self.user}@{self.address}/{database}"

    def create_database(self, name: str) -> str:
        """Make a database where there is none of that name, and return its URL."""
        with suppress(psycopg.errors.DuplicateDatabase):
            self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database and end its connections."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @cached_property  # the place stays, even when somebody deletes the data folder under us
    def cluster_folder(self) -> Path:
        """Return where the cluster lies: in the data folder, or in its account's home where it may not enter that."""
        if self._account is None or _anybody_may_enter(self.data_folder):
            return self.data_folder / "cluster"
        digest = hashlib.sha256(str(self.data_folder).encode()).hexdigest()[:12]
        return Path(self._account.pw_dir) / f"hoso-{digest}"

    def remove_data(self) -> None:
        """Delete the cluster of a stopped server; its log stays."""
        shutil.rmtree(self.cluster_folder, ignore_errors=True)

    def _prepare(self) -> None:
        cluster = self.cluster_folder
        if cluster.exists():
            return
        if cluster.parent != self.data_folder:
            _point(self.data_folder / "elsewhere", cluster)
        half_made = cluster.with_name(cluster.name + ".part")
        shutil.rmtree(half_made, ignore_errors=True)
        self._make_cluster(half_made)
        half_made.rename(cluster)

    def _make_cluster(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        # trust: the server listens on 127.0.0.1 only. C.UTF-8: the same order of rows on every machine.
        arguments = ["--username", self.user, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        command = [str(postgresql_program("initdb")), *arguments, "--pgdata", str(folder)]
        done = subprocess.run([*self._tether(), *command], cwd="/", capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServerFailed(f"postgresql's cluster could not be made\n{done.stdout}{done.stderr}")

    def _tether(self) -> Sequence[str]:
        if self._account is None:
            return super()._tether()
        user, group = str(self._account.pw_uid), str(self._account.pw_gid)
        switch = ["--reuid", user, "--regid", group, "--clear-groups"]
        return [installed("setpriv"), *switch, "--pdeathsig", "KILL", "--"]

    def _command(self) -> Sequence[str]:
        options = {"listen_addresses": HOST, "port": self.port, "unix_socket_directories": "", "max_connections": 200}
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(postgresql_program("postgres")), "-D", str(self.cluster_folder), *settings]

    def _answers(self) -> bool:
        try:
            self._execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(
            host=HOST, port=self.port, user=self.user, dbname="postgres", connect_timeout=2, autocommit=True
        ) as connection:
            connection.execute(statement)


def _account() -> pwd.struct_passwd | None:
    """Return the account PostgreSQL must run under, None for our own."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


def _anybody_may_enter(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in [folder, *folder.parents] if place.exists())


def _point(link: Path, target: Path) -> None:
    """Leave a link to what lies elsewhere, so that who deletes the data folder (make clean) finds it."""
    link.unlink(missing_ok=True)
    link.symlink_to(target)
