"""Dossiers are found by code, name or identity number, among those of the units asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake.dossiers import Dossier
from services.intake.ports import Desk, Wanted


@dataclass(frozen=True)
class Question:
    """What somebody looks for; all that is given must hold at once."""

    units: Sequence[str]
    code: str | None
    full_name: str | None
    identity_number: str | None
    limit: int
    after: UUID | None


def search(desk: Desk, question: Question) -> Sequence[Dossier]:
    """Return the dossiers that match, newest first."""
    wanted = Wanted(
        units=question.units,
        code=question.code,
        digests=desk.digests.person(question.full_name, question.identity_number),
        limit=question.limit,
        after=question.after,
    )
    with desk.ledger.reading() as entries:
        return entries.find(wanted)
