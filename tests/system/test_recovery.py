"""The recovery drill on real servers: all is destroyed but the back-up, and nothing accepted before it is missing."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from deploy.local.servers import Kafka, Minio, PostgreSQL
from deploy.recovery.manifest import load
from shared.object_store import APPLICANT_FORM, original_name
from tests.servers import started
from tests.system.harness import DrivenSystem, Poster, one_page, wait_for

REPOSITORY = Path(__file__).parents[2]
BEFORE, MEANWHILE = 6, 4


class Counter(threading.Thread):
    """Somebody who hands in papers until told to stop."""

    def __init__(self, system: DrivenSystem) -> None:
        super().__init__(daemon=True)
        self._system = system
        self._stop_asked = threading.Event()
        self.accepted: dict[str, list[str]] = {}
        self.accepted_at: dict[str, datetime] = {}

    def run(self) -> None:
        """Open a dossier for each paper, and note when intake had both."""
        while not self._stop_asked.is_set():
            dossier = self._system.open_dossier()["id"]
            paper = self._system.add_paper(dossier, one_page(uuid.uuid4().hex[:8]))
            self.accepted_at[dossier] = datetime.now(UTC)
            self.accepted[dossier] = [paper]

    def stop(self) -> None:
        """Hand in what is under way and stop."""
        self._stop_asked.set()
        self.join(60)

    def before(self, moment: datetime) -> dict[str, list[str]]:
        """Return what was accepted before a moment."""
        return {key: papers for key, papers in self.accepted.items() if self.accepted_at[key] < moment}


class Site:
    """A whole system on servers of its own, which can be destroyed and built again."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.kafka = running.enter_context(started(lambda: Kafka(folder / "kafka")))
        self.minio = running.enter_context(started(lambda: Minio(folder / "minio")))
        self.postgres = running.enter_context(started(lambda: PostgreSQL(folder / "postgresql")))
        running.callback(self.postgres.remove_data)
        self.system = running.enter_context(DrivenSystem(folder / "system", self.kafka, self.minio, self.postgres))
        self.backups = folder / "backups"

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one of our modules on the system's settings."""
        return subprocess.run(
            [sys.executable, "-m", *words],
            env={**os.environ, **self.system.settings},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def recover(self, command: str) -> str:
        """Run a command of back-up and restore and return what it printed."""
        done = self.command("deploy.recovery", command, str(self.backups))
        assert done.returncode == 0, done.stderr
        print(done.stdout)
        return done.stdout

    def moments(self) -> tuple[datetime, datetime]:
        """Return when the back-up began and ended."""
        (folder,) = self.backups.glob("*Z")
        told = load(folder)
        return datetime.fromisoformat(told.begun_at), datetime.fromisoformat(told.ended_at)

    def destroy(self) -> None:
        """Stop everything, delete the data of every server, and start them empty."""
        self.system.stop_services()
        for server in (self.kafka, self.minio, self.postgres):
            server.stop()
        self.postgres.remove_data()
        for server in (self.kafka, self.minio):
            shutil.rmtree(server.data_folder)
        for server in (self.kafka, self.minio, self.postgres):
            server.start()
        for service in ("INTAKE", "REGISTRY"):
            self.postgres.create_database(self.system.settings[f"HOSO_{service}_DATABASE_URL"].rpartition("/")[2])


@pytest.fixture
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="hoso-drill-") as folder, ExitStack() as running:
        Path(folder).chmod(0o711)  # PostgreSQL's own account enters it
        yield Site(Path(folder), running)


def shown(system: DrivenSystem, dossiers: Sequence[str]) -> Mapping[str, Any]:
    """Return what the registry shows of these dossiers, whole."""
    listed = system.registry_dossiers()
    return {dossier: (listed[dossier], system.registry_paper_states(dossier)) for dossier in dossiers}


def originals(system: DrivenSystem, dossiers: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """Return the SHA-256 of every original, of which the ledger says the same."""
    found = {}
    for dossier, papers in dossiers.items():
        assert system.store.stat(UUID(dossier), APPLICANT_FORM)
        for paper in papers:
            content = system.store.read(UUID(dossier), original_name(UUID(paper)))
            found[paper] = hashlib.sha256(content).hexdigest()
            assert system.paper(paper)["sha256"] == found[paper]
    return found


def test_nothing_accepted_before_the_back_up_is_missing(site: Site) -> None:
    """Papers are handed in while the back-up runs; those accepted before it began all come back, to the byte."""
    system = site.system
    system.start_worker()
    first = Poster(system, BEFORE)
    first.run()
    system.verify(first.accepted)
    before, bytes_before = shown(system, list(first.accepted)), originals(system, first.accepted)
    meanwhile = Counter(system)
    meanwhile.start()
    wait_for(lambda: len(meanwhile.accepted) >= MEANWHILE, "papers are being accepted", seconds=60)
    told = site.recover("backup")
    meanwhile.stop()
    begun, ended = site.moments()
    accepted = meanwhile.before(begun)  # of these not all are digitised yet
    assert len(accepted) >= MEANWHILE
    assert len(meanwhile.before(ended)) > len(accepted), "something was accepted while it ran"
    assert "have the SHA-256 of the ledger" in told
    during = len(meanwhile.before(ended)) - len(accepted)
    print(f"{len(first.accepted) + len(accepted)} dossiers before it, {during} during")
    site.destroy()
    site.recover("restore")
    began = time.monotonic()
    system.start_again()
    system.start_worker()
    system.verify({**first.accepted, **accepted})
    print(f"all of it digitised and counted again {time.monotonic() - began:.1f} s after the start")
    assert shown(system, list(first.accepted)) == before
    assert originals(system, first.accepted) == bytes_before
    new = system.open_dossier()
    assert new["code"] not in {dossier["code"] for dossier, _ in before.values()}
    system.verify({new["id"]: [system.add_paper(new["id"], one_page("sau phục hồi"))]})
    again = site.command("deploy.recovery", "restore", str(site.backups))
    assert (again.returncode, "empty" in again.stderr) == (1, True), "a system in use is never written over"


def test_a_back_up_that_was_damaged_is_found_out(site: Site) -> None:
    """A changed original, a missing one, and a changed dump each fail the verification."""
    poster = Poster(site.system, 2)
    poster.run()
    site.recover("backup")
    ((dossier, (paper,)), *_) = poster.accepted.items()
    kept = site.backups / "objects" / dossier / paper / "original"
    whole = kept.read_bytes()
    for spoil, said in (
        (lambda: kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1])), "is not what was handed in"),
        (kept.unlink, "missing"),
    ):
        spoil()
        done = site.command("deploy.recovery", "verify", str(site.backups))
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    kept.write_bytes(whole)
    site.recover("verify")
    (dump,) = site.backups.glob("*Z/intake.dump")
    dump.write_bytes(dump.read_bytes()[:-1])
    done = site.command("deploy.recovery", "verify", str(site.backups))
    assert (done.returncode, "not what it was" in done.stderr) == (1, True), done.stderr


def test_announced_again_no_row_changes(system: DrivenSystem) -> None:
    """Both journals from their beginning, to readers who know it all: the registry's rows stay what they were."""
    system.start_worker()
    poster = Poster(system, 3)
    poster.run()
    system.verify(poster.accepted)
    before, events = system.registry_dossiers(), len(system.events())
    for service in ("intake", "registry"):
        done = subprocess.run(
            [sys.executable, "-m", f"services.{service}", "announce-again"],
            env={**os.environ, **system.settings},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert int(done.stdout.split()[0]) > 0
    ledger = 2 * len(poster.accepted)  # opened and paper accepted, at least
    wait_for(lambda: len(system.events()) >= events + ledger, "announced again", seconds=60)
    system.verify(poster.accepted)
    assert system.registry_dossiers() == before
