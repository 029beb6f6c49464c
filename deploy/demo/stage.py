"""What the demo runs on: hoso as one child process, and beside it the real servers if asked for."""

import os
import pathlib
import re
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from deploy.local.ports import HOST, free_port
from deploy.local.process import ServerProcess
from deploy.local.servers import Kafka, Minio, PostgreSQL
from deploy.local.wiring import settings_for
from shared.embedded_broker import EmbeddedBroker

PROVINCE = pathlib.Path(__file__).with_name("province")
REPOSITORY = pathlib.Path(__file__).parents[2]
PARTS = ("INTAKE", "REGISTRY", "OCR_EXPRESS", "OCR_BULK")
PAGES = re.compile(r"^hoso_ocr_pages_total\{.*\} (\S+)$", re.MULTILINE)

Settings = dict[str, str]


class Hoso(ServerProcess):
    """All services under their supervisor; started when each says that it is ready.

    No ``HOSO_`` variable of the caller reaches it: a demo must not write into somebody's real system.
    """

    name = "hoso"
    start_timeout_seconds = 120
    stop_timeout_seconds = 60  # a worker finishes its slice first

    def __init__(self, data_folder: pathlib.Path, settings: Mapping[str, str]) -> None:
        super().__init__(data_folder)
        self._settings = settings
        self._ops_ports = {part: free_port() for part in PARTS}
        self._registry_port = free_port()

    @property
    def intake_url(self) -> str:
        """Answer the address of intake's API."""
        return f"http://{HOST}:{self.port}"

    @property
    def registry_url(self) -> str:
        """Answer the address of the registry's API."""
        return f"http://{HOST}:{self._registry_port}"

    def metrics(self) -> str:
        """Answer the metrics of all parts, one after the other, each under a heading."""
        texts = (f"# {part.lower()}\n{self._ops(part, 'metrics')}" for part in PARTS)
        return "\n".join(texts)

    def pages_worked(self) -> int:
        """Answer how many pages the worker of the express lane has worked on; 0 while it does not answer."""
        try:
            counts = PAGES.findall(self._ops("OCR_EXPRESS", "metrics"))
        except OSError:  # started again, or too busy to answer in time
            return 0
        return sum(int(float(count)) for count in counts)

    def _ops(self, part: str, path: str) -> str:
        url = f"http://{HOST}:{self._ops_ports[part]}/{path}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return str(answer.read().decode())

    def _prepare(self) -> None:
        """Nothing to make."""

    def _command(self) -> Sequence[str]:
        state = str(self.data_folder / "state")
        return [sys.executable, "-m", "services", "--data", state, "--reference", str(PROVINCE)]

    def _environment(self) -> Settings:
        ports = {f"HOSO_{part}_OPS_PORT": str(port) for part, port in self._ops_ports.items()}
        ports |= {"HOSO_INTAKE_PORT": str(self.port), "HOSO_REGISTRY_PORT": str(self._registry_port)}
        ours = {name: value for name, value in os.environ.items() if not name.startswith("HOSO_")}
        return {**ours, "PYTHONPATH": str(REPOSITORY), **ports, **self._settings}

    def _answers(self) -> bool:
        try:
            return all(self._ops(part, "health/ready") for part in PARTS)
        except OSError:  # refused, timed out, or 503
            return False


@contextmanager
def embedded() -> Iterator[Settings]:
    """Answer the settings of the in-process broker; store and databases are the supervisor's defaults."""
    with EmbeddedBroker() as broker:
        yield {
            "HOSO_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
            "HOSO_KAFKA_DECLARE_TOPICS": "false",  # it takes no admin calls
        }


@contextmanager
def real(folder: pathlib.Path) -> Iterator[Settings]:
    """Start Kafka, MinIO and PostgreSQL and answer the settings that lead to them."""
    with ExitStack() as servers:
        kafka = servers.enter_context(Kafka(folder / "kafka"))
        minio = servers.enter_context(Minio(folder / "minio"))
        postgres = PostgreSQL(folder / "postgresql")
        servers.callback(postgres.remove_data)  # it may lie outside the folder
        servers.enter_context(postgres)
        yield settings_for(kafka, minio, postgres)
