"""Debian packages: which are missing, and installing them where we may.

Standard library only: the set-up runs this before there is a virtual environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PACKAGE_LIST = Path(__file__).parent / "debian-packages.txt"


class SetupFailed(RuntimeError):
    """Something could not be installed; the message says what, and what a person can do."""


@dataclass(frozen=True)
class Package:
    """A line of the package list."""

    level: str
    name: str
    program: str
    reason: str


def packages(level: str) -> list[Package]:
    """Return the packages of one level."""
    lines = PACKAGE_LIST.read_text().splitlines()
    rows = [Package(*line.split(maxsplit=3)) for line in lines if line.strip() and not line.startswith("#")]
    return [row for row in rows if row.level == level]


def missing(wanted: list[Package]) -> list[Package]:
    """Return those that are neither installed nor replaced by a program on the PATH."""
    without_program = [package for package in wanted if package.program == "-" or not shutil.which(package.program)]
    if not without_program:
        return []
    installed = _installed([package.name for package in without_program])
    return [package for package in without_program if package.name not in installed]


def _installed(names: list[str]) -> set[str]:
    if not shutil.which("dpkg-query"):
        return set(names)  # not Debian: the programs we can see must do
    # dpkg-query's exit code is 1 as soon as one name is unknown; what it prints is what counts
    done = subprocess.run(
        ["dpkg-query", "-W", "-f=${db:Status-Abbrev} ${Package}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    return {line.split()[1] for line in done.stdout.splitlines() if line.startswith("ii ")}


def install(wanted: list[Package]) -> None:
    """Install packages with apt-get, or raise SetupFailed saying which are missing and what installs them."""
    names = [package.name for package in wanted]
    rights = _rights()
    if rights is None:
        raise SetupFailed(_what_to_do(wanted))
    print(f"set-up: installing {' '.join(names)} (usually under a minute)", flush=True)
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *names]):
        done = subprocess.run(
            [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SetupFailed(f"apt-get {arguments[0]} failed\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _rights() -> list[str] | None:
    """Return what to put before a command that needs root; None where we may not, or apt-get is not there."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def _what_to_do(wanted: list[Package]) -> str:
    rows = [f"  {package.name:26}{package.reason}" for package in wanted]
    command = f"apt-get update && apt-get install --no-install-recommends {' '.join(p.name for p in wanted)}"
    return "\n".join(
        [
            "these Debian packages are missing and may not be installed from here:",
            *rows,
            "as root, run:",
            f"  {command}",
        ]
    )
