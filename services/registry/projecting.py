"""What the projection is to its use case: states to read, and changes to write."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.registry.dossier_state import ComponentState, DossierState, StepState, TaskState, TransferState
from services.registry.happening import Happening
from services.registry.paper_state import PaperState
from services.registry.tallies import Key


@dataclass(frozen=True)
class Changed:
    """What a batch changed: states to be written, and differences of the tallies."""

    dossiers: Collection[DossierState]
    components: Collection[ComponentState]
    tasks: Collection[TaskState]
    transfers: Collection[TransferState]
    steps: Collection[StepState]
    papers: Collection[PaperState]
    tallies: Mapping[Key, int]


class Projection(Protocol):
    """What is projected so far, within the one transaction of a batch."""

    cluster_id: str

    def dossiers(self, dossier_ids: Collection[str]) -> Mapping[str, DossierState]:
        """Return those of these dossiers that are known."""

    def papers(self, paper_ids: Collection[str]) -> Mapping[str, PaperState]:
        """Return those of these papers that are known."""

    def papers_of(self, dossier_ids: Collection[str]) -> Sequence[PaperState]:
        """Return what is known of the papers of these dossiers."""

    def components(self, dossier_ids: Collection[str]) -> Sequence[ComponentState]:
        """Return what is known of the components of these dossiers."""

    def tasks(self, dossier_ids: Collection[str]) -> Sequence[TaskState]:
        """Return what is known of the tasks of these dossiers."""

    def transfers(self, dossier_ids: Collection[str]) -> Sequence[TransferState]:
        """Return what is known of the transfers of these dossiers."""

    def clusters(self, event_ids: Collection[str]) -> Mapping[str, str]:
        """Return, for those of these events that are known, the cluster each was last read from."""

    def sequences(self, dossier_ids: Collection[str]) -> Mapping[str, set[int]]:
        """Return the sequences seen of each of these dossiers."""

    def history(self, dossier_ids: Collection[str]) -> Sequence[Happening]:
        """Return what was kept of the ledgers of these dossiers."""

    def keep(self, happenings: Sequence[Happening]) -> None:
        """Add to the history."""

    def read_again(self, event_ids: Collection[str]) -> None:
        """Note that these known events were now read from this cluster."""

    def put(self, changed: Changed) -> None:
        """Write states over those known before, and add differences to the tallies."""

    def count(self, counts: Mapping[str, int]) -> None:
        """Add to the counters."""
