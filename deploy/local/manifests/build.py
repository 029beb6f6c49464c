"""Overlays built by kustomize, and the one manifest that is made from elsewhere."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from deploy.local.programs import KUSTOMIZE, built

Manifest = dict[str, Any]
K8S = Path(__file__).parents[2] / "k8s"
OVERLAYS = tuple(sorted(folder.name for folder in (K8S / "overlays").iterdir() if folder.is_dir()))
RULES = K8S / "components" / "monitoring" / "rules.yaml"
RULE_FILES = Path(__file__).parents[2] / "monitoring" / "rules"
_RULES_HEAD = "# made from deploy/monitoring/rules by `python -m deploy.local.manifests --write-rules`; edit those\n"


def built_overlay(name: str) -> list[Manifest]:
    """Return the manifests of an overlay; raises ``CalledProcessError`` where kustomize cannot build it."""
    command = [str(built(KUSTOMIZE.path)), "build", str(K8S / "overlays" / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [manifest for manifest in yaml.load_all(done.stdout, yaml.CSafeLoader) if manifest]


def as_text(manifests: Sequence[Manifest]) -> str:
    """Return manifests as one stream."""
    return yaml.dump_all(manifests, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def prometheus_rules() -> str:
    """Return the rules of deploy/monitoring as what the Prometheus operator takes."""
    files = [yaml.safe_load(file.read_text()) for file in sorted(RULE_FILES.glob("*.yml"))]
    rules: Manifest = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "hoso"},
        "spec": {"groups": [group for file in files for group in file["groups"]]},
    }
    return _RULES_HEAD + yaml.safe_dump(rules, sort_keys=False, allow_unicode=True, width=120)
