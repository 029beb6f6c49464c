"""A dossier takes a step: accepted, handed over, waiting and going on, finished, returned, or ended otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.intake import life_announcements as announcements
from services.intake.dossiers import Dossier
from services.intake.due_dates import LifeRules, promised
from services.intake.life_announcements import Details, Step
from services.intake.once import Once
from services.intake.ports import Answer, Desk, Entries
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.transitions import Command
from services.intake.turns import Instruction, Turn, conclude, take_turn
from services.intake.waits import Wait, WaitKind
from shared.events import Status

# which moment of a dossier a command sets
_MOMENTS = {
    Command.ACCEPT: "accepted_at",
    Command.REFUSE: "refused_at",
    Command.HAND_OVER: "handed_over_at",
    Command.STOP: "stopped_at",
    Command.WITHDRAW: "withdrawn_at",
    Command.FINISH: "finished_at",
    Command.RETURN: "returned_at",
}
_BEGUN = {
    Command.REQUEST_SUPPLEMENT: WaitKind.SUPPLEMENT,
    Command.REQUEST_FEE: WaitKind.FEE,
    Command.SUSPEND: WaitKind.SUSPENSION,
}
_AT_WORK = (Status.ACCEPTED, Status.IN_PROGRESS)


def decide(desk: Desk, instruction: Instruction, details: Details, *, once: Once[Dossier]) -> Answer:
    """Move a dossier on, if the command is legal where it stands."""

    def work(entries: Entries, turn: Turn) -> Dossier:
        return _step(entries, turn, details, rules=desk.rules)

    return take_turn(desk, instruction, work, once)


def _step(entries: Entries, turn: Turn, details: Details, *, rules: LifeRules) -> Dossier:
    _check_components(entries, turn, details)
    waits = entries.life.waits(turn.before.id)
    ended, begun = _ended(waits, turn, details), _begun(waits, turn, details, rules=rules)
    past = [ended if ended and wait.sequence == ended.sequence else wait for wait in waits]
    moved = _counted(entries, turn, _moved(entries, turn, begun), past, ended=ended)
    if ended is not None:
        ended = replace(ended, due_before=turn.before.due_at, due_after=moved.due_at)
        entries.life.end_wait(moved.id, ended)
    if begun is not None:
        entries.life.begin_wait(moved.id, begun)
    step = Step(turn, moved, details, begun=begun, ended=ended)
    return conclude(entries, turn, moved, [announcements.decided(step)])


def _check_components(entries: Entries, turn: Turn, details: Details) -> None:
    if not details.component_codes:
        return
    known = entries.components(turn.before.id)
    faults = [
        Fault("component_codes", "unknown", index)
        for index, code in enumerate(details.component_codes)
        if code not in known
    ]
    if faults:
        raise Rejected(Reason.UNKNOWN_COMPONENT, *faults)


def _moved(entries: Entries, turn: Turn, begun: Wait | None) -> Dossier:
    command = turn.instruction.command
    changes: dict[str, Any] = {"status": turn.status, "moved_at": turn.at}
    changes["came_from"] = turn.before.status if begun is not None else None
    if command in _MOMENTS:
        changes[_MOMENTS[command]] = turn.at
    if command is Command.ACCEPT:
        changes |= _limit(entries, turn.before.procedure_code)
    return turn.before.changed(announced=1, **changes)


def _limit(entries: Entries, procedure_code: str) -> dict[str, Any]:
    """Return the limit that is promised from now on, as the columns of a dossier."""
    procedure = entries.procedure(procedure_code)
    limit = procedure.limit if procedure else None
    if limit is None:
        return {}
    cut_off = limit.cut_off.isoformat("minutes") if limit.cut_off else None
    return {"time_limit": limit.amount, "limit_unit": limit.unit, "cut_off": cut_off}


def _counted(entries: Entries, turn: Turn, moved: Dossier, waits: Sequence[Wait], *, ended: Wait | None) -> Dossier:
    """Return a dossier with the due date it has now: counted when its clock starts and whenever it goes on."""
    starts = turn.instruction.command is Command.ACCEPT
    goes_on = ended is not None and ended.stops_clock and turn.status in (*_AT_WORK, Status.FINISHED)
    if not (starts or goes_on):
        return moved
    promise = promised(moved, waits, entries.life.calendar(moved.competent_unit))
    return replace(
        moved,
        due_at=promise.due_at,
        provisional=promise.provisional,
        first_due_at=moved.first_due_at or promise.due_at,
    )


def _begun(waits: Sequence[Wait], turn: Turn, details: Details, *, rules: LifeRules) -> Wait | None:
    kind = _BEGUN.get(turn.instruction.command)
    if kind is None:
        return None
    return Wait(
        sequence=turn.sequence,
        kind=kind,
        number=1 + sum(wait.kind is kind for wait in waits),
        begins=turn.at,
        # nothing runs before acceptance, and nothing any more once the result is there
        stops_clock=kind in rules.stopping and turn.before.status in _AT_WORK,
        reason_code=details.reason_code,
        legal_basis=details.legal_basis,
        component_codes=details.component_codes,
        amount=details.amount,
    )


def _ended(waits: Sequence[Wait], turn: Turn, details: Details) -> Wait | None:
    """Return the wait of a dossier that waits, ended: every step it takes ends it."""
    waiting = next((wait for wait in waits if wait.ends is None), None)
    if waiting is None or turn.before.came_from is None:
        return None
    if turn.instruction.command is not Command.PAY:
        return replace(waiting, ends=turn.at)
    amount = waiting.amount if details.amount is None else details.amount
    return replace(waiting, ends=turn.at, amount=amount, payment_channel=details.payment_channel)
