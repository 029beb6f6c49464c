"""What is wrong with manifests, one line a finding; no line means all is well."""

import atexit
import json
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from deploy.local.manifests.build import Manifest, as_text
from deploy.local.manifests.definitions import write_kubernetes, write_schemas
from deploy.local.manifests.exceptions import EXCEPTIONS
from deploy.local.manifests.pods import pod_findings
from deploy.local.programs import KUBE_SCORE, KUBECONFORM, built
from deploy.local.schemas import schemas_folder

_BELOW = 7  # kube-score: 1 critical, 5 warning, 7 almost, 10 good


def findings(manifests: Sequence[Manifest]) -> list[str]:
    """Return what schemas, kube-score and our own rules find, without the explained exceptions."""
    # kube-score reads into typed structures and stumbles over what fits no schema
    return [*schema_findings(manifests)] or [*score_findings(manifests), *pod_findings(manifests)]


def schema_findings(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Yield what does not fit its schema; a kind without a schema is a finding too."""
    place = f"{_schemas()}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
    command = [str(built(KUBECONFORM.path)), "-strict", "-output", "json", "-schema-location", place]
    told = json.loads(_printed(command, manifests))
    for resource in told["resources"] or ():
        yield f"{resource['kind']}/{resource['name']}: schema: {resource['msg']}"


@cache
def _schemas() -> Path:
    folder = Path(mkdtemp(prefix="hoso-schemas-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    write_kubernetes(built(schemas_folder()) / "kubernetes", folder)
    write_schemas(built(schemas_folder()) / "definitions", folder)
    return folder


def score_findings(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Yield what kube-score finds and no exception explains."""
    for kind, name, check, said in scored(manifests):
        if not any(exception.covers(kind, name, check) for exception in EXCEPTIONS):
            yield f"{kind}/{name}: {check}: {said}"


def scored(manifests: Sequence[Manifest]) -> Iterator[tuple[str, str, str, str]]:
    """Yield kind and name of an object, the check, and what kube-score says, exceptions or not."""
    command = [str(built(KUBE_SCORE.path)), "score", "--output-format", "json", "-"]
    for scored_object in json.loads(_printed(command, manifests)):
        kind, name = scored_object["type_meta"]["kind"], scored_object["object_meta"]["name"]
        for check in scored_object["checks"]:
            if not check["skipped"] and check["grade"] < _BELOW:
                yield kind, name, check["check"]["id"], _said(check)


def _said(check: Any) -> str:
    return "; ".join(f"{comment['path']} {comment['summary']}".strip() for comment in check["comments"] or ())


def _printed(command: Sequence[str], manifests: Sequence[Manifest]) -> str:
    """Return what a checker printed; it exits with 1 where it found something."""
    done = subprocess.run(command, input=as_text(manifests), capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(f"{command[0]}: {done.stderr}")
    return done.stdout
