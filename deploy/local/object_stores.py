"""Two S3 servers: MinIO and, to keep us honest about S3, the Versity gateway over a directory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from minio import Minio as Client
from minio.error import MinioException
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from deploy.local.process import ServerProcess
from deploy.local.programs import MINIO, VERSITYGW, GoProgram, built


class _S3Server(ServerProcess):
    program: ClassVar[GoProgram]
    start_timeout_seconds = 60

    # no secrets: the server listens on 127.0.0.1 only
    access_key = "hoso-local"
    secret_key = "hoso-local-only"  # noqa: S105

    @property
    def endpoint(self) -> str:
        """Return host:port for clients; the protocol is http."""
        return self.address

    @property
    def _objects_folder(self) -> Path:
        return self.data_folder / "objects"

    def _prepare(self) -> None:
        self._objects_folder.mkdir(exist_ok=True)

    def _answers(self) -> bool:
        pool = PoolManager(timeout=Timeout(1), retries=False)
        client = Client(
            endpoint=self.endpoint,
            access_key=self.access_key,
            secret_key=self.secret_key,
            secure=False,
            http_client=pool,
        )
        try:
            client.list_buckets()
        except (HTTPError, MinioException):
            return False
        finally:
            pool.clear()
        return True


class Minio(_S3Server):
    """A MinIO server: `endpoint`, `access_key` and `secret_key` are what a client needs."""

    name = "minio"
    program = MINIO

    def _command(self) -> Sequence[str]:
        return [str(built(self.program.path)), "server", "--address", self.address, str(self._objects_folder)]

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "MINIO_ROOT_USER": self.access_key,
            "MINIO_ROOT_PASSWORD": self.secret_key,
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",  # no call home
        }


class VersityGateway(_S3Server):
    """A Versity S3 gateway: `endpoint`, `access_key` and `secret_key` are what a client needs."""

    name = "versitygw"
    program = VERSITYGW

    def _command(self) -> Sequence[str]:
        program = str(built(self.program.path))
        return [program, "--port", self.address, "--quiet", "posix", str(self._objects_folder)]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "ROOT_ACCESS_KEY": self.access_key, "ROOT_SECRET_KEY": self.secret_key}
