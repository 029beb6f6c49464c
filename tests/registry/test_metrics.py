"""The metrics: figures of the database, labels from closed lists, and no failure without the database."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from prometheus_client import generate_latest
from sqlalchemy import event

from services.registry.load import load
from services.registry.metrics import metrics
from services.registry.metrics.announcing import of_journal
from services.registry.queries import Queries
from services.registry.reference_store import TableReference
from shared.database import Database
from shared.events import (
    ComponentRecorded,
    DossierAccepted,
    DossierFinished,
    DossierOpened,
    FieldAnswer,
    ResultDigitised,
    TransferRecorded,
)
from tests.fakes.clock import FakeClock
from tests.registry.stories import MORNING, Teller
from tests.registry.test_lives import OPENING
from tests.registry.test_projection import a_muddle, keep
from tests.registry.test_reference import PROVINCE


@pytest.fixture
def text(database: Database, teller: Teller) -> str:
    load(PROVINCE, TableReference(database), FakeClock())
    keep(database, [a_muddle(teller), [teller.opened(teller.id(), unit="X-SECRET")], [teller.accepted(teller.id())]])
    return scraped(database)


def scraped(database: Database, lag: int | None = 7) -> str:
    return generate_latest(metrics(Queries(database), lambda: lag)).decode()


def value(text: str, series: str) -> float:
    (line,) = [line for line in text.splitlines() if line.startswith(series + " ")]
    return float(line.rsplit(" ", 1)[1])


FIGURES = {
    'procedures{level="partial",scope="managed",unit="H98.02"}': 3,
    'procedures{level="unclassified",scope="managed",unit="H98.05"}': 0,
    'dossiers{status="returned",unit="H98.02"}': 3,
    'dossiers{status="registered",unit="unknown"}': 1,
    'dossiers{status="finished",unit="H98.02"}': 0,
    'papers{state="accepted"}': 0,
    'papers{state="digitised"}': 3,
    'papers{state="failed"}': 3,
    'papers_awaiting_review{lane="express"}': 0,
    'reviews_total{outcome="confirmed"}': 0,
    'reviewed_fields_total{answer="unreadable"}': 0,
    "digitised_pages": 9,
    "events_duplicate_total": 6,
    "events_undecodable_total": 1,
    "events_unknown_total": 1,
    "events_missing": 0,
    "projection_lag_records": 7,
    "up": 1,
}


def test_figures(text: str) -> None:
    assert {series: value(text, f"hoso_registry_{series}") for series in FIGURES} == FIGURES


def test_reviews(sqlite: Database, teller: Teller) -> None:
    dossier_id = teller.id()
    papers = [teller.id() for _ in range(4)]
    told = [teller.paper(dossier_id, paper_id) for paper_id in papers[:3]]  # nobody knows the lane of the fourth
    told += [teller.digitised(dossier_id, paper_id, needs_review=True) for paper_id in papers]
    told.append(teller.reviewed(dossier_id, papers[0], FieldAnswer.RIGHT, FieldAnswer.RIGHT))
    told.append(teller.reviewed(dossier_id, papers[1], FieldAnswer.RIGHT, FieldAnswer.UNREADABLE, FieldAnswer.ABSENT))
    keep(sqlite, [told])
    keep(sqlite, [told])
    figures = {
        'papers_awaiting_review{lane="express"}': 1,
        'papers_awaiting_review{lane="bulk"}': 0,
        'papers_awaiting_review{lane="unknown"}': 1,
        'reviews_total{outcome="confirmed"}': 1,
        'reviews_total{outcome="changed"}': 1,
        'reviewed_fields_total{answer="right"}': 3,
        'reviewed_fields_total{answer="corrected"}': 0,
        'reviewed_fields_total{answer="absent"}': 1,
        'reviewed_fields_total{answer="unreadable"}': 1,
    }
    text = scraped(sqlite)
    assert {series: value(text, f"hoso_registry_{series}") for series in figures} == figures


def test_every_dossier_is_in_one_place(text: str) -> None:
    lines = [line for line in text.splitlines() if line.startswith("hoso_registry_dossiers{")]
    assert sum(float(line.rsplit(" ", 1)[1]) for line in lines) == 5
    assert "X-SECRET" not in text


def test_a_gap_shows_until_it_is_filled(sqlite: Database, teller: Teller) -> None:
    dossier_id = teller.id()
    told = [teller.opened(dossier_id), teller.accepted(dossier_id), teller.finished(dossier_id)]
    keep(sqlite, [[told[2]]])
    assert value(scraped(sqlite), "hoso_registry_events_missing") == 2
    keep(sqlite, [told[:2]])
    assert value(scraped(sqlite), "hoso_registry_events_missing") == 0
    assert value(scraped(sqlite), "hoso_registry_events_out_of_order_total") == 2


def test_a_restart_changes_nothing(text: str, database: Database, database_url: str) -> None:
    database.close()
    again = Database(database_url)
    assert scraped(again) == text
    again.close()


def test_the_time_of_the_newest_event(sqlite: Database, teller: Teller) -> None:
    assert "last_event" not in scraped(sqlite)
    keep(sqlite, [[teller.opened(teller.id())]])
    assert value(scraped(sqlite), "hoso_registry_projection_last_event_timestamp_seconds") == 1791421202


def test_without_its_database_it_says_so() -> None:
    text = scraped(Database("postgresql+psycopg://nobody@127.0.0.1:9/nothing"))
    assert value(text, "hoso_registry_up") == 0
    assert value(text, "hoso_registry_projection_lag_records") == 7
    assert "hoso_registry_papers" not in text


def test_what_the_registry_has_not_announced_is_counted_and_aged(sqlite: Database) -> None:
    clock = FakeClock(MORNING)

    def told() -> list[float]:
        more = [lambda: of_journal(sqlite, clock)]
        text = generate_latest(metrics(Queries(sqlite), lambda: 0, clock=clock, more=more)).decode()
        return [value(text, f"hoso_registry_unannounced_{what}") for what in ("events", "oldest_seconds")]

    assert told() == [0, 0]
    load(PROVINCE, TableReference(sqlite), clock)
    clock.advance(seconds=90)
    events, age = told()
    assert events > 0
    assert age == 90


def test_before_the_first_look_there_is_no_lag(sqlite: Database) -> None:
    assert "lag" not in scraped(sqlite, lag=None)


def test_prometheus_finds_no_fault(sqlite: Database, teller: Teller) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian package prometheus)")
    keep(sqlite, [a_muddle(teller)])
    load(PROVINCE, TableReference(sqlite), FakeClock())
    checked = subprocess.run([promtool, "check", "metrics"], input=scraped(sqlite), text=True, capture_output=True)  # noqa: PLW1510
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_figures_of_whole_lives(database: Database, teller: Teller) -> None:
    load(PROVINCE, TableReference(database), FakeClock())
    now = MORNING + timedelta(days=8)
    for number, (unit, channel) in enumerate([("H98.02", 1), ("H98.02", 2), ("H98.02", 2), ("X-SECRET", 3)]):
        dossier_id = teller.id()
        opening = {**OPENING, "competent_unit": unit, "channel": channel}
        at = now - timedelta(days=(0, 6, 31, 11)[number])
        told = [teller.said(dossier_id, DossierOpened, **opening)]
        told.append(teller.moved(dossier_id, DossierAccepted, to=2, happened_at=at, due_at=at + timedelta(days=5)))
        if number == 2:
            told.append(teller.moved(dossier_id, DossierFinished, to=9, happened_at=now))
            told.append(teller.said(dossier_id, ResultDigitised, paper_id=teller.id(), kind="electronic"))
            told.append(teller.said(dossier_id, ComponentRecorded, component_code="C1", state="digitised"))
            told.append(teller.said(dossier_id, ComponentRecorded, component_code="C2", state="digitised"))
            transfer = {"transfer_id": teller.id(), "target": "ncc", "object": "dossier"}
            told.append(teller.said(dossier_id, TransferRecorded, **transfer, outcome="retried"))
            told.append(teller.said(dossier_id, TransferRecorded, **transfer, outcome="accepted"))
        keep(database, [told])
    text = generate_latest(metrics(Queries(database), lambda: 0, clock=FakeClock(now))).decode()
    figures = {
        'dossiers_received{channel="online",unit="H98.02"}': 2,
        'dossiers_received{channel="in_person",unit="H98.02"}': 1,
        'dossiers_received{channel="post",unit="unknown"}': 1,
        'dossiers_settled{channel="online",timeliness="overdue",unit="H98.02"}': 1,
        'dossiers_settled{channel="online",timeliness="early",unit="H98.02"}': 0,
        'dossiers_open{age="0-1",unit="H98.02"}': 1,
        'dossiers_open{age="6-10",unit="H98.02"}': 1,
        'dossiers_open{age=">30",unit="H98.02"}': 0,
        'dossiers_open{age="11-30",unit="unknown"}': 1,
        'dossiers_overdue{unit="H98.02"}': 1,
        'dossiers_online_ratio{unit="H98.02"}': pytest.approx(2 / 3),
        'digitised{object="dossier",unit="H98.02"}': 1,
        'digitised{object="component",unit="H98.02"}': 2,
        'digitised{object="result",unit="H98.02"}': 1,
        'transfers{object="dossier",outcome="accepted"}': 1,
        'transfers{object="dossier",outcome="retried"}': 0,
        'transfer_answers_total{outcome="retried"}': 1,
    }
    assert {series: value(text, f"hoso_registry_{series}") for series in figures} == figures
    assert "X-SECRET" not in text


def test_a_scrape_counts_no_rows(sqlite: Database, teller: Teller) -> None:
    keep(sqlite, [a_muddle(teller)])
    asked: list[str] = []
    event.listen(sqlite._engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    scraped(sqlite)
    assert asked
    assert not [query for query in asked if "FROM dossier" in query or "FROM paper" in query]
