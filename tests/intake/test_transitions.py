"""Every command in every status, over the API: the legal ones move the dossier and are announced, no other does."""

import pytest

from services.intake.transitions import TRANSITIONS, Command
from shared import events
from shared.events import Status
from tests.intake.living import Case, calendar, told
from tests.intake.office import Office, problem, slug

# how a dossier gets to each place it can stand in, and what is legal there: the command and the status it leads to
AT_WORK = {
    "request-supplement": 5,
    "request-fee": 6,
    "suspend": 8,
    "stop": 8,
    "withdraw": 7,
    "finish": 9,
}
ENDS = {"stop": 8, "withdraw": 7}
PLACES: dict[str, tuple[list[str], dict[str, int]]] = {
    "registered": ([], {"accept": 2, "refuse": 3, "request-supplement": 5, "withdraw": 7, "reroute": 1}),
    "accepted": (
        ["accept"],
        {"hand-over": 4, **AT_WORK, "extend": 2, "reroute": 2, "open-task": 2, "close-task": 2},
    ),
    "refused": (["refuse"], {}),
    "in-progress": (
        ["accept", "hand-over"],
        {**AT_WORK, "extend": 4, "reroute": 4, "open-task": 4, "close-task": 4},
    ),
    "awaiting-supplement of registered": (
        ["request-supplement"],
        {"supplement": 1, "accept": 2, "refuse": 3, "reroute": 5, **ENDS},
    ),
    "awaiting-supplement of accepted": (
        ["accept", "request-supplement"],
        {"supplement": 2, "reroute": 5, "close-task": 5, **ENDS},
    ),
    "awaiting-supplement of in-progress": (
        ["accept", "hand-over", "request-supplement"],
        {"supplement": 4, "reroute": 5, "close-task": 5, **ENDS},
    ),
    "awaiting-fee of accepted": (
        ["accept", "request-fee"],
        {"pay": 4, "finish": 9, "reroute": 6, "close-task": 6, **ENDS},
    ),
    "awaiting-fee of in-progress": (
        ["accept", "hand-over", "request-fee"],
        {"pay": 4, "finish": 9, "reroute": 6, "close-task": 6, **ENDS},
    ),
    "awaiting-fee of finished": (["accept", "finish", "request-fee"], {"pay": 9, "close-task": 6, **ENDS}),
    "withdrawn": (["accept", "withdraw"], {"close-task": 7}),
    "suspended of accepted": (["accept", "suspend"], {"resume": 4, "reroute": 8, "close-task": 8, **ENDS}),
    "suspended of in-progress": (
        ["accept", "hand-over", "suspend"],
        {"resume": 4, "reroute": 8, "close-task": 8, **ENDS},
    ),
    "stopped": (["accept", "stop"], {"close-task": 8}),
    "finished": (["accept", "finish"], {"return": 10, "request-fee": 6, "close-task": 9}),
    "returned": (["accept", "finish", "return"], {"close-task": 10}),
}
ANNOUNCED: dict[str, type[events.Data]] = {
    "accept": events.DossierAccepted,
    "refuse": events.DossierRefused,
    "hand-over": events.DossierHandedOver,
    "request-supplement": events.SupplementRequested,
    "supplement": events.DossierSupplemented,
    "request-fee": events.FeeRequested,
    "pay": events.FeePaid,
    "suspend": events.DossierSuspended,
    "resume": events.DossierResumed,
    "stop": events.DossierStopped,
    "withdraw": events.DossierWithdrawn,
    "finish": events.DossierFinished,
    "return": events.DossierReturned,
    "extend": events.DossierExtended,
    "reroute": events.DossierRerouted,
    "open-task": events.TaskOpened,
    "close-task": events.TaskClosed,
}


def brought_to(office: Office, place: str) -> Case:
    """Return a dossier that stands there, with an apology and, where it was accepted, an open task."""
    case = Case(office).with_apology()
    for command in PLACES[place][0]:
        case.do(command)
        if command == "accept":
            case.do("open-task")
    return case


def test_the_table_has_every_place_and_the_test_every_command() -> None:
    assert {standing.status for standing in TRANSITIONS} == set(Status)
    assert len(TRANSITIONS) == len(PLACES)
    assert set(ANNOUNCED) == set(Command)


@pytest.mark.parametrize("place", PLACES)
def test_every_command_is_done_where_it_is_legal_and_only_there(any_office: Office, place: str) -> None:
    any_office.learn(calendar())
    legal = PLACES[place][1]
    still = brought_to(any_office, place)
    for illegal in set(Command) - set(legal):
        check_refused(still, illegal, place)
    for command, status in legal.items():
        check_done(brought_to(any_office, place), Command(command), status)


def check_refused(case: Case, command: Command, place: str) -> None:
    """Check that a command is refused, names the status and all that is legal, and changes nothing."""
    before, said = case.read(), len(case.events())
    response = case.send(command, **case.needed(command))
    assert (response.status_code, slug(response)) == (409, "illegal-transition"), command
    status, *allowed = problem(response)["errors"]
    assert status == {"at": "status", "reason": place.partition(" ")[0]}
    assert {error["reason"] for error in allowed} == set(PLACES[place][1])
    assert case.read() == before
    assert len(case.events()) == said


def check_done(case: Case, command: Command, status: int) -> None:
    """Check that a command led to a status and was announced, with the sequence after the last."""
    dossier = case.do(command)
    assert (dossier["status"], command) == (status, command)
    assert dossier == case.read()
    *earlier, last = case.events()
    assert isinstance(last.data, ANNOUNCED[command]), command
    assert last.sequence == (earlier[-1].sequence or 0) + 1
    if isinstance(last.data, events.StatusChanged):
        before = earlier_status(earlier)
        assert (last.data.from_status, last.data.to_status) == (before, status)
        assert last.data.due_at == told(dossier["due_at"])


def earlier_status(earlier: list[events.Event]) -> int:
    """Return the status some events led to."""
    statuses = [event.data.to_status for event in earlier if isinstance(event.data, events.StatusChanged)]
    return statuses[-1] if statuses else Status.REGISTERED


@pytest.mark.parametrize("place", PLACES)
def test_a_dossier_tells_what_is_legal_next(office: Office, place: str) -> None:
    office.learn(calendar())
    case = brought_to(office, place)
    assert set(case.read()["allowed"]) == set(PLACES[place][1])
    if case.task:
        case.do("close-task")
        assert set(case.read()["allowed"]) == set(PLACES[place][1]) - {"close-task"}, "no task is open any more"


def test_a_suspended_dossier_is_told_from_one_that_stopped(office: Office) -> None:
    suspended, stopped = brought_to(office, "suspended of accepted"), brought_to(office, "stopped")
    assert [(d["status"], d["suspended"]) for d in (suspended.read(), stopped.read())] == [(8, True), (8, False)]
    assert suspended.do("stop")["suspended"] is False
