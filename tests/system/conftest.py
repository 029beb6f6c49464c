"""One system on real servers for all tests of this folder."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.servers import Kafka, Minio, PostgreSQL
from tests.servers import started
from tests.system.harness import DrivenSystem


@pytest.fixture(scope="package")
def own_kafka() -> Iterator[Kafka]:
    """Return a broker that no other test reads from or writes to."""
    with (
        tempfile.TemporaryDirectory(prefix="hoso-system-") as folder,
        started(lambda: Kafka(Path(folder) / "kafka")) as server,
    ):
        yield server


@pytest.fixture(scope="package")
def system(
    own_kafka: Kafka, minio: Minio, postgres: PostgreSQL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DrivenSystem]:
    """Return intake and registry running; each test starts the workers it wants."""
    with DrivenSystem(tmp_path_factory.mktemp("system"), own_kafka, minio, postgres) as running:
        yield running


@pytest.fixture(autouse=True)
def no_workers_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stop the workers of a test after it."""
    yield
    if "system" in request.fixturenames:
        workers = request.getfixturevalue("system").workers
        while workers:
            workers.pop().stop()
