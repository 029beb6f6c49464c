"""The metrics: figures of the database, labels from closed lists, and no failure without the database."""

import shutil
import subprocess

import pytest
from prometheus_client import generate_latest

from services.registry.load import load
from services.registry.metrics import metrics
from services.registry.queries import Queries
from services.registry.reference_store import TableReference
from shared.database import Database
from shared.events import FieldAnswer
from tests.fakes.clock import FakeClock
from tests.registry.stories import Teller
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
