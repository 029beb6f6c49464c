"""Objects whose ledger row never came are deleted, when they are old enough that none can come any more."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from services.intake.ports import Ledger
from shared.object_store import APPLICANT_FORM, ObjectFacts, ObjectStore


@dataclass(frozen=True)
class Swept:
    """What a sweep saw and what it deleted, or would have."""

    seen: int
    orphans: int
    orphan_bytes: int


def sweep(ledger: Ledger, store: ObjectStore, *, older_than: datetime, dry_run: bool) -> Swept:
    """Delete the objects last written before ``older_than`` that no dossier and no paper owns."""

    @lru_cache(maxsize=1)  # the objects of one dossier come one after the other
    def owners(dossier_id: UUID) -> set[str]:
        with ledger.reading() as entries:
            papers = {str(paper_id) for paper_id in entries.kept_papers(dossier_id)}
            return papers | ({APPLICANT_FORM} if entries.is_dossier(dossier_id) else set())

    seen, orphans = 0, []
    for facts in store.list():
        seen += 1
        if facts.modified_at < older_than and _owner(facts) not in owners(facts.dossier_id):
            orphans.append(facts)
    if not dry_run:
        for facts in orphans:
            store.delete(facts.dossier_id, facts.name)
    return Swept(seen, len(orphans), sum(facts.size_bytes for facts in orphans))


def _owner(facts: ObjectFacts) -> str:
    """Return the paper an object belongs to, or the name of the form, which belongs to the dossier."""
    return facts.name.partition("/")[0]
