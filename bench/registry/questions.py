"""How long the registry takes to answer when it holds millions of dossiers, on PostgreSQL and on SQLite.

``python -m bench.registry.questions [--dossiers 2000000] [--database sqlite|postgresql]``: the service itself is
asked over HTTP, each question many times after a first one that does not count. Goals: lists p95 below 0.1 s, reports
2 s at most, a scrape below 0.2 s.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from bench.registry.made_year import Year
from bench.registry.many import multiply
from bench.registry.reports import HA_VAN, filled
from deploy.local.servers import PostgreSQL
from deploy.local.service import Service
from shared.embedded_broker import EmbeddedBroker

COPIES = 20
SETTLE_SECONDS = 120
QUIET = "\nhoso_registry_unannounced_events 0.0"
TIMES = {"list": 60, "report": 5, "scrape": 10}
GOALS = {"list": 0.1, "report": 2.0, "scrape": 0.2}
PERIOD = {"from": "2026-03-01", "to": "2026-03-31"}
YEAR = {"from": "2025-12-15", "to": "2026-11-25"}
UNIT, CENTRE = "H98.02", "H98.01.10"
# what a manager's and a clerk's screen asks for
QUESTIONS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "newest of a unit": ("list", "dossiers", {"unit": UNIT}),
    "newest of a centre": ("list", "dossiers", {"unit": CENTRE}),
    "newest of all": ("list", "dossiers", {"unit": "all"}),
    "waiting for a supplement": ("list", "dossiers", {"unit": UNIT, "status": 5}),
    "settled late": ("list", "dossiers", {"unit": UNIT, "timeliness": "overdue"}),
    "open, by procedure": ("list", "dossiers", {"unit": UNIT, "open": True, "procedure": "9.990003"}),
    "late list": ("list", "dossiers/late", {"unit": UNIT}),
    "due-soon list": ("list", "dossiers/due-soon", {"unit": UNIT, "hours": 240}),
    "summary": ("list", "summary", {"unit": "all"}),
    "levels": ("list", "levels", {"unit": "all"}),
    "II.06a, month, unit": ("report", "reports/draft", {"unit": UNIT, "kind": "II.06a", **PERIOD}),
    "II.06a, year, all": ("report", "reports/draft", {"unit": "all", "kind": "II.06a", **YEAR}),
    "digitisation, year, all": ("report", "reports/draft", {"unit": "all", "kind": "digitisation", **YEAR}),
    "online payment, year, all": ("report", "reports/draft", {"unit": "all", "kind": "online-payment", **YEAR}),
    "levels, year, all": ("report", "reports/draft", {"unit": "all", "kind": "levels", **YEAR}),
    "QD 766, month, unit": ("report", "indicators", {"unit": UNIT, **PERIOD}),
    "QD 766, year, all": ("report", "indicators", {"unit": "all", **YEAR}),
}


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/registry.db"
        return
    with PostgreSQL(folder / "postgresql") as server:
        yield server.create_database("registry")


def fill(url: str, dossiers: int) -> None:
    """Fill a database, and say how long it took."""
    started = time.perf_counter()
    year = Year(dossiers // COPIES, HA_VAN, first=date(2025, 11, 25), last=date(2026, 11, 24))
    registry = filled(url, year)
    projected = time.perf_counter()
    multiply(registry, COPIES)
    registry.close()
    print(f"{dossiers // COPIES} dossiers projected in {projected - started:.0f} s,", end=" ")
    print(f"multiplied by {COPIES} in {time.perf_counter() - projected:.0f} s", flush=True)


@contextmanager
def service(url: str, folder: Path) -> Iterator[Service]:
    """Run the registry on a database."""
    with EmbeddedBroker() as broker:
        settings = {
            "HOSO_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
            "HOSO_KAFKA_DECLARE_TOPICS": "false",
            "HOSO_REGISTRY_DATABASE_URL": url,
        }
        running = Service("registry", folder / "service", settings)
        running.start()
        try:
            deadline = time.monotonic() + 120
            while not running.ready() and time.monotonic() < deadline:
                time.sleep(0.2)
            _settle(running)
            yield running
        finally:
            running.stop()


def _settle(running: Service) -> None:
    """Wait until what a first start has to do is done: the figures computed, what is overdue announced."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        time.sleep(5)
        told = httpx.get(f"{running.ops_url}/metrics", timeout=60).text
        if QUIET in told and "hoso_registry_figures_computed" in told:
            return


def ask(running: Service) -> None:
    """Ask every question and print what it took."""
    with httpx.Client(timeout=120) as client:
        for name, (kind, path, asked) in QUESTIONS.items():
            address = f"{running.url}/v1/{path}"
            _tell(name, kind, partial(client.get, address, params=asked))
        _tell("metrics", "scrape", lambda: client.get(f"{running.ops_url}/metrics"))


def _tell(name: str, kind: str, question: Callable[[], httpx.Response]) -> None:
    question().raise_for_status()
    seconds = sorted(_seconds(question) for _ in range(TIMES[kind]))
    worst = seconds[int(len(seconds) * 0.95)] if kind == "list" else seconds[-1]
    verdict = "" if worst <= GOALS[kind] else f"  over {GOALS[kind]} s"
    print(f"{name:28} median {statistics.median(seconds):7.3f} s, p95 {worst:7.3f} s{verdict}", flush=True)


def _seconds(question: Callable[[], httpx.Response]) -> float:
    started = time.perf_counter()
    question().raise_for_status()
    return time.perf_counter() - started


def main() -> None:
    """Fill, ask and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.registry.questions", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=2_000_000)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hoso-bench-questions-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL's own account must be able to enter
        with database(arguments.database, folder) as url:
            fill(url, arguments.dossiers)
            with service(url, folder) as running:
                ask(running)


if __name__ == "__main__":
    main()
