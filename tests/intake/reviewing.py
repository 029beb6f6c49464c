"""A reviewer at work: a paper that was read, and the requests a review is made of."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx

from shared.events import PaperDigitised
from shared.object_store import page_name
from tests.intake.office import Office, picture

VERSION = "p1"
ASKED = ("number", "signer_name")
REASONS = ("fields-doubtful",)
# the page was recognised at 1,654 x 2,339 pixels: A4 at 200 dpi
FACTS: dict[str, Any] = {
    "pages": [{"number": 1, "width": 1654, "height": 2339, "route": "recognised"}],
    "fields": {
        "number": {
            "value": "17",
            "raw": "17",
            "page": 1,
            "box": {"left": 165.4, "top": 233.9, "right": 330.8, "bottom": 263.9},
            "confidence": 0.41,
        },
        "subject": {"value": "Về việc thử", "raw": "V/v thử", "page": 1, "box": None, "confidence": 0.99},
    },
    "tables": [],
    "review_fields": list(ASKED),
}
ANSWERS: list[dict[str, Any]] = [
    {"name": "number", "answer": "right"},
    {"name": "signer_name", "answer": "unreadable"},
]


@dataclass
class Desk:
    """A paper of an office, read and to be reviewed, and people who review it."""

    office: Office
    lane: str = "express"
    facts: dict[str, Any] = field(default_factory=lambda: FACTS)
    asked: tuple[str, ...] = ASKED
    content: bytes = field(default_factory=picture)

    def __post_init__(self) -> None:
        self.dossier = self.office.open_dossier()["id"]
        response = self.office.add(self.dossier, self.content, data={"lane": self.lane})
        self.paper: str = response.json()["papers"][0]["id"]
        self.hear()
        found = self.find(paper_id=self.paper)
        self.id: str = found[0]["id"] if found else ""

    def hear(self, version: str = VERSION, revision: int = 0, **changes: Any) -> None:
        """Let the paper be read, and intake hear of it."""
        self.put(f"{self.paper}/{version}/facts.json", json.dumps(self.facts).encode())
        self.office.learn(self.digitised(version, revision, **changes))

    def digitised(self, version: str = VERSION, revision: int = 0, **changes: Any) -> PaperDigitised:
        """Return the event of a version of the document."""
        facts: dict[str, Any] = {
            "pages": 1,
            "pages_failed": 0,
            "words": 200,
            "confidence": 91.5,
            "document_bytes": 4,
            "seconds": 1,
            "engine": "t",
            "needs_review": True,
            "review_fields": self.asked,
            "review_reasons": REASONS,
        }
        ids = {"paper_id": UUID(self.paper), "dossier_id": UUID(self.dossier)}
        return PaperDigitised(**ids, version=version, revision=revision, **facts | changes)

    def put(self, name: str, content: bytes) -> None:
        """Put an object of the dossier."""
        self.office.store.put(
            UUID(self.dossier), name, BytesIO(content), size_bytes=len(content), media_type="text/plain"
        )

    def put_page(self, kind: str, content: bytes, version: str = VERSION) -> None:
        """Put something made of the first page."""
        self.put(page_name(UUID(self.paper), version, 1, kind), content)

    def find(self, **params: Any) -> list[dict[str, Any]]:
        """List reviews of the one-stop's dossiers."""
        return list(found(self.office, **params)["reviews"])

    def read(self, who: str | None = None) -> httpx.Response:
        """Read the review, as somebody or as nobody in particular."""
        return self.office.get(f"/v1/reviews/{self.id}", headers={"Hoso-Actor": who or "onlooker"})

    def tag(self) -> str:
        """Return the ETag of the review."""
        return str(self.read().headers["etag"])

    def act(self, what: str, who: str, **headers: str) -> httpx.Response:
        """Claim, renew or release."""
        return self.office.post(f"/v1/reviews/{self.id}/{what}", headers={"Hoso-Actor": who} | headers)

    def save(
        self, who: str, fields: Iterable[dict[str, Any]], tag: str | None = None, **headers: str
    ) -> httpx.Response:
        """Save a draft, with the present ETag unless another is given."""
        headers |= {"Hoso-Actor": who, "If-Match": tag or self.tag()}
        return self.office.put(f"/v1/reviews/{self.id}/draft", json={"fields": list(fields)}, headers=headers)

    def finish(
        self, who: str, fields: Iterable[dict[str, Any]], tag: str | None = None, **headers: str
    ) -> httpx.Response:
        """Finish, with the present ETag unless another is given."""
        headers |= {"Hoso-Actor": who, "If-Match": tag or self.tag()}
        return self.office.post(f"/v1/reviews/{self.id}/finish", json={"fields": list(fields)}, headers=headers)


def found(office: Office, **params: Any) -> dict[str, Any]:
    """Return a page of reviews of the one-stop's dossiers."""
    response = office.get("/v1/reviews", params={"unit": "H98.01.10"} | params)
    assert response.status_code == 200, response.text
    return dict(response.json())
