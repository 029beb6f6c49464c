"""How soon the registry shows what intake accepted, on real servers: ``python -m bench.registry.reflected``.

Dossiers go their way one command after the other; each time is from intake's answer to the registry's. Goal: a second.
"""

import statistics
import tempfile
import time
from pathlib import Path

import httpx

from bench.servers import running_system
from deploy.local.system import System

DOSSIERS = 20
COMMANDS = ("accept", "hand-over", "request-supplement", "supplement", "finish", "return")
WHO = {"Hoso-Actor": "bench-clerk", "Hoso-Role": "clerk", "Hoso-Counter": "B1"}
LOOK_SECONDS = 0.005


def measure(folder: Path) -> None:
    """Print the middle and the longest time."""
    with running_system(folder) as system:
        seconds = sorted(_seconds(system))
    worst, middle = seconds[-1], statistics.median(seconds)
    print(f"{len(seconds)} commands shown by the registry: median {middle:.3f} s, longest {worst:.3f} s (goal 1 s)")


def _seconds(system: System) -> list[float]:
    found = []
    with (
        httpx.Client(base_url=system.intake.url, headers=WHO, timeout=30) as intake,
        httpx.Client(base_url=system.registry.url, timeout=30) as registry,
    ):
        for _ in range(DOSSIERS):
            dossier = intake.post("/v1/dossiers", json=_opening()).raise_for_status().json()
            for command in COMMANDS:
                dossier = intake.post(f"/v1/dossiers/{dossier['id']}/{command}").raise_for_status().json()
                found.append(_until_shown(registry, dossier["id"], dossier["status"]))
    return found


def _opening() -> dict[str, object]:
    return {
        "procedure_code": "9.990001",
        "channel": 2,
        "receiving_unit": "H98.01.10",
        "applicant": {"full_name": "Lương Thị Mộc"},
    }


def _until_shown(registry: httpx.Client, dossier_id: str, status: int) -> float:
    answered = time.perf_counter()
    while True:
        told = registry.get(f"/v1/dossiers/{dossier_id}")
        if told.status_code == httpx.codes.OK and told.json()["status"] == status:
            return time.perf_counter() - answered
        time.sleep(LOOK_SECONDS)


def main() -> None:
    """Measure in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="hoso-bench-reflected-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's own account must be able to enter
        measure(Path(folder))


if __name__ == "__main__":
    main()
