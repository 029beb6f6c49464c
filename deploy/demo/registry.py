"""What the registry says, as anybody may ask it."""

from collections.abc import Mapping

import httpx

from deploy.demo.campaign import wait_for_none_left
from deploy.demo.clerk import Json

TIMEOUT_SECONDS = 30


def ask(url: str, path: str) -> Json:
    """Answer what the registry says of all units."""
    answer = httpx.get(f"{url}/v1/{path}", params={"unit": "all"}, timeout=TIMEOUT_SECONDS)
    found: Json = answer.raise_for_status().json()
    return found


def await_registry(url: str, dossiers: Mapping[str, int], papers: Mapping[str, int]) -> Json:
    """Wait until the registry counts these dossiers by status and papers by state; answer its summary."""

    def look() -> int:
        told = ask(url, "summary")
        return missing(dossiers, told["dossiers"]) + missing(papers, told["papers"])

    wait_for_none_left(look, "counts of the registry")
    return ask(url, "summary")


def missing(expected: Mapping[str, int], told: Mapping[str, int]) -> int:
    """Answer by how much the registry's counts differ."""
    return sum(abs(count - told.get(name, 0)) for name, count in expected.items())
