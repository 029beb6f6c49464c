"""A clerk at the counter: opens dossiers, hands in scans, decides; all through intake's HTTP API."""

import time
import uuid
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from deploy.demo.province_data import Procedure
from deploy.demo.scans import Scan

WHO = {"Hoso-Actor": "demo-clerk", "Hoso-Role": "clerk", "Hoso-Counter": "D1"}
IN_PERSON, ONLINE = 1, 2
AWAY = 503
AWAY_TRIES = 20
TIMEOUT_SECONDS = 120

Json = dict[str, Any]


class Refused(Exception):
    """Intake does not take something, and says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Clerk:
    """Somebody with access to intake."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, headers=WHO, timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        """Sit down at the counter."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the counter."""
        self._client.close()

    def open_dossier(
        self, procedure: Procedure, applicant: str, scans: Sequence[Scan], *, channel: int = IN_PERSON
    ) -> Json:
        """Open a dossier with one component for each scan to come, and answer it."""
        body = {
            "procedure_code": procedure.code,
            "channel": channel,
            "receiving_unit": procedure.received_at,
            "applicant": {"full_name": applicant, "identity_number": "000000000000"},
            "components": [
                {"code": component_code(place), "name": f"Giấy tờ {place}", "copy_kind": 0, "quantity": 1}
                for place, _ in enumerate(scans, start=1)
            ],
        }
        return self._post("/v1/dossiers", json=body)

    def hand_in(self, dossier: Json, scan: Scan, *, place: int) -> str:
        """Add a scan to a dossier and answer its paper's id; raises ``Refused``."""
        answer = self._post(
            f"/v1/dossiers/{dossier['id']}/papers",
            files={"file": (scan.name, scan.path.read_bytes())},
            data={"component_code": component_code(place), "lane": "express"},
        )
        return str(answer["papers"][0]["id"])

    def decide(self, dossier: Json, command: str) -> None:
        """Give a command, such as accept or finish."""
        self._post(f"/v1/dossiers/{dossier['id']}/{command}")

    def paper(self, paper_id: str) -> Json:
        """Answer what intake knows of a paper."""
        found: Json = self._client.get(f"/v1/papers/{paper_id}").raise_for_status().json()
        return found

    def fetch(self, paper_id: str, part: str) -> bytes:
        """Answer a paper's document, text or fields."""
        return self._client.get(f"/v1/papers/{paper_id}/{part}").raise_for_status().content

    def _post(self, path: str, **content: Any) -> Json:
        """Post under one idempotency key until intake is there to answer."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        for _ in range(AWAY_TRIES):
            answer = self._client.post(path, headers=headers, **content)
            if answer.status_code != AWAY:
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        if 400 <= answer.status_code < 500:
            raise Refused(reason_of(answer.json()))
        found: Json = answer.raise_for_status().json()
        return found


def component_code(place: int) -> str:
    """Answer the code of a dossier's first, second, … component."""
    return f"TP{place:02}"


def reason_of(problem: Json) -> str:
    """Answer in a few words why intake says no: the file's own fault if it names one."""
    faults = [fault["reason"] for fault in problem.get("errors", [])]
    return "; ".join(faults) or str(problem.get("type", "")).rpartition(":")[2]
