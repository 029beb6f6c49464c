"""Alerts, runbook, dashboards and the list of metrics say the same."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from prometheus_client import CollectorRegistry

from deploy.monitoring.boards import BOARDS, documents
from deploy.monitoring.boards.panels import Levels
from deploy.monitoring.render import main as render
from deploy.monitoring.rules_files import alerts, limit, rules
from docs.generate.metrics import exported, recorded
from services.intake.http.api import api as intake_api
from services.intake.metrics import Metrics
from services.registry.http.api import api as registry_api
from services.registry.queries import Queries
from shared.clock import SystemClock
from shared.database import Database
from shared.health import Health
from shared.ops import ops_app
from tests.monitoring.promtool import promtool

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
PROMETHEUS_OWN = {"ALERTS"}
KUBECTL = {"get", "logs", "describe", "scale", "rollout", "port-forward"}
SAID = ("**Means**", "**Who suffers**", "**How to look**", "**What to do**", "**It is over when**")
_TOKEN = re.compile(r'"[^"]*"|\b(?:by|on|group_left|group_right|without)\s*\([^)]*\)|\{[^}]*\}|\[[^\]]*\]')
_NAME = re.compile(r"\b(?:hoso|unit:|process|ALERTS)[\w:]*")


def names(expression: str) -> set[str]:
    """Return the metrics an expression asks for."""
    inside = set(re.findall(r'__name__=~"([^"]*)"', expression))
    return set(_NAME.findall(_TOKEN.sub(" ", expression))) | {name for each in inside for name in each.split("|")}


def panels(board: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the panels of a dashboard that ask for something."""
    return (panel for panel in board["panels"] if panel["type"] != "row")


def expressions(board: dict[str, Any]) -> Iterator[str]:
    """Yield every expression of a dashboard: of panels, annotations and variables."""
    for panel in panels(board):
        yield from (target["expr"] for target in panel["targets"])
    yield from (each["expr"] for each in board["annotations"]["list"])
    for variable in board["templating"]["list"]:
        yield from re.findall(r"label_values\((.*), unit\)", str(variable.get("query", "")))


@pytest.fixture(scope="module")
def boards() -> dict[str, dict[str, Any]]:
    return {path: json.loads(text) for path, text in documents().items()}


@pytest.fixture(scope="module")
def known() -> set[str]:
    found = [each for service in exported().values() for each in service]
    return {name for each in found for name in each.series()} | recorded().keys() | PROMETHEUS_OWN


def test_every_metric_asked_for_is_exported(boards: dict[str, dict[str, Any]], known: set[str]) -> None:
    asked = [expression for board in boards.values() for expression in expressions(board)]
    asked += [rule["expr"] for rule in rules()]
    found = {name for expression in asked for name in names(expression)}
    assert len(found) > 60
    assert found <= known


def test_every_metric_of_ours_is_in_a_dashboard_or_a_rule(boards: dict[str, dict[str, Any]]) -> None:
    asked = {name for board in boards.values() for expression in expressions(board) for name in names(expression)}
    asked |= {name for rule in rules() for name in names(rule["expr"])}
    ours = [each for service in exported().values() for each in service if each.name.startswith("hoso")]
    assert {each.name for each in ours if not each.series() & asked} == {
        "hoso_registry_dossiers_online_ratio",  # the rules record it
        "hoso_intake_results",
        "hoso_registry_transfers",
        "hoso_registry_transfer_answers",
    }


def test_every_expression_of_a_dashboard_parses(boards: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    asked = [expression for board in boards.values() for expression in expressions(board)]
    plain = [e.replace("$__rate_interval", "5m").replace("$unit", ".+") for e in asked]
    assert not [expression for expression in plain if "$" in expression]
    group = {"name": "asked", "rules": [{"record": f"asked:{n}", "expr": each} for n, each in enumerate(plain)]}
    path = tmp_path / "asked.yml"
    path.write_text(json.dumps({"groups": [group]}))
    assert f"{len(plain)} rules found" in promtool("check", "rules", str(path))


def test_panels_have_titles_descriptions_and_units(boards: dict[str, dict[str, Any]]) -> None:
    assert len(boards) == len(BOARDS) == 4
    for board in boards.values():
        titles = [panel["title"] for panel in panels(board)]
        assert len(titles) == len(set(titles)) >= 14
        for panel in panels(board):
            assert panel["description"].isascii()
            assert panel["description"].endswith(".")
            assert panel["fieldConfig"]["defaults"]["unit"]


def test_panels_lie_side_by_side(boards: dict[str, dict[str, Any]]) -> None:
    for board in boards.values():
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            assert max(x for x, _ in cells) < 24, panel["title"]
            assert not cells & taken, panel["title"]
            taken |= cells


@pytest.mark.parametrize(
    ("board", "title", "alert"),
    [
        ("manager", "Quá hạn tăng thêm trong một ngày", "HosoDossiersOverdueFasterThanSettled"),
        ("officer", "Tính cách đây", "HosoFiguresOld"),
        ("lead", "Chờ lâu nhất tại quầy", "HosoExpressPapersWaiting"),
        ("lead", "Kiểm tra chờ lâu nhất", "HosoReviewsWaiting"),
        ("ops", "Chưa thông báo, lâu nhất", "HosoPapersUnannounced"),
        ("ops", "Chưa đọc hết", "HosoProjectionBehind"),
    ],
)
def test_red_begins_where_the_alert_does(board: str, title: str, alert: str, boards: dict[str, dict[str, Any]]) -> None:
    found = boards[f"deploy/monitoring/dashboards/hoso-{board}.json"]
    (panel,) = [panel for panel in panels(found) if panel["title"] == title]
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    assert steps[-1] == {"value": limit(alert), "color": "red"}
    assert f"> {limit(alert):g}" in alerts()[alert]["expr"]


def test_low_values_are_the_bad_ones_where_levels_fall() -> None:
    steps = Levels(0.9, 0.95, falling=True).thresholds().build().steps
    assert [(step.value, step.color) for step in steps] == [(None, "red"), (0.9, "yellow"), (0.95, "green")]


def section(alert: str) -> str:
    return RUNBOOK.split(f"\n## {alert}\n", 1)[1].split("\n## ", 1)[0]


def test_the_runbook_has_one_heading_an_alert_and_no_other() -> None:
    headings = re.findall(r"^## (Hoso\w+)$", RUNBOOK, re.MULTILINE)
    assert sorted(headings) == sorted(alerts())


@pytest.mark.parametrize("alert", alerts())
def test_a_heading_says_all_a_person_needs_at_night(alert: str) -> None:
    text = section(alert)
    places = [text.index(said) for said in SAID]
    assert places == sorted(places)
    assert f"**{alerts()[alert]['labels']['severity'].capitalize()}" in text


def commands() -> list[str]:
    """Return the commands of the runbook, those in a line of text too."""
    blocks = re.findall(r"```sh\n(.*?)```", RUNBOOK, re.DOTALL)
    inline = re.findall(r"`((?:python -m|make|kubectl) [^`]*)`", RUNBOOK)
    return [line for block in blocks for line in block.splitlines()] + inline


def test_every_tool_of_the_runbook_is_one_we_know() -> None:
    assert {command.split()[0] for command in commands()} == {"curl", "kubectl", "python", "make", "promtool"}
    for command in commands():
        if command.startswith("kubectl"):
            assert command.startswith("kubectl -n hoso ")
            assert command.split()[3] in KUBECTL


def test_every_target_of_make_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = {command.split()[1] for command in commands() if command.startswith("make ")}
    assert asked
    assert asked <= targets


@pytest.mark.parametrize("command", sorted({c for c in commands() if c.startswith("python -m ")}))
def test_every_command_of_ours_exists(command: str) -> None:
    _, _, module, *rest = command.split()
    words = [word for word in rest[:1] if re.fullmatch("[a-z-]+", word)]  # the sub-command, where there is one
    asked = [sys.executable, "-m", module, *words, "--help"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=ROOT)
    assert told.returncode == 0, told.stderr
    assert not words or f"{module} {words[0]}" in told.stdout
    for option in re.findall(r"--[a-z-]+", " ".join(rest)):
        assert option in told.stdout


def test_every_api_path_of_the_runbook_exists(tmp_path: Path) -> None:
    database, nothing = Database(f"sqlite:///{tmp_path}/none.db"), cast("Any", None)
    intake = intake_api(nothing, clock=SystemClock(), metrics=Metrics(CollectorRegistry()), max_request_bytes=1)
    registry = registry_api(Queries(database, SystemClock()), clock=SystemClock(), due_soon_hours=1)
    ops = ops_app("test", Health(), CollectorRegistry())
    served = {"8081": intake, "8082": registry, "9081": ops, "9082": ops}
    asked = [found for c in commands() for found in re.findall(r"http://127.0.0.1:(\d+)(/[a-z0-9/-]+)", c)]
    assert len(asked) > 4
    for port, path in asked:
        assert path in served[port].openapi()["paths"] or path in {
            getattr(route, "path", "") for route in served[port].routes
        }
    database.close()


def test_rules_for_a_drill_are_valid_and_faster(tmp_path: Path) -> None:
    assert render([str(tmp_path), "--faster", "30", "--docs", "https://docs.example.vn/"]) == 0
    found = sorted(tmp_path.glob("*.yml"))
    promtool("check", "rules", *map(str, found))
    text = (tmp_path / "hoso-alerts.yml").read_text()
    assert 'hoso_intake_papers_in_work_oldest_seconds{lane="express"}) > 20\n' in text
    assert "max(hoso_intake_unannounced_oldest_seconds) > 2\n" in text
    assert "hoso_registry_dossiers_overdue offset 2880000ms" in text
    assert "hoso:express_papers_late:ratio1h > 0.144" in text
    assert "https://docs.example.vn/runbook.md#hosodeadletters" in text
    assert not re.search(r"for: \d+[mhd]$", text, re.MULTILINE)
