"""Every import contract in pyproject.toml holds something: breach it, and it says so."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

REPOSITORY = Path(__file__).parents[1]
CONTRACTS: dict[str, dict[str, Any]] = {
    contract["name"]: contract
    for contract in tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}


class Breach(NamedTuple):
    """A module, and a module it must not import."""

    importer: str
    imported: str


def breaches(contract: dict[str, Any]) -> list[Breach]:
    """Return imports that the contract forbids, at least one for each thing it forbids."""
    match contract["type"]:
        case "independence":
            modules = contract["modules"]
            return [Breach(one, other) for one in modules for other in modules if one != other]
        case "layers":
            (container,) = contract["containers"]
            top, bottom = (f"{container}.{contract['layers'][end].split(' ')[0]}" for end in (0, -1))
            return [Breach(bottom, top)]
        case "forbidden":
            return [Breach(_no_door(contract), imported) for imported in contract["forbidden_modules"]]
    raise AssertionError(f"no breach for {contract['type']}")


def _no_door(contract: dict[str, Any]) -> str:
    """Return a module that the contract watches: in a package, the package itself, which never is a door."""
    return str(contract["source_modules"][0])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the code that may be broken."""
    for name in ("services", "shared", "deploy"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "specimens"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_breach_breaks_its_contract(name: str, copy: Path) -> None:
    committed = breaches(CONTRACTS[name])
    for importer, imported in committed:
        with _file(copy, importer).open("a") as module:
            module.write(f"\nimport {imported}\n")
    said = _lint(copy)
    assert f"{name} BROKEN" in said
    for importer, imported in committed:
        assert f"{importer} is not allowed to import {imported}:" in said


@pytest.mark.parametrize("name", [name for name, contract in CONTRACTS.items() if contract["type"] == "layers"])
def test_a_module_without_a_layer_breaks_the_layers(name: str, copy: Path) -> None:
    (container,) = CONTRACTS[name]["containers"]
    _file(copy, container).with_name("newcomer.py").touch()
    assert "newcomer" in _lint(copy)


def _file(folder: Path, module: str) -> Path:
    path = folder / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _lint(folder: Path) -> str:
    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run(
        [program, "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
