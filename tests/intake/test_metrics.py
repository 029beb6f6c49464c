"""What Prometheus is told, while the ledger is there and while it is not."""

from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from services.intake import tables
from services.intake.metrics import LedgerFigures
from shared.database import Database
from tests.fakes.clock import FakeClock
from tests.intake.inbox import Inbox
from tests.intake.office import Office, pdf, picture
from tests.intake.reviewing import ANSWERS, Desk


def figures(office: Office) -> CollectorRegistry:
    """Return the figures of the ledger."""
    registry = CollectorRegistry()
    registry.register(LedgerFigures(office.database, office.clock))
    return registry


def test_what_was_not_announced_is_counted_and_aged(any_office: Office) -> None:
    any_office.open_dossier()
    any_office.clock.advance(seconds=90)
    any_office.add_one(any_office.open_dossier()["id"])
    told = figures(any_office)
    assert told.get_sample_value("hoso_intake_unannounced_events") == 4
    assert told.get_sample_value("hoso_intake_unannounced_oldest_seconds") == 90
    with any_office.database.transaction() as connection:
        positions = [position for position, _ in tables.journal.waiting(connection, 10)]
        tables.journal.mark(connection, positions, any_office.clock.now())
    assert told.get_sample_value("hoso_intake_unannounced_events") == 0
    assert told.get_sample_value("hoso_intake_unannounced_oldest_seconds") == 0


def test_trays_are_counted_by_lane(office: Office, tmp_path: Path) -> None:
    inbox = Inbox(office, tmp_path)
    for place in ("express/D7/a.pdf", "express/D8/b.pdf", "bulk/c.pdf"):
        inbox.put(place, pdf())
    inbox.take()
    told = figures(office)
    assert told.get_sample_value("hoso_intake_tray_papers", {"lane": "express"}) == 2
    assert told.get_sample_value("hoso_intake_tray_papers", {"lane": "bulk"}) == 1


def test_reviews_are_counted_and_aged(any_office: Office) -> None:
    desks = [Desk(any_office) for _ in range(4)]
    any_office.clock.advance(seconds=90)
    for desk in desks[:3]:
        desk.act("claim", "ana")
    desks[0].finish("ana", ANSWERS)

    def told() -> list[float | None]:
        registry = figures(any_office)
        counts = [registry.get_sample_value("hoso_intake_reviews", {"state": s}) for s in ("open", "claimed")]
        return [*counts, registry.get_sample_value("hoso_intake_review_oldest_seconds")]

    assert told() == [1, 2, 90]
    any_office.clock.advance(seconds=300)
    assert told() == [3, 0, 390]
    for desk in desks[1:]:
        desk.hear("p1-r1", 1, needs_review=False)
    assert told() == [0, 0, 0]


def test_papers_and_requests_are_counted(office: Office) -> None:
    dossier = office.open_dossier()["id"]
    office.add(dossier, picture(), picture(1), headers={"Idempotency-Key": "k"})
    office.add(dossier, picture(), picture(1), headers={"Idempotency-Key": "k"})
    office.add(dossier, picture())
    office.get("/v1/Nguyen-Thi-Canary")

    def value(name: str, **labels: str) -> float | None:
        return office.metrics_registry.get_sample_value(name, labels)

    assert value("hoso_intake_papers_total", lane="express", result="new") == 2
    assert value("hoso_intake_papers_total", lane="express", result="duplicate") == 1
    assert value("hoso_intake_upload_bytes_total") == len(picture()) + len(picture(1))
    route = "/v1/dossiers/{dossier_id}/papers"
    assert value("hoso_intake_requests_total", method="POST", route=route, status="201") == 2
    assert value("hoso_intake_requests_total", method="GET", route="none", status="404") == 1
    assert b"Canary" not in generate_latest(office.metrics_registry)


def test_with_the_ledger_away_only_that_is_told() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    registry = CollectorRegistry()
    registry.register(LedgerFigures(database, FakeClock()))
    assert registry.get_sample_value("hoso_intake_ledger_up") == 0
    assert registry.get_sample_value("hoso_intake_unannounced_events") is None
    database.close()
