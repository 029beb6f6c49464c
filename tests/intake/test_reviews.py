"""Reviews over the API: claimed, drafted, finished once, announced without a value."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake import tables
from services.intake.sweep import sweep
from shared.events import FieldReviewed, PaperReviewed, deterministic_id
from tests.fakes.clock import NOON
from tests.intake.office import DEPARTMENT, LEASE, ONE_STOP, Office, Request, picture, problem, sequences, slug
from tests.intake.reviewing import ANSWERS, ASKED, FACTS, REASONS, VERSION, Desk, found
from tests.intake.test_sweep import LATER

CORRECTED = [{"name": "number", "answer": "corrected", "value": "71"}, {"name": "signer_name", "answer": "absent"}]


def faults(response: Any) -> list[tuple[str, str]]:
    return [(fault["at"], fault["reason"]) for fault in problem(response)["errors"]]


def test_a_doubtful_paper_waits_for_a_reviewer(any_office: Office) -> None:
    desk = Desk(any_office)
    (told,) = desk.find()
    assert told == {
        "id": desk.id,
        "paper_id": desk.paper,
        "dossier_id": desk.dossier,
        "lane": "express",
        "document_version": VERSION,
        "revision": 0,
        "reasons": list(REASONS),
        "asked": list(ASKED),
        "opened_at": "2026-10-08T05:00:00Z",
        "state": "open",
        "version": 1,
        "holder": None,
        "held_until": None,
        "has_draft": False,
        "reviewer": None,
        "closed_at": None,
        "answers": {},
    }
    paper = any_office.get(f"/v1/papers/{desk.paper}").json()
    assert (paper["review_reasons"], paper["review_fields"]) == (list(REASONS), list(ASKED))


def test_who_reads_a_review_sees_values_places_and_doubts(office: Office) -> None:
    told = Desk(office).read().json()
    assert told["fields"] == {
        "number": {
            "value": "17",
            "raw": "17",
            "page": 1,
            "box": [124.0, 175.4, 248.0, 197.8],
            "confidence": 0.41,
            "verdict": "doubtful",
        },
        "signer_name": {
            "value": None,
            "raw": None,
            "page": None,
            "box": None,
            "confidence": None,
            "verdict": "missing",
        },
        "subject": {
            "value": "Về việc thử",
            "raw": "V/v thử",
            "page": 1,
            "box": None,
            "confidence": 0.99,
            "verdict": "sure",
        },
    }
    assert (told["draft"], told["found"]) == (None, None)


def test_a_very_high_pages_boxes_fit_its_smaller_picture(office: Office) -> None:
    box = {"left": 0, "top": 0, "right": 1000, "bottom": 32_766}
    pages = [{"number": 1, "width": 1000, "height": 32_766}]
    facts = FACTS | {"pages": pages, "fields": {"number": FACTS["fields"]["number"] | {"box": box}}}
    assert Desk(office, facts=facts).read().json()["fields"]["number"]["box"] == [0, 0, 500, 16_383]


def test_a_claim_is_told_with_its_end(any_office: Office) -> None:
    desk = Desk(any_office)
    response = desk.act("claim", "ana")
    assert response.status_code == 200
    assert response.headers["etag"] == '"2"'
    told = response.json()
    assert (told["state"], told["holder"], told["held_until"]) == ("claimed", "ana", "2026-10-08T05:05:00Z")
    refused = desk.act("claim", "binh")
    assert (refused.status_code, slug(refused)) == (409, "review-held")
    assert faults(refused) == [("holder", "ana"), ("held_until", "2026-10-08T05:05:00+00:00")]


def test_of_twenty_reviewers_one_gets_the_claim(any_office: Office) -> None:
    desk = Desk(any_office)
    claims = [
        Request("POST", f"/v1/reviews/{desk.id}/claim", {"headers": {"Hoso-Actor": f"reviewer-{number}"}})
        for number in range(20)
    ]
    responses = any_office.send(claims, at_once=20)
    won = [response.json()["holder"] for response in responses if response.status_code == 200]
    assert len(won) == 1
    assert {slug(response) for response in responses if response.status_code != 200} == {"review-held"}
    assert desk.read().json()["holder"] == won[0]


def test_a_claim_lasts_while_its_holder_does_something(office: Office) -> None:
    desk = Desk(office)
    desk.act("claim", "ana")
    for _ in range(3):
        office.clock.advance(seconds=200)
        assert desk.read("ana").json()["state"] == "claimed"
    for number in range(3):
        office.clock.advance(seconds=299)
        assert desk.save("ana", [{"name": "number", "answer": "corrected", "value": number}]).status_code == 200
    office.clock.advance(seconds=299)
    assert desk.act("renew", "ana").json()["held_until"] == (office.clock.now() + LEASE).isoformat()[:-6] + "Z"
    office.clock.advance(seconds=299)
    assert desk.act("claim", "ana").status_code == 200
    office.clock.advance(seconds=300)
    assert desk.read("ana").json()["state"] == "open"


def test_renewing_leaves_the_etag_as_it_is(office: Office) -> None:
    desk = Desk(office)
    tag = desk.act("claim", "ana").headers["etag"]
    office.clock.advance(seconds=200)
    assert desk.act("renew", "ana").headers["etag"] == desk.read("ana").headers["etag"] == tag


def test_onlookers_keep_no_claim_alive(office: Office) -> None:
    desk = Desk(office)
    desk.act("claim", "ana")
    office.clock.advance(seconds=299)
    office.get(f"/v1/reviews/{desk.id}")
    desk.read("binh")
    office.clock.advance(seconds=1)
    assert desk.act("claim", "binh").status_code == 200


def test_who_comes_after_a_lapsed_claim_finds_the_draft(any_office: Office) -> None:
    desk = Desk(any_office)
    desk.act("claim", "ana")
    saved = desk.save("ana", CORRECTED[:1])
    any_office.clock.advance(seconds=300)
    for refused in (desk.save("ana", CORRECTED), desk.finish("ana", ANSWERS), desk.act("renew", "ana")):
        assert (refused.status_code, slug(refused)) == (409, "review-claim-lapsed")
        assert faults(refused) == [("held_until", "2026-10-08T05:05:00+00:00")]
    assert desk.act("claim", "binh").status_code == 200
    for refused in (desk.save("ana", CORRECTED, saved.headers["etag"]), desk.finish("ana", ANSWERS)):
        assert (refused.status_code, slug(refused)) == (409, "review-held")
        assert ("holder", "binh") in faults(refused)
    draft = desk.read("binh").json()["draft"]
    assert (draft["written_by"], draft["document_version"]) == ("ana", VERSION)
    assert draft["fields"] == {"number": {"answer": "corrected", "value": "71"}}
    assert desk.save("binh", CORRECTED).status_code == 200


def test_a_released_review_is_free(office: Office) -> None:
    desk = Desk(office)
    assert slug(desk.act("release", "ana")) == "review-not-claimed"
    desk.act("claim", "ana")
    assert slug(desk.act("release", "binh")) == "review-held"
    assert desk.act("release", "ana").json()["state"] == "open"
    assert slug(desk.save("ana", CORRECTED)) == "review-not-claimed"
    assert desk.act("claim", "binh").status_code == 200


def test_every_write_can_demand_what_it_knows(any_office: Office) -> None:
    desk = Desk(any_office)
    assert slug(desk.act("claim", "ana", **{"If-Match": '"7"'})) == "stale-version"
    tag = desk.act("claim", "ana", **{"If-Match": '"1"'}).headers["etag"]
    first = desk.save("ana", CORRECTED, tag)
    for stale in (desk.save("ana", [], tag), desk.finish("ana", ANSWERS, tag)):
        assert (stale.status_code, slug(stale)) == (412, "stale-version")
    for what in ("renew", "release"):
        assert slug(desk.act(what, "ana", **{"If-Match": tag})) == "stale-version"
    assert desk.read().headers["etag"] == first.headers["etag"] == '"3"'
    assert desk.read().json()["draft"]["fields"]["number"]["value"] == "71"
    for path, send in (("draft", any_office.put), ("finish", any_office.post)):
        blind = send(f"/v1/reviews/{desk.id}/{path}", json={"fields": []}, headers={"Hoso-Actor": "ana"})
        assert (blind.status_code, slug(blind)) == (428, "precondition-required")


def test_of_many_drafts_at_once_one_is_kept_and_no_object_is_left(any_office: Office) -> None:
    desk = Desk(any_office)
    tag = desk.act("claim", "ana").headers["etag"]
    before = any_office.objects()
    drafts = [
        Request(
            "PUT",
            f"/v1/reviews/{desk.id}/draft",
            {
                "json": {"fields": [{"name": "number", "answer": "corrected", "value": str(number)}]},
                "headers": {"Hoso-Actor": "ana", "If-Match": tag},
            },
        )
        for number in range(10)
    ]
    responses = any_office.send(drafts, at_once=10)
    assert sorted(response.status_code for response in responses) == [200] + [412] * 9
    winner = next(number for number, response in enumerate(responses) if response.status_code == 200)
    assert desk.read().json()["draft"]["fields"]["number"]["value"] == str(winner)
    assert len(any_office.objects() - before) == 1


def test_a_finished_review_is_announced_in_its_dossiers_line(any_office: Office) -> None:
    desk = Desk(any_office)
    before = any_office.get(f"/v1/dossiers/{desk.dossier}").json()["version"]
    desk.act("claim", "ana")
    answers = [*CORRECTED, {"name": "subject", "answer": "right"}]
    response = desk.finish("ana", reversed(answers), **{"Hoso-Unit": "H98", "X-Request-ID": "abc"})
    assert response.status_code == 200, response.text
    told = response.json()
    assert (told["state"], told["reviewer"], told["closed_at"]) == ("done", "ana", "2026-10-08T05:00:00Z")
    assert told["answers"] == {"number": "corrected", "signer_name": "absent", "subject": "right"}
    event, step = any_office.events()[-2:]
    assert (step.type, step.sequence) == ("vn.hoso.paper.step-done.v1", 4), "what was reviewed is extracted"
    assert (event.id, event.sequence) == (deterministic_id(UUID(desk.dossier), 3), 3)
    assert (event.type, event.key, event.subject) == ("vn.hoso.paper.reviewed.v1", desk.dossier, desk.paper)
    assert (event.time, event.correlation_id) == (NOON, "abc")
    assert event.data == PaperReviewed(
        dossier_id=UUID(desk.dossier),
        actor={"subject": "ana", "role": "clerk", "counter": "D1", "unit": "H98"},
        paper_id=UUID(desk.paper),
        version=VERSION,
        fields=(
            FieldReviewed(name="number", answer="corrected"),
            FieldReviewed(name="signer_name", answer="absent"),
            FieldReviewed(name="subject", answer="right"),
        ),
    )
    assert sequences(any_office.events()) == [1, 2, 3, 4]
    dossier = any_office.get(f"/v1/dossiers/{desk.dossier}").json()
    assert (dossier["version"], dossier["papers"][0]["reviewed_version"]) == (before + 1, VERSION)
    assert any_office.woken > 0


def test_what_was_found_stands_beside_the_first_reading(any_office: Office) -> None:
    desk = Desk(any_office)
    desk.act("claim", "ana")
    desk.save("ana", [{"name": "number", "answer": "right"}])
    desk.finish("ana", [*CORRECTED, {"name": "subject", "answer": "right"}])
    told = any_office.get(f"/v1/papers/{desk.paper}/fields").json()
    assert told["fields"] == FACTS["fields"]
    assert told["reviewed"] == {
        "review_id": desk.id,
        "document_version": VERSION,
        "written_by": "ana",
        "written_at": "2026-10-08T05:00:00Z",
        "fields": {
            "number": {"answer": "corrected", "value": "71"},
            "signer_name": {"answer": "absent", "value": None},
            "subject": {"answer": "right", "value": "Về việc thử"},
        },
    }
    whole = desk.read().json()
    assert (whole["draft"], whole["found"]["fields"]) == (None, told["reviewed"]["fields"])
    texts = [name for name in any_office.objects() if "/reviews/" in name]
    assert len(texts) == 1, "the draft is gone"
    assert desk.id not in texts[0]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ([], [("body/number", "unanswered"), ("body/signer_name", "unanswered")]),
        (ANSWERS[:1], [("body/signer_name", "unanswered")]),
        ([*ANSWERS, {"name": "place", "answer": "absent"}], [("body/fields", "unknown")]),
        ([ANSWERS[0], {"name": "signer_name", "answer": "right"}], [("body/fields", "nothing-was-read")]),
    ],
)
def test_every_field_asked_for_needs_its_answer(
    office: Office, fields: list[dict[str, Any]], wrong: list[tuple[str, str]]
) -> None:
    desk = Desk(office)
    desk.act("claim", "ana")
    response = desk.finish("ana", fields)
    assert (response.status_code, slug(response), faults(response)) == (422, "incomplete-review", wrong)
    assert desk.read().json()["state"] == "claimed"
    assert not [name for name in office.objects() if "/reviews/" in name]


@pytest.mark.parametrize(
    "field",
    [
        {"name": "number", "answer": "corrected"},
        {"name": "number", "answer": "right", "value": "17"},
        {"name": "number", "answer": "wrong"},
        {"name": "Nguyễn Thị", "answer": "absent"},
        {"name": "number", "answer": "corrected", "value": "a\x00b"},
        {"name": "number", "answer": "corrected", "value": True},
        {"name": "number", "answer": "corrected", "value": "x" * 2001},
        {"name": "number", "answer": "absent", "note": "x"},
        {"name": "signer_name", "answer": "absent"},
    ],
)
def test_answers_have_their_form(office: Office, field: dict[str, Any]) -> None:
    desk = Desk(office)
    desk.act("claim", "ana")
    response = desk.finish("ana", [ANSWERS[1], field])
    assert (response.status_code, slug(response)) == (422, "invalid-request")


def test_values_have_the_shapes_that_fields_have(office: Office) -> None:
    values = {
        "number": 17,
        "signer_name": ["Như trên", "Lưu: VT"],
        "subject": [{"symbol": "12/QĐ-UBND", "date": None}],
    }
    desk = Desk(office)
    desk.act("claim", "ana")
    fields = [{"name": name, "answer": "corrected", "value": value} for name, value in values.items()]
    assert desk.finish("ana", fields).status_code == 200
    found_values = desk.read().json()["found"]["fields"]
    assert {name: field["value"] for name, field in found_values.items()} == values


def test_finishing_takes_effect_once(any_office: Office) -> None:
    desk = Desk(any_office)
    tag = desk.act("claim", "ana").headers["etag"]
    key = {"Idempotency-Key": "k1"}
    finishing = Request(
        "POST",
        f"/v1/reviews/{desk.id}/finish",
        {"json": {"fields": CORRECTED}, "headers": {"Hoso-Actor": "ana", "If-Match": tag} | key},
    )
    responses = any_office.send([finishing] * 10, at_once=10)
    assert {response.status_code for response in responses} == {200}
    assert len({response.content for response in responses}) == 1
    assert sequences(any_office.events()) == [1, 2, 3, 4]
    assert len([name for name in any_office.objects() if "/reviews/" in name]) == 1
    other = desk.finish("ana", ANSWERS, tag, **key)
    assert slug(other) == "idempotency-key-reused"
    for refused in (desk.finish("ana", CORRECTED), desk.save("ana", []), desk.act("claim", "binh")):
        assert (refused.status_code, slug(refused), faults(refused)) == (409, "review-closed", [("state", "done")])


def test_a_newer_document_moves_the_open_review_on(any_office: Office) -> None:
    desk = Desk(any_office)
    tag = desk.act("claim", "ana").headers["etag"]
    tag = desk.save("ana", CORRECTED[:1], tag).headers["etag"]
    desk.hear("p1-r1", 1, review_fields=("place",), review_reasons=("low-confidence",))
    told = desk.read("ana").json()
    assert (told["id"], told["holder"], told["document_version"], told["revision"]) == (desk.id, "ana", "p1-r1", 1)
    assert (told["asked"], told["reasons"]) == (["place"], ["low-confidence"])
    assert (told["draft"]["document_version"], told["draft"]["fields"]["number"]["value"]) == (VERSION, "71")
    assert slug(desk.save("ana", CORRECTED, tag)) == "stale-version"
    assert desk.finish("ana", [{"name": "place", "answer": "absent"}]).status_code == 200
    event = any_office.events()[-2].data
    assert isinstance(event, PaperReviewed)
    assert event.version == "p1-r1"
    assert any_office.count("review") == 1


def test_what_was_said_before_changes_nothing(any_office: Office) -> None:
    desk = Desk(any_office)
    desk.hear("p1-r1", 1)
    tag = desk.act("claim", "ana").headers["etag"]
    desk.hear("p1-r1", 1)
    desk.hear("p1", 0)
    assert desk.tag() == tag
    desk.finish("ana", ANSWERS)
    desk.hear("p1-r1", 1)
    desk.hear("p1", 0)
    assert [(r["state"], r["document_version"]) for r in desk.find()] == [("done", "p1-r1")]
    assert any_office.get(f"/v1/papers/{desk.paper}").json()["version"] == "p1-r1"


def test_a_paper_read_again_after_its_review_is_asked_about_again(office: Office) -> None:
    desk = Desk(office)
    desk.act("claim", "ana")
    desk.finish("ana", CORRECTED)
    office.clock.advance(seconds=60)
    desk.hear("p1-r1", 1)
    assert [review["state"] for review in desk.find(state="open")] == ["open"]
    told = office.get(f"/v1/papers/{desk.paper}/fields").json()
    assert (told["version"], told["reviewed"]["document_version"]) == ("p1-r1", VERSION)
    paper = office.get(f"/v1/papers/{desk.paper}").json()
    assert (paper["revision"], paper["reviewed_version"]) == (1, VERSION)


def test_a_good_document_closes_the_open_review(any_office: Office) -> None:
    desk = Desk(any_office)
    desk.act("claim", "ana")
    desk.save("ana", CORRECTED)
    desk.hear("p1-r1", 1, needs_review=False, review_fields=(), review_reasons=())
    (told,) = desk.find()
    assert (told["state"], told["holder"], told["has_draft"]) == ("superseded", None, False)
    assert faults(desk.finish("ana", ANSWERS)) == [("state", "superseded")]
    desk.hear("p1-r2", 2)
    assert sorted(review["state"] for review in desk.find()) == ["open", "superseded"]


def test_nobody_is_asked_about_a_good_paper_or_one_we_do_not_have(office: Office) -> None:
    desk = Desk(office, asked=())
    office.learn(
        desk.digitised().model_copy(update={"paper_id": uuid4()}),
        desk.digitised().model_copy(update={"dossier_id": uuid4()}),
    )
    other = Desk(office, content=picture(9))
    assert len(desk.find()) == 2
    other.hear("p2", 0, needs_review=False)
    assert len(desk.find(state="open")) == 1


def test_the_queue_is_filtered(any_office: Office) -> None:
    office = any_office
    first, second = Desk(office), Desk(office, lane="bulk", asked=("place",))
    second.hear("p1-r1", 1, review_fields=("place",), review_reasons=("pages-failed", "low-confidence"))
    first.act("claim", "clerk-7")

    def ids(**params: Any) -> list[str]:
        return [review["id"] for review in found(office, **params)["reviews"]]

    assert ids() == ids(unit=[DEPARTMENT, "H97"]) == ids(lane=["bulk", "express"])
    assert set(ids()) == {first.id, second.id}
    assert ids(unit="H97") == []
    assert ids(lane="bulk") == ids(reason="low-confidence") == ids(field="place") == ids(state="open") == [second.id]
    assert ids(field="number") == ids(state="claimed") == ids(mine=True) == ids(paper_id=first.paper) == [first.id]
    assert ids(field="subject") == ids(lane="bulk", state="claimed") == ids(state=["done", "superseded"]) == []
    assert set(ids(state=["open", "claimed"])) == {first.id, second.id}
    assert office.get("/v1/reviews", params={"unit": ONE_STOP, "mine": True}, headers={"Hoso-Actor": "x"}).json() == {
        "reviews": [],
        "next": None,
    }
    first.finish("clerk-7", ANSWERS)
    assert ids(mine=True) == ids(state="done") == [first.id]
    office.clock.advance(seconds=300)
    second.act("claim", "clerk-7")
    office.clock.advance(seconds=300)
    assert ids(mine=True, state="claimed") == []


@pytest.mark.parametrize(
    "params",
    [{}, {"unit": []}, {"unit": "H98", "state": "new"}, {"unit": "H98", "reason": "Nguyễn"}, {"unit": "H98", "x": 1}],
)
def test_the_queue_wants_a_scope_and_known_filters(office: Office, params: dict[str, Any]) -> None:
    response = office.get("/v1/reviews", params=params)
    assert (response.status_code, slug(response)) == (422, "invalid-request")


@pytest.mark.parametrize(("order", "places"), [("oldest", [0, 1, 2, 3, 4]), ("express", [1, 3, 0, 2, 4])])
def test_the_queue_is_read_in_pages(any_office: Office, order: str, places: list[int]) -> None:
    desks = [Desk(any_office, lane="express" if number % 2 else "bulk") for number in range(5)]
    # events of the office all have the same time
    with any_office.database.transaction() as connection:
        for number, desk in enumerate(desks):
            moment = NOON.replace(minute=number)
            r = tables.review
            connection.execute(r.update().where(r.c.id == UUID(desk.id)).values(opened_at=moment))
    seen: list[str] = []
    after: dict[str, Any] = {}
    while True:
        page = found(any_office, order=order, limit=2, **after)
        seen += [review["id"] for review in page["reviews"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert seen == [desks[place].id for place in places]
    assert slug(any_office.get("/v1/reviews", params={"unit": ONE_STOP, "after": str(uuid4())})) == "unknown-review"


def test_reviews_of_the_same_moment_are_each_seen_once(any_office: Office) -> None:
    desks = [Desk(any_office) for _ in range(3)]
    first = found(any_office, limit=2)
    second = found(any_office, limit=2, after=first["next"])
    ids = [review["id"] for page in (first, second) for review in page["reviews"]]
    assert sorted(ids) == sorted(desk.id for desk in desks)


def test_a_restart_forgets_nothing(any_office: Office) -> None:
    desk = Desk(any_office)
    desk.act("claim", "ana")
    desk.save("ana", CORRECTED)
    before = desk.read("ana")
    desk.office = any_office.on()
    after = desk.read("ana")
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])
    assert desk.finish("ana", CORRECTED).status_code == 200


def test_the_sweep_spares_the_text_a_review_names(any_office: Office) -> None:
    desk = Desk(any_office)
    desk.act("claim", "ana")
    desk.save("ana", CORRECTED)
    kept = any_office.objects()
    desk.put(f"{desk.paper}/reviews/{uuid4()}.json", b"left behind")
    sweep(any_office.desk.ledger, any_office.store, older_than=LATER, may_delete=lambda _: True)
    assert any_office.objects() == kept


@pytest.mark.parametrize(
    ("method", "part"), [("GET", ""), ("POST", "/claim"), ("POST", "/renew"), ("POST", "/release")]
)
def test_there_is_no_such_review(office: Office, method: str, part: str) -> None:
    (response,) = office.send([Request(method, f"/v1/reviews/{uuid4()}{part}")])
    assert (response.status_code, slug(response)) == (404, "unknown-review")
