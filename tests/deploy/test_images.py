"""What can be said of the images without building them."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from deploy.local import setup
from deploy.local.debian import packages

REPOSITORY = Path(__file__).parents[2]
SERVICES = ("intake", "ocr", "registry")
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
LOCK = tomllib.loads((REPOSITORY / "uv.lock").read_text())


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def steps(service: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile with what they are given."""
    text = (REPOSITORY / "services" / service / "Dockerfile").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def last(service: str, instruction: str) -> str:
    return [given for word, given in steps(service) if word == instruction][-1]


def last_stage(service: str) -> list[tuple[str, str]]:
    found = steps(service)
    return found[max(at for at, (word, _) in enumerate(found) if word == "FROM") :]


def test_two_stages_stand_on_one_base_that_a_release_gives_by_digest(service: str) -> None:
    assert [given for word, given in steps(service) if word == "FROM"] == ["${BASE} AS build", "${BASE}"]
    assert last(service, "ARG").startswith("UV_VERSION=")
    assert ("ARG", "BASE=debian:bookworm-slim") in steps(service)


def test_the_process_is_started_without_a_shell_by_a_number_that_is_not_root(service: str) -> None:
    assert json.loads(last(service, "ENTRYPOINT")) == ["python", "-m", f"services.{service}"]
    assert last(service, "USER") == "10001:10001"
    check = last(service, "HEALTHCHECK").partition(" CMD ")[2]
    program, flag, code = json.loads(check)
    compile(code, "HEALTHCHECK", "exec")
    assert (program, flag) == ("python", "-c")
    assert "/health/live" in code


def test_it_holds_its_own_service_and_what_the_lock_file_says_for_it(service: str) -> None:
    copied = [shlex.split(given)[0] for word, given in steps(service) if word == "COPY"]
    assert copied == ["pyproject.toml", "shared", "services/__init__.py", f"services/{service}", "--from=build"]
    runs = " ".join(given for word, given in steps(service) if word == "RUN")
    assert f"uv sync --frozen --no-build --extra {service} " in runs
    assert f"UV_VERSION={setup.UV_VERSION}" == last(service, "ARG")
    assert service in PROJECT["optional-dependencies"]


def test_nothing_is_compiled_and_no_tool_for_it_is_left(service: str) -> None:
    without = [package["name"] for package in LOCK["package"] if "registry" in package["source"]]
    assert [p["name"] for p in LOCK["package"] if p["name"] in without and not p.get("wheels")] == []
    installed = " ".join(given for word, given in last_stage(service) if word == "RUN")
    assert not re.search(r"\b(gcc|g\+\+|make|build-essential|python3-dev|python3-pip|python3-venv)\b", installed)
    assert "rm -rf /var/lib/apt/lists/*" in installed


def test_only_the_worker_has_the_engine_and_has_all_that_set_up_installs_for_it() -> None:
    needed = {package.name for package in packages("demo")} | {"libreoffice-writer-nogui", "fonts-liberation2"}
    for service in SERVICES:
        installed = " ".join(given for word, given in last_stage(service) if word == "RUN").split()
        assert needed & set(installed) == (needed if service == "ocr" else set())


def test_labels_tell_the_version_of_the_project(service: str) -> None:
    labels = dict(part.split("=", 1) for part in shlex.split(last(service, "LABEL")))
    assert labels["org.opencontainers.image.version"] == PROJECT["version"]
    assert labels["org.opencontainers.image.licenses"] == PROJECT["license"]


def test_what_is_sent_to_the_builder_is_what_is_copied() -> None:
    lines = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    assert {line for line in lines if line.startswith("!")} == {"!pyproject.toml", "!uv.lock", "!services", "!shared"}
