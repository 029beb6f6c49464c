"""The API: lists with a scope, pages without repetition, problems a person can read."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.registry.http.api import api
from services.registry.load import load
from services.registry.queries import Queries
from services.registry.reference_store import TableReference
from shared.database import Database
from shared.events import Channel, FieldAnswer
from tests.fakes.clock import FakeClock
from tests.registry.client import Client
from tests.registry.stories import Teller
from tests.registry.test_projection import keep
from tests.registry.test_reference import PROCEDURES, PROVINCE, UNITS

CENTRE = "H98.01.10"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def client(database: Database) -> Client:
    load(PROVINCE, TableReference(database), FakeClock())
    return Client(api(Queries(database)))


@pytest.fixture
def empty(sqlite: Database) -> Client:
    """Return a client of a registry that knows nothing."""
    return Client(api(Queries(sqlite)))


@pytest.fixture
def told(database: Database, teller: Teller) -> list[UUID]:
    """Tell of five dossiers, opened one after the other."""
    ids = [teller.id() for _ in range(5)]
    keep(database, [[teller.opened(ids[0], code="H98.03-261008-0001", unit="H98.03", procedure="9.990010")]])
    keep(database, [teller.whole(ids[1]), [teller.opened(ids[2], channel=Channel.ONLINE)]])
    keep(database, [teller.whole(ids[3]), [teller.opened(ids[4]), teller.accepted(ids[4])]])
    return ids


def listed(client: Client, **asked: Any) -> list[str]:
    answer = client.get("/v1/dossiers", params=asked)
    assert answer.status_code == 200, answer.text
    return [item["dossier_id"] for item in answer.json()["items"]]


def problem(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"] != body["detail_vi"]
    return answer.status_code, body["type"].removeprefix("urn:hoso:problem:")


def test_dossiers_come_newest_first(client: Client, told: list[UUID]) -> None:
    assert listed(client, unit="all") == [str(dossier_id) for dossier_id in reversed(told)]


def mark(*parts: object) -> str:
    """Return a mark of a place as no link of ours has it."""
    return urlsafe_b64encode(json.dumps(parts).encode()).decode()


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({"unit": CENTRE}, [4, 3, 2, 1, 0]),  # received there, whoever is competent
    ({"unit": "H98.03"}, [0]),
    ({"unit": ["H98.02", "H98.03"]}, [4, 3, 2, 1, 0]),
    ({"unit": "H98.99"}, []),
    ({"unit": "all", "status": 10}, [3, 1]),
    ({"unit": "all", "status": [1, 2]}, [4, 2, 0]),
    ({"unit": "all", "procedure": "9.990010"}, [0]),
    ({"unit": "all", "channel": 2}, [2]),
    ({"unit": "H98.02", "status": 10, "channel": 2}, []),
]


def test_filters(client: Client, told: list[UUID]) -> None:
    for asked, expected in FILTERS:
        assert listed(client, **asked) == [str(told[i]) for i in expected], asked


def test_pages_follow_each_other_without_a_hole(
    client: Client, told: list[UUID], database: Database, teller: Teller
) -> None:
    link, seen = "/v1/dossiers?unit=H98.02&unit=H98.03&limit=2", []
    while link:
        page = client.get(link).json()
        seen += [item["dossier_id"] for item in page["items"]]
        keep(database, [[teller.opened(teller.id())]])  # what is opened meanwhile moves nothing
        link = page["next"]
    assert seen == [str(dossier_id) for dossier_id in reversed(told)]


def test_a_dossier_whose_opening_was_not_seen_is_in_no_list(client: Client, database: Database, teller: Teller) -> None:
    dossier_id = teller.id()
    opened, accepted = teller.opened(dossier_id), teller.accepted(dossier_id)
    keep(database, [[accepted]])
    assert listed(client, unit="all") == []
    dossier = client.get(f"/v1/dossiers/{dossier_id}").json()
    assert (dossier["status_name"], dossier["missing"], dossier["code"]) == ("accepted", 1, None)
    keep(database, [[opened]])
    assert listed(client, unit="all") == [str(dossier_id)]
    assert client.get(f"/v1/dossiers/{dossier_id}").json()["missing"] == 0


def test_a_dossier_shows_its_papers(client: Client, told: list[UUID]) -> None:
    dossier = client.get(f"/v1/dossiers/{told[1]}").json()
    assert (dossier["status"], dossier["status_name"], dossier["events_seen"]) == (10, "returned", 7)
    assert [(p["state"], p["pages"], p["failure_reason"]) for p in dossier["papers"]] == [
        ("digitised", 3, None),
        ("failed", None, "corrupt"),
    ]


def test_papers_tell_whether_a_person_looked(database: Database, client: Client, teller: Teller) -> None:
    dossier_id, paper_id, other = teller.id(), teller.id(), teller.id()
    keep(database, [[teller.opened(dossier_id), teller.digitised(dossier_id, paper_id, needs_review=True)]])
    keep(database, [[teller.digitised(dossier_id, other)]])

    def told() -> tuple[object, ...]:
        dossier = client.get(f"/v1/dossiers/{dossier_id}").json()
        (paper,) = [p for p in dossier["papers"] if p["paper_id"] == str(paper_id)]
        (item,) = client.get("/v1/dossiers", params={"unit": "all"}).json()["items"]
        counts = (dossier["needs_review"], dossier["reviewed"])
        assert counts == (item["needs_review"], item["reviewed"])
        return *counts, paper["reviewed"], paper["reviewed_version"], paper["revision"]

    assert told() == (1, 0, False, None, 0)
    keep(database, [[teller.reviewed(dossier_id, paper_id, FieldAnswer.RIGHT)]])
    assert told() == (0, 1, True, "v1", 0)
    keep(database, [[teller.digitised(dossier_id, paper_id, version="v1-r1", revision=1, needs_review=True)]])
    assert told() == (1, 0, False, "v1", 1)
    keep(database, [[teller.reviewed(dossier_id, paper_id, FieldAnswer.ABSENT, version="v1-r1")]])
    assert told() == (0, 1, True, "v1-r1", 1)


def test_the_history_tells_who_did_what(client: Client, told: list[UUID]) -> None:
    items = client.get(f"/v1/dossiers/{told[1]}/history").json()["items"]
    assert [item["sequence"] for item in items] == [1, 2, 3, 4, 5, 6, 7, None, None]
    assert items[0]["actor"]["subject"] == "clerk-7"
    assert items[0]["data"]["code"] == "H98.02-261008-0001"
    assert "actor" not in items[0]["data"]
    assert items[-1]["actor"] is None


@pytest.mark.parametrize("path", ["/v1/dossiers/{}", "/v1/dossiers/{}/history", "/v1/procedures/9.990001"])
def test_what_has_not_changed_is_not_sent_again(
    client: Client, told: list[UUID], database: Database, path: str
) -> None:
    path = path.format(told[2])
    tag = client.get(path).headers["etag"]
    again = client.get(path, headers={"If-None-Match": f'W/"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    if "dossiers" in path:
        keep(database, [[Teller("more").digitised(told[2], told[0])]])
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_procedures_by_unit_and_level(client: Client) -> None:
    found = client.get("/v1/procedures", params={"unit": ["H98.03", "H98.61"], "level": ["full", "info"]}).json()
    assert [item["code"] for item in found["items"]] == ["9.990010", "9.990011", "9.990017", "9.990018"]
    assert client.get("/v1/procedures/9.990010").json()["version"] == 2


def test_units(client: Client) -> None:
    assert len(client.get("/v1/units").json()["items"]) == 10


def test_levels_of_each_unit_and_of_all(client: Client) -> None:
    table = client.get("/v1/levels", params={"unit": ["H98.02", CENTRE, "H98.99"]}).json()
    centre, department = table["items"]
    assert department["counts"] == {"full": 3, "partial": 3, "info": 2, "unclassified": 1}
    assert (department["shares"]["info"], department["total"]) == (0.2222, 9)
    assert centre["shares"] == {"full": None, "partial": None, "info": None, "unclassified": None}
    assert table["total"]["counts"] == department["counts"]
    assert client.get("/v1/levels", params={"unit": "all"}).json()["total"]["total"] == 20


def test_of_a_procedure_the_newest_version_counts(database: Database, tmp_path: Path) -> None:
    newer = PROCEDURES.splitlines()[1].replace("9.990001,1,", "9.990001,10,").replace("full", "partial")
    (tmp_path / "units.csv").write_text(UNITS)
    (tmp_path / "procedures.csv").write_text(f"{PROCEDURES}{newer}\n")
    load(tmp_path, TableReference(database), FakeClock())
    client = Client(api(Queries(database)))
    (unit,) = client.get("/v1/levels", params={"unit": "H98.01"}).json()["items"]
    assert unit["counts"] == {"full": 0, "partial": 1, "info": 0, "unclassified": 1}
    assert client.get("/v1/procedures/9.990001").json()["version"] == 10
    assert client.get("/v1/procedures", params={"unit": "all", "level": "full"}).json()["items"] == []


def test_the_summary_counts_what_a_unit_has(client: Client, told: list[UUID]) -> None:
    everything = client.get("/v1/summary", params={"unit": "all"}).json()
    assert {name: n for name, n in everything["dossiers"].items() if n} == {
        "registered": 2,
        "accepted": 1,
        "returned": 2,
    }
    assert everything["papers"] == {"accepted": 0, "digitised": 2, "failed": 2}
    assert everything["pages_digitised"] == 6
    small = client.get("/v1/summary", params={"unit": "H98.03"}).json()
    assert (sum(small["dossiers"].values()), small["papers"]["digitised"], small["pages_digitised"]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/dossiers", (422, "invalid-request")),
        ("/v1/levels", (422, "invalid-request")),
        ("/v1/summary", (422, "invalid-request")),
        ("/v1/procedures", (422, "invalid-request")),
        ("/v1/dossiers?unit=all&status=11", (422, "invalid-request")),
        ("/v1/dossiers?unit=all&limit=0", (422, "invalid-request")),
        ("/v1/dossiers?unit=all&after=CANARY", (422, "invalid-request")),
        ("/v1/dossiers?unit=all&after=WyJ4IiwieSJd", (422, "invalid-request")),
        ("/v1/procedures?unit=all&level=CANARY", (422, "invalid-request")),
        ("/v1/dossiers?unit=all&sort=CANARY", (422, "invalid-request")),
        ("/v1/dossiers?unit=%00", (422, "invalid-request")),
        ("/v1/dossiers?unit=all&procedure=CANARY%00", (422, "invalid-request")),
        (f"/v1/dossiers?unit=all&after={mark('0001-01-01T00:00:00+14:00', NOBODY)}", (422, "invalid-request")),
        (f"/v1/dossiers?unit=all&after={mark('2026-10-08T00:00:00Z', chr(0))}", (422, "invalid-request")),
        (f"/v1/dossiers?unit=all&after={mark('2026-10-08T00:00:00Z', 7)}", (422, "invalid-request")),
        ("/v1/procedures/%00", (422, "invalid-request")),
        ("/v1/dossiers/CANARY", (422, "invalid-request")),
        (f"/v1/dossiers/{NOBODY}", (404, "unknown-dossier")),
        (f"/v1/dossiers/{NOBODY}/history", (404, "unknown-dossier")),
        ("/v1/procedures/CANARY", (404, "unknown-procedure")),
        ("/v1/CANARY", (404, "not-found")),
    ],
)
def test_problems(empty: Client, path: str, expected: tuple[int, str]) -> None:
    assert problem(empty, path) == expected
    assert "CANARY" not in empty.get(path).text


def test_a_method_that_is_not_allowed(empty: Client) -> None:
    assert empty.post("/v1/units").json()["type"] == "urn:hoso:problem:method-not-allowed"


def test_without_its_database_it_says_when_to_come_back() -> None:
    gone = Database("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    answer = Client(api(Queries(gone))).get("/v1/units")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == "urn:hoso:problem:database-unavailable"


def test_a_bug_is_no_stack_trace(tmp_path: Path) -> None:
    without_tables = Database(f"sqlite:///{tmp_path}/without-tables.db")
    answer = Client(api(Queries(without_tables))).get("/v1/units")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:hoso:problem:internal-error")
    assert "unit" not in answer.text


def test_the_document_describes_every_path(empty: Client) -> None:
    document = empty.app.openapi()
    assert len(document["paths"]) == 11
    schema = document["paths"]["/v1/dossiers/{dossier_id}"]["get"]["responses"]
    assert {"200", "404", "422", "503"} <= set(schema)
