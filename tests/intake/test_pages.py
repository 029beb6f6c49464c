"""Pages over the API: pictures, words, tables as CSV, a page read again; and papers that are refused."""

import csv
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.sweep import sweep
from shared.events import PaperFailed, PaperWork, Redo, deterministic_id
from tests.intake.inbox import Inbox
from tests.intake.office import Office, Request, pdf, problem, sequences, slug
from tests.intake.reviewing import ANSWERS, FACTS, VERSION, Desk
from tests.intake.test_sweep import LATER

PARTS = ("pages/1/picture", "pages/1/words", "tables.csv")


def cell(row: int, column: int, text: str, *, row_span: int = 1, column_span: int = 1) -> dict[str, Any]:
    spans = {"row_span": row_span, "column_span": column_span}
    return {"row": row, "column": column, **spans, "text": text, "box": {}, "confidence": 90}


FEES = [cell(0, 0, "Tên", column_span=2), cell(1, 0, 'Lệ phí "A", B'), cell(1, 1, "dòng 1\ndòng 2")]
NAMES = [cell(0, 0, "TT", row_span=2), cell(0, 1, "Họ và tên"), cell(1, 1, "Đỗ Thị Ô")]


def with_tables(*tables: list[dict[str, Any]]) -> dict[str, Any]:
    return FACTS | {"tables": [{"page": 1, "box": {}, "cells": cells} for cells in tables]}


def redo(desk: Desk, page: int = 1, **options: Any) -> Request:
    return Request("POST", f"/v1/papers/{desk.paper}/pages/{page}/redo", options)


def test_a_page_is_served_for_the_eye(office: Office) -> None:
    desk = Desk(office)
    desk.put_page("webp", b"RIFF")
    desk.put_page("words.json", b'{"page": 1}')
    picture = office.get(f"/v1/papers/{desk.paper}/pages/1/picture")
    assert (picture.content, picture.headers["content-type"]) == (b"RIFF", "image/webp")
    assert picture.headers["cache-control"] == "private, no-cache"
    assert picture.headers["etag"] == f'"{VERSION}"'
    words = office.get(f"/v1/papers/{desk.paper}/pages/1/words")
    assert (words.json(), words.headers["content-type"]) == ({"page": 1}, "application/json")


def test_a_page_is_sent_again_only_when_it_changed(office: Office) -> None:
    desk = Desk(office)
    desk.put_page("webp", b"RIFF")
    path, known = f"/v1/papers/{desk.paper}/pages/1/picture", {"If-None-Match": f'"{VERSION}"'}
    same = office.get(path, headers=known)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", f'"{VERSION}"')
    desk.hear("p1-r1", 1)
    desk.put_page("webp", b"RIFF2", "p1-r1")
    assert office.get(path, headers=known).content == b"RIFF2"


@pytest.mark.parametrize("page", [0, 1, 2, -1])
def test_there_is_no_such_page(office: Office, page: int) -> None:
    desk = Desk(office)
    for part in ("picture", "words"):
        response = office.get(f"/v1/papers/{desk.paper}/pages/{page}/{part}")
        assert (response.status_code, slug(response)) == (404, "unknown-page")


def test_tables_come_as_csv(office: Office) -> None:
    desk = Desk(office, facts=with_tables(FEES, NAMES))
    response = office.get(f"/v1/papers/{desk.paper}/tables.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"].endswith('.csv"')
    first = 'Tên,\r\n"Lệ phí ""A"", B","dòng 1\ndòng 2"\r\n'
    second = "TT,Họ và tên\r\n,Đỗ Thị Ô\r\n"
    assert response.content == b"\xef\xbb\xbf" + f"{first}\r\n{second}".encode()
    one = office.get(f"/v1/papers/{desk.paper}/tables.csv", params={"table": 2})
    assert one.content == b"\xef\xbb\xbf" + second.encode()
    assert list(csv.reader(StringIO(one.content.decode("utf-8-sig")))) == [["TT", "Họ và tên"], ["", "Đỗ Thị Ô"]]
    for number, kind in ((3, "unknown-table"), (0, "invalid-request")):
        assert slug(office.get(f"/v1/papers/{desk.paper}/tables.csv", params={"table": number})) == kind
    bare = Desk(office)
    assert slug(office.get(f"/v1/papers/{bare.paper}/tables.csv")) == "unknown-table"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@x", "'@x"),
        ("+cmd", "'+cmd"),
        ("- Như trên", "'- Như trên"),
        ("-", "-"),
        ("-1.500,5", "-1.500,5"),
        ("1-2", "1-2"),
    ],
)
def test_no_cell_runs_as_a_formula(office: Office, text: str, shown: str) -> None:
    desk = Desk(office, facts=with_tables([cell(0, 0, text)]))
    content = office.get(f"/v1/papers/{desk.paper}/tables.csv").content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(content))) == [[shown]]


def test_a_page_is_read_again(any_office: Office) -> None:
    desk = Desk(any_office, lane="bulk")
    options = {"rotation": 90, "segmentation": "block", "cleaning": "full"}
    (response,) = any_office.send([redo(desk, json=options, headers={"X-Request-ID": "abc"})])
    assert (response.status_code, response.json()) == (202, {"paper_id": desk.paper, "page": 1, "revision": 1})
    first, work = any_office.events(topic="hoso.papers.bulk")
    assert isinstance(first.data, PaperWork)
    assert isinstance(work.data, PaperWork)
    assert work.data == first.data.model_copy(
        update={"redo": Redo(base_version=VERSION, revision=1, page=1, **options)}
    )
    assert (work.key, work.subject, work.sequence) == (first.key, first.subject, None)
    assert (work.id, work.correlation_id) == (deterministic_id(UUID(desk.paper), "redo", 1), "abc")
    assert sequences(any_office.events()) == [1, 2], "reading again is no decision about the dossier"


def test_redo_without_options_reads_as_usual(office: Office) -> None:
    desk = Desk(office)
    (response,) = office.send([redo(desk)])
    assert response.status_code == 202
    work = office.events(topic="hoso.papers.express")[-1].data
    assert isinstance(work, PaperWork)
    assert work.redo == Redo(base_version=VERSION, revision=1, page=1)


def test_two_at_once_get_two_revisions(any_office: Office) -> None:
    desk = Desk(any_office)
    responses = any_office.send([redo(desk)] * 10, at_once=10)
    assert Counter(response.status_code for response in responses) == {202: 10}
    assert sorted(response.json()["revision"] for response in responses) == list(range(1, 11))
    works = [event.data for event in any_office.events(topic="hoso.papers.express")[1:]]
    assert [work.redo.revision for work in works if isinstance(work, PaperWork) and work.redo] == list(range(1, 11))


def test_a_revision_heard_of_is_counted_on_from(any_office: Office) -> None:
    desk = Desk(any_office)
    desk.hear("p1-r6", 6)
    (response,) = any_office.send([redo(desk)])
    assert response.json()["revision"] == 7
    work = any_office.events(topic="hoso.papers.express")[-1].data
    assert isinstance(work, PaperWork)
    assert work.redo is not None
    assert work.redo.base_version == "p1-r6"


def test_redo_with_a_key_takes_effect_once(any_office: Office) -> None:
    desk = Desk(any_office)
    key = {"Idempotency-Key": "k1"}
    responses = any_office.send([redo(desk, headers=key)] * 10, at_once=10)
    assert {(response.status_code, response.content) for response in responses} == {(202, responses[0].content)}
    assert len(any_office.events(topic="hoso.papers.express")) == 2
    (other,) = any_office.send([redo(desk, headers=key, json={"cleaning": "none"})])
    assert slug(other) == "idempotency-key-reused"


@pytest.mark.parametrize("options", [{"rotation": 45}, {"segmentation": "line"}, {"cleaning": "some"}, {"x": 1}])
def test_redo_knows_its_options(office: Office, options: dict[str, Any]) -> None:
    (response,) = office.send([redo(Desk(office), json=options)])
    assert slug(response) == "invalid-request"


def test_redo_needs_a_page_of_a_paper_that_was_read(office: Office, tmp_path: Path) -> None:
    desk = Desk(office)
    for page in (0, 2):
        (response,) = office.send([redo(desk, page)])
        assert (response.status_code, slug(response)) == (404, "unknown-page")
    fresh = office.add_one(desk.dossier, pdf())["id"]
    assert slug(office.post(f"/v1/papers/{fresh}/pages/1/redo")) == "not-digitised-yet"
    office.learn(PaperFailed(paper_id=UUID(fresh), dossier_id=UUID(desk.dossier), reason="corrupt", attempts=3))
    assert slug(office.post(f"/v1/papers/{fresh}/pages/1/redo")) == "digitisation-failed"
    inbox = Inbox(office, tmp_path)
    inbox.put("express/D7/scan.pdf", pdf(2))
    inbox.take()
    waiting = office.get("/v1/tray", params={"counter": "D7"}).json()["papers"][0]["id"]
    for refused in (office.post(f"/v1/papers/{waiting}/pages/1/redo"), office.get(f"/v1/papers/{waiting}/text")):
        assert (refused.status_code, slug(refused)) == (409, "in-tray")
    assert slug(office.post(f"/v1/papers/{uuid4()}/pages/1/redo")) == "unknown-paper"
    assert len(office.events(topic="hoso.papers.express")) == 2, "the work of the two papers, and nothing else"


def secret(desk: Desk) -> PaperFailed:
    return PaperFailed(paper_id=UUID(desk.paper), dossier_id=UUID(desk.dossier), reason="secret", attempts=1)


def test_a_secret_paper_is_refused(any_office: Office) -> None:
    desk = Desk(any_office)
    desk.act("claim", "ana")
    desk.save("ana", ANSWERS)
    version = any_office.get(f"/v1/dossiers/{desk.dossier}").json()["version"]
    any_office.learn(secret(desk), secret(desk))
    dossier = any_office.get(f"/v1/dossiers/{desk.dossier}").json()
    assert dossier["version"] == version + 1
    (paper,) = dossier["papers"]
    assert (paper["state"], paper["reason"]) == ("refused", "secret")
    assert "not digitised here" in paper["detail"]
    assert "không được số hóa" in paper["detail_vi"]
    facts = ("version", "pages", "words", "confidence", "document_bytes", "needs_review")
    assert [paper[name] for name in facts] == [None] * len(facts)
    assert (paper["review_fields"], paper["review_reasons"], paper["revision"]) == ([], [], 0)
    for part in ("document", "text", "fields", *PARTS):
        response = any_office.get(f"/v1/papers/{desk.paper}/{part}")
        told = problem(response)
        assert (response.status_code, slug(response)) == (409, "paper-refused")
        assert "không được số hóa" in told["errors"][0]["detail_vi"]
    (again,) = any_office.send([redo(desk)])
    assert slug(again) == "paper-refused"
    assert [review["state"] for review in desk.find()] == ["superseded"]
    assert slug(desk.read("ana")) == "paper-refused"
    assert [name for name in any_office.objects() if "/reviews/" in name]
    sweep(any_office.desk.ledger, any_office.store, older_than=LATER, may_delete=lambda _: True)
    assert not [name for name in any_office.objects() if "/reviews/" in name], "what the reviewer wrote is gone"


def test_what_was_found_in_a_paper_is_forgotten_when_it_is_secret(any_office: Office) -> None:
    desk = Desk(any_office)
    desk.act("claim", "ana")
    desk.finish("ana", ANSWERS)
    any_office.learn(secret(desk))
    assert slug(desk.read()) == "paper-refused"
    assert [review["state"] for review in desk.find()] == ["done"]
    sweep(any_office.desk.ledger, any_office.store, older_than=LATER, may_delete=lambda _: True)
    assert not [name for name in any_office.objects() if "/reviews/" in name]


def test_a_secret_paper_stays_refused(office: Office) -> None:
    desk = Desk(office)
    office.learn(secret(desk))
    desk.hear("p1-r1", 1)
    desk.hear("p2", 0)
    assert office.get(f"/v1/papers/{desk.paper}").json()["state"] == "refused"
    assert [review["state"] for review in desk.find()] == ["superseded"]


def test_a_paper_without_a_document_has_its_text(office: Office) -> None:
    desk = Desk(office)
    desk.put(f"{desk.paper}/p1-r1/text.txt", "Số: 1".encode())
    desk.hear("p1-r1", 1, document_bytes=0)
    response = office.get(f"/v1/papers/{desk.paper}/document")
    assert (response.status_code, slug(response)) == (404, "no-document")
    assert office.get(f"/v1/papers/{desk.paper}/text").text == "Số: 1"
