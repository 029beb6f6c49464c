"""The figures of the articles come out of the running registry when their data go in as files and events.

Only what everybody may use is used: the command that loads files, the log, the API and the metrics.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.events import Event, encode
from shared.log import Record
from shared.topics import DOSSIERS
from tests.registry import seeds
from tests.registry.test_service import Place, in_process_broker, place
from tests.servers import wait_until

__all__ = ["in_process_broker", "place"]
PUBLISHED_AT_ONCE = 1000
YEAR_2020 = {"from": "2020-01-01", "to": "2020-12-31"}


class Office:
    """A registry with the files of the articles loaded."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def tell(self, story: Iterable[seeds.Ledger]) -> None:
        """Publish a story, and return when the registry knows each of its dossiers whole."""
        ledgers = list(story)
        # one story at a time: the in-process broker keeps 5 MB of a partition
        told = [_record(event) for event in seeds.events(ledgers)]
        for begin in range(0, len(told), PUBLISHED_AT_ONCE):  # more would not be acknowledged in time on a busy machine
            self._place.publish(told[begin : begin + PUBLISHED_AT_ONCE])
        waiting = {ledger.id: ledger for ledger in ledgers[:: len(ledgers) // 20]}

        def all_known() -> bool:
            for dossier_id in [each for each, ledger in waiting.items() if self._knows(ledger)]:
                del waiting[dossier_id]
            return not waiting and "hoso_registry_projection_lag_records 0.0" in self._place.metrics()

        assert wait_until(all_known, timeout_seconds=180), "not projected"

    def _knows(self, ledger: seeds.Ledger) -> bool:
        answer = httpx.get(f"{self._place.service.url}/v1/dossiers/{ledger.id}")
        return answer.status_code == httpx.codes.OK and answer.json()["last_sequence"] == len(ledger.events)

    def ask(self, path: str, **asked: str) -> Any:
        """Return what the API answers."""
        return httpx.get(f"{self._place.service.url}/v1/{path}", params=asked, timeout=60).raise_for_status().json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Return what the API answers to something filed."""
        url = f"{self._place.service.url}/v1/{path}"
        return httpx.post(url, json=body, headers={"Hoso-Actor": "manager-1"}, timeout=60).raise_for_status().json()

    def metric(self, name: str, **labels: str) -> float:
        """Return the sum of a metric's samples that bear these labels."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        samples = [line for line in self._place.metrics().splitlines() if line.startswith((name + "{", name + " "))]
        found = [line for line in samples if all(each in line for each in wanted)]
        assert found, f"no sample of {name} with {labels}"
        return sum(float(line.rpartition(" ")[2]) for line in found)


def _record(event: Event) -> Record:
    return Record(**vars(encode(event, DOSSIERS.name)))


@pytest.fixture
def office(place: Place, tmp_path: Path) -> Office:
    place.command("load")  # what is shipped: schemes, targets, calendars
    place.command("load", str(seeds.write_files(tmp_path / "files")))
    place.start()
    return Office(place)


def test_the_figures_of_the_articles(office: Office) -> None:
    _ninh_binh(office)
    _hai_phong(office)
    _hai_duong(office)
    _kien_giang(office)


def _ninh_binh(office: Office) -> None:
    managed = office.ask("levels", unit=seeds.MANAGING, scope="managed")["total"]
    handled = office.ask("levels", unit=seeds.MANAGING, scope="handled")["total"]
    assert (managed["total"], handled["total"]) == (178, 132)
    assert handled["counts"] == {"full": 85, "partial": 30, "info": 7, "unclassified": 10}
    (cut,) = office.ask("reductions", unit=seeds.MANAGING)["items"]
    assert (cut["procedures_cut"], cut["hours"], cut["working_days"]) == (48, 362, 45.25)

    office.tell(seeds.digitised())
    unit = {"unit": seeds.MANAGING}
    objects = [office.metric("hoso_registry_digitised", object=name, **unit) for name in ("component", "result")]
    transferred = office.metric("hoso_registry_transfers", outcome="accepted")
    assert (sum(objects), transferred) == (2999, 1993)
    assert round(100 * transferred / sum(objects), 2) == 66.46  # as the article says


def _hai_phong(office: Office) -> None:
    office.tell(seeds.port_city())
    report = office.ask("reports/draft", unit=seeds.PORT_CITY, kind="II.06a", **YEAR_2020)["report"]
    totals = _totals(report)
    assert (totals["received"], totals["settled"], totals["open"]) == (5707, 5644, 63)


def _hai_duong(office: Office) -> None:
    office.tell(seeds.early())
    year = {"from": "2022-01-01", "to": "2022-12-31"}
    totals = _totals(office.ask("reports/draft", unit=seeds.EARLY, kind="II.06a", **year)["report"])
    assert (totals["settled"], totals["settled_overdue"]) == (1000, 0)
    assert totals["settled_early"] > 0.9 * totals["settled"]
    reached = _progress(office, seeds.EARLY, **year)["EARLY_RETURN"]
    assert (reached["numerator"], reached["denominator"], reached["reached"]) == (916, 1000, True)


def _kien_giang(office: Office) -> None:
    (figure,) = office.ask("task-figures")["items"]
    assert (figure["stated_pct"], figure["computed_pct"], figure["mismatch"]) == (70, 85, True)

    office.tell(seeds.islands())
    progress = _progress(office, seeds.ISLANDS, **YEAR_2020)
    of_dossiers, of_services = progress["NQ17_2019_DOSSIERS"], progress["NQ17_2019_SERVICES"]
    assert (of_dossiers["target"], of_dossiers["numerator"], of_dossiers["denominator"]) == (0.3, 250, 1000)
    assert (of_services["target"], of_services["numerator"], of_services["denominator"]) == (0.3, 4, 10)
    assert (of_dossiers["reached"], of_services["reached"]) == (False, True)


def _totals(report: Any) -> dict[str, Any]:
    (total,) = [row for row in report["rows"] if row["style"] == "total"]
    return dict(total["values"])


def _progress(office: Office, unit: str, **period: str) -> dict[str, Any]:
    items = office.ask("progress", unit=unit, **period)["items"]
    return {item["code"]: item for item in items}
