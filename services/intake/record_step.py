"""The four steps of digitising a paper, in order, each with who and when (Circular 01/2023/TT-VPCP, Art. 7).

The first, copied, is the paper's acceptance, and is announced as that. The second, extracted, is
recorded when a paper was read well enough, or reviewed; the other two when somebody says so.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.intake.digitisation_codes import ToCode, must_say_nothing_of_a_person
from services.intake.dossiers import Act, Dossier, Paper, PaperState
from services.intake.once import Once, Outcome
from services.intake.ports import Desk, Entries
from services.intake.readings import must_not_be_refused, version_of
from services.intake.record_entry import Fact, announce, with_paper
from services.intake.records import StepRecord, Steps, must_be_next, step_done
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.turns import timely
from shared.errors import AlreadyExists
from shared.events import Actor, Step, StepDone


@dataclass(frozen=True)
class PaperSteps:
    """A paper of a dossier, and the steps that were done for it."""

    dossier: Dossier
    paper: Paper
    steps: Steps


def look(desk: Desk, paper_id: UUID) -> PaperSteps:
    """Return the steps of a paper; raises ``Rejected`` while it waits in a tray."""
    with desk.ledger.reading() as entries:
        paper = entries.paper(paper_id)
        if paper.dossier_id is None:
            raise Rejected(Reason.IN_TRAY)
        return PaperSteps(entries.dossier(paper.dossier_id), paper, _standing(entries, paper))


def _standing(entries: Entries, paper: Paper) -> dict[Step, StepRecord]:
    """Return the steps of a paper; what a ledger of before did not keep follows from the paper."""
    known = dict(entries.records.steps(paper.id))
    known.setdefault(Step.COPIED, StepRecord(paper.id, Step.COPIED, paper.received_at))
    if Step.EXTRACTED not in known and _is_extracted(paper):
        at = paper.reviewed_at or paper.digitised_at or paper.received_at
        known[Step.EXTRACTED] = StepRecord(paper.id, Step.EXTRACTED, at)
    return dict(sorted(known.items()))


def _is_extracted(paper: Paper) -> bool:
    return paper.state is PaperState.DIGITISED and (not paper.needs_review or paper.reviewed_at is not None)


def extracted(entries: Entries, paper: Paper, *, act: Act) -> list[Fact]:
    """Record that the fields of a paper are extracted, once, and return what is to be announced of it."""
    if Step.EXTRACTED in entries.records.steps(paper.id):
        return []
    return [_record(entries, paper, step_done(paper.id, Step.EXTRACTED, act.actor, at=act.at), act.actor)]


def _record(
    entries: Entries, paper: Paper, step: StepRecord, actor: Actor, *, happened_at: datetime | None = None
) -> StepDone:
    assert paper.dossier_id is not None  # only papers of dossiers have steps
    entries.records.add_steps([step])
    return StepDone(
        dossier_id=paper.dossier_id,
        actor=actor,
        paper_id=paper.id,
        component_code=paper.component_code,
        step=step.step,
        digitisation_code=step.digitisation_code,
        place=step.place,
        happened_at=happened_at,
    )


@dataclass(frozen=True)
class Coded:
    """What is said of the third step: a code from outside, or none for one of our own."""

    code: str | None = None
    happened_at: datetime | None = None


def code(
    desk: Desk, paper_id: UUID, asked: Coded, *, act: Act, version: int | None, once: Once[PaperSteps]
) -> Outcome[PaperSteps]:
    """Assign a paper its digitisation code; raises ``Rejected`` where another paper has the code given."""
    must_say_nothing_of_a_person(asked.code, "code")

    def work(entries: Entries) -> PaperSteps:
        dossier, paper = with_paper(entries, paper_id, version)
        steps = _ready(entries, paper, Step.CODED)
        if Step.CODED in steps:
            return PaperSteps(dossier, paper, _unchanged(steps, Step.CODED, "digitisation_code", asked.code))
        assigned = asked.code or _free_code(desk, entries, dossier, paper)
        if entries.records.is_code_taken(assigned):
            raise _taken()
        return _do(
            entries,
            PaperSteps(dossier, paper, steps),
            StepRecord(paper.id, Step.CODED, act.at, digitisation_code=assigned),
            act=act,
            happened_at=asked.happened_at,
        )

    try:
        return once.run(work, act.at)
    except AlreadyExists as error:  # another dossier took the code in this very moment
        raise _taken() from error


def _taken() -> Rejected:
    return Rejected(Reason.CODE_TAKEN, Fault("code", "taken"))


def _free_code(desk: Desk, entries: Entries, dossier: Dossier, paper: Paper) -> str:
    number = entries.records.coded(dossier.id, paper.component_code) + 1
    made = desk.coding(ToCode(dossier.code, paper.component_code, number))
    while entries.records.is_code_taken(made):  # somebody brought that one from outside
        number += 1
        made = desk.coding(ToCode(dossier.code, paper.component_code, number))
    return made


@dataclass(frozen=True)
class Stored:
    """What is said of the fourth step: the store a paper went into, as a code."""

    place: str
    happened_at: datetime | None = None


def store(
    paper_id: UUID, asked: Stored, *, act: Act, version: int | None, once: Once[PaperSteps]
) -> Outcome[PaperSteps]:
    """Record that a coded paper was put into a store."""

    def work(entries: Entries) -> PaperSteps:
        dossier, paper = with_paper(entries, paper_id, version)
        steps = _ready(entries, paper, Step.STORED)
        if Step.STORED in steps:
            return PaperSteps(dossier, paper, _unchanged(steps, Step.STORED, "place", asked.place))
        return _do(
            entries,
            PaperSteps(dossier, paper, steps),
            StepRecord(paper.id, Step.STORED, act.at, place=asked.place),
            act=act,
            happened_at=asked.happened_at,
        )

    return once.run(work, act.at)


def _ready(entries: Entries, paper: Paper, step: Step) -> dict[Step, StepRecord]:
    """Return the steps of a paper that is ready for one, or had it before; raises ``Rejected``."""
    must_not_be_refused(paper)
    steps = _standing(entries, paper)
    if paper.state is PaperState.FAILED:
        version_of(paper)  # raises and says why it failed: no step will follow
    must_be_next(steps, step)
    return steps


def _unchanged(steps: Steps, step: Step, name: str, asked: str | None) -> Steps:
    known = getattr(steps[step], name)
    if asked is not None and asked != known:
        raise Rejected(Reason.STEP_DONE, Fault("step", step.name.lower()), Fault(name, known))
    return steps


def _do(
    entries: Entries, before: PaperSteps, step: StepRecord, *, act: Act, happened_at: datetime | None
) -> PaperSteps:
    paper, steps = before.paper, dict(before.steps)
    latest = steps[Step(step.step - 1)].at
    at = timely(happened_at, act, not_before=latest)
    done = replace(step, at=at, subject=act.actor.subject, unit=act.actor.unit)
    facts: list[Fact] = _extracted_before(entries, paper, steps)
    facts.append(_record(entries, paper, done, act.actor, happened_at=happened_at))
    dossier = announce(entries, before.dossier, facts, act=act)
    return PaperSteps(dossier, paper, steps | {done.step: done})


def _extracted_before(entries: Entries, paper: Paper, steps: dict[Step, StepRecord]) -> list[Fact]:
    """Record the second step of a paper that was read before steps were kept, at the time it was done."""
    if Step.EXTRACTED in entries.records.steps(paper.id):
        return []
    nobody, at = Actor(), steps[Step.EXTRACTED].at
    steps[Step.EXTRACTED] = step_done(paper.id, Step.EXTRACTED, nobody, at=at)
    return [_record(entries, paper, steps[Step.EXTRACTED], nobody, happened_at=at)]
