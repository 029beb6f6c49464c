"""Intake as a process: ready when it knows procedures, announcing, ended by SIGTERM with nothing cut off."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.intake.__main__ import main
from shared.directory_store import DirectoryStore
from shared.embedded_broker import EmbeddedBroker
from shared.events import PaperWork, decode
from shared.kafka import KafkaLog
from shared.log import Record
from shared.object_store import APPLICANT_FORM
from shared.settings import KafkaSettings
from tests.intake.office import HEADERS, OPENING, SECRET, pdf, record, reference_data
from tests.servers import wait_until

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Process:
    """Intake as ``python -m services.intake`` runs it, on the in-process broker, a directory and SQLite."""

    def __init__(self, folder: Path, broker: EmbeddedBroker) -> None:
        self.port, self.ops_port = free_port(), free_port()
        self.store = DirectoryStore(folder / "objects")
        kafka = {"bootstrap_servers": broker.bootstrap_servers, "declare_topics": False}
        self.log = KafkaLog(KafkaSettings(**kafka))  # type: ignore[arg-type]  # pydantic checks them
        self.settings = {
            "HOSO_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
            "HOSO_KAFKA_DECLARE_TOPICS": "false",
            "HOSO_STORE_DIRECTORY": str(folder / "objects"),
            "HOSO_INTAKE_DATABASE_URL": f"sqlite:///{folder}/ledger.db",
            "HOSO_INTAKE_SEARCH_KEY": SECRET,
            "HOSO_INTAKE_PORT": str(self.port),
            "HOSO_INTAKE_OPS_PORT": str(self.ops_port),
        }
        self.errors = (folder / "stderr.log").open("w+")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "services.intake", *arguments],
            cwd=ROOT,
            env=os.environ | self.settings,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )

    def ready(self) -> bool:
        """Return whether it says that it is ready."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.ops_port}/health/ready").status_code == 200
        except httpx.TransportError:
            return False

    def post(self, path: str, **options: Any) -> httpx.Response:
        """Post something."""
        return httpx.post(f"http://127.0.0.1:{self.port}{path}", headers=HEADERS, timeout=30, **options)

    def publish_reference(self) -> None:
        """Speak as the registry does."""

        async def publish() -> None:
            publisher = await self.log.publisher()
            await publisher.publish([record(data) for data in reference_data()])
            await publisher.close()

        asyncio.run(publish())

    def read(self, topic: str, *, records: int) -> list[Record]:
        """Return the first records of a topic."""

        async def read() -> list[Record]:
            reader = await self.log.reader([topic], {})
            found: list[Record] = []
            async with asyncio.timeout(20):
                while len(found) < records:
                    found += await reader.read(max_records=100, timeout_seconds=0.2)
            await reader.close()
            return found

        return asyncio.run(read())


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    """Return what can be started."""
    with EmbeddedBroker() as broker:
        made = Process(tmp_path, broker)
        yield made
        made.errors.close()


def test_a_process_lives_from_start_to_sigterm(process: Process) -> None:
    running = process.start()
    try:
        alive = f"http://127.0.0.1:{process.ops_port}/health/live"
        assert wait_until(lambda: answers(alive), timeout_seconds=30)
        assert not process.ready(), "it knows no procedure yet"
        process.publish_reference()
        assert wait_until(process.ready, timeout_seconds=30)
        dossier = process.post("/v1/dossiers", json=OPENING).json()
        process.post(f"/v1/dossiers/{dossier['id']}/papers", files={"file": pdf()})
        (work,) = process.read("hoso.papers.express", records=1)
        event = decode(work)
        assert event is not None
        assert isinstance(event.data, PaperWork)
        assert str(event.data.dossier_id) == dossier["id"]
        assert len(process.read("hoso.dossiers", records=2)) == 2
        metrics = httpx.get(f"http://127.0.0.1:{process.ops_port}/metrics").text
        assert "hoso_intake_papers_total" in metrics
        assert "/v1/search" in httpx.get(f"http://127.0.0.1:{process.ops_port}/openapi.json").json()["paths"]
        assert end_within_a_request(process, running, dossier["id"]) == 201
        assert running.returncode == 0
    finally:
        running.kill()
        running.communicate()


def answers(url: str) -> bool:
    """Return whether something answers there."""
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def end_within_a_request(process: Process, running: subprocess.Popen[str], dossier_id: str) -> int:
    """Send SIGTERM while an upload is half sent, let the process end, and return the upload's status."""
    half_sent, go_on = threading.Event(), threading.Event()

    def body() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + pdf(2)[:200]
        half_sent.set()
        assert go_on.wait(20)
        yield pdf(2)[200:] + b"\r\n--x--\r\n"

    def upload() -> None:
        headers = HEADERS | {"Content-Type": "multipart/form-data; boundary=x"}
        url = f"http://127.0.0.1:{process.port}/v1/dossiers/{dossier_id}/papers"
        statuses.append(httpx.post(url, content=body(), headers=headers, timeout=30).status_code)

    statuses: list[int] = []
    uploading = threading.Thread(target=upload)
    uploading.start()
    assert half_sent.wait(20)
    running.send_signal(signal.SIGTERM)
    api = f"http://127.0.0.1:{process.port}/v1/nothing"
    assert wait_until(lambda: not listening(api), timeout_seconds=20), "no new request is taken"
    go_on.set()
    uploading.join(30)
    running.wait(30)
    return statuses[0]


def listening(url: str) -> bool:
    """Return whether anybody accepts a connection there."""
    try:
        httpx.get(url)
    except httpx.ConnectError:
        return False
    return True


@pytest.fixture
def command(process: Process, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., int]]:
    """Return what runs a command as the shell would, in this process, and returns its exit code."""

    def run(*arguments: str) -> int:
        for name, value in process.settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["intake", *arguments])
        return main()

    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield run
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("arguments", "told", "left"),
    [
        (["--dry-run", "--older-than-hours", "0"], "1 orphans of 6 bytes would be deleted, of 1 objects", 1),
        ([], "0 orphans of 0 bytes deleted, of 1 objects", 1),
        (["--older-than-hours", "0"], "1 orphans of 6 bytes deleted, of 1 objects", 0),
    ],
)
def test_orphans_are_swept_from_the_command_line(
    process: Process,
    *,
    command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
    left: int,
) -> None:
    content = b"a form"
    process.store.put(uuid4(), APPLICANT_FORM, BytesIO(content), size_bytes=6, media_type="application/json")
    assert command("sweep", *arguments) == 0
    assert capsys.readouterr().out == f"{told}\n"
    assert len(list(process.store.list())) == left


def test_without_its_secret_it_does_not_start(
    process: Process, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    process.settings["HOSO_INTAKE_SEARCH_KEY"] = "too short, Canary"
    assert command() == 2
    told = capsys.readouterr().err
    assert "HOSO_INTAKE_SEARCH_KEY" in told
    assert "Canary" not in told


def test_a_sweep_with_the_ledger_away_fails(
    process: Process, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    process.settings["HOSO_INTAKE_DATABASE_URL"] = "postgresql+psycopg://nobody:secret@127.0.0.1:9/none"
    assert command("sweep") == 1
    told = capsys.readouterr().err
    assert "database-unavailable" in told
    assert "secret" not in told
