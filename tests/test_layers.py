"""Every import contract in pyproject.toml holds something: one breach each, and that contract is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]

# contract: a module, and the line that module must not have
BREACHES = {
    "Services never import each other": ("services/ocr/__init__.py", "import services.intake"),
    "shared serves the services and knows none of them": ("shared/errors.py", "import services.intake"),
    "Nothing that runs in production imports the ways of running it here": (
        "services/ocr/__init__.py",
        "import deploy.local",
    ),
    "Kafka has one door: the log's adapter": ("shared/relay.py", "import aiokafka"),
    "The in-process broker has one door": ("shared/kafka.py", "import confluent_kafka"),
    "S3 has one door: the object store's adapter": ("services/ocr/__init__.py", "import minio"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the code that may be broken."""
    folder = tmp_path_factory.mktemp("layers")
    for name in ("services", "shared", "deploy"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "specimens"))
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    return folder


def test_every_contract_has_a_breach() -> None:
    assert list(BREACHES) == CONTRACTS


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_breaks_its_contract(contract: str, copy: Path) -> None:
    module, line = BREACHES[contract]
    path = copy / module
    before = path.read_text()
    path.write_text(f"{before}\n{line}\n")
    try:
        assert f"{contract} BROKEN" in _lint(copy)
    finally:
        path.write_text(before)


def _lint(folder: Path) -> str:
    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run(
        [program, "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout
