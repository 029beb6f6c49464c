"""What happened before it is entered: its moment counts, if it can have been."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.transitions import STAYING, Command
from shared.clock import VIETNAM
from shared.events import DossierAccepted, DossierOpened
from tests.intake.living import Case, at, calendar, told
from tests.intake.office import OPENING, Office, problem, slug

PLACES: dict[str, list[str]] = {
    "accept": [],
    "refuse": [],
    "hand-over": ["accept"],
    "request-supplement": ["accept"],
    "supplement": ["accept", "request-supplement"],
    "request-fee": ["accept"],
    "pay": ["accept", "request-fee"],
    "suspend": ["accept"],
    "resume": ["accept", "suspend"],
    "stop": ["accept"],
    "withdraw": ["accept"],
    "finish": ["accept"],
    "return": ["accept", "finish"],
    "extend": ["accept"],
    "reroute": ["accept"],
    "open-task": ["accept"],
    "close-task": ["accept", "open-task"],
}


def test_every_command_is_entered_later_somewhere() -> None:
    assert set(PLACES) == set(Command)


@pytest.mark.parametrize("command", PLACES)
def test_a_moment_must_lie_between_the_last_step_and_now(office: Office, command: str) -> None:
    office.learn(calendar())
    case = Case(office).with_apology()
    case.do(*PLACES[command])
    last = office.clock.now()
    office.clock.advance(seconds=3600)
    before, needed = case.read(), case.needed(command)
    too_early = f"before-{last.astimezone(VIETNAM).isoformat(timespec='seconds')}"
    for moment, reason in ((at(9), "in-the-future"), (last - timedelta(seconds=1), too_early)):
        response = case.send(command, happened_at=moment.isoformat(), **needed)
        assert (response.status_code, slug(response)) == (422, "untimely")
        assert problem(response)["errors"] == [{"at": "body/happened_at", "reason": reason}]
    assert slug(case.send(command, happened_at="2026-10-08T12:30:00", **needed)) == "invalid-request", "no zone"
    assert case.read() == before
    done = case.send(command, happened_at=last.isoformat(), **needed)
    assert done.status_code == 200, done.text
    data = case.events()[-1].data
    assert vars(data)["happened_at"] == last
    assert case.events()[-1].time == office.clock.now()


def test_what_stays_where_it_is_may_be_entered_after_the_dossier_went_on(office: Office) -> None:
    office.learn(calendar())
    case = Case(office)
    case.do_at(at(8, 14), "accept")
    case.do_at(at(9, 9), "hand-over")
    task = case.do_at(at(9, 10), "open-task", happened_at=at(8, 15).isoformat())["tasks"][0]
    assert told(task["opened_at"]) == at(8, 15)
    assert Command.OPEN_TASK in STAYING


def test_a_dossier_of_another_day_bears_that_day(office: Office) -> None:
    office.open_dossier()
    dossier = office.open_dossier(channel=2, happened_at=at(6, 9).isoformat(), external_code="G09.20-20261006-0092637")
    assert dossier["code"] == "H98.01.10-261006-0001"
    assert (told(dossier["opened_at"]), told(dossier["submitted_at"])) == (at(6, 9), at(6, 9))
    assert dossier["external_code"] == "G09.20-20261006-0092637"
    data = office.events()[-1].data
    assert isinstance(data, DossierOpened)
    assert (data.happened_at, data.external_code) == (at(6, 9), "G09.20-20261006-0092637")


def test_a_dossier_of_tomorrow_is_refused(office: Office) -> None:
    response = office.post("/v1/dossiers", json=OPENING | {"happened_at": at(9).isoformat()})
    assert (response.status_code, slug(response)) == (422, "untimely")
    assert (office.count("dossier"), office.objects()) == (0, set())


def test_the_clock_starts_when_it_was_accepted(office: Office) -> None:
    office.learn(calendar())
    case = Case(office, office.open_dossier(happened_at=at(6, 9).isoformat()))
    dossier = case.do("accept", happened_at=at(6, 10).isoformat())
    assert (told(dossier["accepted_at"]), told(dossier["due_at"])) == (at(6, 10), at(13, 10))
    data = case.events()[-1].data
    assert isinstance(data, DossierAccepted)
    assert (data.happened_at, data.due_at) == (at(6, 10), at(13, 10))


@pytest.mark.parametrize(
    ("changes", "submitted", "record", "verified"),
    [
        ({}, False, "hoso", False),
        ({"channel": 2, "identity_verified": True}, True, "hoso", True),
        ({"channel": 3, "system_of_record": "igate-bnv"}, False, "igate-bnv", False),
    ],
)
def test_an_opening_tells_how_it_came(
    office: Office, changes: dict[str, Any], *, submitted: bool, record: str, verified: bool
) -> None:
    dossier = office.open_dossier(**changes)
    assert (dossier["submitted_at"] is not None) is submitted
    assert (dossier["system_of_record"], dossier["identity_verified"]) == (record, verified)
    data = office.events()[-1].data
    assert isinstance(data, DossierOpened)
    assert (data.system_of_record, data.identity_verified) == (record, verified)
