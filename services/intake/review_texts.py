"""What a reviewer wrote about a paper: drafts and findings, objects of its dossier, each under a name of its own.

None is ever overwritten: who loses against another reviewer cannot spoil what that one wrote.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from services.intake.dossiers import Act, Paper
from services.intake.draft import Draft
from services.intake.reviews import Finding, Findings
from shared.errors import Unavailable
from shared.events import FieldAnswer
from shared.object_store import ObjectStore

FOLDER = "reviews"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReviewText:
    """What somebody wrote, who and when, and which version of the document they had before them."""

    document_version: str
    written_by: str
    written_at: str
    findings: Findings


def text_name(paper_id: UUID, text_id: UUID) -> str:
    """Return the name of a text."""
    return f"{paper_id}/{FOLDER}/{text_id}.json"


def store_text(draft: Draft, paper: Paper, document_version: str, *, findings: Findings, act: Act) -> UUID:
    """Store a text and return its id."""
    text_id, content = uuid4(), _content(document_version, findings, act)
    draft.put(
        paper.kept_under,
        text_name(paper.id, text_id),
        BytesIO(content),
        size_bytes=len(content),
        media_type="application/json",
    )
    return text_id


def _content(document_version: str, findings: Findings, act: Act) -> bytes:
    told = {
        "document_version": document_version,
        "written_by": act.actor.subject,
        "written_at": act.at.isoformat(),
        "fields": {name: {"answer": found.answer, "value": found.value} for name, found in findings.items()},
    }
    return json.dumps(told, ensure_ascii=False).encode()


def read_text(store: ObjectStore, paper: Paper, text_id: UUID) -> ReviewText:
    """Return a text; raises ``ObjectMissing``."""
    told: Mapping[str, Any] = json.loads(store.read(paper.kept_under, text_name(paper.id, text_id)))
    findings = {name: Finding(FieldAnswer(f["answer"]), f["value"]) for name, f in told["fields"].items()}
    return ReviewText(told["document_version"], told["written_by"], told["written_at"], findings)


def let_go(store: ObjectStore, paper: Paper, text_id: UUID | None) -> None:
    """Delete a text that another one replaced."""
    try:
        if text_id is not None:
            store.delete(paper.kept_under, text_name(paper.id, text_id))
    except Unavailable:
        log.info("a reviewer's text that was replaced is left to the sweep")
