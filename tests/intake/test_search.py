"""People are found by what they say of themselves, among the dossiers of the units asked for."""

from typing import Any

import pytest

from tests.intake.office import DEPARTMENT, ONE_STOP, Office, slug


def found(office: Office, **question: Any) -> list[str]:
    """Return the codes of the dossiers found, without what they have in common."""
    response = office.post("/v1/search", json={"units": [ONE_STOP], **question})
    assert response.status_code == 200, response.text
    return [str(dossier["code"]).rpartition("-")[2] for dossier in response.json()["dossiers"]]


def settle(office: Office) -> Office:
    """Open three people's dossiers, one after the other."""
    for name, number in (("Nguyễn Thị Đào", "001 099 012 345"), ("Trần Văn Đạo", "012345678"), ("Nguyễn Văn An", None)):
        office.open_dossier(applicant={"full_name": name, "identity_number": number})
        office.clock.advance(seconds=1)
    return office


@pytest.fixture
def people(office: Office) -> Office:
    """Return an office with three people's dossiers."""
    return settle(office)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Nguyễn Thị Đào", ["0001"]),
        ("nguyen thi dao", ["0001"]),
        ("ĐÀO  nguyễn", ["0001"]),
        ("đạo", ["0002", "0001"]),
        ("văn", ["0003", "0002"]),
        ("Nguyễn", ["0003", "0001"]),
        ("Nguyễn Đạo Văn", []),
        ("Nguy", []),
    ],
)
def test_by_name_with_or_without_diacritics(people: Office, name: str, codes: list[str]) -> None:
    assert found(people, full_name=name) == codes


def test_by_identity_number_however_it_is_spaced(people: Office) -> None:
    assert found(people, identity_number="001099012345") == ["0001"]
    assert found(people, identity_number="012 345 678") == ["0002"]
    assert found(people, identity_number="01234567") == []


def test_by_code(people: Office) -> None:
    assert found(people, code=f"{ONE_STOP}-261008-0002") == ["0002"]


def test_all_that_is_asked_must_hold(people: Office) -> None:
    assert found(people, full_name="Nguyễn", identity_number="012345678") == []
    assert found(people, full_name="Trần", identity_number="012345678") == ["0002"]


def test_among_the_units_asked_for(people: Office) -> None:
    assert found(people, units=["H98.77"], full_name="Nguyễn") == []
    assert found(people, units=[DEPARTMENT], full_name="Nguyễn") == ["0003", "0001"], "it is competent"


def test_a_scope_is_needed(people: Office) -> None:
    for units in (list[str](), None):
        assert slug(people.post("/v1/search", json={"units": units, "full_name": "An"})) == "invalid-request"
    assert slug(people.post("/v1/search", json={"full_name": "An"})) == "invalid-request"


def test_a_question_without_letters_is_none(people: Office) -> None:
    assert slug(people.post("/v1/search", json={"units": [ONE_STOP], "full_name": "--"})) == "invalid-request"


def test_page_by_page_on_each_database(any_office: Office) -> None:
    people = settle(any_office)
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = people.post("/v1/search", json={"units": [ONE_STOP], "limit": 1, "after": after}).json()
        seen += [dossier["code"][-4:] for dossier in page["dossiers"]]
        after = page["next"]
    assert seen == ["0003", "0002", "0001"]
    assert people.post("/v1/search", json={"units": [ONE_STOP], "limit": 1, "after": after}).json() == {
        "dossiers": [],
        "next": None,
    }
