"""What the registry says, as anybody may ask it."""

import pathlib
from collections.abc import Mapping
from datetime import datetime

import httpx

from deploy.demo.campaign import wait_for_none_left
from deploy.demo.clerk import Json
from shared.clock import VIETNAM

TIMEOUT_SECONDS = 30
REPORT = "II.06a"


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


def file_report(url: str, out: pathlib.Path) -> Json:
    """File this year's form II.06a of all units, keep it as a spreadsheet, and answer it."""
    today = datetime.now(VIETNAM).date()
    body = {"kind": REPORT, "unit": ["all"], "from": f"{today:%Y}-01-01", "to": today.isoformat()}
    who = {"Hoso-Actor": "demo-manager"}
    filed: Json = (
        httpx.post(f"{url}/v1/reports", json=body, headers=who, timeout=TIMEOUT_SECONDS).raise_for_status().json()
    )
    sheet = httpx.get(f"{url}/v1/reports/{filed['report_id']}", params={"format": "xlsx"}, timeout=TIMEOUT_SECONDS)
    (out / f"report-{REPORT}.xlsx").write_bytes(sheet.raise_for_status().content)
    return filed
