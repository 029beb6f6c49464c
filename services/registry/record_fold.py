"""The record of digitisation as a fold of a dossier's ledger."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.registry.dossier_state import ComponentState, Life, StepState, TransferState
from shared.events import (
    Component,
    ComponentRecorded,
    Duty,
    PaperAccepted,
    ResultDigitised,
    ReusedFrom,
    StepDone,
    TransferRecorded,
)
from shared.events import ComponentState as Of

# what a component declared at the opening is until something is recorded of it
_AT_FIRST = {Duty.REQUIRED: Of.PENDING, Duty.REUSED: Of.REUSED, Duty.EXEMPT: Of.EXEMPT}
_PENDING, _DIGITISED, _REUSED, _EXEMPT = (s.value for s in (Of.PENDING, Of.DIGITISED, Of.REUSED, Of.EXEMPT))
_REQUIRED, _FROM_STORE = Duty.REQUIRED.value, ReusedFrom.PERSONAL_STORE.value


def declared(life: Life, components: Iterable[Component]) -> None:
    """Note the components a dossier was opened with."""
    for said in components:
        state = ComponentState(life.dossier.dossier_id, said.code, said.duty.value, _AT_FIRST[said.duty].value)
        state.exempt_reason = said.exempt_reason
        life.components[said.code] = state
    _count_components(life)


def handed_in(life: Life, data: PaperAccepted, _: datetime) -> None:
    """Note that a paper of a component was accepted."""
    component = life.components.get(data.component_code or "")
    if component is not None and component.paper_id is None:
        life.components[component.code] = replace(component, paper_id=str(data.paper_id))
        _count_components(life)


def recorded(life: Life, data: ComponentRecorded, _: datetime) -> None:
    """Note what was found of a component."""
    code, before = data.component_code, life.components.get(data.component_code)
    life.components[code] = ComponentState(
        life.dossier.dossier_id,
        code,
        duty=_REQUIRED if before is None else before.duty,
        state=data.state.value,
        exempt_reason=data.exempt_reason,
        reused_from=None if data.reused_from is None else data.reused_from.value,
        paper_id=None if data.paper_id is None else str(data.paper_id),
    )
    _count_components(life)


def is_digitised(component: ComponentState) -> bool:
    """Return whether a component counts as digitised."""
    if component.state == _PENDING:
        return component.duty == _REQUIRED and component.paper_id is not None
    return component.state == _DIGITISED


def _count_components(life: Life) -> None:
    dossier, all_of_them = life.dossier, life.components.values()
    dossier.components = len(all_of_them)
    dossier.components_required = sum(c.duty == _REQUIRED for c in all_of_them)
    dossier.components_digitised = sum(map(is_digitised, all_of_them))
    reused = [c for c in all_of_them if c.state == _REUSED]
    dossier.components_reused = len(reused)
    dossier.components_exempt = sum(c.state == _EXEMPT for c in all_of_them)
    dossier.reused_from_store = any(c.reused_from == _FROM_STORE for c in reused)


def step_done(life: Life, data: StepDone, at: datetime) -> None:
    """Note that a step was done for a paper."""
    paper_id, step = str(data.paper_id), int(data.step)
    actor = data.actor
    life.steps[paper_id, step] = StepState(
        paper_id, step, life.dossier.dossier_id, at, actor.subject, actor.unit, data.digitisation_code
    )


def result_digitised(life: Life, data: ResultDigitised, at: datetime) -> None:
    """Note that the result is there electronically, since when it first was."""
    life.dossier.result_kind = data.kind.value
    life.dossier.result_at = life.dossier.result_at or at


def transferred(life: Life, data: TransferRecorded, at: datetime) -> None:
    """Note what was answered last to a transfer."""
    transfer_id = str(data.transfer_id)
    life.transfers[transfer_id] = TransferState(
        transfer_id, life.dossier.dossier_id, data.target, data.object.value, data.outcome.value, data.attempt, at
    )
