"""Fixtures of the real servers: each is started once a session, when the first test asks for it.

A test that stops a server uses `away`; one that fails half-way leaves a server down, and it is started again
before the next test.
"""

import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from deploy.local.servers import Kafka, Minio, PostgreSQL, ProgramMissing, ServerProcess, VersityGateway

Server = TypeVar("Server", bound=ServerProcess)

_running: list[ServerProcess] = []


def wait_until(condition: Callable[[], bool], *, timeout_seconds: float = 20) -> bool:
    """Return whether the condition came true before the deadline."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def away(server: ServerProcess) -> Iterator[None]:
    """Stop a server for the length of the block; it comes back on the same port with the same data."""
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def started(make: Callable[[], Server]) -> Iterator[Server]:
    """Start a server for the length of the block, or skip the test where its program is not installed."""
    try:
        server = make().start()
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _for_the_session(make: Callable[[], Server]) -> Iterator[Server]:
    with started(make) as server:
        _running.append(server)
        yield server
        _running.remove(server)


@pytest.fixture(autouse=True)
def servers_run_again() -> Iterator[None]:
    """Start again what a failed test left stopped or frozen."""
    yield
    for server in _running:
        if server.paused:
            server.resume()
        if server.pid is None:
            server.start()


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """Return a folder for the servers' data that PostgreSQL's own account may enter too."""
    with tempfile.TemporaryDirectory(prefix="hoso-servers-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="session")
def kafka(servers_folder: Path) -> Iterator[Kafka]:
    """Return a running Kafka broker."""
    with _for_the_session(lambda: Kafka(servers_folder / "kafka")) as server:
        yield server


@pytest.fixture(scope="session")
def minio(servers_folder: Path) -> Iterator[Minio]:
    """Return a running MinIO."""
    with _for_the_session(lambda: Minio(servers_folder / "minio")) as server:
        yield server


@pytest.fixture(scope="session")
def versity(servers_folder: Path) -> Iterator[VersityGateway]:
    """Return a running Versity gateway."""
    with _for_the_session(lambda: VersityGateway(servers_folder / "versitygw")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres(servers_folder: Path) -> Iterator[PostgreSQL]:
    """Return a running PostgreSQL."""
    with _for_the_session(lambda: PostgreSQL(servers_folder / "postgresql")) as server:
        yield server
    server.remove_data()


@pytest.fixture
def postgres_url(postgres: PostgreSQL) -> Iterator[str]:
    """Return the URL of a database made for this test, empty and gone afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    yield postgres.create_database(name)
    postgres.drop_database(name)
