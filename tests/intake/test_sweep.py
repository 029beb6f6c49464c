"""Objects that no row owns are deleted when they are old enough, and no others."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.intake.background import Sweeper
from services.intake.sweep import FEW_ORPHANS, Swept, sweep
from shared.object_store import APPLICANT_FORM, original_name
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore
from tests.intake.inbox import Inbox, waiting
from tests.intake.office import OPENING, Office, pdf, picture

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def put(office: Office, dossier_id: UUID | str, name: str) -> str:
    """Put an object of four bytes and return its full name."""
    dossier = UUID(str(dossier_id))
    office.store.put(dossier, name, BytesIO(b"four"), size_bytes=4, media_type="text/plain")
    return f"{dossier}/{name}"


def orphans(office: Office, dossier_id: str) -> set[str]:
    """Leave behind what crashes leave behind."""
    return {
        put(office, uuid4(), APPLICANT_FORM),
        put(office, dossier_id, original_name(uuid4())),
        put(office, uuid4(), original_name(uuid4())),
        put(office, dossier_id, f"{uuid4()}/v1/text.txt"),
    }


def swept(office: Office, *, dry_run: bool = False, older_than: datetime = LATER) -> Swept:
    """Sweep."""
    return sweep(office.desk.ledger, office.store, older_than=older_than, may_delete=lambda _: not dry_run)


def test_what_nobody_owns_is_deleted_and_nothing_else(any_office: Office, tmp_path: Path) -> None:
    office = any_office
    dossier = office.open_dossier()["id"]
    paper = office.add_one(dossier)["id"]
    put(office, dossier, f"{paper}/v1/pages/00001.json")
    Inbox(office, tmp_path).put("express/D7/scan.pdf", pdf())
    inbox = Inbox(office, tmp_path)
    inbox.take()
    owned = office.objects()
    assert len(owned) == 4
    lost = orphans(office, dossier)
    assert swept(office, dry_run=True) == Swept(seen=8, orphans=4, orphan_bytes=16)
    assert office.objects() == owned | lost
    assert swept(office) == Swept(seen=8, orphans=4, orphan_bytes=16)
    assert office.objects() == owned
    assert waiting(office, "D7")


def test_a_young_object_is_left_alone(office: Office) -> None:
    lost = orphans(office, office.open_dossier()["id"])
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert swept(office, older_than=an_hour_ago).orphans == 0
    assert lost <= office.objects()


def test_an_original_that_moved_to_its_dossier_is_swept_from_where_it_waited(office: Office, tmp_path: Path) -> None:
    inbox = Inbox(office, tmp_path)
    inbox.put("express/D7/scan.pdf", pdf())
    inbox.take()
    (left,) = office.objects()
    holding, _, name = left.partition("/")
    paper = waiting(office, "D7")[0]["id"]
    dossier = office.open_dossier()["id"]
    office.post(f"/v1/tray/{paper}/attach", json={"dossier_id": dossier})
    put(office, holding, name)  # as if the process had died before it deleted it
    assert swept(office).orphans == 1
    assert office.get(f"/v1/papers/{paper}/original").content == pdf()


def test_the_sweeper_keeps_to_the_clock(office: Office) -> None:
    clock = FakeClock()
    office = Office(office.database, FakeStore(clock))
    orphans(office, office.open_dossier()["id"])
    day = timedelta(hours=24)
    sweeper = Sweeper(office.desk, clock=clock, age=day, keep_answers=day, every=day)
    clock.advance(seconds=24 * 3600)
    assert sweeper.sweep(lambda _: True).orphans == 0
    clock.advance(seconds=1)
    assert sweeper.sweep(lambda _: True).orphans == 4
    assert len(office.objects()) == 1


@pytest.mark.parametrize(("number", "left"), [(FEW_ORPHANS, 0), (FEW_ORPHANS + 1, FEW_ORPHANS + 1)])
def test_strangely_many_orphans_are_left_to_a_person(office: Office, number: int, left: int) -> None:
    office = Office(office.database, FakeStore(office.clock))
    for _ in range(number):
        put(office, uuid4(), APPLICANT_FORM)
    office.clock.advance(seconds=1)
    run_once(office, age=timedelta(0))
    assert len(office.objects()) == left


def run_once(office: Office, *, age: timedelta) -> None:
    """Let the sweeper do its rounds once."""
    day = timedelta(hours=24)

    class Enough(Exception):
        """The round is done."""

    def stop() -> None:
        raise Enough

    with pytest.raises(Enough):
        asyncio.run(Sweeper(office.desk, clock=office.clock, age=age, keep_answers=day, every=day).run(stop))


@pytest.mark.parametrize(("hours", "status"), [(23, 201), (25, 422)])
def test_a_key_is_honoured_until_it_is_forgotten(office: Office, hours: int, status: int) -> None:
    key = {"Idempotency-Key": "k"}
    office.post("/v1/dossiers", json=OPENING, headers=key)
    day = timedelta(hours=24)
    office.clock.advance(seconds=(48 - hours) * 3600)
    run_once(office, age=day)
    response = office.post("/v1/dossiers", json=OPENING | {"channel": 3}, headers=key)
    assert response.status_code == status


def test_a_store_full_of_papers_is_swept_dossier_by_dossier(office: Office) -> None:
    dossiers = [office.open_dossier()["id"] for _ in range(3)]
    for number, dossier in enumerate(dossiers):
        office.add(dossier, picture(number), picture(number + 100))
    before = office.objects()
    assert swept(office) == Swept(seen=9, orphans=0, orphan_bytes=0)
    assert office.objects() == before
