"""Papers that wait: attached to a dossier, or opening one, once, and their bytes come along."""

from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.events import DossierOpened, PaperAccepted
from tests.fakes.store import AwayStore
from tests.intake.inbox import Inbox, waiting
from tests.intake.office import OPENING, Office, Request, pdf, sequences, slug


def put_in_tray(office: Office, root: Path, *, place: str = "express/D7", content: bytes = b"") -> dict[str, Any]:
    """Let a scan wait in a tray, and return it."""
    inbox = Inbox(office, root)
    inbox.put(f"{place}/scan.pdf", content or pdf())
    inbox.take()
    return waiting(office, place.rpartition("/")[2])[-1]


def attach(office: Office, paper: dict[str, Any], dossier_id: str, **options: Any) -> Any:
    """Attach a paper."""
    body = {"dossier_id": dossier_id, "component_code": "TP01"}
    return office.post(f"/v1/tray/{paper['id']}/attach", json=body, **options)


def test_an_attached_paper_is_its_dossiers(office: Office, tmp_path: Path) -> None:
    paper = put_in_tray(office, tmp_path)
    dossier = office.open_dossier()
    response = attach(office, paper, dossier["id"])
    assert response.status_code == 201
    (placed,) = response.json()["papers"]
    assert (placed["id"], placed["state"], placed["component_code"]) == (paper["id"], "accepted", "TP01")
    assert office.get(f"/v1/dossiers/{dossier['id']}").json()["papers"][0]["id"] == paper["id"]
    assert office.get(f"/v1/papers/{paper['id']}/original").content == pdf()
    assert office.objects() == {f"{dossier['id']}/applicant.json", f"{dossier['id']}/{paper['id']}/original"}
    assert sequences(office.events()) == [1, 2]
    data = office.events()[-1].data
    assert isinstance(data, PaperAccepted)
    assert data.actor.subject == "clerk-7", "who attached it, not who scanned it"
    assert len(office.events(topic="hoso.papers.express")) == 1
    assert waiting(office, "D7") == []


def test_a_paper_is_attached_once(office: Office, tmp_path: Path) -> None:
    paper = put_in_tray(office, tmp_path)
    dossiers = [office.open_dossier()["id"] for _ in range(2)]
    key = {"Idempotency-Key": "k"}
    first = attach(office, paper, dossiers[0], headers=key)
    assert attach(office, paper, dossiers[0], headers=key).content == first.content
    for dossier in dossiers:
        assert (attach(office, paper, dossier).status_code, slug(attach(office, paper, dossier))) == (
            409,
            "not-in-tray",
        )


def test_of_many_clerks_one_attaches_and_the_paper_survives(any_office: Office, tmp_path: Path) -> None:
    office = any_office
    paper = put_in_tray(office, tmp_path)
    ids = [office.open_dossier()["id"] for _ in range(2)]
    requests = [
        Request("POST", f"/v1/tray/{paper['id']}/attach", {"json": {"dossier_id": ids[number % 2]}})
        for number in range(12)
    ]
    responses = office.send(requests, at_once=12)
    assert Counter(response.status_code for response in responses) == {201: 1, 409: 11}
    assert office.get(f"/v1/papers/{paper['id']}/original").content == pdf()
    assert len(office.events(topic="hoso.papers.express")) == 1


def test_a_paper_the_dossier_has_already_leaves_the_tray(office: Office, tmp_path: Path) -> None:
    paper = put_in_tray(office, tmp_path)
    dossier = office.open_dossier()["id"]
    known = office.add_one(dossier, pdf())
    response = attach(office, paper, dossier)
    assert response.status_code == 200
    assert response.json()["papers"] == [known | {"duplicate": True}]
    assert waiting(office, "D7") == []
    assert len(office.events(topic="hoso.papers.express")) == 1


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({"component_code": "TP99"}, "unknown-component"), ({"dossier_id": str(uuid4())}, "unknown-dossier")],
)
def test_a_paper_waits_on_if_it_cannot_be_attached(
    office: Office, tmp_path: Path, changes: dict[str, str], kind: str
) -> None:
    paper = put_in_tray(office, tmp_path)
    body = {"dossier_id": office.open_dossier()["id"]} | changes
    assert slug(office.post(f"/v1/tray/{paper['id']}/attach", json=body)) == kind
    assert [p["id"] for p in waiting(office, "D7")] == [paper["id"]]


def test_there_is_no_such_paper(office: Office) -> None:
    assert slug(attach(office, {"id": uuid4()}, office.open_dossier()["id"])) == "unknown-paper"


def test_an_original_that_was_damaged_is_not_taken_for_the_paper(office: Office, tmp_path: Path) -> None:
    paper = put_in_tray(office, tmp_path)
    dossier = office.open_dossier()["id"]
    (original,) = (f for f in office.store.list() if f.name.startswith(paper["id"]))
    damaged = b"x" * original.size_bytes
    office.store.put(
        original.dossier_id, original.name, BytesIO(damaged), size_bytes=len(damaged), media_type="application/pdf"
    )
    assert attach(office, paper, dossier).status_code == 500
    assert [p["id"] for p in waiting(office, "D7")] == [paper["id"]]


def test_with_the_store_away_a_paper_waits_on(office: Office, tmp_path: Path) -> None:
    paper = put_in_tray(office, tmp_path)
    dossier = office.open_dossier()["id"]
    assert attach(office.on(store=AwayStore()), paper, dossier).status_code == 503
    assert attach(office, paper, dossier).status_code == 201


def test_a_back_file_opens_its_dossier(any_office: Office, tmp_path: Path) -> None:
    office = any_office
    paper = put_in_tray(office, tmp_path, place="bulk")
    key = {"Idempotency-Key": "k"}
    path = f"/v1/tray/{paper['id']}/open-dossier"
    response = office.post(path, json=OPENING | {"component_code": "TP02"}, headers=key)
    assert response.status_code == 201
    dossier = response.json()
    assert (dossier["back_file"], dossier["papers"][0]["id"]) == (True, paper["id"])
    assert response.headers["location"] == f"/v1/dossiers/{dossier['id']}"
    assert office.post(path, json=OPENING | {"component_code": "TP02"}, headers=key).content == response.content
    opened, accepted = office.events()
    assert isinstance(opened.data, DossierOpened)
    assert opened.data.back_file
    assert (opened.sequence, accepted.sequence) == (1, 2)
    assert office.get(f"/v1/dossiers/{dossier['id']}").json() == dossier
    assert office.get(f"/v1/papers/{paper['id']}/original").content == pdf()
    assert len(office.events(topic="hoso.papers.bulk")) == 1
    assert {UUID(name.partition("/")[0]) for name in office.objects()} == {UUID(dossier["id"])}


def test_an_express_paper_opens_no_back_file(office: Office, tmp_path: Path) -> None:
    paper = put_in_tray(office, tmp_path)
    response = office.post(f"/v1/tray/{paper['id']}/open-dossier", json=OPENING)
    assert (response.status_code, slug(response)) == (409, "not-a-back-file")


def test_a_back_file_for_no_component_opens_nothing(office: Office, tmp_path: Path) -> None:
    paper = put_in_tray(office, tmp_path, place="bulk")
    response = office.post(f"/v1/tray/{paper['id']}/open-dossier", json=OPENING | {"component_code": "TP99"})
    assert slug(response) == "unknown-component"
    assert office.count("dossier") == 0


def test_a_tray_is_read_page_by_page_oldest_first(any_office: Office, tmp_path: Path) -> None:
    office = any_office
    for pages in (1, 2, 3):
        put_in_tray(office, tmp_path, content=pdf(pages))
    sizes: list[int] = []
    after: str | None = None
    for _ in range(3):
        params = {"counter": "D7", "limit": 1} | ({"after": after} if after else {})
        page = office.get("/v1/tray", params=params).json()
        sizes += [paper["size_bytes"] for paper in page["papers"]]
        after = page["next"]
    assert sizes == [len(pdf(pages)) for pages in (1, 2, 3)]


def test_a_tray_needs_its_counter(office: Office) -> None:
    assert slug(office.get("/v1/tray")) == "invalid-request"
