"""JSON schemas as kubeconform takes them: Kubernetes's own, and of resources that it learns of by definition."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Schema = dict[str, Any]
_SHARED = "#/$defs/"


def write_kubernetes(source: Path, folder: Path) -> None:
    """Write a schema of each kind of Kubernetes with what it refers to inside: kubeconform 0.8 follows no file."""
    shared = json.loads((source / "_definitions.json").read_text())["$defs"]
    for file in source.glob("*.json"):
        schema = json.loads(file.read_text().replace("/api/_definitions.json#", "#"))
        schema.pop("$id", None)  # kubeconform looks for it under the file's name
        if "kind" in schema.get("properties", {}) and not file.stem.partition("-")[0].endswith("list"):
            needed = {name: shared[name] for name in sorted(_needed(schema, shared))}
            (folder / file.name).write_text(json.dumps({**schema, "$defs": needed}))


def _needed(schema: Schema, shared: Schema) -> set[str]:
    needed: set[str] = set()
    waiting = [*_referred(schema)]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += _referred(shared[name])
    return needed


def _referred(schema: Any) -> Iterator[str]:
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _referred(value)
    if isinstance(schema, dict) and str(schema.get("$ref", "")).startswith(_SHARED):
        yield schema["$ref"].removeprefix(_SHARED)


def write_schemas(definitions: Path, folder: Path) -> None:
    """Write one schema a kind and version, named as kubeconform looks for them."""
    for file in sorted(definitions.glob("*.yaml")):
        for definition in yaml.load_all(file.read_text(), yaml.CSafeLoader):
            if definition:
                _write(definition["spec"], folder)


def _write(definition: Schema, folder: Path) -> None:
    kind, group = definition["names"]["kind"].lower(), definition["group"].partition(".")[0]
    for version in definition["versions"]:
        schema = _strict(version["schema"]["openAPIV3Schema"])
        (folder / f"{kind}-{group}-{version['name']}.json").write_text(json.dumps(schema))


def _strict(schema: Any) -> Any:
    """Refuse what is not named, as the API server does with strict validation."""
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: _strict(value) for key, value in schema.items()}
    open_ended = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not open_ended:
        strict["additionalProperties"] = False
    return strict
