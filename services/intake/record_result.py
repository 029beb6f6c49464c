"""The result of a dossier is there electronically: issued so, or digitised from paper."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.digitisation_codes import must_say_nothing_of_a_person
from services.intake.dossiers import Act, Dossier, Paper
from services.intake.once import Once, Outcome
from services.intake.ports import Entries
from services.intake.readings import must_not_be_refused, version_of
from services.intake.record_entry import announce, locked, paper_of
from services.intake.records import ResultRecord
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.turns import timely
from shared.events import ResultDigitised, ResultKind, Status


@dataclass(frozen=True)
class Result:
    """A result to record."""

    paper_id: UUID
    kind: ResultKind
    result_code: str | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True)
class ResultStands:
    """A result of a dossier, and whether it was recorded just now."""

    dossier: Dossier
    result: ResultRecord
    is_new: bool


def record_result(
    dossier_id: UUID, asked: Result, *, act: Act, version: int | None, once: Once[ResultStands]
) -> Outcome[ResultStands]:
    """Record a paper as the result of its dossier, once; raises ``Rejected`` where it was recorded otherwise."""
    must_say_nothing_of_a_person(asked.result_code, "result_code")

    def work(entries: Entries) -> ResultStands:
        dossier = locked(entries, dossier_id, version)
        paper = paper_of(entries, dossier_id, asked.paper_id)
        for known in entries.records.results(dossier_id):
            if known.paper_id == paper.id:
                return ResultStands(dossier, _the_same(known, asked), is_new=False)
        _check(dossier, paper, asked.kind)
        return _enter(entries, dossier, asked, act=act)

    return once.run(work, act.at)


def _the_same(known: ResultRecord, asked: Result) -> ResultRecord:
    if (known.kind, known.result_code) != (asked.kind, asked.result_code):
        told = Fault("kind", known.kind), Fault("result_code", known.result_code or "none")
        raise Rejected(Reason.RESULT_RECORDED, *told)
    return known


def _check(dossier: Dossier, paper: Paper, kind: ResultKind) -> None:
    if dossier.accepted_at is None or dossier.status is Status.REFUSED:
        raise Rejected(Reason.NOT_RECEIVED, Fault("status", dossier.status.name.lower().replace("_", "-")))
    must_not_be_refused(paper)
    if kind is ResultKind.DIGITISED:
        version_of(paper)  # raises and says why it is not digitised


def _enter(entries: Entries, dossier: Dossier, asked: Result, *, act: Act) -> ResultStands:
    at = timely(asked.happened_at, act, not_before=dossier.accepted_at or dossier.opened_at)
    result = ResultRecord(asked.paper_id, dossier.id, asked.kind, asked.result_code, act.actor.subject, at)
    entries.records.add_result(result)
    fact = ResultDigitised(
        dossier_id=dossier.id,
        actor=act.actor,
        paper_id=asked.paper_id,
        kind=asked.kind,
        result_code=asked.result_code,
        happened_at=asked.happened_at,
    )
    return ResultStands(announce(entries, dossier, [fact], act=act), result, is_new=True)
