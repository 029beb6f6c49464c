"""``python -m services``: everything on one machine, and nothing accepted is lost by a restart."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from deploy.demo.stage import Hoso
from tests.system.harness import ACTOR, PROCEDURE, UNIT, one_page, wait_for


class Embedded(Hoso):
    """The supervisor with all its parts and a broker of its own, on a data folder."""

    def __init__(self, data_folder: Path) -> None:
        super().__init__(data_folder, {})

    def intake(self, method: str, path: str, **content: object) -> httpx.Response:
        """Ask intake."""
        return httpx.request(method, self.intake_url + path, headers=ACTOR, timeout=30, **content)  # type: ignore[arg-type]

    def hand_in(self, label: str) -> tuple[str, str]:
        """Open a dossier with one paper; return both ids once the paper is accepted."""
        body = {
            "procedure_code": PROCEDURE,
            "channel": 1,
            "receiving_unit": UNIT,
            "applicant": {"full_name": "Trần Văn Mẫu"},
            "components": [],
        }
        dossier = self.intake("POST", "/v1/dossiers", json=body).raise_for_status().json()["id"]
        answer = self.intake("POST", f"/v1/dossiers/{dossier}/papers", files={"file": ("a.tif", one_page(label))})
        return dossier, answer.raise_for_status().json()["papers"][0]["id"]

    def digitised(self, paper_id: str) -> bool:
        """Return whether intake shows the paper as digitised."""
        return bool(self.intake("GET", f"/v1/papers/{paper_id}").json()["state"] == "digitised")

    def counted(self, dossier_id: str) -> bool:
        """Return whether the registry shows the dossier whole, with its paper digitised."""
        url = f"{self.registry_url}/v1/dossiers/{dossier_id}"
        try:
            answer = httpx.get(url)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and [p["state"] for p in answer.json()["papers"]] == ["digitised"]


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    """Return everything running."""
    with Embedded(tmp_path) as running:
        yield running


def test_a_restart_loses_nothing_that_was_accepted(embedded: Embedded) -> None:
    """Killed the moment papers are accepted, then stopped politely: all are digitised and counted."""
    first = [embedded.hand_in(f"trước-{n}") for n in range(3)]
    embedded.kill()
    embedded.start()
    second = embedded.hand_in("sau")
    for dossier_id, paper_id in (*first, second):
        wait_for(partial(embedded.digitised, paper_id), "digitised", seconds=60)
        wait_for(partial(embedded.counted, dossier_id), "counted", seconds=30)
    embedded.stop()
    embedded.start()
    for dossier_id, paper_id in (*first, second):
        assert embedded.digitised(paper_id)
        wait_for(partial(embedded.counted, dossier_id), "counted again", seconds=30)
