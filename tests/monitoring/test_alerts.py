"""Every alert fires where it must and nowhere else, and a page never comes with another page."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.monitoring.rules_files import FILES, alerts
from tests.monitoring.promtool import Series, evaluated, promtool

EXPRESS, BULK = 'lane="express"', 'lane="bulk"'
READY, PARTITIONS = 'hoso_ready{service="intake"}', f"hoso_ocr_partitions{{{EXPRESS}}}"
REGISTRY = 'hoso_ready{service="registry"}'
UNANNOUNCED = "hoso_intake_unannounced_oldest_seconds"
OLDEST = f"hoso_intake_papers_in_work_oldest_seconds{{{EXPRESS}}}"
RELAY = 'hoso_troubled{service="intake",part="relay"}'
FIGURES = "hoso_registry_figures_computed_timestamp_seconds"
TAKEN = f'hoso_intake_paper_seconds_count{{{EXPRESS},outcome="digitised"}}'
IN_TIME = f'hoso_intake_paper_seconds_bucket{{{EXPRESS},outcome="digitised",le="60.0"}}'
FAILED = f'hoso_intake_paper_seconds_count{{{EXPRESS},outcome="failed"}}'
TOLD = "hoso_intake_announcement_seconds_count"
TOLD_IN_TIME = 'hoso_intake_announcement_seconds_bucket{le="5.0"}'
AWAY = "_x5000"  # no samples at all
HEALTHY = {
    READY: "1x5000",
    REGISTRY: "1x5000",
    "hoso_registry_up": "1x5000",
    PARTITIONS: "4x5000",
    f"hoso_ocr_partitions{{{BULK}}}": "4x5000",
    UNANNOUNCED: "0x5000",
    OLDEST: "0x5000",
    f"hoso_intake_papers_in_work{{{BULK}}}": "0x5000",
    FIGURES: "0+60x5000",
}


@dataclass(frozen=True)
class Case:
    """What differs from health, when to look, and the labels of the alert if it fires."""

    series: Series
    minute: int = 30
    labels: str | None = ""
    interval: int = 1


def fires(series: Series, labels: str = "", *, minute: int = 30, interval: int = 1) -> Case:
    return Case(series, minute, labels, interval)


def quiet(series: Series, *, minute: int = 30, interval: int = 1) -> Case:
    return Case(series, minute, None, interval)


def dossiers(overdue: str, settled: str) -> Series:
    return {
        'hoso_registry_dossiers_overdue{unit="A"}': overdue,
        'hoso_registry_dossiers_settled{unit="A",channel="online",timeliness="early"}': settled,
    }


CASES: dict[str, list[Case]] = {
    "HosoIntakeDown": [
        fires({READY: "0x60"}),
        fires({READY: AWAY}, 'service="intake"'),
        quiet({READY: "0x60", 'hoso_ready{service="intake",instance="b"}': "1x60"}),
        quiet({READY: "1x28 0x60"}),
    ],
    "HosoRegistryAway": [
        fires({REGISTRY: AWAY, 'hoso_ready{service="registry-projection"}': "1x60"}),
        quiet({REGISTRY: "0x60"}),
        quiet({REGISTRY: AWAY, 'hoso_ready{service="registry-api"}': "1x60"}),
    ],
    "HosoExpressLaneWithoutWorkers": [
        fires({PARTITIONS: "0x60", OLDEST: "0+60x60"}),
        fires({PARTITIONS: AWAY, OLDEST: "0+60x60"}, EXPRESS),
        quiet({PARTITIONS: "0x60", f'hoso_ocr_partitions{{{EXPRESS},instance="b"}}': "8x60"}),
        quiet({PARTITIONS: AWAY, RELAY: "1x60"}),
    ],
    "HosoExpressPapersWaiting": [
        fires({OLDEST: "0+60x60"}),
        quiet({OLDEST: "0+60x60"}, minute=9),
        quiet({OLDEST: "0+60x60", PARTITIONS: "0x25 4x60"}),
        quiet({OLDEST: "0+60x60", READY: "0x25 1x60"}),
    ],
    "HosoPapersUnannounced": [
        fires({UNANNOUNCED: "0+60x60", OLDEST: "0+60x60", RELAY: "1x60", PARTITIONS: AWAY}),
        quiet({UNANNOUNCED: "30x60"}),
    ],
    "HosoExpressBudgetBurnsFast": [
        fires({TAKEN: "0+10x400", IN_TIME: "0+8x400"}, minute=70),
        fires({TAKEN: "0+10x400", IN_TIME: "0+9.2x400"}, minute=390),
        fires({TAKEN: "0x400", IN_TIME: "0x400", FAILED: "0+1x400"}, minute=70),
        quiet({TAKEN: "0+10x400", IN_TIME: "0+9.95x400"}, minute=390),
        quiet({TAKEN: "0+0x60 1x340", IN_TIME: "0x400"}, minute=70),
        quiet({TAKEN: "0+10x400", IN_TIME: "0+8x400", PARTITIONS: "4x20 0x20 4x400"}, minute=70),
        quiet({TAKEN: "0+10x60 610+10x340", IN_TIME: "0+8x60 610+10x340"}, minute=110),
    ],
    "HosoExpressBudgetBurnsSlowly": [
        fires({TAKEN: "0+100x1200", IN_TIME: "0+96x1200"}, minute=1600, interval=4),
        fires({TAKEN: "0+100x1200", IN_TIME: "0+98x1200"}, minute=4400, interval=4),
        quiet({TAKEN: "0+1000x1200", IN_TIME: "0+993x1200"}, minute=4400, interval=4),
    ],
    "HosoAnnouncementBudgetBurnsFast": [
        fires({TOLD: "0+100x400", TOLD_IN_TIME: "0+98x400"}, minute=70),
        fires({TOLD: "0+100x400", TOLD_IN_TIME: "0+99.2x400"}, minute=390),
        quiet({TOLD: "0+1000x400", TOLD_IN_TIME: "0+999.5x400"}, minute=390),
        quiet({TOLD: "0+100x400", TOLD_IN_TIME: "0+98x400", UNANNOUNCED: "0x20 100x20 0x400"}, minute=70),
    ],
    "HosoAnnouncementBudgetBurnsSlowly": [
        fires({TOLD: "0+1000x1200", TOLD_IN_TIME: "0+996x1200"}, minute=1600, interval=4),
        fires({TOLD: "0+1000x1200", TOLD_IN_TIME: "0+998x1200"}, minute=4400, interval=4),
        quiet({TOLD: "0+10000x1200", TOLD_IN_TIME: "0+9993x1200"}, minute=4400, interval=4),
    ],
    "HosoDossiersOverdueFasterThanSettled": [
        fires(dossiers("10+1x1200", "0+0.5x1200"), 'unit="A"', minute=1600, interval=4),
        quiet(dossiers("10+1x1200", "0+2x1200"), minute=1600, interval=4),
        quiet(dossiers("10+0.01x1200", "0x1200"), minute=1600, interval=4),
    ],
    "HosoProjectionBehind": [
        fires({"hoso_registry_projection_lag_records": "2000x60"}),
        fires({"hoso_registry_up": AWAY}),
        quiet({"hoso_registry_projection_lag_records": "0x25 2000x60"}),
        quiet({"hoso_registry_projection_lag_records": "900x60"}),
    ],
    "HosoEventsMissing": [
        fires({"hoso_registry_events_missing": "0x10 2x60"}),
        quiet({"hoso_registry_events_missing": "2x20 0x60"}),
    ],
    "HosoDeadLetters": [
        fires({f'hoso_ocr_dead_letters_total{{{BULK},reason="corrupt"}}': "0x20 1x60"}, f'{BULK},reason="corrupt"'),
        quiet({f'hoso_ocr_dead_letters_total{{{BULK},reason="corrupt"}}': "0x20 1x200"}, minute=120),
        quiet({f'hoso_ocr_dead_letters_total{{{BULK},reason="secret"}}': "0x20 1x60"}),
    ],
    "HosoBulkLaneWithoutWorkers": [
        fires({f"hoso_intake_papers_in_work{{{BULK}}}": "5x60", f"hoso_ocr_partitions{{{BULK}}}": AWAY}),
        quiet({f"hoso_ocr_partitions{{{BULK}}}": AWAY}),
        quiet({f"hoso_intake_papers_in_work{{{BULK}}}": "5x60"}),
    ],
    "HosoReviewsWaiting": [
        fires({"hoso_intake_review_oldest_seconds": "180000x60"}),
        quiet({"hoso_intake_review_oldest_seconds": "100000x60"}),
    ],
    "HosoPartTroubled": [
        fires({'hoso_troubled{service="intake",part="hot-folder"}': "1x60"}, 'service="intake",part="hot-folder"'),
        quiet({'hoso_troubled{service="intake",part="hot-folder"}': "1x15 _x60"}),
    ],
    "HosoFiguresOld": [
        fires({FIGURES: "0x500"}, minute=140),
        quiet({FIGURES: "0x120 7200x500"}, minute=140),
    ],
}
EACH = [pytest.param(name, case, id=f"{name}-{n}") for name, cases in CASES.items() for n, case in enumerate(cases)]


def firing(alert: str, labels: str) -> str:
    severity = alerts()[alert]["labels"]["severity"]
    told = ",".join(filter(None, (f'alertname="{alert}",alertstate="firing",severity="{severity}"', labels)))
    return f"ALERTS{{{told}}}"


@pytest.mark.parametrize(("alert", "case"), EACH)
def test_an_alert_fires_where_it_must_and_no_other_page_does(alert: str, case: Case, tmp_path: Path) -> None:
    expected = [] if case.labels is None else [firing(alert, case.labels)]
    expectations = {f'ALERTS{{alertname="{alert}",alertstate="firing"}}': expected}
    if expected:
        pages = expected if alerts()[alert]["labels"]["severity"] == "page" else []
        expectations['ALERTS{alertstate="firing",severity="page"}'] = pages
    evaluated(tmp_path, {**HEALTHY, **case.series}, expectations, minute=case.minute, interval=case.interval)


def test_nothing_fires_in_health(tmp_path: Path) -> None:
    evaluated(tmp_path, HEALTHY, {'ALERTS{alertstate="firing"}': []}, minute=90)


def test_every_alert_has_a_case_that_fires_and_one_that_does_not() -> None:
    assert CASES.keys() == alerts().keys()
    for cases in CASES.values():
        assert {case.labels is None for case in cases} == {True, False}


def test_prometheus_takes_the_rules() -> None:
    promtool("check", "rules", "--lint-fatal", *map(str, FILES))


@pytest.mark.parametrize("alert", alerts())
def test_an_alert_says_what_a_manager_understands_in_both_languages(alert: str) -> None:
    rule = alerts()[alert]
    assert rule["labels"]["severity"] in {"page", "ticket"}
    vietnamese, english = rule["annotations"]["summary"].split(" / ")
    assert re.search("[ạ-ỹăâđêôơư]", vietnamese)
    assert english.isascii()
    assert rule["annotations"]["runbook_url"].endswith(f"/docs/runbook.md#{alert.lower()}")
    told = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    labels = next(case.labels for case in CASES[alert] if case.labels is not None)
    assert told <= set(re.findall(r"(\w+)=", labels))
