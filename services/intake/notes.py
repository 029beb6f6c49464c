"""What somebody noted at a command: an object of the dossier, under a name of its own, and never in the ledger."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from services.intake.dossiers import Act
from services.intake.draft import Draft
from services.intake.ports import Desk

FOLDER = "notes"


def note_name(note_id: UUID) -> str:
    """Return the name of the object that holds a note."""
    return f"{FOLDER}/{note_id}.json"


def store_note(draft: Draft, dossier_id: UUID, note: str, *, act: Act) -> UUID:
    """Store a note with who wrote it and when, and return its id."""
    note_id = uuid4()
    told = {"written_by": act.actor.subject, "written_at": act.at.isoformat(), "text": note}
    content = json.dumps(told, ensure_ascii=False).encode()
    name = note_name(note_id)
    draft.put(dossier_id, name, BytesIO(content), size_bytes=len(content), media_type="application/json")
    return note_id


def read_note(desk: Desk, dossier_id: UUID, sequence: int) -> dict[str, Any]:
    """Return the note to an event of a dossier; raises ``Rejected`` where there is none."""
    with desk.ledger.reading() as entries:
        note_id = entries.life.note(dossier_id, sequence)
    return dict(json.loads(desk.store.read(dossier_id, note_name(note_id))))
