"""The lives of dossiers and papers before and after a batch, and what that changes in the tallies."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from services.registry import tallies
from services.registry.dossier_state import DossierState, Life, TransferState
from services.registry.fold import fold, follow
from services.registry.happening import Happening
from services.registry.paper_state import PaperState, paper_after, paper_of
from services.registry.projecting import Changed, Projection
from shared.events import (
    ComponentRecorded,
    DossierOpened,
    PaperAccepted,
    TaskClosed,
    TaskOpened,
    TransferRecorded,
)

Known = Mapping[str, DossierState]
_OF_COMPONENTS = (DossierOpened, ComponentRecorded, PaperAccepted)
_OF_TASKS = (TaskOpened, TaskClosed)
_NOWHERE = ("", "")


def changed_by(
    projection: Projection, happenings: Sequence[Happening], *, known: Known, counts: Counter[str]
) -> Changed:
    """Return what these happenings change; they are kept in the history already."""
    differences: Counter[tallies.Key] = Counter()
    places = {dossier_id: _place(state) for dossier_id, state in known.items()}
    ledger = [h for h in happenings if h.sequence is not None]
    for dossier_id in {h.dossier_id for h in ledger} & known.keys():
        _add(differences, tallies.of_dossier(known[dossier_id]), -1)
    lives, before = _lives(projection, ledger, known=known, counts=counts)
    for life in lives.values():
        _add(differences, tallies.of_dossier(life.dossier), 1)
    _tally_transfers(differences, before, lives.values())
    papers = _papers(projection, happenings, lives=lives, places=places, differences=differences)
    return Changed(
        dossiers=[life.dossier for life in lives.values()],
        components=[c for life in lives.values() for c in life.components.values() if id(c) not in before],
        tasks=[t for life in lives.values() for t in life.tasks.values() if id(t) not in before],
        transfers=[t for life in lives.values() for t in life.transfers.values() if id(t) not in before],
        steps=[s for life in lives.values() for s in life.steps.values()],
        papers=papers,
        tallies=differences,
    )


def is_late(happening: Happening, state: DossierState | None) -> bool:
    """Return whether a happening comes after a later one of its dossier."""
    return happening.sequence is not None and state is not None and happening.sequence <= state.last_sequence


def _place(state: DossierState | None) -> tuple[str, str]:
    return _NOWHERE if state is None else (state.receiving_unit or "", state.competent_unit or "")


def _add(differences: Counter[tallies.Key], added: tallies.Added, sign: int) -> None:
    for key, value in added:
        if value:
            differences[key] += sign * value


def _lives(
    projection: Projection, ledger: Sequence[Happening], *, known: Known, counts: Counter[str]
) -> tuple[dict[str, Life], dict[int, Any]]:
    """Return the new lives, and the parts of the old ones by identity.

    A life is one step on for what came in order, and folded anew where something came late.
    """
    late = _late(ledger, known, counts)
    lives = {i: Life(known.get(i) or DossierState(i)) for i in dict.fromkeys(h.dossier_id for h in ledger)}
    before = _load(projection, lives, ledger, known=known, late=late)
    for happening in ledger:
        if happening.dossier_id not in late:
            follow(lives[happening.dossier_id], happening)
    return lives | _folded(projection, late), before


def _late(ledger: Iterable[Happening], known: Known, counts: Counter[str]) -> set[str]:
    """Return the dossiers of which something comes late, and count what does."""
    late = set()
    newest = {dossier_id: state.last_sequence for dossier_id, state in known.items()}
    for happening in ledger:
        assert happening.sequence is not None
        if happening.sequence <= newest.get(happening.dossier_id, 0):
            late.add(happening.dossier_id)
            counts["out_of_order"] += 1
        else:
            newest[happening.dossier_id] = happening.sequence
    return late


def _load(
    projection: Projection, lives: Mapping[str, Life], ledger: Iterable[Happening], *, known: Known, late: set[str]
) -> dict[int, Any]:
    """Load the parts that these happenings are about into lives; return them by identity."""
    before: dict[int, Any] = {}
    about: dict[type, set[str]] = defaultdict(set)
    for happening in ledger:
        if happening.dossier_id in known:
            about[type(happening.data)].add(happening.dossier_id)
    in_order = known.keys() - late
    for component in projection.components(set().union(*(about[kind] for kind in _OF_COMPONENTS)) & in_order):
        lives[component.dossier_id].components[component.code] = before[id(component)] = component
    for task in projection.tasks(set().union(*(about[kind] for kind in _OF_TASKS)) & in_order):
        lives[task.dossier_id].tasks[task.task_id] = before[id(task)] = task
    for transfer in projection.transfers(about[TransferRecorded] | (late & known.keys())):
        lives[transfer.dossier_id].transfers[transfer.transfer_id] = before[id(transfer)] = transfer
    return before


def _folded(projection: Projection, dossier_ids: Collection[str]) -> dict[str, Life]:
    ledgers = defaultdict(list)
    for happening in projection.history(dossier_ids):
        ledgers[happening.dossier_id].append(happening)
    return {dossier_id: fold(dossier_id, ledger) for dossier_id, ledger in ledgers.items()}


def _tally_transfers(differences: Counter[tallies.Key], before: Mapping[int, Any], lives: Collection[Life]) -> None:
    for state in before.values():
        if isinstance(state, TransferState):
            _add(differences, tallies.of_transfer(state), -1)
    for life in lives:
        for transfer in life.transfers.values():
            _add(differences, tallies.of_transfer(transfer), 1)


def _papers(
    projection: Projection,
    happenings: Iterable[Happening],
    *,
    lives: Mapping[str, Life],
    places: Mapping[str, tuple[str, str]],
    differences: Counter[tallies.Key],
) -> Collection[PaperState]:
    """Return the papers these happenings are about; all papers of a dossier are counted where it is now."""
    touched = [(paper_id, h) for h in happenings if (paper_id := paper_of(h)) is not None]
    known = projection.papers({paper_id for paper_id, _ in touched})
    now = {**places, **{dossier_id: _place(life.dossier) for dossier_id, life in lives.items()}}
    moved = {dossier_id for dossier_id, place in now.items() if place != places.get(dossier_id, _NOWHERE)}
    states: dict[str, PaperState] = {}
    for paper_id, happening in touched:
        state = states.get(paper_id) or known.get(paper_id) or PaperState(paper_id, happening.dossier_id)
        states[paper_id] = paper_after(state, happening)
    were = {**{p.paper_id: p for p in projection.papers_of(moved)}, **known}
    for paper in were.values():
        _add(differences, tallies.of_paper(paper, *places.get(paper.dossier_id, _NOWHERE)), -1)
    for paper in {**were, **states}.values():
        _add(differences, tallies.of_paper(paper, *now.get(paper.dossier_id, _NOWHERE)), 1)
    return states.values()
