"""What the use cases ask of the ledger about the record of digitisation; the adapter is ``record_ledger``."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.intake.dossiers import Component
from services.intake.records import ComponentRecord, Parcel, ResultRecord, StepRecord, Steps, Transfer


class Records(Protocol):
    """The record of digitisation inside one transaction; who writes has locked the dossier."""

    def component(self, dossier_id: UUID, code: str) -> Component:
        """Return a component of a dossier; raises ``Rejected``."""

    def record_component(self, dossier_id: UUID, code: str, record: ComponentRecord) -> None:
        """Write what became of a component."""

    def digitised_as(self, dossier_id: UUID, code: str) -> UUID | None:
        """Return the paper of a component that was digitised first, if one is."""

    def steps(self, paper_id: UUID) -> Steps:
        """Return the steps that were done for a paper."""

    def add_steps(self, steps: Sequence[StepRecord]) -> None:
        """Add steps; raises ``AlreadyExists`` where a step is done or a code is taken."""

    def is_code_taken(self, code: str) -> bool:
        """Return whether some paper has this digitisation code."""

    def coded(self, dossier_id: UUID, component_code: str | None) -> int:
        """Return how many papers of a component of a dossier, or of none, have a digitisation code."""

    def results(self, dossier_id: UUID) -> Sequence[ResultRecord]:
        """Return the results of a dossier, the first one first."""

    def add_result(self, result: ResultRecord) -> None:
        """Add a result."""

    def transfers(self, dossier_id: UUID) -> Sequence[Transfer]:
        """Return the transfers of a dossier, the first one first."""

    def transfer(self, dossier_id: UUID, transfer_id: UUID) -> Transfer:
        """Return a transfer of a dossier; raises ``Rejected``."""

    def transfers_of(self, dossier_id: UUID, parcel: Parcel) -> Sequence[Transfer]:
        """Return the transfers of the very same thing to the same software."""

    def add_transfer(self, transfer: Transfer) -> None:
        """Add a transfer after its first attempt."""

    def save_transfer(self, transfer: Transfer) -> None:
        """Write a transfer after one more attempt."""
