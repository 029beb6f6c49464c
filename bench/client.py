"""A client that hands in papers."""

import httpx

from deploy.local.system import System

ACTOR = {"Hoso-Actor": "bench", "Hoso-Role": "clerk", "Hoso-Counter": "B1"}
DOSSIER = {
    "procedure_code": "9.990001",
    "channel": 1,
    "receiving_unit": "H98.01.10",
    "applicant": {"full_name": "Người Đo"},
    "components": [],
}


class Counter:
    """One connection to intake, with a dossier to add papers to."""

    def __init__(self, system: System) -> None:
        self._client = httpx.Client(base_url=system.intake.url, headers=ACTOR, timeout=60)
        opened = self._client.post("/v1/dossiers", json=DOSSIER).raise_for_status()
        self._papers = f"/v1/dossiers/{opened.json()['id']}/papers"

    def hand_in(self, content: bytes) -> str:
        """Hand in a JPEG and return the id of its paper once it is accepted."""
        answer = self._client.post(self._papers, files={"file": ("scan.jpg", content)})
        return str(answer.raise_for_status().json()["papers"][0]["id"])

    def digitised(self, paper_id: str) -> bool:
        """Return whether intake shows the paper as digitised."""
        answer = self._client.get(f"/v1/papers/{paper_id}").raise_for_status()
        return bool(answer.json()["state"] == "digitised")
