"""A real Prometheus beside the demo finds every metric documented, and data for the dashboards' and rules' queries."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from urllib3 import request

from deploy.demo import __main__ as demo
from deploy.demo.clerk import Clerk
from deploy.demo.scans import scans_in
from deploy.demo.stage import PARTS, Hoso, embedded
from deploy.demo.subscriber import Subscriber
from deploy.local.monitoring import Prometheus
from deploy.local.ports import HOST
from deploy.local.wiring import RULES
from deploy.monitoring.boards import documents
from deploy.monitoring.rules_files import rules
from docs.generate.metrics import exported
from shared.kafka import KafkaLog
from tests.monitoring.test_documents import expressions
from tests.servers import wait_until

# what a healthy system of some minutes cannot have
NEEDS_A_DAY = ("increase1d", "offset 1d")
NEEDS_TROUBLE = (
    "hoso_troubled",
    'alertstate="firing"',
    "hoso_ocr_dead_letters_total",
    "hoso_intake_files_refused_total",
)
NEEDS_A_TRANSFER = ("hoso_intake_transfer_attempts_total",)
NEEDS_A_BOARD_WITH_POINTS = ("hoso_registry_qd766_score", "hoso_registry_qd766_group_score")
MAY_FIND_NOTHING = (*NEEDS_A_DAY, *NEEDS_TROUBLE, *NEEDS_A_TRANSFER, *NEEDS_A_BOARD_WITH_POINTS)
NEVER_WITHOUT = {
    "hoso_troubled",
    "hoso_intake_files_refused_total",
    "hoso_intake_results_total",
    "hoso_intake_transfer_attempts_total",
    "hoso_registry_qd766_score",
    "hoso_registry_qd766_group_score",
}


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Prometheus, after the demo has gone through the services it scrapes."""
    folder = tmp_path_factory.mktemp("life")
    out = folder / "out"
    out.mkdir()
    with embedded() as settings, Hoso(folder / "hoso", settings | {"HOSO_REGISTRY_FIGURES_MINUTES": "0.1"}) as hoso:
        ports = hoso._ops_ports
        targets = {
            name: [f"{HOST}:{port}" for part, port in ports.items() if part.lower().startswith(name)]
            for name in ("intake", "registry", "ocr")
        }
        assert sum(map(len, targets.values())) == len(PARTS)
        with (
            Prometheus(folder / "prometheus", targets, scrape_interval_seconds=1, rules=RULES) as prometheus,
            Subscriber(lambda: KafkaLog(demo.kafka_settings(settings))) as subscriber,
            Clerk(hoso.intake_url) as clerk,
        ):
            assert wait_until(lambda: len(found(prometheus, "hoso_ready == 1")) == len(PARTS))
            began = time.monotonic()
            demo.drive(scans_in(demo.SPECIMENS), out, hoso, subscriber=subscriber, clerk=clerk, began=began)
            assert wait_until(lambda: bool(found(prometheus, "hoso_registry_target_reached_ratio")))
            yield prometheus


def found(prometheus: Prometheus, expression: str) -> list[dict[str, Any]]:
    """Return what an expression finds now, without what is no number."""
    answer = request("GET", f"{prometheus.url}/api/v1/query", fields={"query": expression}).json()
    assert answer["status"] == "success", (expression, answer)
    return [each for each in answer["data"]["result"] if each["value"][1] != "NaN"]


def test_every_query_finds_data(prometheus: Prometheus) -> None:
    asked = [each for text in documents().values() for each in expressions(json.loads(text))]
    asked += [rule["expr"] for rule in rules() if "record" in rule and rule["record"] != "hoso:serving:blocked"]
    plain = {each.replace("$__rate_interval", "5m").replace("$unit", ".+") for each in asked}
    wanted = {each for each in plain if not any(part in each for part in MAY_FIND_NOTHING)}
    assert len(wanted) > 100
    assert wait_until(lambda: not {each for each in wanted if not found(prometheus, each)}), {
        each for each in wanted if not found(prometheus, each)
    }


def test_no_alert_fires_where_all_is_well(prometheus: Prometheus) -> None:
    assert found(prometheus, 'ALERTS{alertstate="firing"}') == []


def test_what_is_exported_is_what_is_documented(prometheus: Prometheus) -> None:
    answer = request("GET", f"{prometheus.url}/api/v1/label/__name__/values").json()
    ours = {name for name in answer["data"] if name.startswith("hoso_") and ":" not in name}
    documented = {
        name
        for service in exported().values()
        for each in service
        for name in each.series()
        if name.startswith("hoso_")
    }
    assert ours <= documented
    assert documented - ours <= NEVER_WITHOUT
