"""The routes of a dossier's life: one a command."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from services.intake import decide as deciding
from services.intake import extend as extending
from services.intake import reroute as rerouting
from services.intake import tasks
from services.intake.dossiers import Dossier
from services.intake.http import answers
from services.intake.http.callers import CallerNeeded
from services.intake.http.dossiers import version_meant
from services.intake.http.life_forms import (
    ExtensionIn,
    FeeAsked,
    Handing,
    Payment,
    Reasoned,
    RouteIn,
    Said,
    SupplementAsked,
    Suspension,
    TaskEnd,
    TaskIn,
)
from services.intake.notes import read_note
from services.intake.once import Once
from services.intake.ports import Answer, Desk
from services.intake.transitions import Command
from services.intake.turns import Instruction

router = APIRouter(prefix="/v1/dossiers/{dossier_id}", tags=["dossiers"])
MOST_SEQUENCE = 2**31 - 1  # what the ledger's column holds
Do = Callable[[Desk, Instruction, Once[Dossier]], Answer]


@dataclass(frozen=True)
class Call:
    """A command on its way in: to whom, on which dossier, from whom, and what they saw of it."""

    desk: Desk
    dossier_id: UUID
    caller: CallerNeeded
    if_match: str | None

    def decide(self, command: Command, said: Said | None) -> Response:
        """Have a dossier take a step."""
        said = said or Said()
        return self.do(command, said, lambda desk, told, once: deciding.decide(desk, told, said.details(), once=once))

    def do(self, command: Command, said: Said, do: Do) -> Response:
        """Have a command done, once for its key, and answer with the dossier."""
        told = said.model_dump_json(exclude_none=True, exclude_defaults=True)
        asked = () if told == "{}" else (told,)  # an empty body and none are the same
        instruction = Instruction(
            command,
            self.dossier_id,
            self.caller.act,
            version=version_meant(self.if_match),
            happened_at=said.happened_at,
            note=said.note,
        )
        once = Once(self.desk, self.caller.key(*asked), answers.decided)
        return answers.respond(do(self.desk, instruction, once))


def _call(
    request: Request, dossier_id: UUID, caller: CallerNeeded, if_match: Annotated[str | None, Header()] = None
) -> Call:
    return Call(request.app.state.desk, dossier_id, caller, if_match)


Called = Annotated[Call, Depends(_call)]


@router.post("/accept", response_model=answers.DossierOut)
def accept(call: Called, said: Said | None = None) -> Response:
    """Accept a dossier: it is valid, the clock starts, the result is promised."""
    return call.decide(Command.ACCEPT, said)


@router.post("/refuse", response_model=answers.DossierOut)
def refuse(call: Called, said: Reasoned | None = None) -> Response:
    """Refuse a dossier at intake (form 03): it is not received."""
    return call.decide(Command.REFUSE, said)


@router.post("/hand-over", response_model=answers.DossierOut)
def hand_over(call: Called, said: Said | None = None) -> Response:
    """Hand a dossier over to the unit that handles it."""
    return call.decide(Command.HAND_OVER, said)


@router.post("/request-supplement", response_model=answers.DossierOut)
def request_supplement(call: Called, said: SupplementAsked | None = None) -> Response:
    """Ask the applicant to supplement the dossier (form 02): the clock stands still."""
    return call.decide(Command.REQUEST_SUPPLEMENT, said)


@router.post("/supplement", response_model=answers.DossierOut)
def supplement(call: Called, said: Said | None = None) -> Response:
    """Note that what was asked for was handed in: the dossier goes back to where it was, the clock goes on."""
    return call.decide(Command.SUPPLEMENT, said)


@router.post("/request-fee", response_model=answers.DossierOut)
def request_fee(call: Called, said: FeeAsked | None = None) -> Response:
    """Ask the applicant to pay a fee or tax before the dossier goes on."""
    return call.decide(Command.REQUEST_FEE, said)


@router.post("/pay", response_model=answers.DossierOut)
def pay(call: Called, said: Payment | None = None) -> Response:
    """Note that a fee or tax was paid: the dossier goes on; a waived one is paid with 0."""
    return call.decide(Command.PAY, said or Payment())


@router.post("/suspend", response_model=answers.DossierOut)
def suspend(call: Called, said: Suspension | None = None) -> Response:
    """Let handling stand still on a legal ground, to be resumed."""
    return call.decide(Command.SUSPEND, said)


@router.post("/resume", response_model=answers.DossierOut)
def resume(call: Called, said: Said | None = None) -> Response:
    """Go on after a suspension."""
    return call.decide(Command.RESUME, said)


@router.post("/stop", response_model=answers.DossierOut)
def stop(call: Called, said: Reasoned | None = None) -> Response:
    """End the handling for good, without a result (form 05)."""
    return call.decide(Command.STOP, said)


@router.post("/withdraw", response_model=answers.DossierOut)
def withdraw(call: Called, said: Reasoned | None = None) -> Response:
    """Note that the applicant withdrew the dossier."""
    return call.decide(Command.WITHDRAW, said)


@router.post("/finish", response_model=answers.DossierOut)
def finish(call: Called, said: Said | None = None) -> Response:
    """Finish a dossier: the result is ready at the one-stop."""
    return call.decide(Command.FINISH, said)


@router.post("/return", response_model=answers.DossierOut)
def return_(call: Called, said: Handing | None = None) -> Response:
    """Return the result to the citizen."""
    return call.decide(Command.RETURN, said or Handing())


@router.post("/extend", response_model=answers.DossierOut)
def extend(call: Called, said: ExtensionIn) -> Response:
    """Send the citizen an apology with a new date (form 04)."""

    def do(desk: Desk, instruction: Instruction, once: Once[Dossier]) -> Answer:
        return extending.extend(desk, instruction, said.extension(), once=once)

    return call.do(Command.EXTEND, said, do)


@router.post("/reroute", response_model=answers.DossierOut)
def reroute(call: Called, said: RouteIn) -> Response:
    """Send a dossier to the unit that is competent; it bears the code of both."""

    def do(desk: Desk, instruction: Instruction, once: Once[Dossier]) -> Answer:
        return rerouting.reroute(desk, instruction, said.route(), once=once)

    return call.do(Command.REROUTE, said, do)


@router.post("/open-task", response_model=answers.DossierOut)
def open_task(call: Called, said: TaskIn) -> Response:
    """Ask another agency for its part; the dossier still counts once."""

    def do(desk: Desk, instruction: Instruction, once: Once[Dossier]) -> Answer:
        return tasks.open_task(desk, instruction, said.task(), once=once)

    return call.do(Command.OPEN_TASK, said, do)


@router.post("/close-task", response_model=answers.DossierOut)
def close_task(call: Called, said: TaskEnd) -> Response:
    """Note that another agency did its part, or was relieved of it."""

    def do(desk: Desk, instruction: Instruction, once: Once[Dossier]) -> Answer:
        return tasks.close_task(desk, instruction, said.task_id, done=said.done, once=once)

    return call.do(Command.CLOSE_TASK, said, do)


@router.get("/notes/{sequence}")
def read_note_(request: Request, dossier_id: UUID, sequence: Annotated[int, Path(ge=1, le=MOST_SEQUENCE)]) -> Response:
    """Return the note to an event of a dossier, with who wrote it and when."""
    note = read_note(request.app.state.desk, dossier_id, sequence)
    return Response(json.dumps(note, ensure_ascii=False), headers=answers.PRIVATE, media_type="application/json")
