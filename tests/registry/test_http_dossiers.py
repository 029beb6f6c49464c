"""The API of dossiers: filters, late and due soon, export, codes, and all that belongs to one."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest

from services.registry.http import dossiers as dossier_routes
from services.registry.http.api import api
from services.registry.queries import Queries
from shared.database import Database
from shared.events import (
    ComponentRecorded,
    DossierAccepted,
    DossierFinished,
    DossierOpened,
    DossierRerouted,
    DossierSupplemented,
    DossierSuspended,
    SupplementRequested,
    TaskOpened,
    TransferRecorded,
)
from tests.fakes.clock import FakeClock
from tests.registry.client import Client
from tests.registry.stories import MORNING, Teller
from tests.registry.test_lives import OPENING
from tests.registry.test_projection import keep

NOW = MORNING + timedelta(days=3)
UNITS = ("H98.02", "H98.02", "H98.03", "H98.02", "H98.03", "H98.02")


@pytest.fixture
def client(database: Database) -> Client:
    return Client(api(Queries(database), clock=FakeClock(NOW)))


@pytest.fixture
def told(database: Database, teller: Teller) -> list[UUID]:
    """Tell of six dossiers, a day apart: late, paused, due soon, settled early, settled late, only opened."""
    ids = [teller.id() for _ in UNITS]
    records = []
    for number, (dossier_id, unit) in enumerate(zip(ids, UNITS, strict=True)):
        opening = {**OPENING, "code": f"{unit}-{number}", "external_code": f"X={number}", "competent_unit": unit}
        records.append(teller.said(dossier_id, DossierOpened, **opening))
        if number < 5:
            due_at = NOW + timedelta(hours=(-30, -2, 7.25, 100, -60)[number])
            records.append(teller.moved(dossier_id, DossierAccepted, frm=1, to=2, due_at=due_at))
        teller.wait(hours=12)
    records.append(teller.moved(ids[1], DossierSuspended, to=8))
    records += [teller.moved(ids[n], DossierFinished, to=9, happened_at=NOW) for n in (3, 4)]
    rerouted = {"from_unit": "H98.02", "to_unit": "H98.04", "added_code": "H98.04-9"}
    records.append(teller.said(ids[3], DossierRerouted, **rerouted))
    records.append(teller.digitised(ids[2], teller.id(), needs_review=True))
    keep(database, [records])
    return ids


def listed(client: Client, path: str = "/v1/dossiers", **asked: Any) -> list[str]:
    answer = client.get(path, params={"unit": "all", **asked})
    assert answer.status_code == 200, answer.text
    return [item["dossier_id"] for item in answer.json()["items"]]


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({"open": True}, [2, 1, 0]),
    ({"open": False}, [5, 4, 3]),
    ({"open": True, "unit": "H98.01.10"}, [2, 1, 0]),
    ({"paused": True}, [1]),
    ({"paused": False}, [2, 0]),
    ({"overdue": True}, [0]),
    ({"overdue": True, "unit": "H98.03"}, []),
    ({"timeliness": "early"}, [3]),
    ({"timeliness": ["overdue", "on_time"]}, [4]),
    ({"received_from": "2026-10-09"}, [4, 3, 2]),
    ({"received_to": "2026-10-08"}, [1, 0]),
    ({"received_from": "2026-10-09", "received_to": "2026-10-09"}, [3, 2]),
    ({"settled_from": "2026-10-11", "settled_to": "2026-10-11"}, [4, 3]),
    ({"settled_to": "2026-10-10"}, []),
    ({"due_before": NOW.isoformat()}, [1, 0]),
    ({"needs_review": True}, [2]),
    ({"needs_review": False, "open": True}, [1, 0]),
    ({"unit": ["H98.03", "H98.04"]}, [4, 3, 2]),
    ({"unit": [f"H98.{n}" for n in range(40, 60)] + ["H98.03"]}, [4, 2]),
    ({"code": "H98.02-5"}, [5]),
    ({"code": "H98.04-9"}, [3]),
    ({"code": "H98.02-5", "unit": "H98.03"}, []),
    ({"channel": 2, "procedure": "9.990001", "status": [1, 8]}, [5, 1]),
]


def test_filters(client: Client, told: list[UUID]) -> None:
    for asked, expected in FILTERS:
        assert listed(client, **asked) == [str(told[i]) for i in expected], asked


@pytest.mark.parametrize(
    "asked",
    [
        {"timeliness": "CANARY"},
        {"received_from": "CANARY"},
        {"received_to": "9999-12-31"},
        {"due_before": "2026-10-08T00:00:00"},
        {"open": "CANARY"},
        {"overdue": "CANARY"},
        {"code": "CANARY\0"},
    ],
)
def test_what_makes_no_sense_is_named(client: Client, asked: dict[str, Any]) -> None:
    answer = client.get("/v1/dossiers", params={"unit": "all", **asked})
    assert (answer.status_code, "CANARY" in answer.text) == (422, False)
    assert next(iter(asked)) in answer.text


def test_late_and_due_soon_come_by_their_due_date(client: Client, told: list[UUID], database: Database) -> None:
    assert listed(client, "/v1/dossiers/late") == [str(told[0])]
    (late,) = client.get("/v1/dossiers/late", params={"unit": "H98.02"}).json()["items"]
    assert late["hours"] == 30.0
    (soon,) = client.get("/v1/dossiers/due-soon", params={"unit": "all"}).json()["items"]
    assert (soon["dossier_id"], soon["hours"]) == (str(told[2]), 7.2)
    assert listed(client, "/v1/dossiers/due-soon", hours=7) == []
    assert listed(client, "/v1/dossiers/due-soon", unit="H98.02") == []
    three_hours = Client(api(Queries(database), clock=FakeClock(NOW), due_soon_hours=3))
    assert listed(three_hours, "/v1/dossiers/due-soon") == []


def test_the_late_list_has_pages(client: Client, database: Database, teller: Teller) -> None:
    ids = []
    for number in range(7):
        dossier_id = teller.id()
        ids.append(str(dossier_id))
        opening = {**OPENING, "competent_unit": f"H98.0{number % 3}"}
        due_at = NOW - timedelta(hours=number // 2)  # some of them at the same moment
        accepted = teller.said(dossier_id, DossierAccepted, from_status=1, to_status=2, due_at=due_at)
        keep(database, [[accepted, teller.said(dossier_id, DossierOpened, **opening)]])
    link, seen = "/v1/dossiers/late?unit=H98.00&unit=H98.01&unit=H98.02&limit=2", []
    while link:
        page = client.get(link).json()
        seen += [(item["due_at"], item["dossier_id"]) for item in page["items"]]
        link = page["next"]
    assert seen == sorted(seen)
    assert sorted(dossier_id for _, dossier_id in seen) == sorted(ids[2:])


def test_a_list_that_has_not_changed_is_not_sent_again(
    client: Client, told: list[UUID], database: Database, teller: Teller
) -> None:
    tag = client.get("/v1/dossiers?unit=all").headers["etag"]
    assert client.get("/v1/dossiers?unit=all", headers={"If-None-Match": tag}).status_code == 304
    keep(database, [[teller.opened(teller.id())]])
    assert client.get("/v1/dossiers?unit=all", headers={"If-None-Match": tag}).status_code == 200
    assert len(told) == 6


def test_the_export_has_every_dossier_of_the_list(
    client: Client, told: list[UUID], database: Database, teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier_routes, "EXPORTED_AT_ONCE", 2)
    answer = client.get("/v1/dossiers/csv", params={"unit": "H98.01.10"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert "dossiers.csv" in answer.headers["content-disposition"]
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["dossier_id"] for row in rows] == [str(i) for i in reversed(told)]
    assert rows[-1]["accepted_at"] == "2026-10-08T08:00:09+07:00"
    assert (rows[2]["timeliness"], rows[0]["timeliness"], rows[0]["back_file"]) == ("early", "", "false")
    keep(database, [[teller.said(teller.id(), DossierOpened, **{**OPENING, "external_code": "=1+1"})]])
    (newest, *_) = csv.DictReader(StringIO(client.get("/v1/dossiers/csv?unit=all").content.decode("utf-8-sig")))
    assert newest["external_code"] == "'=1+1"
    assert client.get("/v1/dossiers/csv?unit=all&limit=3").status_code == 422


def test_an_export_without_the_database_is_a_problem() -> None:
    gone = Client(api(Queries(Database("postgresql+psycopg://nobody@127.0.0.1:9/nothing"))))
    answer = gone.get("/v1/dossiers/csv?unit=all")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:hoso:problem:database-unavailable")


def test_a_dossier_shows_all_that_belongs_to_it(client: Client, database: Database, teller: Teller) -> None:
    dossier_id, task_id, transfer_id = teller.id(), teller.id(), teller.id()
    due, later = NOW, NOW + timedelta(hours=20)
    transfer = {"transfer_id": transfer_id, "target": "ncc", "object": "dossier"}
    records = [
        teller.said(dossier_id, DossierOpened, **OPENING),
        teller.moved(dossier_id, DossierAccepted, to=2, due_at=due),
        teller.moved(dossier_id, SupplementRequested, to=5, due_at=due, component_codes=["C1"], reason_code="R1"),
        teller.moved(dossier_id, DossierSupplemented, to=4, due_at=later, due_before=due),
        teller.moved(dossier_id, SupplementRequested, to=5, due_at=later, number=2),
        teller.said(dossier_id, ComponentRecorded, component_code="C2", state="exempt", exempt_reason=1),
        teller.said(dossier_id, TaskOpened, task_id=task_id, unit="H98.04"),
        teller.said(dossier_id, TransferRecorded, **transfer, outcome="retried", reason_code="busy"),
        teller.said(dossier_id, TransferRecorded, **transfer, outcome="accepted", attempt=2),
    ]
    keep(database, [records[::-1]])
    dossier = client.get(f"/v1/dossiers/{dossier_id}").json()
    assert (dossier["status_name"], dossier["supplements"], dossier["missing"]) == ("awaiting_supplement", 2, 0)
    assert [(c["code"], c["state"], c["exempt_reason"]) for c in dossier["component_list"]] == [
        ("C1", "pending", None),
        ("C2", "exempt", 1),
        ("C3", "exempt", 3),
    ]
    assert [(t["task_id"], t["done"]) for t in dossier["task_list"]] == [(str(task_id), None)]
    assert [(t["outcome"], t["attempt"]) for t in dossier["transfers"]] == [("accepted", 2)]
    first, second = dossier["supplement_list"]
    assert (first["reason_code"], first["component_codes"], second["completed_at"]) == ("R1", ["C1"], None)
    assert [first["due_before"], first["due_after"]] == [dossier["first_due_at"], dossier["due_at"]]
    assert second["due_before"] == dossier["due_at"]
