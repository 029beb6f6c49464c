"""A dossier whose record of digitisation is kept, and the requests that keep it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from shared.events import Data, Event, PaperDigitised, PaperFailed
from tests.intake.office import Office, picture, problem

COMPONENTS: list[dict[str, Any]] = [
    {"code": "TP01", "name": "Đơn đề nghị", "copy_kind": 0, "quantity": 1},
    {"code": "TP02", "name": "Căn cước", "copy_kind": 1, "quantity": 1, "duty": "exempt", "exempt_reason": 2},
    {"code": "TP03", "name": "Giấy khai sinh", "copy_kind": 0, "quantity": 1, "duty": "reused"},
]
BY_ITSELF = {"exempt_reason": None, "reused_from": None, "paper_id": None, "recorded_by": None, "recorded_at": None}


@dataclass
class Keeper:
    """A dossier of an office and whoever keeps its record."""

    office: Office
    accepted: bool = True
    dossier: str = ""
    code: str = ""
    _colours: int = field(default=0)

    def __post_init__(self) -> None:
        opened = self.office.open_dossier(components=COMPONENTS)
        self.dossier, self.code = opened["id"], opened["code"]
        if self.accepted:
            assert self.office.post(f"{self.path}/accept").status_code == 200

    @property
    def path(self) -> str:
        """The address of the dossier."""
        return f"/v1/dossiers/{self.dossier}"

    def paper(self, component: str | None = "TP01", *, read: bool = True, **changes: Any) -> str:
        """Add a paper that no dossier has yet, let it be read unless told otherwise, and return its id."""
        self._colours += 1
        content = picture(self._colours) + self.dossier.encode()
        response = self.office.add(self.dossier, content, data={"component_code": component or ""})
        assert response.status_code == 201, response.text
        found = str(response.json()["papers"][0]["id"])
        if read:
            self.read(found, **changes)
        return found

    def read(self, paper: str, **changes: Any) -> None:
        """Let a paper be read, and intake hear of it."""
        self.office.learn(self.digitised(paper, **changes))

    def digitised(self, paper: str, **changes: Any) -> PaperDigitised:
        """Return what OCR says of a paper."""
        facts: dict[str, Any] = {"version": "p1", "pages": 1, "pages_failed": 0, "words": 9, "confidence": 90}
        facts |= {"document_bytes": 4, "seconds": 1, "engine": "t", "needs_review": False}
        return PaperDigitised(paper_id=UUID(paper), dossier_id=UUID(self.dossier), **facts | changes)

    def fail(self, paper: str, reason: str) -> None:
        """Let a paper fail, and intake hear of it."""
        self.office.learn(PaperFailed(paper_id=UUID(paper), dossier_id=UUID(self.dossier), reason=reason, attempts=1))

    def decide(self, component: str, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        """Decide about a component."""
        return self.office.post(f"{self.path}/components/{component}/record", json=body, headers=headers)

    def assign(self, paper: str, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        """Assign a paper its code."""
        return self.office.post(f"/v1/papers/{paper}/code", json=body, headers=headers)

    def store(self, paper: str, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        """Say that a paper is stored."""
        told = {"place": "personal-store"} | body
        return self.office.post(f"/v1/papers/{paper}/stored", json=told, headers=headers)

    def result(self, paper: str, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        """Record a paper as the result."""
        told = {"paper_id": paper, "kind": "digitised"} | body
        return self.office.post(f"{self.path}/results", json=told, headers=headers)

    def transfer(self, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        """Report an attempt to transfer the dossier, or another thing."""
        told = {"target": "ncc", "object": "dossier", "outcome": "accepted"} | body
        return self.office.post(f"{self.path}/transfers", json=told, headers=headers)

    def record(self, component: str) -> dict[str, Any]:
        """Return what the dossier tells of a component."""
        told = self.office.get(self.path).json()["components"]
        return dict(next(c["record"] for c in told if c["code"] == component))

    def steps(self, paper: str) -> list[dict[str, Any]]:
        """Return the steps of a paper that are done."""
        response = self.office.get(f"/v1/papers/{paper}/record")
        assert response.status_code == 200, response.text
        return [step for step in response.json()["steps"] if step["done"]]

    def said(self, kind: type[Data]) -> list[Event]:
        """Return the events of one kind in this dossier's line, which has no hole."""
        line = [event for event in self.office.events() if event.key == self.dossier]
        assert [event.sequence for event in line] == list(range(1, len(line) + 1))
        return [event for event in line if isinstance(event.data, kind)]


def faults(response: httpx.Response) -> list[tuple[str, str]]:
    """Return where and why a problem says something is wrong."""
    return [(fault["at"], fault["reason"]) for fault in problem(response)["errors"]]
