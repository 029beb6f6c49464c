"""A command with an idempotency key takes effect once, on each database, however it is repeated."""

from collections import Counter
from typing import Any

import httpx
import pytest

from tests.intake.office import OPENING, Office, Request, pdf, picture, slug

KEY = {"Idempotency-Key": "key-1"}


def same(first: httpx.Response, second: httpx.Response) -> bool:
    """Return whether two answers are the same."""
    return all(
        getattr(first, part) == getattr(second, part) for part in ("status_code", "content")
    ) and first.headers.get("etag") == second.headers.get("etag")


def test_the_same_again_gives_the_same_answer(office: Office) -> None:
    first, second = (office.post("/v1/dossiers", json=OPENING, headers=KEY) for _ in range(2))
    assert first.status_code == 201
    assert same(first, second)
    assert first.headers["location"] == second.headers["location"]
    assert (office.count("dossier"), len(office.events()), len(office.objects())) == (1, 1, 1)


def test_what_changed_meanwhile_does_not_change_the_answer(office: Office) -> None:
    dossier = office.open_dossier()
    path = f"/v1/dossiers/{dossier['id']}/accept"
    first = office.post(path, headers=KEY | {"If-Match": '"1"'})
    office.post(f"/v1/dossiers/{dossier['id']}/finish")
    assert same(first, office.post(path, headers=KEY | {"If-Match": '"1"'}))
    assert office.get(f"/v1/dossiers/{dossier['id']}").json()["status"] == 9


def test_the_same_json_written_otherwise_is_the_same(office: Office) -> None:
    first = office.post("/v1/dossiers", json=OPENING, headers=KEY)
    turned = dict(reversed(OPENING.items()))
    assert same(first, office.post("/v1/dossiers", json=turned, headers=KEY))


@pytest.mark.parametrize(
    "changes", [{"channel": 2}, {"applicant": {"full_name": "Nguyễn Thị Đào"}}, {"components": []}]
)
def test_another_body_under_the_same_key_is_refused(office: Office, changes: dict[str, Any]) -> None:
    office.post("/v1/dossiers", json=OPENING, headers=KEY)
    response = office.post("/v1/dossiers", json=OPENING | changes, headers=KEY)
    assert (response.status_code, slug(response)) == (422, "idempotency-key-reused")
    assert office.count("dossier") == 1


def test_a_key_belongs_to_its_caller_and_route(office: Office) -> None:
    office.post("/v1/dossiers", json=OPENING, headers=KEY)
    for other in ({"Hoso-Actor": "clerk-8"}, {"Hoso-Client": "portal"}):
        assert office.post("/v1/dossiers", json=OPENING | {"channel": 2}, headers=KEY | other).status_code == 201
    dossier = office.open_dossier()
    assert office.post(f"/v1/dossiers/{dossier['id']}/accept", headers=KEY).status_code == 200
    assert office.count("dossier") == 4


def test_a_key_used_for_one_dossier_is_no_key_for_another(office: Office) -> None:
    paths = [f"/v1/dossiers/{office.open_dossier()['id']}/accept" for _ in range(2)]
    assert office.post(paths[0], headers=KEY).status_code == 200
    assert slug(office.post(paths[1], headers=KEY)) == "idempotency-key-reused"


def test_papers_are_the_same_if_their_bytes_and_fields_are(office: Office) -> None:
    dossier = office.open_dossier()["id"]
    first = office.add(dossier, picture(1), pdf(), headers=KEY, data={"component_code": "TP01"})
    again = office.add(dossier, picture(1), pdf(), headers=KEY, data={"component_code": "TP01"})
    assert same(first, again), "the boundaries of the two bodies differed"
    others = (
        office.add(dossier, picture(2), pdf(), headers=KEY, data={"component_code": "TP01"}),
        office.add(dossier, picture(1), pdf(), headers=KEY, data={"component_code": "TP02"}),
        office.add(dossier, picture(1), pdf(), headers=KEY, data={"component_code": "TP01", "lane": "bulk"}),
        office.add(dossier, picture(1), headers=KEY, data={"component_code": "TP01"}),
    )
    assert {slug(other) for other in others} == {"idempotency-key-reused"}
    assert office.count("paper") == 2


def test_a_refusal_is_not_remembered(office: Office) -> None:
    assert office.post("/v1/dossiers", json=OPENING | {"receiving_unit": "H1"}, headers=KEY).status_code == 422
    assert office.post("/v1/dossiers", json=OPENING, headers=KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 129, "a b", "Đào"])
def test_a_strange_key_is_refused(office: Office, key: str) -> None:
    response = office.post("/v1/dossiers", json=OPENING, headers={"Idempotency-Key": key.encode()})
    assert slug(response) == "invalid-request"


def test_fifty_at_once_open_one_dossier(any_office: Office) -> None:
    opening = Request("POST", "/v1/dossiers", {"json": OPENING, "headers": KEY})
    responses = any_office.send([opening] * 50, at_once=50)
    assert Counter(response.status_code for response in responses) == {201: 50}
    assert len({response.content for response in responses}) == 1
    assert (any_office.count("dossier"), len(any_office.events()), len(any_office.objects())) == (1, 1, 1)


def test_twenty_at_once_add_one_paper(any_office: Office) -> None:
    dossier = any_office.open_dossier()["id"]
    adding = Request("POST", f"/v1/dossiers/{dossier}/papers", {"files": {"file": picture()}, "headers": KEY})
    responses = any_office.send([adding] * 20, at_once=20)
    assert {response.status_code for response in responses} == {201}
    assert len({response.content for response in responses}) == 1
    assert len(any_office.events(topic="hoso.papers.express")) == 1
    assert len(any_office.objects()) == 2
