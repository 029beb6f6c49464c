"""The registry as a process: on the in-process broker and SQLite, and on Kafka and PostgreSQL."""

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from deploy.local.service import Service
from services.registry import tables
from services.registry.load import NATIONAL_FOLDER
from shared.database import Database
from shared.embedded_broker import EmbeddedBroker
from shared.kafka import KafkaLog
from shared.log import Record
from shared.settings import KafkaSettings
from shared.topics import REFERENCE
from tests.registry.stories import Teller
from tests.registry.test_projection import rows
from tests.registry.test_reference import PROVINCE
from tests.servers import wait_until

REPOSITORY = Path(__file__).parents[2]
COMMAND_SECONDS = 60


@dataclass
class Place:
    """A broker and a database, and the registry that stands on them."""

    kafka: KafkaSettings
    database: Database
    service: Service
    environment: dict[str, str]

    def run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of our modules to its end."""
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env={**os.environ, **self.environment},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def command(self, *arguments: str) -> str:
        """Run a command of the registry and return what it printed."""
        done = self.run("services.registry", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start the service and wait until it is ready."""
        self.service.start()
        assert wait_until(self.service.ready)

    def end(self) -> int:
        """Ask the service to end and return its exit code."""
        process = self.service._process
        assert process is not None
        process.terminate()
        return process.wait(20)

    def publish(self, records: Sequence[Record]) -> None:
        """Publish events."""

        async def send() -> None:
            publisher = await KafkaLog(self.kafka).publisher()
            await publisher.publish(records)
            await publisher.close()

        asyncio.run(send())

    def announced(self, topic: str) -> list[bytes]:
        """Return the keys of what a topic holds."""

        async def read() -> list[bytes]:
            reader = await KafkaLog(self.kafka).reader([topic], {})
            keys: list[bytes] = []
            while await reader.lag():
                keys += [record.key for record in await reader.read(max_records=1000, timeout_seconds=1)]
            await reader.close()
            return keys

        return asyncio.run(read())

    def projected(self) -> list[list[Any]]:
        """Return every row of the projection, sorted."""
        return [rows(self.database, table) for table in tables.PROJECTION]

    def states(self, dossier_ids: Sequence[UUID]) -> set[tuple[int, int, int]]:
        """Return status, last sequence and events seen of dossiers; others may be in the same log."""
        wanted = {str(dossier_id) for dossier_id in dossier_ids}
        found = [row for row in rows(self.database, tables.dossier) if row.dossier_id in wanted]
        return {(row.status, row.last_sequence, row.events_seen) for row in found if len(found) == len(wanted)}

    def metrics(self) -> str:
        """Return what Prometheus reads."""
        return httpx.get(f"{self.service.ops_url}/metrics").text


@pytest.fixture
def in_process_broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as broker:
        yield broker


@pytest.fixture(params=["embedded", "real"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "embedded":
        broker = request.getfixturevalue("in_process_broker")
        url = f"sqlite:///{tmp_path}/registry.db"
    else:
        broker = request.getfixturevalue("kafka")
        url = request.getfixturevalue("postgres_url")
    servers = broker.bootstrap_servers
    environment = {
        "HOSO_KAFKA_BOOTSTRAP_SERVERS": servers,
        "HOSO_KAFKA_DECLARE_TOPICS": str(request.param == "real"),  # the in-process broker takes no admin calls
        "HOSO_REGISTRY_DATABASE_URL": url,
    }
    service = Service("registry", tmp_path / "registry", environment)
    database = Database(url)
    yield Place(KafkaSettings(bootstrap_servers=servers), database, service, environment)
    service.stop()
    database.close()


def stories(count: int) -> tuple[list[UUID], list[Record]]:
    """Return dossiers no other test knows, and all that happens to them."""
    teller = Teller(uuid.uuid4().hex)
    dossier_ids = [teller.id() for _ in range(count)]
    return dossier_ids, [record for dossier_id in dossier_ids for record in teller.whole(dossier_id)]


def lasting(metrics: str) -> list[str]:
    """Return what the registry tells of its dossiers: a restart changes nothing of that."""
    of_the_moment = ("qd766", "target_reached", "target_numerator", "target_denominator", "figures_computed", "oldest")
    lines = [line for line in metrics.splitlines() if line.startswith("hoso_registry_")]
    # a count that fell to 0 stays to be seen until the next start
    lines = [line for line in lines if not line.endswith(" 0.0")]
    return sorted(line for line in lines if not any(name in line for name in of_the_moment))


REVIEWED_ONCE = ("reviews_changed", "reviewed_right", "reviewed_corrected")
WHOLE = {(10, 7, 7)}


def test_restart_rebuild_and_end(place: Place) -> None:
    place.command("load", str(PROVINCE))  # before the service has ever run
    place.start()
    assert wait_until(lambda: len(place.announced(REFERENCE.name)) >= 30)
    dossier_ids, told = stories(30)
    place.publish(told)
    assert wait_until(lambda: place.states(dossier_ids) == WHOLE)
    listed = httpx.get(f"{place.service.url}/v1/dossiers", params={"unit": "H98.02", "limit": 200}).json()["items"]
    assert {str(dossier_id) for dossier_id in dossier_ids} <= {item["dossier_id"] for item in listed}

    assert wait_until(lambda: "hoso_registry_projection_lag_records 0.0" in place.metrics())
    before, metrics = place.projected(), lasting(place.metrics())
    assert place.end() == 0
    place.start()
    assert lasting(place.metrics()) == metrics
    printed = place.command("rebuild")  # while the service runs
    assert repr(place.projected()) == repr(before)
    assert printed.split()[:2] == [str(len(before[0])), "dossier"]
    assert place.command("load", str(PROVINCE)) == "0 changed, 30 unchanged\n"


def test_killed_inside_a_batch_it_counts_nothing_twice(place: Place) -> None:
    place.start()
    first_ids, first = stories(10)
    place.publish(first)
    assert wait_until(lambda: place.states(first_ids) == WHOLE)
    place.service.kill()
    before = dict(rows(place.database, tables.counter))

    second_ids, second = stories(10)
    place.publish(second)
    died = place.run("tests.registry.dying", str(second_ids[4]))
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert second_ids[4] not in {UUID(row.dossier_id) for row in rows(place.database, tables.dossier)}

    place.start()
    assert wait_until(lambda: place.states(first_ids + second_ids) == WHOLE)
    papers = [row for row in rows(place.database, tables.paper) if UUID(row.dossier_id) in second_ids]
    assert sorted(row.state for row in papers) == ["digitised"] * 10 + ["failed"] * 10
    counted = {name: value - before[name] for name, value in rows(place.database, tables.counter)}
    assert {name: more for name, more in counted.items() if more} == dict.fromkeys(REVIEWED_ONCE, 10)


def test_two_halves_do_what_the_whole_does(tmp_path: Path, place: Place) -> None:
    projecting = Service("registry", tmp_path / "projecting", place.environment, "serve", "--only", "projection")
    answering = [
        Service("registry", tmp_path / f"answering-{n}", place.environment, "serve", "--only", "api") for n in (1, 2)
    ]
    with projecting, answering[0], answering[1]:
        assert wait_until(lambda: all(half.ready() for half in (projecting, *answering)))
        dossier_ids, told = stories(5)
        place.publish(told)
        assert wait_until(lambda: place.states(dossier_ids) == WHOLE)
        for half in answering:
            assert httpx.get(f"{half.url}/v1/dossiers/{dossier_ids[0]}").json()["dossier_id"] == str(dossier_ids[0])
            assert "hoso_registry" not in httpx.get(f"{half.ops_url}/metrics").text
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{projecting.url}/v1/dossiers")
        assert "hoso_registry_dossiers" in httpx.get(f"{projecting.ops_url}/metrics").text


@pytest.mark.parametrize("place", ["embedded"], indirect=True)
def test_a_half_that_answers_waits_for_no_broker_and_leaves_the_projection_alone(place: Place, tmp_path: Path) -> None:
    place.start()
    dossier_ids, told = stories(1)
    place.publish(told)
    assert wait_until(lambda: place.states(dossier_ids) == WHOLE)
    assert place.end() == 0
    with place.database.transaction() as connection:  # as a version with another shape would find it
        connection.execute(update(tables.projection_shape).values(shape=-1))
    away = {**place.environment, "HOSO_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9"}
    with Service("registry", tmp_path / "answering", away, "serve", "--only", "api") as half:
        assert wait_until(half.ready)
        assert httpx.get(f"{half.url}/v1/dossiers/{dossier_ids[0]}").status_code == 200


@pytest.mark.parametrize("place", ["embedded"], indirect=True)
def test_commands_end_with_codes_that_mean_something(tmp_path: Path, place: Place) -> None:
    (tmp_path / "units.csv").write_text("code\n")
    (tmp_path / "procedures.csv").write_text("code\n")
    bad = place.run("services.registry", "load", str(tmp_path))
    assert bad.returncode == 2
    assert "units.csv:1: header: must name code" in bad.stderr
    assert "nothing was loaded" in bad.stderr
    place.environment["HOSO_KAFKA_BOOTSTRAP_SERVERS"] = "127.0.0.1:9"
    away = place.run("services.registry", "rebuild")
    assert (away.returncode, "log-unavailable" in away.stderr) == (1, True)
    assert "Traceback" not in bad.stderr + away.stderr


@pytest.mark.parametrize("place", ["embedded"], indirect=True)
def test_its_first_start_loads_the_national_set_and_says_so(place: Place) -> None:
    place.start()
    assert wait_until(lambda: b"calendar/VN" in place.announced(REFERENCE.name))
    assert "loaded the shipped national reference data" in place.service.log_file.read_text()
    calendar = httpx.get(f"{place.service.url}/v1/calendars/VN").json()
    assert calendar["revision"] == 1
    assert place.end() == 0
    place.start()
    assert place.announced(REFERENCE.name) == [b"calendar/VN"]
    rows_shipped = sum(len(file.read_text().splitlines()) - 1 for file in NATIONAL_FOLDER.glob("*.csv"))
    assert place.command("load") == f"0 changed, {rows_shipped} unchanged\n"


@pytest.mark.parametrize("place", ["embedded"], indirect=True)
def test_a_first_load_brings_the_national_set_along_and_a_dry_run_tells_so(place: Place) -> None:
    for command in (["load", str(PROVINCE), "--dry-run"], ["load", str(PROVINCE)]):
        assert "+ the shipped national reference data: " in place.command(*command)
    assert place.command("load", str(PROVINCE), "--dry-run") == "0 would change, 30 unchanged\n"
