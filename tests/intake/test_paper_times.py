"""How long papers take, as Prometheus is told: in work, until their outcome, until the broker has heard of them."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from prometheus_client import CollectorRegistry

from services.intake import tables
from services.intake.following import learn_outcomes
from services.intake.metrics import LedgerFigures
from shared.events import Data, Event, PaperDigitised, PaperFailed, deterministic_id, encode
from shared.log import Record
from shared.relay import Relay
from tests.fakes.log import FakeLog
from tests.intake.office import Office, paper_id, picture
from tests.intake.test_tray import put_in_tray

EXPRESS = {"lane": "express"}


def in_work(office: Office, what: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(LedgerFigures(office.database, office.clock))
    return registry.get_sample_value(f"hoso_intake_papers_in_work{what}", EXPRESS)


def within(office: Office, outcome: str, seconds: float) -> float | None:
    labels = EXPRESS | {"outcome": outcome, "le": str(float(seconds))}
    return office.metrics_registry.get_sample_value("hoso_intake_paper_seconds_bucket", labels)


def ids(paper: dict[str, Any], dossier: dict[str, Any]) -> dict[str, Any]:
    return {"paper_id": paper_id(paper), "dossier_id": UUID(dossier["id"])}


def digitised(paper: dict[str, Any], dossier: dict[str, Any], version: str = "p1-r0") -> PaperDigitised:
    facts: dict[str, Any] = {"pages": 1, "pages_failed": 0, "words": 5, "document_bytes": 9, "seconds": 1}
    facts |= {"version": version, "confidence": 90, "needs_review": False, "engine": "fake"}
    return PaperDigitised(**ids(paper, dossier), **facts)


def came(office: Office, data: Data) -> None:
    """Hear of an outcome that is of now."""
    event = Event(deterministic_id(data), "/ocr", "s", office.clock.now(), data, key="k")
    message = encode(event, "hoso.dossiers")
    heard = Record(message.topic, message.key, message.value, message.headers, partition=0, offset=0)
    with office.database.transaction() as connection:
        learn_outcomes(connection, [heard], told=office.metrics.outcome)


def test_papers_in_work_are_counted_and_aged(any_office: Office) -> None:
    office = any_office
    dossier = office.open_dossier()
    first = office.add_one(dossier["id"])
    office.clock.advance(seconds=70)
    office.add_one(dossier["id"], picture(1))
    assert (in_work(office, ""), in_work(office, "_oldest_seconds")) == (2, 70)
    came(office, digitised(first, dossier))
    assert (in_work(office, ""), in_work(office, "_oldest_seconds")) == (1, 0)


def test_the_time_in_a_tray_is_no_time_in_work(office: Office, tmp_path: Path) -> None:
    paper = put_in_tray(office, tmp_path)
    office.clock.advance(seconds=5000)
    assert in_work(office, "") == 0
    dossier = office.open_dossier()
    assert office.post(f"/v1/tray/{paper['id']}/attach", json={"dossier_id": dossier["id"]}).status_code == 201
    office.clock.advance(seconds=40)
    assert in_work(office, "_oldest_seconds") == 40
    came(office, digitised(paper, dossier))
    assert (within(office, "digitised", 30), within(office, "digitised", 60)) == (0, 1)


def test_the_first_outcome_of_a_paper_is_timed_once(office: Office) -> None:
    dossier = office.open_dossier()
    quick, slow, bad = (office.add_one(dossier["id"], picture(number)) for number in range(3))
    office.clock.advance(seconds=8)
    came(office, digitised(quick, dossier))
    came(office, digitised(quick, dossier, version="p2-r0"))
    office.clock.advance(seconds=60)
    came(office, digitised(slow, dossier))
    came(office, PaperFailed(**ids(bad, dossier), reason="corrupt", attempts=1))
    assert [within(office, "digitised", seconds) for seconds in (5, 10, 60, 120)] == [0, 1, 1, 2]
    assert [within(office, "failed", seconds) for seconds in (60, 120)] == [0, 1]


def announce(office: Office, log: FakeLog) -> None:
    """Announce all that waits, as a process of intake that has just started does."""
    lease = tables.lease.hold(office.database, "relay", clock=office.clock, seconds=3600)
    relay = Relay(office.database, tables.journal, log, lease=lease, clock=office.clock, heard=office.metrics.announced)

    async def until_nothing_waits() -> None:
        done = asyncio.Event()

        def working() -> None:
            if not office.read(tables.journal.backlog).events:
                done.set()

        running = asyncio.create_task(relay.run(working))
        await asyncio.wait_for(done.wait(), timeout=30)
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(until_nothing_waits())


def test_announcements_of_papers_are_timed_and_repeats_are_not(any_office: Office) -> None:
    office = any_office

    def heard(seconds: float) -> float | None:
        labels = {"le": str(float(seconds))}
        return office.metrics_registry.get_sample_value("hoso_intake_announcement_seconds_bucket", labels)

    log = FakeLog()
    dossier = office.open_dossier()
    announce(office, log)  # nothing of a paper, in a cluster met for the first time
    office.add_one(dossier["id"])
    office.clock.advance(seconds=7)
    office.add_one(dossier["id"], picture(1))
    announce(office, log)
    assert [heard(seconds) for seconds in (0.05, 5, 10)] == [1, 1, 2]
    office.add_one(dossier["id"], picture(2))
    office.clock.advance(seconds=900)
    announce(office, FakeLog())
    assert [heard(seconds) for seconds in (5, 10, 1800)] == [1, 2, 3]
