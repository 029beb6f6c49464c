"""Papers over the API: added all or none, recognised when they come again, fetched byte for byte."""

import hashlib
from collections.abc import AsyncIterator
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import pytest

from shared.events import PaperAccepted, PaperDigitised, PaperFailed, PaperWork
from tests.intake.office import LIMITS, Office, pdf, picture, problem, sequences, slug


def test_papers_are_stored_entered_and_announced(office: Office) -> None:
    dossier = office.open_dossier()
    contents = [picture(1), pdf()]
    response = office.add(dossier["id"], *contents, name="Nguyễn Thị Canary.pdf", data={"component_code": "TP01"})
    assert response.status_code == 201
    png, document = response.json()["papers"]
    assert [p["media_type"] for p in (png, document)] == ["image/png", "application/pdf"]
    assert [p["name_mismatch"] for p in (png, document)] == [True, False]
    assert [p["sha256"] for p in (png, document)] == [hashlib.sha256(c).hexdigest() for c in contents]
    assert [p["size_bytes"] for p in (png, document)] == [len(c) for c in contents]
    assert {(p["component_code"], p["lane"], p["state"], p["duplicate"]) for p in (png, document)} == {
        ("TP01", "express", "accepted", False)
    }
    assert "Canary" not in response.text
    assert office.objects() >= {f"{dossier['id']}/{p['id']}/original" for p in (png, document)}
    listed = office.get(f"/v1/dossiers/{dossier['id']}").json()["papers"]
    assert [paper | {"duplicate": False} for paper in listed] == [png, document]


def test_a_paper_is_announced_as_a_fact_and_as_work(office: Office) -> None:
    dossier = office.open_dossier()
    paper = office.add(dossier["id"], pdf(), data={"lane": "bulk"}).json()["papers"][0]
    fact = office.events()[-1]
    assert isinstance(fact.data, PaperAccepted)
    assert (fact.key, fact.subject, fact.sequence) == (dossier["id"], paper["id"], 2)
    assert (fact.data.component_code, fact.data.lane) == (None, "bulk")
    (work,) = office.events(topic="hoso.papers.bulk")
    assert isinstance(work.data, PaperWork)
    assert work.key == str(work.data.paper_id) == paper["id"]
    assert (work.data.slice, work.sequence, work.data.size_bytes) == (0, None, paper["size_bytes"])
    assert office.events(topic="hoso.papers.express") == []


def test_the_sequence_of_a_dossier_has_no_hole(office: Office) -> None:
    dossier = office.open_dossier()
    office.add(dossier["id"], picture(1), picture(2))
    office.post(f"/v1/dossiers/{dossier['id']}/accept")
    office.add(dossier["id"], picture(2), picture(3))
    assert sequences(office.events()) == [1, 2, 3, 4, 5]


def test_each_file_can_have_its_component(office: Office) -> None:
    dossier = office.open_dossier()
    response = office.add(
        dossier["id"], picture(1), picture(2), picture(3), data={"component_code": ["TP02", "", "TP01"]}
    )
    assert [p["component_code"] for p in response.json()["papers"]] == ["TP02", None, "TP01"]


@pytest.mark.parametrize(
    ("codes", "kind"),
    [(["TP01", "TP02", "TP01"], "invalid-request"), (["TP99"], "unknown-component"), (["../x"], "invalid-request")],
)
def test_components_must_match_up(office: Office, codes: list[str], kind: str) -> None:
    dossier = office.open_dossier()
    response = office.add(dossier["id"], picture(1), picture(2), data={"component_code": codes})
    assert (response.status_code, slug(response)) == (422, kind)
    assert office.count("paper") == 0


def test_an_identical_file_is_recognised_and_processed_once(office: Office) -> None:
    dossier = office.open_dossier()
    first = office.add_one(dossier["id"])
    again = office.add(dossier["id"], picture(), name="another name.png")
    assert again.status_code == 200
    assert again.json()["papers"] == [first | {"duplicate": True}]
    mixed = office.add(dossier["id"], picture(5), picture(), picture(5))
    assert mixed.status_code == 201
    assert [p["duplicate"] for p in mixed.json()["papers"]] == [False, True, True]
    assert mixed.json()["papers"][0]["id"] == mixed.json()["papers"][2]["id"]
    assert len(office.events(topic="hoso.papers.express")) == 2
    assert len(office.objects()) == 3


def test_an_identical_file_of_another_dossier_is_another_paper(office: Office) -> None:
    ids = {office.add_one(office.open_dossier()["id"])["id"] for _ in range(2)}
    assert len(ids) == 2


def test_one_refused_file_refuses_all_of_them(office: Office) -> None:
    dossier = office.open_dossier()
    response = office.add(dossier["id"], picture(), b"", pdf(password="x"), b"hello", b"x" * (LIMITS.size_bytes + 1))
    told = problem(response)
    assert (response.status_code, slug(response)) == (422, "refused-files")
    assert [(e["index"], e["reason"]) for e in told["errors"]] == [
        (1, "empty"),
        (2, "encrypted"),
        (3, "unsupported"),
        (4, "too-large"),
    ]
    assert all(e["detail"] and e["detail_vi"] for e in told["errors"])
    assert office.count("paper") == 0
    assert len(office.objects()) == 1, "only the form"
    refused = office.metrics_registry.get_sample_value("hoso_intake_files_refused_total", {"reason": "encrypted"})
    assert refused == 1


def test_papers_need_a_dossier_and_files(office: Office) -> None:
    assert slug(office.add(str(uuid4()), picture())) == "unknown-dossier"
    path = f"/v1/dossiers/{office.open_dossier()['id']}/papers"
    assert slug(office.post(path)) == "invalid-request"
    assert slug(office.post(path, data={"file": "not a file"})) == "invalid-request"
    assert slug(office.post(path, files={"file": ("x", picture())}, data={"lane": "fast"})) == "invalid-request"
    assert len(office.objects()) == 1


def test_a_broken_upload_is_told_of(office: Office) -> None:
    path = f"/v1/dossiers/{office.open_dossier()['id']}/papers"
    headers = {"Content-Type": "multipart/form-data"}
    assert slug(office.post(path, content=b"--x\r\n", headers=headers)) == "bad-request"


def test_an_original_comes_back_byte_for_byte(office: Office) -> None:
    dossier = office.open_dossier()
    content = b"junk" + pdf(3)
    paper = office.add(dossier["id"], content, data={"component_code": "TP01"}).json()["papers"][0]
    response = office.get(f"/v1/papers/{paper['id']}/original")
    assert response.content == content
    assert response.headers["content-type"] == "application/pdf"
    name = f"{dossier['code']}_TP01_{paper['id'][:8]}.pdf"
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert (response.headers["x-content-type-options"], response.headers["cache-control"]) == ("nosniff", "no-store")


def digitised(office: Office, dossier_id: str, paper: str, version: str = "v1") -> PaperDigitised:
    folder = f"{paper}/{version}"
    for name, content in (("document.pdf", b"%PDF"), ("text.txt", "Số: 1\f".encode()), ("facts.json", FACTS)):
        put(office, dossier_id, f"{folder}/{name}", content)
    return PaperDigitised(
        paper_id=UUID(paper),
        dossier_id=UUID(dossier_id),
        version=version,
        pages=2,
        pages_failed=0,
        words=10,
        confidence=91.5,
        document_bytes=4,
        seconds=1,
        needs_review=False,
        engine="t",
    )


FACTS = b'{"fields": {"number": "1"}, "pages": [{"number": 1}], "other": 1}'


def put(office: Office, dossier_id: str, name: str, content: bytes) -> None:
    office.store.put(UUID(dossier_id), name, BytesIO(content), size_bytes=len(content), media_type="text/plain")


def fetch(office: Office, paper: str, part: str) -> httpx.Response:
    return office.get(f"/v1/papers/{paper}/{part}")


def test_what_was_made_of_a_paper_can_be_fetched(office: Office) -> None:
    dossier = office.open_dossier()
    paper = office.add_one(dossier["id"])["id"]
    for part in ("document", "text", "fields"):
        assert slug(fetch(office, paper, part)) == "not-digitised-yet"
    office.learn(digitised(office, dossier["id"], paper))
    assert fetch(office, paper, "document").content == b"%PDF"
    assert fetch(office, paper, "text").text == "Số: 1\f"
    assert fetch(office, paper, "text").headers["content-type"] == "text/plain; charset=utf-8"
    assert fetch(office, paper, "fields").json() == {
        "paper_id": paper,
        "version": "v1",
        "fields": {"number": "1"},
        "pages": [{"number": 1}],
        "reviewed": None,
    }
    facts = office.get(f"/v1/papers/{paper}").json()
    assert (facts["state"], facts["version"], facts["pages"], facts["words"]) == ("digitised", "v1", 2, 10)


def test_hearing_of_a_paper_changes_its_dossiers_version_once(office: Office) -> None:
    dossier = office.open_dossier()
    paper = office.add_one(dossier["id"])["id"]
    news = digitised(office, dossier["id"], paper)
    office.learn(news, news)
    office.learn(news)
    assert office.get(f"/v1/dossiers/{dossier['id']}").headers["etag"] == '"3"'


def test_a_late_failure_does_not_take_a_document_away(office: Office) -> None:
    dossier = office.open_dossier()
    paper = office.add_one(dossier["id"])["id"]
    failure = PaperFailed(paper_id=UUID(paper), dossier_id=UUID(dossier["id"]), reason="corrupt", attempts=3)
    office.learn(failure)
    response = fetch(office, paper, "text")
    assert (response.status_code, slug(response)) == (409, "digitisation-failed")
    assert problem(response)["errors"][0]["reason"] == "corrupt"
    office.learn(digitised(office, dossier["id"], paper), failure)
    assert office.get(f"/v1/papers/{paper}").json()["state"] == "digitised"
    office.learn(digitised(office, dossier["id"], paper, version="v2"))
    assert office.get(f"/v1/papers/{paper}").json()["version"] == "v2"


def test_news_of_papers_we_do_not_have_changes_nothing(office: Office) -> None:
    dossier = office.open_dossier()
    paper = office.add_one(dossier["id"])["id"]
    office.learn(digitised(office, str(uuid4()), paper), digitised(office, dossier["id"], str(uuid4())))
    assert office.get(f"/v1/papers/{paper}").json()["state"] == "accepted"


@pytest.mark.parametrize("part", ["", "/original", "/document", "/text", "/fields"])
def test_there_is_no_such_paper(office: Office, part: str) -> None:
    response = office.get(f"/v1/papers/{uuid4()}{part}")
    assert (response.status_code, slug(response)) == (404, "unknown-paper")


def test_an_original_that_is_gone_is_our_error(office: Office) -> None:
    dossier = office.open_dossier()
    paper = office.add_one(dossier["id"])["id"]
    office.store.delete(UUID(dossier["id"]), f"{paper}/original")
    assert fetch(office, paper, "original").status_code == 500


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_grows_too_large_is_ended(office: Office, *, announced: bool) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while sent < 20_000_000:
            sent += 100_000
            yield b"x" * 100_000

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    headers |= {"Content-Length": "20000000"} if announced else {}
    path = f"/v1/dossiers/{office.open_dossier()['id']}/papers"
    response = office.post(path, content=endless(), headers=headers)
    assert (response.status_code, slug(response)) == (413, "content-too-large")
    assert sent <= (0 if announced else 5_200_000)


def test_a_json_body_is_bounded_closer(office: Office) -> None:
    response = office.post("/v1/dossiers", content=b" " * 1_100_000, headers={"Content-Type": "application/json"})
    assert response.status_code == 413
