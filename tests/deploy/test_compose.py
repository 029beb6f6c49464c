"""compose.yaml fits the specification's schema and the settings; where Docker's client knows compose, it agrees."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from deploy.local.manifests.build import built_overlay
from deploy.local.programs import built
from deploy.local.schemas import schemas_folder
from services.__main__ import PARTS
from tests.deploy.test_k8s import blocks, variables

REPOSITORY = Path(__file__).parents[2]
FILE = REPOSITORY / "compose.yaml"
OURS = [part.name for part in PARTS]


@pytest.fixture
def compose() -> Any:
    # <<: with a list takes the first that has a key, as compose does
    return yaml.safe_load(FILE.read_text())


def wrong(compose: Any) -> list[str]:
    """Return what is wrong by the schema, and by the client where it can say."""
    schema = json.loads((built(schemas_folder()) / "compose-spec.json").read_text())
    found = [error.message for error in Draft7Validator(schema).iter_errors(compose)]
    return found + (_wrong_by_the_client(compose) if _client_knows_compose() else [])


def _client_knows_compose() -> bool:
    client = shutil.which("docker")
    return client is not None and subprocess.run([client, "compose", "version"], capture_output=True).returncode == 0  # noqa: PLW1510  # the code is the answer


def _wrong_by_the_client(compose: Any) -> list[str]:
    command = ["docker", "compose", "--project-directory", str(REPOSITORY), "--file", "-", "config", "--quiet"]
    done = subprocess.run(command, input=yaml.safe_dump(compose), capture_output=True, text=True, check=False)
    return [done.stderr] if done.returncode else []


def test_it_is_what_compose_takes(compose: Any) -> None:
    assert wrong(compose) == []


@pytest.mark.parametrize(("service", "field"), [("intake", "enviroment"), ("kafka", "port"), ("store", "health_check")])
def test_a_wrong_field_is_found(compose: Any, service: str, field: str) -> None:
    compose["services"][service][field] = {}
    assert any(field in message for message in wrong(compose))


def test_everything_that_runs_embedded_runs_here_too_on_the_ports_of_the_settings(compose: Any) -> None:
    services = compose["services"]
    assert set(OURS) | {"kafka", "postgresql", "store", "prometheus", "grafana"} == set(services)
    for part in PARTS:
        published = {port.rpartition(":")[2] for port in services[part.name].get("ports", ())}
        assert published in (set(), {str(part.port), str(part.ops_port)})


def test_settings_exist(compose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OURS:
        given = compose["services"][name]["environment"]
        assert set(given) - variables(blocks(name)) == set()
        for variable, value in given.items():
            monkeypatch.setenv(variable, re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value))
        for kind in blocks(name):
            kind()
        monkeypatch.undo()


def test_nothing_listens_beyond_this_machine_and_ours_write_nowhere_but_to_tmp(compose: Any) -> None:
    for name, service in compose["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        assert name in OURS or service["healthcheck"]["test"][0] == "CMD"
        assert not service["image"].endswith(":latest")
        assert ":" in service["image"].rpartition("/")[2]
    for name in OURS:
        service = compose["services"][name]
        assert (service["read_only"], service["tmpfs"], service["cap_drop"]) == (True, ["/tmp"], ["ALL"])  # noqa: S108


def test_what_is_mounted_is_there(compose: Any) -> None:
    mounts = [mount for service in compose["services"].values() for mount in service.get("volumes", ())]
    folders = {mount.partition(":")[0] for mount in mounts if mount.startswith("./")}
    assert {folder for folder in folders if not (REPOSITORY / folder).exists()} == set()
    assert {mount.partition(":")[0] for mount in mounts if not mount.startswith("./")} == set(compose["volumes"])


def test_stores_are_those_of_the_cluster(compose: Any) -> None:
    images = re.findall(r"image: (\S+)", yaml.safe_dump_all(built_overlay("demo")))
    assert {compose["services"]["postgresql"]["image"], compose["services"]["store"]["image"]} <= set(images)
