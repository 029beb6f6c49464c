"""Transfers to the software of sectors over the API: attempts counted, acceptance final."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.events import Actor, TransferRecorded
from tests.fakes.clock import NOON
from tests.intake.office import Office, Request, slug
from tests.intake.recording import Keeper, faults

NOW = "2026-10-08T05:00:00Z"
CLERK = Actor(subject="clerk-7", role="clerk", counter="D1")


def test_attempts_are_counted_until_one_is_accepted(any_office: Office) -> None:
    keeper = Keeper(any_office)
    first = keeper.transfer(outcome="retried", reason_code="timeout")
    told = first.json()
    assert first.status_code == 201
    assert told == {
        "id": told["id"],
        "dossier_id": keeper.dossier,
        "target": "ncc",
        "object": "dossier",
        "component_code": None,
        "paper_id": None,
        "outcome": "retried",
        "attempt": 1,
        "reason_code": "timeout",
        "first_at": NOW,
        "at": NOW,
        "recorded_by": "clerk-7",
    }
    any_office.clock.advance(seconds=60)
    same: dict[str, Any] = {"transfer_id": told["id"]}
    assert keeper.transfer(**same, outcome="refused").json()["attempt"] == 2
    last = keeper.transfer({"Hoso-Actor": "ncc-bridge"}, **same)
    changed = {"outcome": "accepted", "attempt": 3, "reason_code": None, "recorded_by": "ncc-bridge"}
    assert (last.status_code, last.json()) == (200, told | changed | {"at": "2026-10-08T05:01:00Z"})
    assert any_office.get(f"{keeper.path}/transfers").json() == {"transfers": [last.json()]}
    said = [event.data for event in keeper.said(TransferRecorded)]
    about: dict[str, Any] = {"dossier_id": UUID(keeper.dossier), "transfer_id": UUID(told["id"])}
    about |= {"target": "ncc", "object": "dossier"}
    assert said == [
        TransferRecorded(**about, actor=CLERK, outcome="retried", attempt=1, reason_code="timeout"),
        TransferRecorded(**about, actor=CLERK, outcome="refused", attempt=2),
        TransferRecorded(
            **about, actor=CLERK.model_copy(update={"subject": "ncc-bridge"}), outcome="accepted", attempt=3
        ),
    ]


def test_what_was_accepted_is_transferred_no_more(any_office: Office) -> None:
    keeper = Keeper(any_office)
    done = keeper.transfer().json()
    for again in (keeper.transfer(transfer_id=done["id"], outcome="refused"), keeper.transfer()):
        assert (again.status_code, slug(again)) == (409, "transfer-accepted")
        assert faults(again) == [("transfer_id", done["id"])]
    assert keeper.transfer(target="lgsp").status_code == 201, "another software has not seen it"
    assert keeper.transfer(object="component", component_code="TP01").status_code == 201
    assert len(keeper.said(TransferRecorded)) == 3


def test_components_and_results_are_transferred(any_office: Office) -> None:
    keeper = Keeper(any_office)
    paper, result = keeper.paper(), keeper.paper(None)
    keeper.result(result)
    for body in (
        {"object": "component", "component_code": "TP01", "paper_id": paper},
        {"object": "component", "component_code": "TP02"},
        {"object": "result", "paper_id": result},
        {"object": "result"},
    ):
        response = keeper.transfer(headers=None, **body)
        assert response.status_code == 201, response.text
    listed = any_office.get(f"{keeper.path}/transfers").json()["transfers"]
    assert {(t["object"], t["component_code"], t["paper_id"]) for t in listed} == {
        ("component", "TP01", paper),
        ("component", "TP02", None),
        ("result", None, result),
        ("result", None, None),
    }


def test_of_many_who_report_the_same_at_once_one_is_taken(any_office: Office) -> None:
    keeper = Keeper(any_office)
    body = {"target": "ncc", "object": "dossier", "outcome": "accepted"}
    responses = any_office.send([Request("POST", f"{keeper.path}/transfers", {"json": body})] * 8, at_once=8)
    assert sorted(response.status_code for response in responses) == [201] + [409] * 7
    assert len(keeper.said(TransferRecorded)) == any_office.count("transfer") == 1


BAD_REPORTS: list[tuple[dict[str, Any], str, list[tuple[str, str]]]] = [
    ({"object": "component"}, "contradictory-record", [("body/component_code", "needed-if-component")]),
    ({"component_code": "TP01"}, "contradictory-record", [("body/component_code", "not-if-dossier")]),
    (
        {"paper_id": str(uuid4()), "reason_code": "full"},
        "contradictory-record",
        [("body/paper_id", "not-if-dossier"), ("body/reason_code", "not-if-accepted")],
    ),
    ({"object": "component", "component_code": "TP09"}, "unknown-component", [("body/component_code", "unknown")]),
    ({"object": "result"}, "contradictory-record", [("body/paper_id", "no-result")]),
    ({"object": "result", "paper_id": str(uuid4())}, "contradictory-record", [("body/paper_id", "unknown")]),
    ({"happened_at": "2026-10-08T12:00:01+07:00"}, "untimely", [("body/happened_at", "in-the-future")]),
    (
        {"happened_at": "2026-10-08T11:59:59+07:00"},
        "untimely",
        [("body/happened_at", "before-2026-10-08T12:00:00+07:00")],
    ),
]


@pytest.mark.parametrize(("body", "kind", "wrong"), BAD_REPORTS)
def test_a_report_that_contradicts_itself_is_told_field_by_field(
    office: Office, body: dict[str, Any], kind: str, wrong: list[tuple[str, str]]
) -> None:
    keeper = Keeper(office)
    response = keeper.transfer(**body)
    assert (response.status_code, slug(response), faults(response)) == (422, kind, wrong)
    assert office.count("transfer") == len(keeper.said(TransferRecorded)) == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"target": "Phần mềm Canary"}, "target"),
        ({"target": "x" * 65}, "target"),
        ({"object": "paper"}, "object"),
        ({"outcome": "lost"}, "outcome"),
        ({"outcome": "refused", "reason_code": "vì Canary"}, "reason_code"),
        ({"transfer_id": "1"}, "transfer_id"),
    ],
)
def test_a_report_has_its_form(office: Office, body: dict[str, Any], field: str) -> None:
    response = Keeper(office).transfer(**body)
    assert (response.status_code, slug(response)) == (422, "invalid-request")
    assert [at for at, _ in faults(response)] == [f"body/{field}"]
    assert "Canary" not in response.text


def test_a_later_attempt_belongs_to_a_transfer_of_the_same(office: Office) -> None:
    keeper, other = Keeper(office), Keeper(office)
    known = {"transfer_id": keeper.transfer(outcome="refused").json()["id"]}
    for response in (other.transfer(**known), keeper.transfer(transfer_id=str(uuid4()))):
        assert (response.status_code, slug(response)) == (404, "unknown-transfer")
    another = keeper.transfer(**known, target="lgsp", object="component", component_code="TP01")
    assert (another.status_code, slug(another)) == (422, "contradictory-record")
    assert faults(another) == [
        ("body/target", "another"),
        ("body/object", "another"),
        ("body/component_code", "another"),
    ]


def test_a_component_is_transferred_as_a_paper_of_its_own(office: Office) -> None:
    keeper = Keeper(office)
    part: dict[str, Any] = {"object": "component", "component_code": "TP01"}
    assert faults(keeper.transfer(**part, paper_id=keeper.paper("TP02"))) == [("body/paper_id", "of-another-component")]
    assert faults(keeper.transfer(**part, paper_id=Keeper(office).paper())) == [("body/paper_id", "of-another-dossier")]


def test_an_attempt_entered_later_says_when_it_was(any_office: Office) -> None:
    keeper = Keeper(any_office)
    any_office.clock.advance(seconds=3600)
    then: dict[str, Any] = {"happened_at": "2026-10-08T12:30:00+07:00"}
    first = keeper.transfer(outcome="refused", **then).json()
    assert (first["first_at"], first["at"]) == ("2026-10-08T05:30:00Z", "2026-10-08T05:30:00Z")
    earlier = keeper.transfer(transfer_id=first["id"], happened_at="2026-10-08T12:29:00+07:00")
    assert faults(earlier) == [("body/happened_at", "before-2026-10-08T12:30:00+07:00")]
    data = keeper.said(TransferRecorded)[0].data
    assert isinstance(data, TransferRecorded)
    assert data.happened_at == NOON.replace(minute=30)


def test_attempts_are_counted_for_prometheus_by_what_and_outcome(office: Office) -> None:
    keeper = Keeper(office)
    refused = keeper.transfer({"Idempotency-Key": "k"}, outcome="refused").json()
    keeper.transfer({"Idempotency-Key": "k"}, outcome="refused")
    keeper.transfer(transfer_id=refused["id"])
    keeper.transfer(object="component", component_code="TP01", outcome="retried")

    def value(thing: str, outcome: str) -> float | None:
        labels = {"object": thing, "outcome": outcome}
        return office.metrics_registry.get_sample_value("hoso_intake_transfer_attempts_total", labels)

    assert (value("dossier", "refused"), value("dossier", "accepted"), value("component", "retried")) == (1, 1, 1)


def test_there_is_no_such_dossier(office: Office) -> None:
    keeper = Keeper(office)
    keeper.dossier = str(uuid4())
    for response in (
        keeper.transfer(),
        keeper.result(str(uuid4())),
        office.get(f"{keeper.path}/transfers"),
        office.get(f"{keeper.path}/results"),
    ):
        assert (response.status_code, slug(response)) == (404, "unknown-dossier")
