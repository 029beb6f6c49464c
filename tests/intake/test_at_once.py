"""Many clients at once, on each database: codes without a hole, sequences without a hole, one decision."""

from collections import Counter

from tests.intake.office import ONE_STOP, OPENING, Office, Request, picture, sequences


def test_two_hundred_dossiers_get_two_hundred_codes_without_a_hole(any_office: Office) -> None:
    opening = Request("POST", "/v1/dossiers", {"json": OPENING})
    responses = any_office.send([opening] * 200, at_once=20)
    codes = sorted(response.json()["code"] for response in responses)
    assert codes == [f"{ONE_STOP}-261008-{number:04d}" for number in range(1, 201)]


def test_a_dossier_that_failed_leaves_no_hole(any_office: Office) -> None:
    any_office.open_dossier()
    unknown = OPENING | {"competent_unit": "H1"}
    bodies = [unknown if number % 3 == 0 else OPENING for number in range(30)]
    any_office.send([Request("POST", "/v1/dossiers", {"json": body}) for body in bodies], at_once=10)
    assert any_office.open_dossier()["code"] == f"{ONE_STOP}-261008-0022"


def test_papers_added_at_once_stand_in_one_line(any_office: Office) -> None:
    dossier = any_office.open_dossier()["id"]
    path = f"/v1/dossiers/{dossier}/papers"
    requests = [Request("POST", path, {"files": {"file": picture(number)}}) for number in range(20)]
    responses = any_office.send(requests, at_once=20)
    assert Counter(response.status_code for response in responses) == {201: 20}
    assert sequences(any_office.events()) == list(range(1, 22))
    listed = any_office.get(f"/v1/dossiers/{dossier}").json()
    assert len(listed["papers"]) == 20
    assert listed["version"] == 21


def test_the_same_file_sent_at_once_is_one_paper(any_office: Office) -> None:
    dossier = any_office.open_dossier()["id"]
    adding = Request("POST", f"/v1/dossiers/{dossier}/papers", {"files": {"file": picture()}})
    responses = any_office.send([adding] * 20, at_once=20)
    assert Counter(response.status_code for response in responses) == {201: 1, 200: 19}
    assert len({response.json()["papers"][0]["id"] for response in responses}) == 1
    assert len(any_office.objects()) == 2, "the losers' objects are gone"


def test_of_two_clerks_one_accepts(any_office: Office) -> None:
    path = f"/v1/dossiers/{any_office.open_dossier()['id']}/accept"
    responses = any_office.send([Request("POST", path)] * 10, at_once=10)
    assert Counter(response.status_code for response in responses) == {200: 1, 409: 9}
    assert sequences(any_office.events()) == [1, 2]
