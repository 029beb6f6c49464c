"""The record of digitisation over the API: components, the four steps, results."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.intake import tables
from services.intake.digitisation_codes import ToCode, dossier_coding
from services.intake.http.problems import KINDS
from services.intake.rejections import Reason
from shared.events import Actor, ComponentRecorded, ResultDigitised, StepDone
from tests.fakes.clock import NOON
from tests.intake.office import Office, Request, picture, problem, slug
from tests.intake.recording import BY_ITSELF, Keeper, faults
from tests.intake.reviewing import ANSWERS, Desk

CLERK = Actor(subject="clerk-7", role="clerk", counter="D1")
NOW, EARLIER = "2026-10-08T05:00:00Z", "2026-10-08T04:59:59Z"


# components


def test_what_nobody_decided_follows_from_the_duty(any_office: Office) -> None:
    keeper = Keeper(any_office)
    assert keeper.record("TP01") == BY_ITSELF | {"state": "pending"}
    assert keeper.record("TP02") == BY_ITSELF | {"state": "exempt", "exempt_reason": 2}
    assert keeper.record("TP03") == BY_ITSELF | {"state": "reused"}
    assert keeper.said(ComponentRecorded) == []


def test_a_component_is_digitised_by_its_first_paper_that_was_read(any_office: Office) -> None:
    keeper = Keeper(any_office)
    waiting = keeper.paper(read=False)
    assert keeper.record("TP01")["state"] == "pending"
    paper = keeper.paper(needs_review=True)
    keeper.read(paper, version="p2", revision=1)
    keeper.read(paper, version="p2", revision=1)
    keeper.read(waiting)
    assert keeper.record("TP01") == BY_ITSELF | {
        "state": "digitised",
        "paper_id": paper,
        "recorded_by": "system",
        "recorded_at": NOW,
    }
    (event,) = keeper.said(ComponentRecorded)
    assert (event.subject, event.time) == (keeper.dossier, NOON)
    assert event.data == ComponentRecorded(
        dossier_id=UUID(keeper.dossier), component_code="TP01", state="digitised", paper_id=UUID(paper)
    )


@pytest.mark.parametrize("component", ["TP02", "TP03", None])
def test_a_paper_that_need_not_be_digitised_says_nothing_of_a_component(office: Office, component: str | None) -> None:
    keeper = Keeper(office)
    keeper.paper(component)
    assert keeper.said(ComponentRecorded) == []
    assert [keeper.record(code)["state"] for code in ("TP01", "TP02", "TP03")] == ["pending", "exempt", "reused"]


def test_a_paper_that_fails_leaves_its_component_pending(office: Office) -> None:
    keeper = Keeper(office)
    keeper.fail(keeper.paper(read=False), "corrupt")
    assert keeper.record("TP01")["state"] == "pending"


def test_a_decision_stands_and_is_announced_once(any_office: Office) -> None:
    keeper = Keeper(any_office)
    version = any_office.get(keeper.path).json()["version"]
    response = keeper.decide("TP01", {"If-Match": f'"{version}"'}, state="exempt", exempt_reason=1)
    assert (response.status_code, response.headers["etag"]) == (200, f'"{version + 1}"')
    record = BY_ITSELF | {"state": "exempt", "exempt_reason": 1, "recorded_by": "clerk-7", "recorded_at": NOW}
    assert (response.json()["dossier_id"], response.json()["duty"]) == (keeper.dossier, "required")
    assert response.json()["record"] == keeper.record("TP01") == record
    assert keeper.decide("TP01", state="exempt", exempt_reason=1).headers["etag"] == f'"{version + 1}"'
    keeper.paper()
    assert keeper.record("TP01") == record, "a person's word stands against a paper"
    (event,) = keeper.said(ComponentRecorded)
    assert event.data == ComponentRecorded(
        dossier_id=UUID(keeper.dossier), actor=CLERK, component_code="TP01", state="exempt", exempt_reason=1
    )


def test_pending_again_waits_for_the_next_paper(any_office: Office) -> None:
    keeper = Keeper(any_office)
    bad = keeper.paper()
    assert keeper.decide("TP01", state="pending").json()["record"]["state"] == "pending"
    keeper.read(bad)
    assert keeper.record("TP01")["state"] == "pending", "it was read before"
    good = keeper.paper()
    assert (keeper.record("TP01")["state"], keeper.record("TP01")["paper_id"]) == ("digitised", good)
    states = [event.data.state for event in keeper.said(ComponentRecorded) if isinstance(event.data, ComponentRecorded)]
    assert states == ["digitised", "pending", "digitised"]
    assert keeper.decide("TP01", state="digitised", paper_id=bad).json()["record"]["paper_id"] == bad


def test_a_component_is_reused_from_a_paper_of_an_earlier_dossier(any_office: Office) -> None:
    earlier = Keeper(any_office).paper()
    keeper = Keeper(any_office)
    told = keeper.decide("TP01", state="reused", reused_from="earlier-dossier", paper_id=earlier)
    assert told.json()["record"]["paper_id"] == earlier
    assert keeper.decide("TP03", state="reused", reused_from="personal-store").status_code == 200
    assert [keeper.record(code)["reused_from"] for code in ("TP01", "TP03")] == ["earlier-dossier", "personal-store"]


def test_a_secret_paper_digitises_no_component(any_office: Office) -> None:
    keeper = Keeper(any_office)
    first, second = keeper.paper(), keeper.paper()
    keeper.fail(first, "secret")
    assert (keeper.record("TP01")["state"], keeper.record("TP01")["paper_id"]) == ("digitised", second)
    keeper.fail(second, "secret")
    keeper.fail(second, "secret")
    assert (keeper.record("TP01")["state"], keeper.record("TP01")["paper_id"]) == ("pending", None)
    assert len(keeper.said(ComponentRecorded)) == 3


BAD_DECISIONS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"state": "digitised"}, [("body/paper_id", "needed-if-digitised")]),
    ({"state": "exempt"}, [("body/exempt_reason", "needed-if-exempt")]),
    ({"state": "reused"}, [("body/reused_from", "needed-if-reused")]),
    (
        {"state": "pending", "exempt_reason": 1, "reused_from": "personal-store", "paper_id": str(uuid4())},
        [
            ("body/paper_id", "not-if-pending"),
            ("body/exempt_reason", "not-if-pending"),
            ("body/reused_from", "not-if-pending"),
            ("body/paper_id", "only-from-an-earlier-dossier"),
        ],
    ),
    (
        {"state": "reused", "reused_from": "shared-database", "paper_id": str(uuid4())},
        [("body/paper_id", "only-from-an-earlier-dossier")],
    ),
    ({"state": "digitised", "paper_id": str(uuid4())}, [("body/paper_id", "unknown")]),
]


@pytest.mark.parametrize(("body", "wrong"), BAD_DECISIONS)
def test_a_decision_that_contradicts_itself_is_told_field_by_field(
    office: Office, body: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    keeper = Keeper(office)
    response = keeper.decide("TP01", **body)
    assert (response.status_code, slug(response)) == (422, "contradictory-record")
    assert faults(response) == wrong
    assert keeper.said(ComponentRecorded) == []


def test_a_decision_entered_later_was_after_the_dossier_came_in(office: Office) -> None:
    keeper = Keeper(office)
    for moment, wrong in [("12:00:01", "in-the-future"), ("11:59:59", "before-2026-10-08T12:00:00+07:00")]:
        response = keeper.decide("TP01", state="pending", happened_at=f"2026-10-08T{moment}+07:00")
        assert (response.status_code, slug(response)) == (422, "untimely")
        assert faults(response) == [("body/happened_at", wrong)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "state"),
        ({"state": "gone"}, "state"),
        ({"state": "exempt", "exempt_reason": 4}, "exempt_reason"),
        ({"state": "reused", "reused_from": "Nguyễn Thị Canary"}, "reused_from"),
        ({"state": "digitised", "paper_id": "x"}, "paper_id"),
        ({"state": "pending", "happened_at": "2026-10-08T11:00:00"}, "happened_at"),
        ({"state": "pending", "happened_at": "0001-01-01T00:00:00+07:00"}, "happened_at"),
    ],
)
def test_a_decision_has_its_form(office: Office, body: dict[str, Any], field: str) -> None:
    response = Keeper(office).decide("TP01", **body)
    assert (response.status_code, slug(response)) == (422, "invalid-request")
    assert [at for at, _ in faults(response)] == [f"body/{field}"]
    assert "Canary" not in response.text


def test_a_component_is_digitised_by_its_own_paper_only(office: Office) -> None:
    keeper, other = Keeper(office), Keeper(office)

    def refused(paper: str, **body: Any) -> tuple[str, list[tuple[str, str]]]:
        response = keeper.decide("TP01", **{"state": "digitised", "paper_id": paper} | body)
        return slug(response), faults(response)

    reused = {"state": "reused", "reused_from": "earlier-dossier"}
    assert refused(other.paper()) == ("contradictory-record", [("body/paper_id", "of-another-dossier")])
    assert refused(keeper.paper("TP02")) == ("contradictory-record", [("body/paper_id", "of-another-component")])
    assert refused(keeper.paper("TP02"), **reused) == ("contradictory-record", [("body/paper_id", "of-this-dossier")])
    assert refused(keeper.paper(read=False)) == ("not-digitised-yet", [])
    failed = keeper.paper(read=False)
    keeper.fail(failed, "corrupt")
    assert refused(failed) == ("digitisation-failed", [("paper", "corrupt")])


def test_there_is_no_such_component_or_dossier(office: Office) -> None:
    keeper = Keeper(office)
    assert slug(keeper.decide("TP09", state="pending")) == "no-such-component"
    assert keeper.decide("TP09", state="pending").status_code == 404
    assert slug(keeper.decide("T P", state="pending")) == "invalid-request"
    keeper.dossier = str(uuid4())
    assert slug(keeper.decide("TP01", state="pending")) == "unknown-dossier"


# the four steps


def test_the_four_steps_are_done_in_order_with_who_and_when(any_office: Office) -> None:
    keeper = Keeper(any_office)
    paper = keeper.paper(read=False)
    any_office.clock.advance(seconds=60)
    keeper.read(paper)
    keeper.assign(paper, {"Hoso-Actor": "ana", "Hoso-Unit": "H98"})
    any_office.clock.advance(seconds=60)
    response = keeper.store(paper)
    assert response.status_code == 200
    told = any_office.get(f"/v1/papers/{paper}/record")
    assert (told.json(), told.headers["etag"]) == (response.json(), response.headers["etag"])
    assert [(step["step"], step["name"], step["name_vi"]) for step in told.json()["steps"]] == [
        (1, "copied", "sao chụp"),
        (2, "extracted", "bóc tách dữ liệu"),
        (3, "coded", "cấp mã kết quả số hóa"),
        (4, "stored", "lưu kết quả số hóa"),
    ]
    assert [(step["at"], step["subject"], step["unit"]) for step in keeper.steps(paper)] == [
        (NOW, "clerk-7", None),
        (NOW, "system", None),
        ("2026-10-08T05:01:00Z", "ana", "H98"),
        ("2026-10-08T05:02:00Z", "clerk-7", None),
    ]
    code = f"{keeper.code}.TP01.1"
    assert [step["digitisation_code"] for step in keeper.steps(paper)] == [None, None, code, None]
    assert [step["place"] for step in keeper.steps(paper)] == [None, None, None, "personal-store"]
    about: dict[str, Any] = {"dossier_id": UUID(keeper.dossier), "paper_id": UUID(paper), "component_code": "TP01"}
    said = keeper.said(StepDone)
    assert [event.data for event in said] == [
        StepDone(**about, step=2),
        StepDone(
            **about, actor=CLERK.model_copy(update={"subject": "ana", "unit": "H98"}), step=3, digitisation_code=code
        ),
        StepDone(**about, actor=CLERK, step=4, place="personal-store"),
    ]
    assert {event.subject for event in said} == {paper}


def test_a_doubtful_paper_is_extracted_when_it_is_reviewed(any_office: Office) -> None:
    desk = Desk(any_office)
    response = any_office.post(f"/v1/papers/{desk.paper}/code")
    assert (response.status_code, slug(response), faults(response)) == (409, "step-missing", [("step", "extracted")])
    desk.act("claim", "ana")
    assert desk.finish("ana", ANSWERS).status_code == 200
    desk.hear("p1-r1", 1, needs_review=False)
    told = any_office.post(f"/v1/papers/{desk.paper}/code").json()
    assert [(step["step"], step["subject"]) for step in told["steps"] if step["done"]] == [
        (1, "clerk-7"),
        (2, "ana"),
        (3, "clerk-7"),
    ]
    said = [event.data for event in any_office.events() if isinstance(event.data, StepDone)]
    assert [(step.step, step.actor.subject) for step in said] == [(2, "ana"), (3, "clerk-7")]


def test_a_doubtful_paper_read_again_well_is_extracted(office: Office) -> None:
    keeper = Keeper(office)
    paper = keeper.paper(needs_review=True)
    assert len(keeper.steps(paper)) == 1
    keeper.read(paper, version="p1-r1", revision=1)
    keeper.read(paper, version="p1-r2", revision=2, needs_review=True)
    assert [step["subject"] for step in keeper.steps(paper)] == ["clerk-7", "system"]
    assert len(keeper.said(StepDone)) == 1


def test_a_step_out_of_order_names_the_one_that_is_missing(office: Office) -> None:
    keeper = Keeper(office)
    fresh, read = keeper.paper(read=False), keeper.paper()
    for response, missing in [
        (keeper.assign(fresh), "extracted"),
        (keeper.store(fresh), "extracted"),
        (keeper.store(read), "coded"),
    ]:
        assert (response.status_code, slug(response), faults(response)) == (409, "step-missing", [("step", missing)])
    assert len(keeper.steps(read)) == 2


def test_a_step_is_done_once(any_office: Office) -> None:
    keeper = Keeper(any_office)
    paper = keeper.paper()
    first = keeper.assign(paper, code="KQ.G07.000122")
    assert [keeper.assign(paper).content, keeper.assign(paper, code="KQ.G07.000122").content] == [first.content] * 2
    other = keeper.assign(paper, code="KQ.G07.000123")
    assert (other.status_code, slug(other)) == (409, "step-done")
    assert faults(other) == [("step", "coded"), ("digitisation_code", "KQ.G07.000122")]
    assert keeper.store(paper).content == keeper.store(paper).content
    elsewhere = keeper.store(paper, place="ncc")
    assert (slug(elsewhere), faults(elsewhere)[1]) == ("step-done", ("place", "personal-store"))
    assert len(keeper.said(StepDone)) == 3


def test_codes_count_the_papers_of_a_component_and_never_repeat(any_office: Office) -> None:
    keeper, other = Keeper(any_office), Keeper(any_office)
    papers = [keeper.paper(component) for component in ("TP01", "TP01", "TP02", None, None)]
    brought = f"{keeper.code}.TP01.2"
    assert other.assign(other.paper(), code=brought).status_code == 200

    def code_of(paper: str) -> str:
        return str(keeper.assign(paper).json()["steps"][2]["digitisation_code"])

    assert [code_of(paper) for paper in papers] == [
        f"{keeper.code}.{rest}" for rest in ("TP01.1", "TP01.3", "TP02.1", "KQ.1", "KQ.2")
    ]
    taken = keeper.assign(keeper.paper(), code=brought)
    assert (taken.status_code, slug(taken), faults(taken)) == (409, "digitisation-code-taken", [("code", "taken")])


def test_a_code_brought_for_many_papers_at_once_goes_to_one(any_office: Office) -> None:
    papers = [Keeper(any_office).paper() for _ in range(6)]
    requests = [Request("POST", f"/v1/papers/{paper}/code", {"json": {"code": "X.1"}}) for paper in papers]
    responses = any_office.send(requests, at_once=6)
    assert sorted(response.status_code for response in responses) == [200] + [409] * 5
    assert {slug(response) for response in responses if response.status_code == 409} == {"digitisation-code-taken"}


@pytest.mark.parametrize("code", ["001099012345", "G07.079198765432.1", "X123456789"])
def test_a_code_that_may_tell_a_person_is_refused(office: Office, code: str) -> None:
    keeper = Keeper(office)
    paper = keeper.paper(None)
    for response, field in [
        (keeper.assign(paper, code=code), "code"),
        (keeper.result(paper, result_code=code), "result_code"),
    ]:
        assert (response.status_code, slug(response)) == (422, "personal-code")
        assert faults(response) == [(f"body/{field}", "like-an-identity-number")]
        assert code not in response.text


@pytest.mark.parametrize(
    ("step", "body", "field"),
    [
        ("code", {"code": ""}, "code"),
        ("code", {"code": "Nguyễn Canary"}, "code"),
        ("code", {"code": "x" * 129}, "code"),
        ("code", {"happened_at": "yesterday"}, "happened_at"),
        ("stored", {}, "place"),
        ("stored", {"place": "Kho Canary"}, "place"),
        ("stored", {"place": None}, "place"),
    ],
)
def test_a_step_has_its_form(office: Office, step: str, body: dict[str, Any], field: str) -> None:
    response = office.post(f"/v1/papers/{Keeper(office).paper()}/{step}", json=body)
    assert (response.status_code, slug(response)) == (422, "invalid-request")
    assert [at for at, _ in faults(response)] == [f"body/{field}"]
    assert "Canary" not in response.text


def test_a_step_entered_later_comes_after_the_one_before_it(any_office: Office) -> None:
    keeper = Keeper(any_office)
    paper = keeper.paper()
    any_office.clock.advance(seconds=3600)
    assert faults(keeper.assign(paper, happened_at=EARLIER)) == [
        ("body/happened_at", "before-2026-10-08T12:00:00+07:00")
    ]
    future = "2026-10-08T13:00:01+07:00"
    assert faults(keeper.assign(paper, happened_at=future)) == [("body/happened_at", "in-the-future")]
    assert keeper.assign(paper, happened_at="2026-10-08T12:30:00+07:00").status_code == 200
    assert faults(keeper.store(paper, happened_at="2026-10-08T12:29:00+07:00"))
    assert keeper.steps(paper)[2]["at"] == "2026-10-08T05:30:00Z"
    data = keeper.said(StepDone)[-1].data
    assert isinstance(data, StepDone)
    assert data.happened_at == NOON.replace(minute=30)


def test_no_step_follows_where_a_paper_is_not_ours_to_digitise(office: Office) -> None:
    keeper = Keeper(office)
    failed, secret = keeper.paper(read=False), keeper.paper()
    keeper.fail(failed, "corrupt")
    keeper.fail(secret, "secret")
    for step in (keeper.assign, keeper.store):
        assert (slug(step(failed)), slug(step(secret))) == ("digitisation-failed", "paper-refused")
    unknown = str(uuid4())
    answers = [keeper.assign(unknown), keeper.store(unknown), office.get(f"/v1/papers/{unknown}/record")]
    assert {(answer.status_code, slug(answer)) for answer in answers} == {(404, "unknown-paper")}


def test_a_paper_read_before_steps_were_kept_can_be_coded(any_office: Office) -> None:
    keeper = Keeper(any_office)
    paper = keeper.paper(read=False)
    digitised = {"state": "digitised", "version": "p1", "needs_review": False, "digitised_at": NOON}
    with any_office.database.transaction() as connection:
        connection.execute(tables.paper_step.delete())
        connection.execute(tables.paper.update().values(digitised))
    assert keeper.record("TP01") == BY_ITSELF | {"state": "digitised", "paper_id": paper}
    assert [(step["at"], step["subject"]) for step in keeper.steps(paper)] == [(NOW, None), (NOW, None)]
    any_office.clock.advance(seconds=60)
    assert keeper.assign(paper).status_code == 200
    said = [event.data for event in keeper.said(StepDone)]
    assert [(step.step, step.actor.subject, step.happened_at) for step in said if isinstance(step, StepDone)] == [
        (2, "system", NOON),
        (3, "clerk-7", None),
    ]


def test_a_code_of_ours_tells_dossier_component_and_number() -> None:
    assert dossier_coding(ToCode("H98.01-261008-0001", "TP01", 2)) == "H98.01-261008-0001.TP01.2"
    assert dossier_coding(ToCode("H98.01-261008-0001", None, 1)) == "H98.01-261008-0001.KQ.1"


def test_what_makes_codes_can_be_replaced(office: Office) -> None:
    keeper = Keeper(office)
    office.app.state.desk = replace(office.desk, coding=lambda paper: f"X{paper.number}/{paper.component_code}")
    codes = [keeper.assign(keeper.paper()).json()["steps"][2]["digitisation_code"] for _ in range(2)]
    assert codes == ["X1/TP01", "X2/TP01"]


# results


def test_a_result_is_recorded_and_announced_once(any_office: Office) -> None:
    keeper = Keeper(any_office)
    paper = keeper.paper(None)
    first = keeper.result(paper, result_code="KQ.G07.000122")
    assert first.status_code == 201
    assert first.json() == {
        "paper_id": paper,
        "dossier_id": keeper.dossier,
        "kind": "digitised",
        "result_code": "KQ.G07.000122",
        "recorded_by": "clerk-7",
        "recorded_at": NOW,
    }
    again = keeper.result(paper, result_code="KQ.G07.000122")
    assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
    other = keeper.result(paper, kind="electronic")
    assert (other.status_code, slug(other)) == (409, "result-recorded")
    assert faults(other) == [("kind", "digitised"), ("result_code", "KQ.G07.000122")]
    (event,) = keeper.said(ResultDigitised)
    assert event.subject == paper
    assert event.data == ResultDigitised(
        dossier_id=UUID(keeper.dossier),
        actor=CLERK,
        paper_id=UUID(paper),
        kind="digitised",
        result_code="KQ.G07.000122",
    )
    second = keeper.paper(None, read=False)
    assert keeper.result(second, kind="electronic").status_code == 201, "it was never on paper"
    listed = any_office.get(f"{keeper.path}/results").json()["results"]
    assert {result["paper_id"] for result in listed} == {paper, second}
    counted = [
        any_office.metrics_registry.get_sample_value("hoso_intake_results_total", {"kind": kind})
        for kind in ("digitised", "electronic")
    ]
    assert counted == [1, 1]


def test_only_a_dossier_that_was_received_has_a_result(office: Office) -> None:
    keeper = Keeper(office, accepted=False)
    response = keeper.result(keeper.paper(None))
    assert (response.status_code, slug(response)) == (409, "dossier-not-received")
    assert faults(response) == [("status", "registered")]


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        ({"paper_id": None}, "invalid-request", "body/paper_id"),
        ({"kind": "scanned"}, "invalid-request", "body/kind"),
        ({"result_code": "Quyết định"}, "invalid-request", "body/result_code"),
        ({"paper_id": str(uuid4())}, "contradictory-record", "body/paper_id"),
        ({"happened_at": "2026-10-08T11:59:59+07:00"}, "untimely", "body/happened_at"),
    ],
)
def test_a_bad_result_is_told_of(office: Office, body: dict[str, Any], kind: str, field: str) -> None:
    keeper = Keeper(office)
    response = keeper.result(keeper.paper(None), **body)
    assert (response.status_code, slug(response), [at for at, _ in faults(response)]) == (422, kind, [field])
    assert keeper.said(ResultDigitised) == []


def test_a_result_is_a_paper_of_its_dossier_that_is_there(office: Office) -> None:
    keeper = Keeper(office)
    secret = keeper.paper(None)
    keeper.fail(secret, "secret")
    assert faults(keeper.result(Keeper(office).paper(None))) == [("body/paper_id", "of-another-dossier")]
    assert slug(keeper.result(keeper.paper(None, read=False))) == "not-digitised-yet"
    assert slug(keeper.result(secret, kind="electronic")) == "paper-refused"


# what every command has


def commands(keeper: Keeper, paper: str) -> list[Callable[..., httpx.Response]]:
    """Return the commands in an order in which each is legal."""
    return [
        lambda **headers: keeper.decide("TP02", headers, state="reused", reused_from="shared-database"),
        lambda **headers: keeper.assign(paper, headers),
        lambda **headers: keeper.store(paper, headers),
        lambda **headers: keeper.result(paper, headers),
        lambda **headers: keeper.transfer(headers),
    ]


@pytest.mark.parametrize("number", range(5))
def test_a_command_takes_effect_once_under_its_key(any_office: Office, number: int) -> None:
    keeper = Keeper(any_office)
    done = commands(keeper, keeper.paper())
    for before in done[:number]:
        assert before().is_success
    first, again = (done[number](**{"Idempotency-Key": "k"}) for _ in range(2))
    assert first.is_success, first.text
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert first.headers["etag"] == again.headers["etag"] == any_office.get(keeper.path).headers["etag"]


@pytest.mark.parametrize("number", range(5))
def test_a_command_on_what_somebody_no_longer_sees_is_not_done(office: Office, number: int) -> None:
    keeper = Keeper(office)
    done = commands(keeper, keeper.paper())
    for before in done[:number]:
        before()
    events = len(office.events())
    stale = done[number](**{"If-Match": '"1"'})
    assert (stale.status_code, slug(stale)) == (412, "stale-version")
    assert len(office.events()) == events
    assert done[number](**{"If-Match": office.get(keeper.path).headers["etag"]}).is_success


def test_every_rejection_says_what_to_do_in_both_languages() -> None:
    assert set(KINDS) == set(Reason)
    assert all(kind.en and kind.vi and kind.en != kind.vi for kind in KINDS.values())


def test_the_paper_in_a_tray_has_no_record_yet(office: Office) -> None:
    keeper = Keeper(office)
    paper = keeper.paper(read=False)
    with office.database.transaction() as connection:
        connection.execute(tables.paper.update().values(dossier_id=None, state="waiting"))
    for response in (keeper.assign(paper), keeper.store(paper), office.get(f"/v1/papers/{paper}/record")):
        assert (response.status_code, problem(response)["type"].rsplit(":", 1)[1]) == (409, "in-tray")


def test_a_paper_handed_in_twice_has_one_record(office: Office) -> None:
    keeper = Keeper(office)
    office.add(keeper.dossier, picture(), picture())
    office.add(keeper.dossier, picture())
    assert office.count("paper_step") == 1
