"""The registry's projection in memory."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from copy import copy

from services.registry.dossier_state import ComponentState, DossierState, StepState, TaskState, TransferState
from services.registry.happening import Happening
from services.registry.paper_state import PaperState
from services.registry.projecting import Changed
from services.registry.tallies import Key


class FakeProjection:
    """Keeps the projection in dictionaries; ``cluster_id`` can be changed between batches."""

    def __init__(self, cluster_id: str = "fake") -> None:
        self.cluster_id = cluster_id
        self.dossier_states: dict[str, DossierState] = {}
        self.paper_states: dict[str, PaperState] = {}
        self.component_states: dict[tuple[str, str], ComponentState] = {}
        self.task_states: dict[str, TaskState] = {}
        self.transfer_states: dict[str, TransferState] = {}
        self.step_states: dict[tuple[str, int], StepState] = {}
        self.tallies: Counter[Key] = Counter()
        self.kept: dict[str, Happening] = {}
        self.counts: Counter[str] = Counter()
        self._clusters: dict[str, str] = {}

    def dossiers(self, dossier_ids: Collection[str]) -> Mapping[str, DossierState]:
        """Return those of these dossiers that are known."""
        return {i: copy(self.dossier_states[i]) for i in dossier_ids if i in self.dossier_states}

    def papers(self, paper_ids: Collection[str]) -> Mapping[str, PaperState]:
        """Return those of these papers that are known."""
        return {i: self.paper_states[i] for i in paper_ids if i in self.paper_states}

    def papers_of(self, dossier_ids: Collection[str]) -> Sequence[PaperState]:
        """Return what is known of the papers of these dossiers."""
        return [p for p in self.paper_states.values() if p.dossier_id in dossier_ids]

    def components(self, dossier_ids: Collection[str]) -> Sequence[ComponentState]:
        """Return what is known of the components of these dossiers."""
        return [c for c in self.component_states.values() if c.dossier_id in dossier_ids]

    def tasks(self, dossier_ids: Collection[str]) -> Sequence[TaskState]:
        """Return what is known of the tasks of these dossiers."""
        return [t for t in self.task_states.values() if t.dossier_id in dossier_ids]

    def transfers(self, dossier_ids: Collection[str]) -> Sequence[TransferState]:
        """Return what is known of the transfers of these dossiers."""
        return [t for t in self.transfer_states.values() if t.dossier_id in dossier_ids]

    def clusters(self, event_ids: Collection[str]) -> Mapping[str, str]:
        """Return, for those of these events that are known, the cluster each was last read from."""
        return {i: self._clusters[i] for i in event_ids if i in self._clusters}

    def sequences(self, dossier_ids: Collection[str]) -> Mapping[str, set[int]]:
        """Return the sequences seen of each of these dossiers."""
        seen: dict[str, set[int]] = {dossier_id: set() for dossier_id in dossier_ids}
        for happening in self.history(dossier_ids):
            assert happening.sequence is not None
            seen[happening.dossier_id].add(happening.sequence)
        return seen

    def history(self, dossier_ids: Collection[str]) -> Sequence[Happening]:
        """Return what was kept of the ledgers of these dossiers."""
        return [h for h in self.kept.values() if h.dossier_id in dossier_ids and h.sequence is not None]

    def keep(self, happenings: Sequence[Happening]) -> None:
        """Add to the history; a place taken twice is a mistake of the caller."""
        for happening in happenings:
            assert happening.event_id not in self.kept
            assert happening.sequence not in self.sequences([happening.dossier_id])[happening.dossier_id]
            self.kept[happening.event_id] = happening
            self._clusters[happening.event_id] = self.cluster_id

    def read_again(self, event_ids: Collection[str]) -> None:
        """Note that these known events were now read from this cluster."""
        self._clusters.update(dict.fromkeys(event_ids, self.cluster_id))

    def put(self, changed: Changed) -> None:
        """Write states over those known before, and add differences to the tallies."""
        self.dossier_states.update({d.dossier_id: d for d in changed.dossiers})
        self.paper_states.update({p.paper_id: p for p in changed.papers})
        self.component_states.update({(c.dossier_id, c.code): c for c in changed.components})
        self.task_states.update({t.task_id: t for t in changed.tasks})
        self.transfer_states.update({t.transfer_id: t for t in changed.transfers})
        self.step_states.update({(s.paper_id, s.step): s for s in changed.steps})
        self.tallies.update(changed.tallies)
        assert all(value >= 0 for value in self.tallies.values())

    def count(self, counts: Mapping[str, int]) -> None:
        """Add to the counters."""
        self.counts.update(counts)
