"""A registry with reference data and a clock, for tests of figures and reports."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from services.registry.http.api import api
from services.registry.load import NATIONAL_FOLDER, load
from services.registry.queries import Queries
from services.registry.reference_store import TableReference
from shared.database import Database
from tests.fakes.clock import FakeClock
from tests.registry.client import Client
from tests.registry.dossier_rows import put
from tests.registry.test_reference import PROVINCE

MANAGER = {"Hoso-Actor": "manager-1", "Hoso-Unit": "H98.02"}
MARCH = {"unit": "all", "from": "2026-03-01", "to": "2026-03-31"}


class Office:
    """A registry that can be asked, told dossiers, and given reference data; its clock begins on 8 October 2026."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock = FakeClock()
        self._folder = folder
        load(PROVINCE, TableReference(database), self.clock, first=NATIONAL_FOLDER)
        self.client = Client(api(Queries(database), clock=self.clock))

    def load(self, file: str, *lines: str) -> None:
        """Load one file of reference data."""
        self.clock.advance(seconds=1)
        folder = self._folder / f"load-{self.clock.now():%H%M%S}"
        folder.mkdir()
        (folder / file).write_text("\n".join(lines) + "\n")
        load(folder, TableReference(self.database), self.clock)

    def put(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Put dossiers in place of those there."""
        put(self.database, rows)

    def get(self, path: str, **asked: Any) -> Any:
        """Return the body of an answer that must be 200."""
        answer = self.client.get(f"/v1/{path}", params={name.rstrip("_"): value for name, value in asked.items()})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def file(self, kind: str = "II.06a", **asked: Any) -> Any:
        """File a report and return the body of the answer, a minute later than what was before."""
        self.clock.advance(seconds=60)
        body = {**MARCH, "unit": ["all"], "kind": kind, **asked}
        answer = self.client.post("/v1/reports", json=body, headers=MANAGER)
        assert answer.status_code == 201, answer.text
        assert answer.headers["location"] == f"/v1/reports/{answer.json()['report_id']}"
        self.clock.advance(seconds=60)
        return answer.json()
