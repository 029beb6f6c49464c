"""The recording rules: Prometheus takes them, and they say what they should of figures made up."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

RULES = Path(__file__).parents[2] / "deploy" / "monitoring" / "rules" / "hoso-registry.yml"


def promtool(*arguments: str) -> str:
    program = shutil.which("promtool")
    assert program, "make setup-servers installs prometheus, which brings promtool"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_takes_the_rules() -> None:
    assert "11 rules found" in promtool("check", "rules", str(RULES))


RECEIVED = "hoso_registry_dossiers_received"
SETTLED = "hoso_registry_dossiers_settled"
SERIES: dict[str, float] = {
    f'{RECEIVED}{{unit="A",channel="online"}}': 30,
    f'{RECEIVED}{{unit="A",channel="in_person"}}': 70,
    f'{RECEIVED}{{unit="B",channel="online"}}': 0,
    f'{SETTLED}{{unit="A",channel="online",timeliness="early"}}': 45,
    f'{SETTLED}{{unit="A",channel="online",timeliness="on_time"}}': 3,
    f'{SETTLED}{{unit="A",channel="in_person",timeliness="overdue"}}': 2,
    'hoso_registry_dossiers_open{unit="A",age="0-1"}': 8,
    'hoso_registry_dossiers_open{unit="A",age="2-5"}': 2,
    'hoso_registry_dossiers_overdue{unit="A"}': 1,
    'hoso_registry_procedures{unit="A",scope="handled",level="full"}': 85,
    'hoso_registry_procedures{unit="A",scope="handled",level="partial"}': 30,
    'hoso_registry_procedures{unit="A",scope="handled",level="info"}': 7,
    'hoso_registry_procedures{unit="A",scope="handled",level="unclassified"}': 10,
    'hoso_registry_target{target="T",metric="m",scope="all"}': 0.3,
    'hoso_registry_target_reached_ratio{target="T",metric="m",scope="all"}': 0.25,
}
EXPECTED: dict[str, list[tuple[str, float]]] = {
    "unit:hoso_registry_dossiers_online:ratio": [('{unit="A"}', 0.3)],
    "hoso_registry_dossiers_online:ratio": [("{}", 0.3)],
    "unit:hoso_registry_dossiers_early:ratio": [('{unit="A"}', 0.9)],
    "unit:hoso_registry_dossiers_in_time:ratio": [('{unit="A"}', 0.96)],
    "unit:hoso_registry_dossiers_open_overdue:ratio": [('{unit="A"}', 0.1)],
    "unit:hoso_registry_procedures_full:ratio": [('{unit="A",scope="handled"}', 85 / 132)],
    "unit:hoso_registry_procedures_online:ratio": [('{unit="A",scope="handled"}', 115 / 132)],
    "unit:hoso_registry_dossiers_received:increase30d": [('{unit="A"}', 100), ('{unit="B"}', 0)],
    "hoso_registry_target:missing": [('{target="T",metric="m",scope="all"}', 0.3 - 0.25)],
}


@pytest.mark.parametrize("record", EXPECTED)
def test_what_the_rules_record(record: str, tmp_path: Path) -> None:
    samples: list[dict[str, Any]] = [
        {"labels": record + labels.replace("{}", ""), "value": value} for labels, value in EXPECTED[record]
    ]
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": f"{value}x5"} for name, value in SERIES.items()],
                "promql_expr_test": [{"expr": record, "eval_time": "3m", "exp_samples": samples}],
            }
        ],
    }
    path = tmp_path / "test.yml"
    path.write_text(json.dumps(test))  # JSON is YAML
    promtool("test", "rules", str(path))
