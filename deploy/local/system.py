"""Intake, registry and OCR workers as processes on real servers, for tests and measurements."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from deploy.local.servers import Kafka, Minio, PostgreSQL, ServerFailed
from deploy.local.service import Service
from deploy.local.wiring import settings_for
from shared.s3_store import S3Store

PROVINCE = Path(__file__).parents[1] / "demo" / "province"
_READY_SECONDS = 60
_COMMAND_SECONDS = 120


class System:
    """All services on one Kafka, one MinIO and one PostgreSQL, in a bucket and databases of their own.

    Workers are started one by one with `start_worker`; the made-up province is loaded before the rest starts.
    """

    def __init__(self, folder: Path, kafka: Kafka, minio: Minio, postgres: PostgreSQL) -> None:
        self.kafka = kafka
        self._folder = folder
        self._name = f"system{uuid.uuid4().hex[:8]}"
        self.settings = self._settings(minio, postgres)
        self.intake = self._service("intake")
        self.registry = self._service("registry")
        self.workers: list[Service] = []
        self.store = S3Store(
            endpoint=minio.endpoint,
            access_key=minio.access_key,
            secret_key=minio.secret_key,
            bucket=self._name,
            secure=False,
        )

    def _settings(self, minio: Minio, postgres: PostgreSQL) -> dict[str, str]:
        return {
            **settings_for(self.kafka, minio, postgres, prefix=f"{self._name}_"),
            "HOSO_STORE_BUCKET": self._name,
            "HOSO_INTAKE_SEARCH_KEY": uuid.uuid4().hex,
            "HOSO_INTAKE_INBOX": str(self._folder / "inbox"),
        }

    def _service(self, name: str, label: str = "", **settings: str) -> Service:
        return Service(name, self._folder / f"{name}{label}", {**self.settings, **settings})

    def __enter__(self) -> Self:
        """Load the reference data, start everything but the workers, and wait until it is ready."""
        with ExitStack() as undo:
            undo.callback(self.stop)
            self.run_registry("load", str(PROVINCE))
            self.registry.start()
            self.intake.start()
            self._await_ready()
            undo.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop every process of ours."""
        self.stop()

    def stop(self) -> None:
        """Stop workers, intake and registry."""
        for service in (*self.workers, self.intake, self.registry):
            service.stop()

    def stop_services(self) -> None:
        """Stop every process of ours, to be started again."""
        while self.workers:
            self.workers.pop().stop()
        self.intake.stop()
        self.registry.stop()

    def start_again(self) -> None:
        """Start intake and registry again and wait until they are ready; nothing is loaded."""
        self.registry.start()
        self.intake.start()
        self._await_ready()

    def _await_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not (self.intake.ready() and self.registry.ready()):
            if time.monotonic() > deadline:
                raise ServerFailed(f"intake and registry are not ready; their logs are in {self._folder}")
            time.sleep(0.1)

    def run_registry(self, *arguments: str) -> str:
        """Run a command of the registry and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "services.registry", *arguments],
            env={**os.environ, **self.settings},
            capture_output=True,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        if done.returncode:
            raise ServerFailed(f"registry {arguments[0]} ended with {done.returncode}\n{done.stderr}")
        return done.stdout

    def start_worker(self, **settings: str) -> Service:
        """Start one more worker of the express lane."""
        label = f"-{len(self.workers)}"
        worker = self._service("ocr", label, **{"HOSO_OCR_LANE": "express", **settings})
        self.workers.append(worker.start())
        return worker
