"""Where the server programs lie on this machine, and in which versions we want them.

Standard library only: the set-up reads this before there is a virtual environment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


class ProgramMissing(RuntimeError):
    """A program is not installed; the message says which one and what installs it."""


def cache_folder() -> Path:
    """Return the folder of what is built once for all checkouts; it may not exist yet."""
    chosen = os.environ.get("HOSO_CACHE")
    if chosen:
        return Path(chosen).absolute()
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home).absolute() / "hoso"


@dataclass(frozen=True)
class GoProgram:
    """A program that `go install` builds; it runs beside ours and is never linked to it."""

    name: str
    package: str
    version: str
    usual_minutes: str

    @property
    def path(self) -> Path:
        """Return where the built program belongs: the version is in the name, so a new pin is a new build."""
        return cache_folder() / "bin" / f"{self.name}-{self.version}"


@dataclass(frozen=True)
class Jars:
    """A Java program as the jars that Maven puts side by side."""

    name: str
    told: str

    @property
    def pom(self) -> Path:
        """Return the file that says which jars."""
        return HERE / self.name / "pom.xml"

    @property
    def folder(self) -> Path:
        """Return where the jars belong; another pom.xml is another folder."""
        return cache_folder() / f"{self.name}-{hashlib.sha256(self.pom.read_bytes()).hexdigest()[:8]}"


@dataclass(frozen=True)
class PythonProgram:
    """A Python program with libraries of its own; it runs beside ours and is never imported."""

    name: str
    python: str

    @property
    def requirements(self) -> Path:
        """Return the file that pins it and all it needs."""
        return HERE / self.name / "requirements.txt"

    @property
    def folder(self) -> Path:
        """Return where its environment belongs; other pins are another folder."""
        return cache_folder() / f"{self.name}-{hashlib.sha256(self.requirements.read_bytes()).hexdigest()[:8]}"

    @property
    def path(self) -> Path:
        """Return its command."""
        return self.folder / "bin" / self.name


OCRMYPDF = PythonProgram("ocrmypdf", "3.11")
KAFKA = Jars("kafka", "the Kafka broker's jars")
VERAPDF = Jars("verapdf", "veraPDF's jars")

# MinIO's release tags are not on the Go proxy: this is the newest commit that is, read as a pseudo-version.
MINIO = GoProgram("minio", "github.com/minio/minio", "v0.0.0-20260212201848-7aac2a2c5b7c", "3 to 7 minutes")
VERSITYGW = GoProgram("versitygw", "github.com/versity/versitygw/cmd/versitygw", "v1.8.0", "2 to 3 minutes")

KUSTOMIZE = GoProgram("kustomize", "sigs.k8s.io/kustomize/kustomize/v5", "v5.8.0", "1 to 2 minutes")
KUBECONFORM = GoProgram("kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform", "v0.8.0", "30 s")
KUBE_SCORE = GoProgram("kube-score", "github.com/zegl/kube-score/cmd/kube-score", "v1.20.0", "1 to 2 minutes")


def built(path: Path) -> Path:
    """Return `path`, or raise ProgramMissing where set-up has not made it yet."""
    if not path.exists():
        raise ProgramMissing(f"{path} is missing: make setup-servers builds it")
    return path


def installed(name: str) -> str:
    """Return the path of a program of the system, or raise ProgramMissing."""
    found = shutil.which(name)
    if found is None:
        raise ProgramMissing(f"{name} is not installed: make setup-servers installs it")
    return found


def postgresql_program(name: str) -> Path:
    """Return a program of PostgreSQL's newest installed version; Debian keeps them off the PATH."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major_version, reverse=True):
        if (folder / name).exists():
            return folder / name
    return Path(installed(name))


def _major_version(folder: Path) -> int:
    number = folder.parent.name
    return int(number) if number.isdigit() else 0
