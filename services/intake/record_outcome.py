"""A paper was read, or refused: what follows by itself for its steps and its component, announced by nobody."""

from datetime import datetime
from uuid import UUID

from services.intake.dossiers import Act
from services.intake.ports import Entries
from services.intake.record_component import component_digitised, component_lost
from services.intake.record_entry import append
from services.intake.record_step import extracted
from shared.events import Actor


def nobody(at: datetime, correlation_id: str | None) -> Act:
    """Return an act that follows by itself from what happened then."""
    return Act(Actor(), at, correlation_id)


def record_as_read(entries: Entries, dossier_id: UUID, paper_id: UUID, *, act: Act) -> None:
    """Record the step a paper has come to by being read, and its component; hearing it again changes nothing."""
    dossier, paper = entries.lock(dossier_id), entries.paper(paper_id)
    facts = [] if paper.needs_review else extracted(entries, paper, act=act)
    append(entries, dossier, [*facts, *component_digitised(entries, dossier_id, paper, act=act)], act=act)


def record_as_refused(entries: Entries, dossier_id: UUID, paper_id: UUID, *, act: Act) -> None:
    """Record that the component of a secret paper is not digitised by it."""
    dossier, paper = entries.lock(dossier_id), entries.paper(paper_id)
    append(entries, dossier, component_lost(entries, dossier_id, paper, act=act), act=act)
