"""Another agency is asked for its part in a dossier, and does it; the dossier counts once all the same."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from services.intake import life_announcements as announcements
from services.intake.dossiers import Dossier
from services.intake.once import Once
from services.intake.ports import Answer, Desk, Entries
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.turns import Instruction, Turn, conclude, take_turn, timely
from services.intake.waits import Task


@dataclass(frozen=True)
class TaskAsked:
    """What another agency is asked, and until when."""

    unit: str
    due_at: datetime | None = None


def open_task(desk: Desk, instruction: Instruction, asked: TaskAsked, *, once: Once[Dossier]) -> Answer:
    """Ask another agency for its part."""

    def work(entries: Entries, turn: Turn) -> Dossier:
        if not entries.is_unit(asked.unit):
            raise Rejected(Reason.UNKNOWN_UNIT, Fault("unit", "unknown"))
        if asked.due_at is not None and asked.due_at <= turn.at:
            raise Rejected(Reason.UNTIMELY, Fault("due_at", "not-after-the-task-is-opened"))
        task = Task(uuid4(), asked.unit, turn.at, due_at=asked.due_at)
        entries.life.open_task(turn.before.id, task)
        opened = turn.before.changed(announced=1)
        return conclude(entries, turn, opened, [announcements.task_opened(turn, task)])

    return take_turn(desk, instruction, work, once)


def close_task(desk: Desk, instruction: Instruction, task_id: UUID, *, done: bool, once: Once[Dossier]) -> Answer:
    """Note that another agency did its part, or was relieved of it."""

    def work(entries: Entries, turn: Turn) -> Dossier:
        task = entries.life.task(turn.before.id, task_id)
        if task.closed_at is not None:
            raise Rejected(Reason.TASK_CLOSED)
        at = timely(turn.instruction.happened_at, turn.act, not_before=task.opened_at)
        closed = replace(task, closed_at=at, done=done)
        entries.life.close_task(closed)
        changed = turn.before.changed(announced=1)
        return conclude(entries, turn, changed, [announcements.task_closed(turn, closed)])

    return take_turn(desk, instruction, work, once)
