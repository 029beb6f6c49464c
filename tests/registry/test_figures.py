"""QD 766, practice and progress over the API, on dossiers counted by hand."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from shared.database import Database
from tests.registry.dossier_rows import a_dossier, at
from tests.registry.reporting import MARCH, Office

PROCEDURES = (
    "code,version,name,field_code,field_name,managing_unit,handling_level,legal_limit,legal_limit_unit,"
    "valid_from,result_is_document,has_fee,source"
)
WITH_FEE = "9.990099,1,Cấp phép có phí,G98-X,Lĩnh vực X,H98.02,province,5,working_day,2026-01-15,true,true,Hư cấu"
WITHOUT_RESULT = (
    "9.990098,1,Tiếp nhận tin báo,G98-X,Lĩnh vực X,H98.02,province,5,working_day,2026-01-15,false,false,Hư cấu"
)
ASSESSMENTS = "procedure_code,scheme,level,decision,decided_by,valid_from,source,withdrawn"


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    made = Office(database, tmp_path)
    made.load("procedures.csv", PROCEDURES, WITH_FEE, WITHOUT_RESULT)
    return made


def dossiers() -> list[dict[str, Any]]:
    """Return twelve dossiers of March, and three that began before it."""
    march = at("2026-03-02")
    due = {"accepted_at": march, "due_at": at("2026-03-12", "17:00")}
    done = {**due, "finished_at": at("2026-03-10")}
    facts: list[dict[str, Any]] = [
        {**done, "channel": 2, "result_kind": "electronic", "components": 1, "components_digitised": 1},
        {**done, "channel": 2, "components": 1, "components_digitised": 1},
        {**done, "channel": 3, "result_kind": "digitised", "components": 1},
        {**done, "result_kind": "digitised", "components": 1, "components_reused": 1, "reused_from_store": True},
        {**due, "finished_at": at("2026-03-13"), "supplements": 1, "supplement_seconds": 86400},
        {**due, "finished_at": at("2026-03-13")},
        {**done, "supplements": 2},
        {**due, "supplements": 1, "supplement_since": at("2026-03-11"), "paused_since": at("2026-03-11"), "status": 5},
        {**due, "withdrawn_at": at("2026-03-05")},
        {**due, "procedure_code": "9.990099", "fee_asked": 100, "fee_paid": 100, "payment_channel": 1, "channel": 2},
        {**due, "procedure_code": "9.990099", "fee_asked": 0, "identity_verified": True},
        {**done, "procedure_code": "9.990098", "channel": 2, "components": 1, "components_exempt": 1},
        {"accepted_at": at("2026-02-02"), "due_at": at("2026-03-20"), "finished_at": at("2026-03-19")},
        {"accepted_at": at("2026-02-02")},  # without a due date: 12 working days by law
        {"accepted_at": at("2026-02-02"), "procedure_code": "unknown"},
    ]
    return [a_dossier(n, **fact) for n, fact in enumerate(facts)]


@pytest.fixture
def told(office: Office) -> dict[str, Any]:
    office.put(dossiers())
    return {indicator["code"]: indicator for indicator in office.get("indicators", **MARCH)["indicators"]}


COUNTED = {
    # of fifteen to be handled one cannot be judged; late: 5, 6, 9, 10 and the one without a due date
    "2.1": (9, 14),
    "3.3": (2, 12),
    "3.3-direct": (7, 12),
    "3.3-postal": (1, 12),
    "3.6": (1, 1),
    "4.1": (3, 8),
    "4.2": (2, 8),
    "4.3": (1, 12),
    "4.4": (1, 12),
    "4.5": (1, 12),
}


def test_indicators_of_dossiers(told: dict[str, Any]) -> None:
    assert {code: (told[code]["numerator"], told[code]["denominator"]) for code in COUNTED} == COUNTED
    assert (told["4.2"]["ratio"], told["4.2"]["score"], told["4.2"]["max_score"]) == (0.25, 1.25, 4.0)
    assert (told["4.1"]["score"], told["4.1"]["full_marks_at"]) == (2.25, None)
    assert "1" in told["2.1"]["notes"][0]["en"]


def test_indicators_of_procedures(told: dict[str, Any]) -> None:
    found = {code: (told[code]["numerator"], told[code]["denominator"]) for code in ("3.1", "3.1-full", "3.2")}
    assert found == {"3.1": (14, 22), "3.1-full": (8, 22), "3.2": (1, 14)}


def test_the_average_is_in_the_unit_of_the_limit(told: dict[str, Any]) -> None:
    (average,) = told["2.2"]["averages"]
    # six took from Monday 2 to Tuesday 10 March: 6 working days; two until Friday 13 March: 9
    assert average == {"limit_unit": "working_day", "dossiers": 8, "total": 54.0, "average": 6.75}


def test_working_hours_are_counted_by_the_calendar(office: Office) -> None:
    def took(number: int, accepted: str, finished: str) -> dict[str, Any]:
        day, _, clock = accepted.partition(" ")
        until, _, end = finished.partition(" ")
        times = {"accepted_at": at(day, clock), "finished_at": at(until, end)}
        return a_dossier(number, procedure_code="9.990002", procedure_version=2, **times)

    office.put(
        [
            took(1, "2026-03-03 08:00", "2026-03-03 11:00"),  # 3 hours
            took(2, "2026-03-03 16:00", "2026-03-04 08:00"),  # an hour, and one of the next morning
            took(3, "2026-03-06 17:30", "2026-03-09 08:00"),  # over a weekend: an hour
            a_dossier(4, procedure_code="9.990002", accepted_at=at("2026-03-02")),
        ]
    )
    (average,) = {i["code"]: i for i in office.get("indicators", **MARCH)["indicators"]}["2.2"]["averages"]
    assert average == {"limit_unit": "working_hour", "dossiers": 3, "total": 6.0, "average": 2.0}


def test_what_is_not_in_our_data_says_so(told: dict[str, Any]) -> None:
    for code in ("1.1", "1.2", "1.3", "1.4", "3.5", "4.6", "4.7", "5.1", "5.2", "5.4"):
        assert (told[code]["ratio"], told[code]["score"]) == (None, None)
        assert told[code]["unavailable_because"]["vi"] != told[code]["unavailable_because"]["en"]


def test_groups_add_up_the_scores_that_are_known(office: Office, told: dict[str, Any]) -> None:
    groups = {group["code"]: group for group in office.get("indicators", **MARCH)["groups"]}
    assert {code: group["max_score"] for code, group in groups.items()} == {
        "transparency": 18.0,
        "progress": 20.0,
        "online": 12.0,
        "payment": 10.0,
        "digitised": 22.0,
        "satisfaction": 18.0,
    }
    digitised = [told[code]["score"] for code in ("4.1", "4.2", "4.3", "4.4", "4.5")]
    assert groups["digitised"]["score"] == round(sum(digitised), 2)
    assert groups["digitised"]["without_score"] == ["4.6", "4.7"]
    assert (groups["online"]["score"], groups["satisfaction"]["score"]) == (None, None)


def behind(office: Office, code: str, part: str, **asked: Any) -> list[str]:
    link: str | None = None
    found: list[str] = []
    while True:
        answer = (
            office.client.get(link)
            if link
            else office.client.get(
                f"/v1/indicators/{code}/dossiers", params={**MARCH, "part": part, "limit": 2, **asked}
            )
        )
        assert answer.status_code == 200, answer.text
        found += [item["code"] for item in answer.json()["items"]]
        link = answer.json()["next"]
        if link is None:
            return found


@pytest.mark.parametrize("code", COUNTED)
def test_the_dossiers_behind_are_as_many_as_counted(office: Office, told: dict[str, Any], code: str) -> None:
    numerator, denominator = behind(office, code, "numerator"), behind(office, code, "denominator")
    assert (len(numerator), len(denominator)) == COUNTED[code]
    assert len(set(denominator)) == len(denominator)
    assert set(numerator) <= set(denominator)


def test_the_dossiers_in_time(office: Office, told: dict[str, Any]) -> None:
    numbers = sorted(int(code[-4:]) for code in behind(office, "2.1", "numerator"))
    assert numbers == [0, 1, 2, 3, 4, 7, 8, 11, 12]


def test_the_procedures_behind(office: Office, told: dict[str, Any]) -> None:
    found = office.get("indicators/3.2/procedures", **MARCH)
    assert len(found["items"]) == 14
    assert [item["code"] for item in found["items"] if item["in_numerator"]] == ["9.990001"]
    assert office.get("indicators/1.1/procedures", **MARCH)["items"] == []
    assert office.get("indicators/ORIGINAL_RESULT_AVAILABLE", **MARCH)["indicator"]["code"] == "4.1"


def test_published_procedures_count_where_the_reference_data_say_so(office: Office) -> None:
    office.load(
        "procedures.csv",
        PROCEDURES.replace("has_fee", "published_on_time"),
        "9.990099,1,Cấp phép có phí,G98-X,Lĩnh vực X,H98.02,province,5,working_day,2026-01-15,true,true,Hư cấu",
        "9.990098,1,Tiếp nhận tin báo,G98-X,Lĩnh vực X,H98.02,province,5,working_day,2026-01-15,false,false,Hư cấu",
    )
    found = {i["code"]: i for i in office.get("indicators", **MARCH)["indicators"]}["1.1"]
    assert (found["numerator"], found["denominator"], found["score"]) == (1, 2, 3.0)


def test_a_procedure_with_a_fee_can_be_paid_online_where_its_assessment_says_so(office: Office) -> None:
    row = "9.990099,ND42_2022,full,QĐ 7,Chủ tịch UBND tỉnh,2026-02-01,Hư cấu,"
    office.load("assessments.csv", ASSESSMENTS, row)
    office.load(
        "assessment_criteria.csv",
        "procedure_code,decision,criterion,met,evidence,source",
        "9.990099,QĐ 7,fee_online_or_none,true,Đã kết nối,Hư cấu",
    )
    found = {i["code"]: i for i in office.get("indicators", **MARCH)["indicators"]}["3.5"]
    assert (found["numerator"], found["denominator"]) == (1, 1)


@pytest.mark.parametrize(
    ("path", "column"), [("indicators", "code"), ("practised", "procedure_code"), ("progress", "code")]
)
def test_live_figures_come_as_csv_too(office: Office, path: str, column: str) -> None:
    office.put(dossiers())
    body = office.get(path, **MARCH)
    answer = office.client.get(f"/v1/{path}", params=MARCH, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[column] for row in rows] == [item[column] for item in body.get("items") or body["indicators"]]


def test_practice_beside_the_level_declared(office: Office) -> None:
    office.put(dossiers())
    found = office.get("practised", **MARCH)
    items = {item["procedure_code"]: item for item in found["items"]}
    granted = items["9.990001"]
    assert (granted["level"], granted["received"], granted["online"], granted["online_share"]) == ("full", 9, 2, 0.2222)
    assert (granted["results"], granted["results_electronic"]) == (8, 3)
    assert {code: [d["reason"] for d in item["disagreements"]] for code, item in items.items()} == {
        "9.990001": [],
        "9.990098": ["submitted-online-undeclared"],
        "9.990099": ["submitted-online-undeclared"],
    }
    only = office.get("practised", **MARCH, only="disagreeing")
    assert [item["procedure_code"] for item in only["items"]] == ["9.990098", "9.990099"]
    assert only["disagreeing"] == found["disagreeing"] == 2
    assert office.get("practised", **MARCH, at_least=2)["disagreeing"] == 0


def test_both_targets_of_thirty_per_cent_have_their_own_denominators(office: Office) -> None:
    levels = {"9.990001": 3, "9.990002": 4, "9.990003": 4, "9.990005": 2}
    legacy = [f"{code},ND43_2011,{n},QĐ 1181/QĐ-UBND,UBND tỉnh,2026-02-20,Hư cấu," for code, n in levels.items()]
    office.load("assessments.csv", ASSESSMENTS, *legacy)
    march = {"accepted_at": at("2026-03-02"), "finished_at": at("2026-03-04"), "due_at": at("2026-03-05")}
    office.put(
        [
            *(a_dossier(n, **march, channel=2) for n in range(3)),
            a_dossier(4, **march, channel=2, procedure_code="9.990005"),  # online, but at level 2
            *(a_dossier(n, **march) for n in range(5, 11)),
        ]
    )
    found = {item["code"]: item for item in office.get("progress", **MARCH)["items"]}
    dossiers_, services = found["NQ17_2019_DOSSIERS"], found["NQ17_2019_SERVICES"]
    assert (dossiers_["numerator"], dossiers_["denominator"], dossiers_["value"]) == (3, 10, 0.3)
    assert (dossiers_["reached"], dossiers_["gap"], dossiers_["target"]) == (True, 0.0, 0.3)
    assert (services["numerator"], services["denominator"], services["value"], services["reached"]) == (2, 4, 0.5, True)
    assert dossiers_["legal_basis"] == services["legal_basis"] == "NQ 17/NQ-CP ngày 07/3/2019"
    assert dossiers_["in_force"] is False
    early = found["EARLY_RETURN"]
    assert (early["numerator"], early["denominator"], early["reached"]) == (10, 10, True)


def test_a_target_of_one_unit_is_counted_there(office: Office) -> None:
    office.load(
        "targets.csv",
        "code,metric,value,scope,numerator,denominator,legal_basis,valid_from,evidence,source",
        "OWN,online_reception_ratio,0.5,H98.61,trực tuyến,tất cả,KH 1,2026-01-01,S,Hư cấu",
        "NOBODY,index_of_happiness,0.5,all,a,b,KH 1,2026-01-01,S,Hư cấu",
    )
    office.put(
        [
            a_dossier(1, accepted_at=at("2026-03-02"), competent_unit="H98.61.01", channel=2),
            a_dossier(2, accepted_at=at("2026-03-02")),
        ]
    )
    found = {item["code"]: item for item in office.get("progress", **MARCH)["items"]}
    assert (found["OWN"]["numerator"], found["OWN"]["denominator"]) == (1, 1)
    assert found["NOBODY"]["unavailable_because"]["vi"]
    assert "OWN" not in {item["code"] for item in office.get("progress", **{**MARCH, "unit": "H98.02"})["items"]}


@pytest.mark.parametrize(
    ("path", "status", "type_", "at_"),
    [
        ("indicators/CANARY?unit=all&from=2026-03-01&to=2026-03-31", 404, "unknown-indicator", None),
        (
            "indicators/3.1/dossiers?unit=all&from=2026-03-01&to=2026-03-31&part=numerator",
            404,
            "no-dossiers-behind",
            None,
        ),
        ("indicators/4.1/procedures?unit=all&from=2026-03-01&to=2026-03-31", 404, "no-procedures-behind", None),
        (
            "indicators/5.4/dossiers?unit=all&from=2026-03-01&to=2026-03-31&part=numerator",
            404,
            "no-dossiers-behind",
            None,
        ),
        ("indicators?unit=all&from=2026-03-01", 422, "invalid-request", "query/to"),
        ("indicators?from=2026-03-01&to=2026-03-31", 422, "invalid-request", "query/unit"),
        ("indicators?unit=all&from=2026-03-31&to=2026-03-01", 422, "invalid-request", "query/to"),
        ("indicators/4.1/dossiers?unit=all&from=2026-03-01&to=2026-03-31&part=x", 422, "invalid-request", "query/part"),
        (
            "indicators/4.1/dossiers?unit=all&from=2026-03-01&to=2026-03-31&part=numerator&after=CANARY",
            422,
            "invalid-request",
            "query/after",
        ),
        ("practised?unit=all&from=2026-03-01&to=2026-03-31&at_least=0", 422, "invalid-request", "query/at_least"),
        ("progress?unit=H98.77&from=2026-03-01&to=2026-03-31", 422, "invalid-request", "query/unit"),
        ("progress?unit=all&from=2026-03-01&to=2026-03-31&sort=CANARY", 422, "invalid-request", "query"),
    ],
)
def test_problems(sqlite: Database, tmp_path: Path, path: str, *, status: int, type_: str, at_: str | None) -> None:
    answer = Office(sqlite, tmp_path).client.get(f"/v1/{path}")
    body = answer.json()
    assert (answer.status_code, body["type"]) == (status, f"urn:hoso:problem:{type_}")
    assert [fault["at"] for fault in body.get("errors", [])] == ([at_] if at_ else [])
    assert all(fault["detail"] and fault["detail_vi"] != fault["detail"] for fault in body.get("errors", []))
    assert body["detail"] != body["detail_vi"]
    assert "CANARY" not in answer.text
