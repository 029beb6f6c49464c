"""A dossier, a component or a result was transferred to the software of a sector, and that answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.intake.dossiers import Act, Dossier
from services.intake.once import Once, Outcome
from services.intake.ports import Entries
from services.intake.record_entry import announce, locked, paper_of
from services.intake.records import Attempt, Parcel, Transfer, must_be_open, parcel_faults
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.turns import timely
from shared.events import TransferObject, TransferOutcome, TransferRecorded


@dataclass(frozen=True)
class Report:
    """What is reported of one attempt; ``transfer_id`` names the transfer it belongs to, from the second on."""

    parcel: Parcel
    outcome: TransferOutcome
    reason_code: str | None = None
    transfer_id: UUID | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True)
class TransferStands:
    """A transfer of a dossier after an attempt."""

    dossier: Dossier
    transfer: Transfer


def record_transfer(
    dossier_id: UUID, asked: Report, *, act: Act, version: int | None, once: Once[TransferStands]
) -> Outcome[TransferStands]:
    """Record an attempt: the first of a transfer, or one more; what was accepted is transferred no more."""
    _check(asked)

    def work(entries: Entries) -> TransferStands:
        dossier = locked(entries, dossier_id, version)
        if asked.transfer_id is None:
            return _first(entries, dossier, asked, act=act)
        return _again(entries, dossier, entries.records.transfer(dossier_id, asked.transfer_id), asked, act=act)

    return once.run(work, act.at)


def _check(asked: Report) -> None:
    faults = parcel_faults(asked.parcel)
    if asked.reason_code is not None and asked.outcome is TransferOutcome.ACCEPTED:
        faults.append(Fault("reason_code", "not-if-accepted"))
    if faults:
        raise Rejected(Reason.CONTRADICTORY_RECORD, *faults)


def _first(entries: Entries, dossier: Dossier, asked: Report, *, act: Act) -> TransferStands:
    _check_parts(entries, dossier, asked.parcel)
    for known in entries.records.transfers_of(dossier.id, asked.parcel):
        must_be_open(known)
    last = _attempt(asked, act, not_before=dossier.opened_at)
    transfer = Transfer(uuid4(), dossier.id, asked.parcel, last, first_at=last.at)
    entries.records.add_transfer(transfer)
    return _announced(entries, dossier, transfer, asked, act=act)


def _again(entries: Entries, dossier: Dossier, known: Transfer, asked: Report, *, act: Act) -> TransferStands:
    others = [
        Fault(name, "another") for name, value in vars(known.parcel).items() if getattr(asked.parcel, name) != value
    ]
    if others:
        raise Rejected(Reason.CONTRADICTORY_RECORD, *others)
    transfer = known.tried_again(_attempt(asked, act, not_before=known.last.at))
    entries.records.save_transfer(transfer)
    return _announced(entries, dossier, transfer, asked, act=act)


def _attempt(asked: Report, act: Act, *, not_before: datetime) -> Attempt:
    at = timely(asked.happened_at, act, not_before=not_before)
    return Attempt(asked.outcome, asked.reason_code, at, act.actor.subject)


def _check_parts(entries: Entries, dossier: Dossier, parcel: Parcel) -> None:
    """Return if the dossier has what is transferred; raises ``Rejected`` naming the field."""
    if parcel.component_code is not None and parcel.component_code not in entries.components(dossier.id):
        raise Rejected(Reason.UNKNOWN_COMPONENT, Fault("component_code", "unknown"))
    if parcel.paper_id is not None:
        paper = paper_of(entries, dossier.id, parcel.paper_id)
        if parcel.object is TransferObject.COMPONENT and paper.component_code != parcel.component_code:
            raise Rejected(Reason.CONTRADICTORY_RECORD, Fault("paper_id", "of-another-component"))
    if parcel.object is TransferObject.RESULT:
        results = {result.paper_id for result in entries.records.results(dossier.id)}
        if not results or parcel.paper_id not in {None, *results}:
            raise Rejected(Reason.CONTRADICTORY_RECORD, Fault("paper_id", "no-result"))


def _announced(entries: Entries, dossier: Dossier, transfer: Transfer, asked: Report, *, act: Act) -> TransferStands:
    fact = TransferRecorded(
        dossier_id=dossier.id,
        actor=act.actor,
        transfer_id=transfer.id,
        outcome=transfer.last.outcome,
        attempt=transfer.attempt,
        reason_code=transfer.last.reason_code,
        happened_at=asked.happened_at,
        **vars(transfer.parcel),
    )
    return TransferStands(announce(entries, dossier, [fact], act=act), transfer)
