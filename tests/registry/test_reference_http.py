"""The API of reference data: procedures, calendars, targets, stated figures; as JSON and CSV, with ETag and pages."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from services.registry.http.api import api
from services.registry.metrics import metrics
from services.registry.queries import Queries
from shared.database import Database
from tests.fakes.clock import FakeClock
from tests.registry.client import Client
from tests.registry.reference_files import GOOD, NATIONAL, loaded


@pytest.fixture
def client(database: Database, tmp_path: Path) -> Client:
    loaded(tmp_path, database, GOOD)
    return client_of(database)


def client_of(database: Database) -> Client:
    clock = FakeClock()
    return Client(api(Queries(database, clock), clock=clock))


def got(client: Client, path: str, **asked: Any) -> Any:
    answer = client.get(path, params=asked or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def table(client: Client, path: str, **asked: Any) -> list[dict[str, str]]:
    """Return the rows of an answer as CSV."""
    answer = client.get(path, params={**asked, "format": "csv"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


TABLES = [
    ("/v1/units", {}, 4),
    ("/v1/procedures", {"unit": "all"}, 3),
    ("/v1/procedures/9.990001", {}, 1),
    ("/v1/procedures/9.990002/levels", {}, 2),
    ("/v1/levels", {"unit": "all"}, 4),
    ("/v1/level-proposals", {}, 1),
    ("/v1/level-schemes", {}, 12),
    ("/v1/targets", {}, 3),
    ("/v1/indicator-thresholds", {}, len(NATIONAL["indicator_thresholds.csv"].splitlines()) - 1),
    ("/v1/index-scores", {}, 2),
    ("/v1/task-figures", {}, 2),
    ("/v1/calendars", {}, len(NATIONAL["calendar_days.csv"].splitlines()) - 1),
    ("/v1/reductions", {"unit": "all"}, 4),
]


def test_every_table_comes_as_json_and_csv_with_its_tag(client: Client) -> None:
    for path, asked, expected in TABLES:
        rows = table(client, path, **asked)
        assert len(rows) == expected, path
        for headers in ({}, {"Accept": "text/csv"}):
            answer = client.get(path, params=asked, headers=headers)
            assert answer.headers["content-type"].startswith("text/csv" if headers else "application/json")
            tag = {"If-None-Match": answer.headers["etag"], **headers}
            assert client.get(path, params=asked, headers=tag).status_code == 304, path
    assert client.get("/v1/units", headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_procedure_shows_its_parts_and_other_versions(client: Client) -> None:
    newest = got(client, "/v1/procedures/9.990001")
    assert (newest["version"], newest["level"], newest["level_decision"], newest["committed_limit"]) == (
        2,
        "full",
        "QĐ 2",
        7,
    )
    assert [(step["step"], step["hours"]) for step in newest["steps"]] == [(1, 2), (2, 20)]
    assert [(c["code"], c["duty"], c["exempt_reason"]) for c in newest["components"]] == [
        ("KQ.01", "required", None),
        ("KQ.02", "exempt", 2),
    ]
    assert [(v["version"], v["valid_to"]) for v in newest["versions"]] == [(1, "2025-06-30"), (2, None)]
    old = got(client, "/v1/procedures/9.990001", on="2025-06-30")
    assert (old["version"], old["level"], old["cut_off"], old["fees"][0]["amount"]) == (1, "partial", "15:00", 30000)


def test_procedures_by_filters(client: Client) -> None:
    filters: list[tuple[dict[str, Any], list[str]]] = [
        ({"unit": "H98.02"}, ["9.990001", "9.990002", "9.990003"]),
        ({"unit": "H98.61"}, []),
        ({"unit": "H98.61", "scope": "handled"}, ["9.990002", "9.990003"]),
        ({"unit": "H98.62", "scope": "handled"}, ["9.990002"]),
        ({"unit": "all", "level": "full"}, ["9.990001", "9.990002"]),
        ({"unit": "all", "level": ["unclassified", "partial"]}, ["9.990003"]),
        ({"unit": "all", "field": "G98-HT08"}, ["9.990002"]),
        ({"unit": "all", "essential": "true"}, ["9.990001"]),
        ({"unit": "all", "essential": "false"}, ["9.990002", "9.990003"]),
        ({"unit": "all", "portal_connected": "true"}, []),
        ({"unit": "all", "on": "2024-06-01"}, ["9.990001"]),
        ({"unit": "all", "on": "2023-06-01"}, []),
    ]
    for asked, expected in filters:
        assert [item["code"] for item in got(client, "/v1/procedures", **asked)["items"]] == expected, asked


def test_pages_of_procedures_follow_each_other(client: Client) -> None:
    link, seen = "/v1/procedures?unit=all&limit=2", []
    while link:
        page = got(client, link)
        seen.append([item["code"] for item in page["items"]])
        link = page["next"]
    assert seen == [["9.990001", "9.990002"], ["9.990003"]]


def test_calendars_show_their_sources_and_what_is_undecided(client: Client) -> None:
    (calendar,) = got(client, "/v1/calendars")["items"]
    assert (calendar["code"], calendar["revision"], calendar["first_day"]) == ("VN", 1, "2024-01-01")
    assert calendar["undecided"] > 0
    days = {day["day"]: day for day in calendar["days"]}
    assert (days["2026-11-24"]["works"], days["2026-11-24"]["decided"]) == (False, True)
    assert days["2026-11-24"]["source"]
    undecided = [day for day in days.values() if not day["decided"]]
    assert {day["day"][:4] for day in undecided} == {"2027"}
    assert got(client, "/v1/calendars/VN") == calendar


def test_the_two_targets_of_30_percent_have_their_own_denominators(client: Client) -> None:
    targets = {item["code"]: item for item in got(client, "/v1/targets", on="2020-06-01")["items"]}
    dossiers, services = targets["NQ17_2019_DOSSIERS"], targets["NQ17_2019_SERVICES"]
    assert [(t["value"], t["levels"], t["in_force"]) for t in (dossiers, services)] == [
        (0.3, "3 4", True),
        (0.3, "4", True),
    ]
    assert dossiers["denominator"] != services["denominator"]
    assert {t["metric"] for t in (dossiers, services)} == {"online_dossier_ratio", "online_service_ratio"}
    assert all(t["source"] and t["evidence"] and t["legal_basis"] for t in targets.values())
    assert not got(client, "/v1/targets")["items"][1]["in_force"]


def test_a_stated_percentage_stands_beside_the_computed_one(client: Client) -> None:
    figures = got(client, "/v1/task-figures")
    told = [(f["code"], f["stated_pct"], f["computed_pct"], f["mismatch"]) for f in figures["items"]]
    assert told == [("KT2020", 70.0, 85.0, True), ("TP2020", 86.26, 86.26, False)]
    assert figures["mismatches"] == 1
    whole, component = got(client, "/v1/index-scores", index="PAR_UNIT", year=2021)["items"]
    assert (whole["rank"], whole["of"], whole["computed_pct"], whole["below_threshold"]) == (15, 18, None, None)
    figures = (component["stated_pct"], component["computed_pct"], component["mismatch"], component["below_threshold"])
    assert figures == (71.25, 71.25, False, True)
    assert got(client, "/v1/index-scores", unit="H98.02")["items"] == []


def test_reductions_are_summed_in_hours_and_working_days(client: Client) -> None:
    (managed,) = got(client, "/v1/reductions", unit="H98.02")["items"]
    told = (managed["procedures"], managed["procedures_cut"], managed["hours"], managed["working_days"])
    assert told == (3, 2, 68.5, 8.5625)
    assert (managed["procedures_with_steps_cut"], managed["steps_cut"]) == (1, 1)


def test_indicators_and_schemes_tell_how_far_they_are_known(client: Client) -> None:
    groups = [i for i in got(client, "/v1/indicator-thresholds")["items"] if i["code"] == i["group"]]
    assert sum(group["max_points"] for group in groups) == 100
    schemes = {scheme["scheme"]: scheme for scheme in got(client, "/v1/level-schemes")["items"]}
    assert [level["level"] for level in schemes["ND43_2011"]["levels"]] == ["4", "3", "2", "1"]
    assert {level["confirmed"] for level in schemes["ND224_2026"]["levels"]} == {False}
    assert len(schemes["ND42_2022"]["criteria"]) == 6


def test_the_history_of_a_procedure_has_every_writing_of_its_parts(client: Client) -> None:
    items = got(client, "/v1/procedures/9.990002/history")["items"]
    assert [item["kind"] for item in items] == ["procedure", *["assessment"] * 2, *["assessment_criterion"] * 3]
    assert items[0]["content"]["name"] == "Xác nhận"


def test_a_name_that_looks_like_a_formula_stays_text(database: Database, tmp_path: Path) -> None:
    loaded(tmp_path, database, {**GOOD, "units.csv": GOOD["units.csv"].replace("Xã Hạ", "=1+1")})
    assert [row["name"] for row in table(client_of(database), "/v1/units")][2] == "'=1+1"


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/v1/levels?unit=all&scope=owned", 422, "invalid-request"),
        ("/v1/levels?unit=all&on=2026-02-30", 422, "invalid-request"),
        ("/v1/levels?unit=all&on=9999-12-31", 422, "invalid-request"),
        ("/v1/levels?unit=all&known_at=2026-01-01T00:00:00", 422, "invalid-request"),  # without its zone
        ("/v1/levels?unit=all&known_at=0001-01-01T00:00:00%2B14:00", 422, "invalid-request"),
        ("/v1/levels?unit=all&format=xml", 422, "invalid-request"),
        ("/v1/procedures?unit=all&after=%00", 422, "invalid-request"),
        ("/v1/procedures?unit=all&limit=0", 422, "invalid-request"),
        ("/v1/targets?scope=all", 422, "invalid-request"),
        ("/v1/procedures/9.999999/levels", 404, "unknown-procedure"),
        ("/v1/procedures/9.999999/history", 404, "unknown-procedure"),
        ("/v1/procedures/9.99%25/history", 422, "invalid-request"),
        ("/v1/calendars/H98.99", 404, "unknown-calendar"),
    ],
)
def test_bad_requests_are_answered_in_two_languages(sqlite: Database, path: str, status: int, slug: str) -> None:
    answer = client_of(sqlite).get(path)
    body = answer.json()
    assert (answer.status_code, body["type"]) == (status, f"urn:hoso:problem:{slug}")
    assert body["detail"] != body["detail_vi"]


SERIES = {
    'procedures{level="full",scope="managed",unit="H98.02"}': 2,
    'procedures{level="full",scope="handled",unit="H98.02"}': 1,
    'procedures{level="partial",scope="handled",unit="H98.61"}': 1,
    'procedures_by_scheme{level="4",scheme="ND43_2011",scope="managed",unit="H98.02"}': 1,
    "level_proposals": 1,
    'target{metric="early_return_ratio",scope="all",target="EARLY_RETURN"}': 0.9,
}


def test_metrics_of_levels_and_targets(client: Client, database: Database) -> None:
    clock = FakeClock()
    text = generate_latest(metrics(Queries(database, clock), lambda: None, clock=clock)).decode()
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert {name: float(values[f"hoso_registry_{name}"]) for name in SERIES} == SERIES
    sources = [name for name in values if name.startswith("hoso_registry_target_source_info")]
    assert len(sources) == 3
    assert any('legal_basis="NQ 17/NQ-CP ngày 07/3/2019"' in name for name in sources)


def seeds() -> dict[str, str]:
    """Return the files of a department as seed 002 tells of it: 178 procedures managed, 132 handled, 48 cut."""
    units = GOOD["units.csv"]
    head = (
        "code,version,name,field_code,field_name,managing_unit,handling_level,legal_limit,legal_limit_unit,online_level,"
        "level_scheme,level_decision,valid_from,result_is_document,reduction_hours,steps_cut,source\n"
    )
    handled = ["full"] * 85 + ["partial"] * 30 + ["info"] * 7 + ["unclassified"] * 10
    lines = []
    for number in range(178):
        level = handled[number] if number < 132 else "partial"
        place = "province" if number < 132 else "commune"
        hours = (7.5 if number < 44 else 8) if number < 48 else 0
        decision = "" if level == "unclassified" else "QĐ 2024"
        lines.append(
            f"9.{990000 + number},1,TTHC {number},G98,Lĩnh vực,H98.02,{place},15,working_day,{level},ND42_2022,"
            f"{decision},2024-01-01,true,{hours},1,Hư cấu\n"
        )
    return {**NATIONAL, "units.csv": units, "procedures.csv": head + "".join(lines)}


def test_the_figures_of_seed_002(database: Database, tmp_path: Path) -> None:
    loaded(tmp_path, database, seeds())
    client = client_of(database)
    (managed,) = got(client, "/v1/levels", unit="H98.02", scope="managed")["items"]
    (handled,) = got(client, "/v1/levels", unit="H98.02", scope="handled")["items"]
    assert (managed["total"], handled["total"]) == (178, 132)
    assert handled["counts"] == {"full": 85, "partial": 30, "info": 7, "unclassified": 10}
    (cut,) = got(client, "/v1/reductions", unit="H98.02")["items"]
    assert (cut["procedures_cut"], cut["hours"], cut["working_days"]) == (48, 362, 45.25)
    assert cut["procedures_with_steps_cut"] == 178
