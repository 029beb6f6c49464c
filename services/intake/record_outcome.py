"""A paper was read, or refused: what follows by itself for its steps and its component, announced by nobody."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.intake.dossiers import Act, Dossier
from services.intake.ports import Entries
from services.intake.record_component import component_digitised, component_lost
from services.intake.record_entry import announce
from services.intake.record_step import extracted
from shared.events import Actor


def nobody(at: datetime, correlation_id: str | None) -> Act:
    """Return an act that follows by itself from what happened then."""
    return Act(Actor(), at, correlation_id)


def record_as_read(entries: Entries, dossier_id: UUID, paper_id: UUID, *, act: Act) -> None:
    """Record the step a paper has come to by being read, and its component; hearing it again changes nothing."""
    dossier, paper = entries.lock(dossier_id), entries.paper(paper_id)
    after = dossier
    facts = [] if paper.needs_review else extracted(entries, paper, act=act)
    if facts:
        after = announce(entries, after, facts, act=act)
    after = component_digitised(entries, after, paper, act=act)
    _one_version(entries, dossier, after)


def record_as_refused(entries: Entries, dossier_id: UUID, paper_id: UUID, *, act: Act) -> None:
    """Record that the component of a secret paper is not digitised by it."""
    dossier = entries.lock(dossier_id)
    _one_version(entries, dossier, component_lost(entries, dossier, entries.paper(paper_id), act=act))


def _one_version(entries: Entries, before: Dossier, after: Dossier) -> None:
    """Write that what was heard in one event is one change in sight, which its hearer counts."""
    if after is not before:
        entries.save(replace(after, version=before.version))
