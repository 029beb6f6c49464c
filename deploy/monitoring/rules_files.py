"""The rules as they lie in ``deploy/monitoring/rules``, for whoever must know what they say."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "rules"
FILES = tuple(sorted(FOLDER.glob("*.yml")))
_LIMIT = re.compile(r" > (\d+(?:\.\d+)?)")


def rules() -> Iterator[Mapping[str, Any]]:
    """Yield every rule."""
    for path in FILES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def alerts() -> dict[str, Mapping[str, Any]]:
    """Return the alerts by their names."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def limit(alert: str) -> float:
    """Return the first number an alert compares with, so that a dashboard's threshold is the alert's."""
    found = _LIMIT.search(alerts()[alert]["expr"])
    if found is None:
        raise ValueError(f"{alert} compares with no number")
    return float(found[1])
