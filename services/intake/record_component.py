"""What becomes of a component is recorded: by a clerk's decision, or by itself when a paper of it was digitised."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.intake.dossiers import Act, Component, Dossier, Paper
from services.intake.once import Once, Outcome
from services.intake.ports import Entries
from services.intake.readings import version_of
from services.intake.record_entry import Fact, announce, locked, paper_meant, paper_of
from services.intake.records import ComponentRecord, must_agree
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.turns import timely
from shared.events import ComponentRecorded, ComponentState


@dataclass(frozen=True)
class ComponentStands:
    """A component and its dossier, after something was recorded."""

    dossier: Dossier
    component: Component


def record_component(
    dossier_id: UUID,
    code: str,
    decision: ComponentRecord,
    *,
    happened_at: datetime | None,
    act: Act,
    version: int | None,
    once: Once[ComponentStands],
) -> Outcome[ComponentStands]:
    """Record what a clerk decided about a component; the same decision again changes nothing."""
    must_agree(decision)

    def work(entries: Entries) -> ComponentStands:
        dossier = locked(entries, dossier_id, version)
        component = entries.records.component(dossier_id, code)
        _check_paper(entries, dossier_id, component, decision)
        if decision.says_the_same_as(component.record):
            return ComponentStands(dossier, component)
        at = timely(happened_at, act, not_before=dossier.opened_at)
        decided = replace(decision, recorded_by=act.actor.subject, recorded_at=at)
        fact = _write(entries, dossier_id, component, decided, act=act, happened_at=happened_at)
        return ComponentStands(announce(entries, dossier, [fact], act=act), replace(component, record=decided))

    return once.run(work, act.at)


def _check_paper(entries: Entries, dossier_id: UUID, component: Component, decision: ComponentRecord) -> None:
    if decision.paper_id is None:
        return
    if decision.state is ComponentState.DIGITISED:
        paper = paper_of(entries, dossier_id, decision.paper_id)
        if paper.component_code != component.code:
            raise Rejected(Reason.CONTRADICTORY_RECORD, Fault("paper_id", "of-another-component"))
    else:
        paper = paper_meant(entries, decision.paper_id)
        if paper.dossier_id == dossier_id:
            raise Rejected(Reason.CONTRADICTORY_RECORD, Fault("paper_id", "of-this-dossier"))
    version_of(paper)  # raises and says why it is not digitised


def _write(
    entries: Entries,
    dossier_id: UUID,
    component: Component,
    record: ComponentRecord,
    *,
    act: Act,
    happened_at: datetime | None = None,
) -> ComponentRecorded:
    entries.records.record_component(dossier_id, component.code, record)
    return ComponentRecorded(
        dossier_id=dossier_id,
        actor=act.actor,
        component_code=component.code,
        state=record.state,
        exempt_reason=record.exempt_reason,
        reused_from=record.reused_from,
        paper_id=record.paper_id,
        happened_at=happened_at,
    )


def component_digitised(entries: Entries, dossier_id: UUID, paper: Paper, *, act: Act) -> list[Fact]:
    """Record a component as digitised by itself, where it is pending and a paper of it just was read.

    Returns what is to be announced of it; ``act`` is nobody's.
    """
    component = _component_of(entries, dossier_id, paper)
    if component is None or component.stands.state is not ComponentState.PENDING:
        return []
    return [_by_itself(entries, dossier_id, component, paper_id=paper.id, act=act)]


def component_lost(entries: Entries, dossier_id: UUID, paper: Paper, *, act: Act) -> list[Fact]:
    """Record what becomes of a component that was digitised as a paper that turned out to be secret.

    Returns what is to be announced of it; ``act`` is nobody's.
    """
    component = _component_of(entries, dossier_id, paper)
    if component is None or component.stands.state is not ComponentState.DIGITISED:
        return []
    if component.stands.paper_id != paper.id:
        return []
    instead = entries.records.digitised_as(dossier_id, component.code)
    return [_by_itself(entries, dossier_id, component, paper_id=instead, act=act)]


def _component_of(entries: Entries, dossier_id: UUID, paper: Paper) -> Component | None:
    return entries.records.component(dossier_id, paper.component_code) if paper.component_code else None


def _by_itself(
    entries: Entries, dossier_id: UUID, component: Component, *, paper_id: UUID | None, act: Act
) -> ComponentRecorded:
    state = ComponentState.DIGITISED if paper_id else ComponentState.PENDING
    record = ComponentRecord(state, paper_id=paper_id, recorded_by=act.actor.subject, recorded_at=act.at)
    return _write(entries, dossier_id, component, record, act=act)
