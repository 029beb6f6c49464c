"""Real servers and the whole system on them, for the length of a measurement."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.servers import Kafka, Minio, PostgreSQL
from deploy.local.system import System


@contextmanager
def running_system(folder: Path) -> Iterator[System]:
    """Start Kafka, MinIO, PostgreSQL, intake and registry; the caller starts the workers it wants."""
    with (
        Kafka(folder / "kafka") as kafka,
        Minio(folder / "minio") as minio,
        PostgreSQL(folder / "postgresql") as postgres,
        System(folder / "hoso", kafka, minio, postgres) as system,
    ):
        yield system
