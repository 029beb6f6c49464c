"""A dossier goes to another unit, and bears the code of both."""

from dataclasses import dataclass, replace

from services.intake import life_announcements as announcements
from services.intake.announcements import Announced
from services.intake.codes import dossier_code
from services.intake.dossiers import Dossier
from services.intake.due_dates import promised
from services.intake.life_ports import CalendarChange
from services.intake.once import Once
from services.intake.ports import Answer, Desk, Entries
from services.intake.rejections import Fault, Reason, Rejected
from services.intake.turns import Instruction, Turn, conclude, take_turn
from services.intake.waits import AddedCode
from shared.clock import local_day
from shared.events import Status


@dataclass(frozen=True)
class Route:
    """Where a dossier goes; without a code of its own, it gets the next one of that unit's day."""

    to_unit: str
    added_code: str | None = None
    system_of_record: str | None = None


def reroute(desk: Desk, instruction: Instruction, route: Route, *, once: Once[Dossier]) -> Answer:
    """Make another unit competent; what was received where is never rewritten."""

    def work(entries: Entries, turn: Turn) -> Dossier:
        return _reroute(entries, turn, route)

    return take_turn(desk, instruction, work, once)


def _reroute(entries: Entries, turn: Turn, route: Route) -> Dossier:
    _check(entries, turn.before, route.to_unit)
    system = route.system_of_record or turn.before.system_of_record
    added = AddedCode(_code(entries, turn, route), route.to_unit, system, turn.at)
    rerouted = turn.before.changed(announced=1, competent_unit=route.to_unit, system_of_record=system)
    entries.life.add_code(rerouted.id, added)
    counted, moves = _counted(entries, turn, rerouted)
    return conclude(entries, turn, counted, [announcements.rerouted(turn, added), *moves])


def _check(entries: Entries, dossier: Dossier, to_unit: str) -> None:
    if not entries.is_unit(to_unit):
        raise Rejected(Reason.UNKNOWN_UNIT, Fault("to_unit", "unknown"))
    if to_unit == dossier.competent_unit:
        raise Rejected(Reason.SAME_UNIT, Fault("to_unit", "competent-already"))


def _code(entries: Entries, turn: Turn, route: Route) -> str:
    if route.added_code is not None:
        return route.added_code
    day = local_day(turn.at)
    return dossier_code(route.to_unit, day, entries.next_number(route.to_unit, day))


def _counted(entries: Entries, turn: Turn, rerouted: Dossier) -> tuple[Dossier, list[Announced]]:
    """Count by the calendar of the unit that is competent now; what waits is counted when it goes on."""
    known = entries.life.calendar(rerouted.competent_unit)
    if rerouted.status not in (Status.ACCEPTED, Status.IN_PROGRESS) or known is None or rerouted.extended_to:
        return rerouted, []
    promise = promised(rerouted, entries.life.waits(rerouted.id), known)
    if promise.due_at is None or promise.due_at == rerouted.due_at:
        return rerouted, []
    counted = replace(
        rerouted,
        sequence=rerouted.sequence + 1,
        due_at=promise.due_at,
        provisional=promise.provisional,
        first_due_at=rerouted.first_due_at or promise.due_at,
    )
    change = CalendarChange(known.code, known.revision)
    return counted, [announcements.due_date_changed(rerouted, counted, change, turn.act)]
