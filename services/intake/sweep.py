"""Objects whose ledger row never came are deleted, when they are old enough that none can come any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from services.intake import notes
from services.intake.ports import Ledger
from services.intake.review_texts import FOLDER, text_name
from shared.object_store import APPLICANT_FORM, ObjectFacts, ObjectStore

# crashes leave a few objects behind; more than these mean that the ledger is not the one they belong to
FEW_ORPHANS, USUAL_SHARE = 100, 0.1


@dataclass(frozen=True)
class Swept:
    """What a sweep saw, and how much of it nobody owns."""

    seen: int
    orphans: int
    orphan_bytes: int

    @property
    def strange(self) -> bool:
        """Whether there are so many orphans that a person should look before anything is deleted.

        A ledger restored from an older copy does not know the newest papers: they look like orphans.
        """
        return self.orphans > max(FEW_ORPHANS, self.seen * USUAL_SHARE)


def sweep(ledger: Ledger, store: ObjectStore, *, older_than: datetime, may_delete: Callable[[Swept], bool]) -> Swept:
    """Delete the objects last written before ``older_than`` that no dossier and no paper owns, if that may be."""

    @lru_cache(maxsize=1)  # the objects of one dossier come one after the other
    def owners(dossier_id: UUID) -> set[str]:
        with ledger.reading() as entries:
            papers = {str(paper_id) for paper_id in entries.kept_papers(dossier_id)}
            papers |= {text_name(*text) for text in entries.reviews.texts(dossier_id)}
            papers |= {notes.note_name(note_id) for note_id in entries.life.note_texts(dossier_id)}
            return papers | ({APPLICANT_FORM} if entries.is_dossier(dossier_id) else set())

    seen, orphans = 0, []
    for facts in store.list():
        seen += 1
        if facts.modified_at < older_than and _owner(facts) not in owners(facts.dossier_id):
            orphans.append(facts)
    swept = Swept(seen, len(orphans), sum(facts.size_bytes for facts in orphans))
    if may_delete(swept):
        for facts in orphans:
            store.delete(facts.dossier_id, facts.name)
    return swept


def _owner(facts: ObjectFacts) -> str:
    """Return the paper an object belongs to, or its own name: of the form, a note, or a text a review names."""
    paper, _, part = facts.name.partition("/")
    return facts.name if paper == notes.FOLDER or part.startswith(f"{FOLDER}/") else paper
