"""How the record of digitisation enters the ledger: under the dossier's lock, each fact with its place in line."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.intake.announcements import of_ledger
from services.intake.dossiers import Act, Dossier, Paper
from services.intake.ports import Entries
from services.intake.rejections import Fault, Reason, Rejected
from shared.events import ComponentRecorded, LedgerData, ResultDigitised, StepDone, TransferRecorded

Fact = ComponentRecorded | StepDone | ResultDigitised | TransferRecorded


def locked(entries: Entries, dossier_id: UUID, version: int | None) -> Dossier:
    """Return a dossier that nobody else changes before we commit; raises ``Rejected`` for another version."""
    dossier = entries.lock(dossier_id)
    if version is not None and version != dossier.version:
        raise Rejected(Reason.STALE_VERSION)
    return dossier


def with_paper(entries: Entries, paper_id: UUID, version: int | None) -> tuple[Dossier, Paper]:
    """Return a paper and its dossier, locked; raises ``Rejected`` where it waits in a tray."""
    dossier_id = entries.paper(paper_id).dossier_id
    if dossier_id is None:
        raise Rejected(Reason.IN_TRAY)
    dossier = locked(entries, dossier_id, version)
    return dossier, entries.paper(paper_id)


def paper_meant(entries: Entries, paper_id: UUID) -> Paper:
    """Return the paper a request names beside other things; raises ``Rejected`` naming the field."""
    try:
        return entries.paper(paper_id)
    except Rejected as error:
        raise Rejected(Reason.CONTRADICTORY_RECORD, Fault("paper_id", "unknown")) from error


def paper_of(entries: Entries, dossier_id: UUID, paper_id: UUID) -> Paper:
    """Return the paper of this dossier a request names; raises ``Rejected`` naming the field."""
    paper = paper_meant(entries, paper_id)
    if paper.dossier_id != dossier_id:
        raise Rejected(Reason.CONTRADICTORY_RECORD, Fault("paper_id", "of-another-dossier"))
    return paper


def announce(entries: Entries, dossier: Dossier, facts: Sequence[Fact], *, act: Act) -> Dossier:
    """Announce facts in their order, and return the dossier after that, one version on."""
    return append(entries, dossier.changed(), facts, act=act)


def append(entries: Entries, dossier: Dossier, facts: Sequence[Fact], *, act: Act) -> Dossier:
    """Announce facts that belong to a change whose version was counted, and return the dossier after that."""
    if not facts:
        return dossier
    after = replace(dossier, sequence=dossier.sequence + len(facts))
    entries.save(after)
    first = dossier.sequence + 1
    entries.announce([of_ledger(fact, n, act, subject=_subject(fact)) for n, fact in enumerate(facts, first)])
    return after


def _subject(fact: LedgerData) -> UUID:
    return fact.paper_id if isinstance(fact, StepDone | ResultDigitised) else fact.dossier_id
