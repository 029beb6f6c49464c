"""The objects that a ledger speaks of: each must be in the store beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from deploy.recovery.dumps import Row
from services.intake.dossiers import PaperState
from services.intake.life_tables import note
from services.intake.notes import note_name
from services.intake.review_texts import text_name
from services.intake.tables import dossier, paper, review
from shared.object_store import APPLICANT_FORM, FACTS, derived_name, original_name

TABLES = tuple(table.name for table in (dossier, paper, review, note))


@dataclass(frozen=True)
class Reference:
    """An object, and of an original what the ledger says of its content."""

    dossier_id: UUID
    name: str
    size_bytes: int | None = None
    sha256: str | None = None


def references(rows: Iterable[tuple[str, Row]]) -> Iterator[Reference]:
    """Yield what the rows of a ledger speak of: forms, originals, facts of documents, texts of reviews, notes."""
    kept_under: dict[UUID, UUID] = {}
    texts: list[tuple[UUID, UUID]] = []
    for table, row in rows:
        if table == "dossier":
            yield Reference(_id(row, "id"), APPLICANT_FORM)
        elif table == "note":
            yield Reference(_id(row, "dossier_id"), note_name(_id(row, "text_id")))
        elif table == "review" and row["text_id"]:
            texts.append((_id(row, "paper_id"), _id(row, "text_id")))
        elif table == "paper":
            kept_under[_id(row, "id")] = _id(row, "kept_under")
            yield from _of_a_paper(row)
    for paper_id, text_id in texts:
        yield Reference(kept_under[paper_id], text_name(paper_id, text_id))


def _of_a_paper(row: Row) -> Iterator[Reference]:
    paper_id, dossier_id = _id(row, "id"), _id(row, "kept_under")
    yield Reference(dossier_id, original_name(paper_id), int(row["size_bytes"] or 0), row["sha256"])
    if row["state"] == PaperState.DIGITISED and row["version"]:
        yield Reference(dossier_id, derived_name(paper_id, row["version"], FACTS))


def _id(row: Row, name: str) -> UUID:
    return UUID(str(row[name]))
