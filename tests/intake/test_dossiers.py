"""Dossiers over the API: open, read, decide, and everything that is no good."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.rejections import Reason
from shared.events import DossierAccepted, DossierFinished, DossierOpened, DossierReturned, Status
from tests.intake.office import (
    APPLICANT,
    DEPARTMENT,
    HEADERS,
    ONE_STOP,
    OPENING,
    Office,
    problem,
    sequences,
    slug,
    told,
)


def test_a_dossier_is_opened_before_any_file(office: Office) -> None:
    response = office.post("/v1/dossiers", json=OPENING)
    assert response.status_code == 201
    dossier = response.json()
    assert response.headers["location"] == f"/v1/dossiers/{dossier['id']}"
    assert response.headers["etag"] == '"1"'
    assert dossier["code"] == "H98.01.10-261008-0001"
    assert (dossier["status"], dossier["procedure_version"]) == (1, 3)
    assert (dossier["receiving_unit"], dossier["competent_unit"]) == (ONE_STOP, DEPARTMENT)
    assert [component["name"] for component in dossier["components"]] == ["Đơn đề nghị", "Căn cước"]
    assert dossier["opened_at"] == "2026-10-08T05:00:00Z"
    assert dossier["papers"] == []


def test_what_was_opened_is_read_as_it_was_answered(office: Office) -> None:
    dossier = office.open_dossier()
    assert office.get(f"/v1/dossiers/{dossier['id']}").json() == dossier


def test_the_managing_unit_is_competent_only_if_it_is_a_unit(office: Office) -> None:
    assert office.open_dossier(procedure_code="9.990002")["competent_unit"] == ONE_STOP
    assert office.open_dossier(competent_unit=ONE_STOP)["competent_unit"] == ONE_STOP


def test_opening_is_announced_without_what_a_person_wrote(office: Office) -> None:
    headers = {"Hoso-Unit": "H98.01", "Hoso-Client": "counter-app", "X-Request-ID": "req-1"}
    response = office.post("/v1/dossiers", json=OPENING, headers=headers)
    (event,) = office.events()
    assert response.headers["x-request-id"] == event.correlation_id == "req-1"
    assert isinstance(event.data, DossierOpened)
    assert event.key == event.subject == str(event.data.dossier_id) == response.json()["id"]
    assert event.data.actor.model_dump() == {
        "subject": "clerk-7",
        "role": "clerk",
        "counter": "D1",
        "unit": "H98.01",
        "client": "counter-app",
    }
    assert [(c.code, c.quantity, c.exempt_reason) for c in event.data.components] == [("TP01", 1, None), ("TP02", 2, 3)]
    assert office.woken == 1


def test_the_form_lies_in_the_store_only(office: Office) -> None:
    form = APPLICANT | {"address": {"street": "Đường số 1"}, "phones": ["0900"]}
    dossier = office.open_dossier(applicant=form)
    response = office.get(f"/v1/dossiers/{dossier['id']}/applicant")
    assert response.json() == form
    assert response.headers["cache-control"] == "no-store"
    assert office.objects() == {f"{dossier['id']}/applicant.json"}
    assert "Đào" not in told(dossier)


def test_codes_count_by_unit_and_day(office: Office) -> None:
    codes = [office.open_dossier()["code"], office.open_dossier(receiving_unit=DEPARTMENT)["code"]]
    office.clock.advance(seconds=12 * 3600)
    codes += [office.open_dossier()["code"], office.open_dossier()["code"]]
    assert codes == [
        "H98.01.10-261008-0001",
        "H98.02-261008-0001",
        "H98.01.10-261009-0001",
        "H98.01.10-261009-0002",
    ]


def test_a_dossier_that_did_not_change_is_not_sent_again(office: Office) -> None:
    path = f"/v1/dossiers/{office.open_dossier()['id']}"
    same = office.get(path, headers={"If-None-Match": '"0", "1"'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"1"')
    office.post(f"{path}/accept")
    assert office.get(path, headers={"If-None-Match": '"1"'}).status_code == 200


def test_a_dossier_is_accepted_finished_and_returned(office: Office) -> None:
    path = f"/v1/dossiers/{office.open_dossier()['id']}"
    for command, status, moment in (
        ("accept", 2, "accepted_at"),
        ("finish", 9, "finished_at"),
        ("return", 10, "returned_at"),
    ):
        office.clock.advance(seconds=60)
        response = office.post(f"{path}/{command}")
        assert response.status_code == 200
        assert response.json()["status"] == status
        assert response.json()[moment] == office.clock.now().isoformat().replace("+00:00", "Z")
        assert response.headers["etag"] == f'"{response.json()["version"]}"'
    events = office.events()
    assert [type(event.data) for event in events] == [DossierOpened, DossierAccepted, DossierFinished, DossierReturned]
    assert sequences(events) == [1, 2, 3, 4]
    last = events[-1].data
    assert isinstance(last, DossierReturned)
    assert (last.from_status, last.to_status) == (Status.FINISHED, Status.RETURNED)


@pytest.mark.parametrize("command", ["finish", "return"])
def test_an_illegal_transition_changes_nothing(office: Office, command: str) -> None:
    dossier = office.open_dossier()
    response = office.post(f"/v1/dossiers/{dossier['id']}/{command}")
    assert (response.status_code, slug(response)) == (409, "illegal-transition")
    assert problem(response)["errors"] == [
        {"at": "status", "reason": "registered"},
        *({"at": "allowed", "reason": name} for name in dossier["allowed"]),
    ]
    assert dossier["allowed"] == ["accept", "refuse", "request-supplement", "withdraw", "reroute"]
    assert office.get(f"/v1/dossiers/{dossier['id']}").json() == dossier
    assert len(office.events()) == 1


@pytest.mark.parametrize(
    ("if_match", "status"),
    [('"1"', 200), ("*", 200), ('"2"', 412), ('W/"1"', 412), ("x", 412), ('"' + "9" * 5000, 412)],
)
def test_a_decision_on_what_somebody_no_longer_sees_is_not_done(office: Office, if_match: str, status: int) -> None:
    dossier = office.open_dossier()
    response = office.post(f"/v1/dossiers/{dossier['id']}/accept", headers={"If-Match": if_match})
    assert response.status_code == status
    if status == 412:
        assert slug(response) == "stale-version"


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in OPENING.items() if name not in names}


COMPONENT = {"code": "A", "name": "Đơn", "copy_kind": 0, "quantity": 1}
BAD_OPENINGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no applicant": without("applicant"),
    "no channel": without("channel"),
    "channel of no list": OPENING | {"channel": 4},
    "channel as text": OPENING | {"channel": "at the counter"},
    "unit of strange form": OPENING | {"receiving_unit": "H98/../x"},
    "endless unit": OPENING | {"receiving_unit": "H" * 36},
    "procedure of strange form": OPENING | {"procedure_code": "9.99 0001"},
    "unknown field": OPENING | {"Nguyễn Thị Canary": 1},
    "applicant without a name": OPENING | {"applicant": {"identity_number": "1"}},
    "name without letters": OPENING | {"applicant": {"full_name": "—"}},
    "name of two lines": OPENING | {"applicant": {"full_name": "Canary\nCanary"}},
    "endless form": OPENING | {"applicant": {"full_name": "Canary", "note": "x" * 70_000}},
    "half a character": OPENING | {"applicant": {"full_name": "Canary", "note": "\ud800"}},
    "two components of one code": OPENING | {"components": [COMPONENT, COMPONENT]},
    "copy kind of no list": OPENING | {"components": [COMPONENT | {"copy_kind": 3}]},
    "no quantity": OPENING | {"components": [COMPONENT | {"quantity": 0}]},
    "exempt without reason": OPENING | {"components": [COMPONENT | {"duty": "exempt"}]},
    "reason without exemption": OPENING | {"components": [COMPONENT | {"exempt_reason": 1}]},
    "component name with NUL": OPENING | {"components": [COMPONENT | {"name": "Canary\0"}]},
    "component code with a path": OPENING | {"components": [COMPONENT | {"code": "../Canary"}]},
    "too many components": OPENING | {"components": [COMPONENT | {"code": f"T{n}"} for n in range(201)]},
}


@pytest.mark.parametrize("name", BAD_OPENINGS)
def test_bad_openings_are_told_of_and_nothing_is_kept(office: Office, name: str) -> None:
    content = told_in_ascii(BAD_OPENINGS[name])
    response = office.post("/v1/dossiers", content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, slug(response)) == (422, "invalid-request")
    assert problem(response)["errors"]
    assert "canary" not in response.text.lower()
    assert (office.count("dossier"), office.count("journal"), office.objects()) == (0, 0, set())


def told_in_ascii(value: object) -> bytes:
    return json.dumps(value).encode()  # a lone surrogate only travels escaped


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_opening_is_told_of(office: Office, content: bytes) -> None:
    response = office.post("/v1/dossiers", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in {400, 422}
    assert slug(response) in {"invalid-request", "bad-request"}
    assert office.count("dossier") == 0


@pytest.mark.parametrize(
    ("changes", "kind", "where"),
    [
        ({"procedure_code": "9.990099"}, "unknown-procedure", "procedure_code"),
        ({"receiving_unit": "H97"}, "unknown-unit", "receiving_unit"),
        ({"competent_unit": "H97"}, "unknown-unit", "competent_unit"),
    ],
)
def test_what_the_registry_did_not_publish_is_unknown(
    office: Office, changes: dict[str, Any], kind: str, where: str
) -> None:
    response = office.post("/v1/dossiers", json=OPENING | changes)
    assert (response.status_code, slug(response)) == (422, kind)
    assert problem(response)["errors"] == [{"at": f"body/{where}", "reason": "unknown"}]
    assert office.objects() == set()


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("value", ["", "Nguyễn", "a b", "x" * 65, None])
def test_a_command_names_who_gives_it(office: Office, header: str, value: str | None) -> None:
    client_headers = {name: text.encode() for name, text in (HEADERS | {header: value or ""}).items()}
    response = office.post("/v1/dossiers", json=OPENING, headers=client_headers)
    assert (response.status_code, slug(response)) == (422, "invalid-request")
    assert problem(response)["errors"][0]["at"] == f"header/{header.lower()}"
    assert office.count("dossier") == 0


@pytest.mark.parametrize("path", ["", "/applicant"])
def test_there_is_no_such_dossier(office: Office, path: str) -> None:
    response = office.get(f"/v1/dossiers/{uuid4()}{path}")
    assert (response.status_code, slug(response)) == (404, "unknown-dossier")
    assert office.get(f"/v1/dossiers/not-an-id{path}").status_code == 422


def test_decisions_on_no_dossier_are_told_of(office: Office) -> None:
    assert slug(office.post(f"/v1/dossiers/{uuid4()}/accept")) == Reason.UNKNOWN_DOSSIER


def test_addresses_and_methods_there_are_not(office: Office) -> None:
    assert slug(office.get("/v1/Nguyen-Thi-Canary")) == "not-found"
    assert slug(office.get("/v1/search")) == "method-not-allowed"


def test_a_strange_request_id_is_replaced(office: Office) -> None:
    response = office.get("/v1/nothing", headers={"X-Request-ID": "Nguyen Thi Canary"})
    assert UUID(response.headers["x-request-id"]).version == 4


def test_the_api_describes_itself(office: Office) -> None:
    paths = office.app.openapi()["paths"]
    assert "/v1/dossiers/{dossier_id}/papers" in paths
