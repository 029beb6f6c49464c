"""Extensions, changes of hands, tasks of other agencies, notes; and what commands have in common."""

from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.due_dates import LifeRules
from services.intake.sweep import sweep
from shared.events import (
    DossierExtended,
    DossierRefused,
    DossierRerouted,
    DossierReturned,
    DossierStopped,
    DossierSuspended,
    DossierWithdrawn,
    DueDateChanged,
    TaskClosed,
    TaskOpened,
)
from tests.fakes.clock import NOON
from tests.intake.living import LAW, Case, at, calendar, told
from tests.intake.office import DEPARTMENT, ONE_STOP, Office, problem, slug
from tests.intake.office import told as as_json

KEY = {"Idempotency-Key": "key-1"}
NOTE = "Thiếu bản sao có chứng thực.\nĐã gọi điện cho bà Zxqvương."


@pytest.fixture
def case(any_office: Office) -> Case:
    """Return a dossier accepted on Thursday at 14:00, promised for the next one, with the scan of an apology."""
    any_office.learn(calendar())
    case = Case(any_office).with_apology()
    case.do_at(at(8, 14), "accept")
    return case


def extension(case: Case, **changes: Any) -> dict[str, Any]:
    """Return an extension by four days."""
    return {"apology_paper_id": case.apology, "due_at": at(19, 17).isoformat()} | changes


def test_an_apology_promises_a_later_date_and_keeps_the_first(case: Case) -> None:
    response = case.send("extend", **extension(case))
    dossier = response.json()
    assert (told(dossier["due_at"]), told(dossier["first_due_at"])) == (at(19, 17), at(15, 14))
    assert (dossier["extensions"], dossier["status"]) == (1, 2)
    data = case.events()[-1].data
    assert isinstance(data, DossierExtended)
    assert (data.due_before, data.due_at, data.apology_paper_id) == (at(15, 14), at(19, 17), UUID(case.apology))


def test_what_is_waited_for_after_an_apology_moves_its_date(case: Case) -> None:
    case.send("extend", **extension(case))
    case.do_at(at(13, 7), "request-supplement")
    dossier = case.do_at(at(14, 7), "supplement")
    assert (told(dossier["due_at"]), told(dossier["first_due_at"])) == (at(20, 17), at(15, 14))


def test_a_dossier_is_extended_as_often_as_the_setting_says(case: Case) -> None:
    case.office.app.state.desk = replace(case.office.desk, rules=LifeRules(extensions=2))
    assert case.send("extend", **extension(case)).status_code == 200
    assert case.send("extend", **extension(case, due_at=at(20).isoformat())).status_code == 200
    refused = case.send("extend", **extension(case, due_at=at(21).isoformat()))
    assert (refused.status_code, slug(refused)) == (409, "extensions-used-up")
    assert problem(refused)["errors"] == [{"at": "most", "reason": "2"}]


@pytest.mark.parametrize(
    ("changes", "kind", "reason"),
    [
        ({"due_at": at(15, 14).isoformat()}, "due-date-not-later", "not-after-2026-10-15T14:00:00+07:00"),
        ({"apology_paper_id": str(uuid4())}, "unknown-apology", "unknown"),
        ({"due_at": "2026-10-19T17:00:00"}, "invalid-request", "timezone_aware"),
    ],
)
def test_a_bad_extension_is_told_of(case: Case, changes: dict[str, Any], kind: str, reason: str) -> None:
    before = case.read()
    response = case.send("extend", **extension(case, **changes))
    assert (response.status_code, slug(response)) == (422, kind)
    assert problem(response)["errors"][0]["reason"] == reason
    assert case.read() == before


def test_the_apology_is_a_paper_of_this_dossier(case: Case) -> None:
    other = Case(case.office).with_apology()
    assert slug(case.send("extend", **extension(case, apology_paper_id=other.apology))) == "unknown-apology"


def test_a_new_date_lies_after_the_apology(case: Case) -> None:
    case.office.clock.advance(seconds=14 * 86400)
    assert slug(case.send("extend", **extension(case))) == "due-date-not-later", "it is past already"


def test_without_a_due_date_there_is_none_to_extend(office: Office) -> None:
    case = Case(office).with_apology()
    case.do("accept")
    assert slug(case.send("extend", **extension(case))) == "no-due-date"


def test_a_rerouted_dossier_bears_two_codes(case: Case) -> None:
    other = case.office.open_dossier(receiving_unit=DEPARTMENT)["code"]
    dossier = case.do("reroute")
    assert (dossier["receiving_unit"], dossier["competent_unit"]) == (ONE_STOP, ONE_STOP)
    (added,) = dossier["added_codes"]
    assert (dossier["code"], added["code"]) == ("H98.01.10-261008-0001", "H98.01.10-261008-0002")
    assert (other, added["unit"], added["system_of_record"]) == ("H98.02-261008-0001", ONE_STOP, "hoso")
    data = case.events()[-1].data
    assert isinstance(data, DossierRerouted)
    assert (data.from_unit, data.to_unit, data.added_code) == (DEPARTMENT, ONE_STOP, added["code"])


def test_a_rerouted_dossier_is_found_by_every_code(case: Case) -> None:
    case.do("reroute")
    dossier = case.do("reroute", added_code="G09.20-20261008-0000001", system_of_record="igate-bnv")
    assert (dossier["system_of_record"], dossier["competent_unit"]) == ("igate-bnv", DEPARTMENT)
    codes = [dossier["code"], *(added["code"] for added in dossier["added_codes"])]
    assert len(codes) == 3
    for code in codes:
        found = case.office.post("/v1/search", json={"units": [DEPARTMENT], "code": code}).json()["dossiers"]
        assert [each["id"] for each in found] == [dossier["id"]], code
        with case.office.desk.ledger.reading() as entries:
            assert entries.dossier_of_code(code) == UUID(dossier["id"])


def test_a_code_that_two_dossiers_were_given_elsewhere_names_neither(case: Case) -> None:
    other = Case(case.office)
    for each in (case, other):
        each.do("reroute", added_code="ELSEWHERE-1")
    with case.office.desk.ledger.reading() as entries:
        assert entries.dossier_of_code("ELSEWHERE-1") is None


def test_the_same_code_again_is_one_code(case: Case) -> None:
    case.do("reroute", added_code="ELSEWHERE-1")
    dossier = case.do("reroute", added_code="ELSEWHERE-1")
    assert [(added["code"], added["unit"]) for added in dossier["added_codes"]] == [("ELSEWHERE-1", DEPARTMENT)]


@pytest.mark.parametrize(("unit", "kind"), [("H97", "unknown-unit"), (DEPARTMENT, "same-unit")])
def test_a_dossier_goes_to_another_known_unit(case: Case, unit: str, kind: str) -> None:
    response = case.office.post(f"{case.path}/reroute", json={"to_unit": unit})
    assert (response.status_code, slug(response)) == (422, kind)


def test_the_calendar_of_the_new_unit_counts_from_then_on(case: Case) -> None:
    case.office.learn(calendar(at(12).date(), code=ONE_STOP, revision=4, hours=()))
    dossier = case.do("reroute")
    assert (told(dossier["due_at"]), told(dossier["first_due_at"])) == (at(16, 14), at(15, 14))
    *_, rerouted, moved = case.events()
    assert isinstance(rerouted.data, DossierRerouted)
    assert isinstance(moved.data, DueDateChanged)
    assert (moved.data.due_before, moved.data.due_at) == (at(15, 14), at(16, 14))
    assert (moved.data.calendar, moved.data.calendar_revision) == (ONE_STOP, 4)
    assert moved.sequence == (rerouted.sequence or 0) + 1


def test_other_agencies_do_their_part_and_the_dossier_counts_once(case: Case) -> None:
    case.do("open-task", due_at=at(12, 17).isoformat())
    first = case.task
    case.do("open-task")
    dossier = case.do("close-task", done=False)
    assert [(task["unit"], task["done"]) for task in dossier["tasks"]] == [(DEPARTMENT, None), (DEPARTMENT, False)]
    assert told(dossier["tasks"][0]["due_at"]) == at(12, 17)
    assert case.office.count("dossier") == 1
    opened, _, closed = (event.data for event in case.events()[-3:])
    assert isinstance(opened, TaskOpened)
    assert isinstance(closed, TaskClosed)
    assert (str(opened.task_id), opened.unit, opened.due_at) == (first, DEPARTMENT, at(12, 17))
    assert (str(closed.task_id), closed.unit, closed.done) == (case.task, DEPARTMENT, False)


def test_a_task_is_closed_once_and_by_its_dossier(case: Case) -> None:
    case.do("open-task", "close-task")
    assert slug(case.send("close-task", task_id=case.task)) == "task-closed"
    other = Case(case.office)
    other.do("accept", "open-task")
    assert slug(case.send("close-task", task_id=other.task)) == "unknown-task"


@pytest.mark.parametrize(
    ("said", "kind"), [({"unit": "H97"}, "unknown-unit"), ({"unit": ONE_STOP, "due_at": NOON.isoformat()}, "untimely")]
)
def test_a_bad_task_is_told_of(case: Case, said: dict[str, Any], kind: str) -> None:
    response = case.office.post(f"{case.path}/open-task", json=said)
    assert (response.status_code, slug(response)) == (422, kind)


@pytest.mark.parametrize(
    ("before", "command", "said", "data"),
    [
        ([], "refuse", {"reason_code": "TC-01"}, DossierRefused),
        ([], "withdraw", {"reason_code": "R-02"}, DossierWithdrawn),
        (["accept"], "stop", {"reason_code": "D-03"}, DossierStopped),
        (["accept"], "suspend", {"reason_code": "D-04", "legal_basis": LAW}, DossierSuspended),
        (["accept", "finish"], "return", {"return_channel": 2}, DossierReturned),
    ],
)
def test_what_a_step_came_with_is_announced(
    office: Office, before: list[str], command: str, said: dict[str, Any], data: type[Any]
) -> None:
    case = Case(office)
    case.do(*before)
    case.do(command, **said)
    last = case.events()[-1].data
    assert isinstance(last, data)
    assert said.items() <= vars(last).items()


def test_every_step_has_its_moment(office: Office) -> None:
    case = Case(office)
    for command, moment in (("accept", "accepted_at"), ("hand-over", "handed_over_at"), ("stop", "stopped_at")):
        assert told(case.do(command)[moment]) == office.clock.now()
    for command, moment in (("refuse", "refused_at"), ("withdraw", "withdrawn_at")):
        assert told(Case(office).do(command)[moment]) == office.clock.now()


BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "text for a code": ("request-supplement", {"reason_code": "bà Canary"}),
    "unknown field": ("request-supplement", {"Canary": 1}),
    "text for a legal basis": ("suspend", {"legal_basis": "theo ý Canary"}),
    "negative amount": ("request-fee", {"amount": -1}),
    "endless amount": ("request-fee", {"amount": 10**13}),
    "channel of no list": ("return", {"return_channel": 3}),
    "payment of no list": ("pay", {"payment_channel": 3}),
    "endless note": ("accept", {"note": "Canary " * 300}),
    "empty note": ("accept", {"note": " \n "}),
    "note with NUL": ("accept", {"note": "Canary\0"}),
    "no unit": ("reroute", {}),
    "no task": ("close-task", {"task_id": "Canary"}),
    "a moment before time": ("accept", {"happened_at": "0001-01-01T00:00:00+07:00"}),
    "a moment after time": ("open-task", {"unit": "H98.02", "due_at": "9999-12-31T23:59:59-12:00"}),
    "half an extension": ("extend", {"due_at": at(20).isoformat()}),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_body_is_told_of_and_nothing_is_done(office: Office, name: str) -> None:
    case = Case(office)
    command, said = BAD[name]
    response = office.post(f"{case.path}/{command}", json=said)
    assert (response.status_code, slug(response)) == (422, "invalid-request")
    assert problem(response)["errors"]
    assert "canary" not in response.text.lower()
    assert len(case.events()) == 1


def test_a_supplement_is_asked_for_components_the_dossier_has(office: Office) -> None:
    case = Case(office)
    response = case.send("request-supplement", component_codes=["TP01", "TP09"])
    assert (response.status_code, slug(response)) == (422, "unknown-component")
    assert problem(response)["errors"] == [{"at": "body/component_codes", "reason": "unknown", "index": 1}]


def test_a_note_is_an_object_of_the_dossier(any_office: Office) -> None:
    case = Case(any_office)
    response = case.send("request-supplement", note=f"  {NOTE} ")
    assert response.json()["notes"] == [2]
    note = any_office.get(f"{case.path}/notes/2")
    assert note.json() == {"written_by": "clerk-7", "written_at": "2026-10-08T05:00:00+00:00", "text": NOTE}
    assert note.headers["cache-control"] == "no-store"
    for sequence in (1, 3):
        assert slug(any_office.get(f"{case.path}/notes/{sequence}")) == "unknown-note"
    for sequence in (0, 2**31, 10**30):
        assert slug(any_office.get(f"{case.path}/notes/{sequence}")) == "invalid-request"
    assert "Zxqv" not in response.text + as_json(case.read()) + repr(any_office.journal())


def test_the_sweep_keeps_notes_and_deletes_what_no_event_names(office: Office) -> None:
    case = Case(office)
    case.send("accept", note=NOTE)
    kept = office.objects()
    loose = f"notes/{uuid4()}.json"
    office.store.put(UUID(case.dossier["id"]), loose, BytesIO(b"{}"), size_bytes=2, media_type="a/b")
    swept = sweep(office.desk.ledger, office.store, older_than=at(1, month=12), may_delete=lambda _: True)
    assert (swept.orphans, office.objects()) == (1, kept)
    assert office.get(f"{case.path}/notes/2").json()["text"] == NOTE


def test_a_command_that_is_refused_leaves_no_note(office: Office) -> None:
    case = Case(office)
    kept = office.objects()
    assert slug(case.send("finish", note=NOTE)) == "illegal-transition"
    assert office.objects() == kept


def test_a_command_with_a_body_takes_effect_once(any_office: Office) -> None:
    case = Case(any_office)
    case.do("accept")
    first, second = (case.send("request-fee", KEY, amount=1000, note=NOTE) for _ in range(2))
    assert (first.status_code, first.content, first.headers["etag"]) == (200, second.content, second.headers["etag"])
    assert len(case.events()) == 3
    assert sum("/notes/" in name for name in any_office.objects()) == 1
    for other in ({"amount": 2000, "note": NOTE}, {"amount": 1000}, {"amount": 1000, "note": "other"}):
        assert slug(case.send("request-fee", KEY, **other)) == "idempotency-key-reused"


def test_an_empty_body_is_none(office: Office) -> None:
    case = Case(office)
    first = office.post(f"{case.path}/accept", headers=KEY)
    assert case.send("accept", KEY).content == first.content


def test_a_command_on_what_somebody_no_longer_sees_is_not_done(office: Office) -> None:
    case = Case(office)
    case.do("accept")
    for command in ("suspend", "reroute", "open-task"):
        stale = case.send(command, {"If-Match": '"1"'}, **case.needed(command))
        assert (stale.status_code, slug(stale)) == (412, "stale-version")
        fresh = case.send(command, {"If-Match": f'"{case.read()["version"]}"'}, **case.needed(command))
        assert fresh.status_code == 200
        case.do(*(["resume"] if command == "suspend" else []))
