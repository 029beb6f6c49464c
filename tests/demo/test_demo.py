"""The demo as a person runs it: scans go in, and every one comes out as a document or with a reason."""

import contextlib
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict

import psutil
import pytest

from deploy.demo.make_specimens import FOLDER

REPOSITORY = pathlib.Path(__file__).parents[2]
DEMO = [sys.executable, "-m", "deploy.demo"]
TIMEOUT_SECONDS = 240
OTHERS = {"events.jsonl", "metrics.txt", "summary.json", "report-II.06a.xlsx"}


def run_demo(*arguments: str | pathlib.Path) -> subprocess.CompletedProcess[str]:
    """Run the demo to its end."""
    command = [*DEMO, *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)


@pytest.fixture
def scans(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder with two good papers of one stem, a two-page one, two bad files and a note."""
    folder = tmp_path / "scans"
    folder.mkdir()
    shutil.copy(FOLDER / "giay-xac-nhan-215.png", folder / "giay.png")
    shutil.copy(FOLDER / "cong-van-1290.jpg", folder / "giay.jpg")
    shutil.copy(FOLDER / "bien-ban-07.tif", folder / "summary.tif")
    (folder / "don.docx").write_bytes(b"PK\x03\x04 a document of another kind")
    (folder / "empty.pdf").touch()
    (folder / "giay.gt.txt").write_text("a note, not a scan")
    return folder


def test_every_scan_is_digitised_or_refused_with_a_reason(scans: pathlib.Path, tmp_path: pathlib.Path) -> None:
    out = tmp_path / "out"
    done = run_demo("--scans", scans, "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    results = {f"{name}{end}" for name in ("giay.png", "giay.jpg", "summary.tif") for end in (".pdf", ".txt", ".json")}
    assert {path.name for path in out.iterdir()} == results | OTHERS
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["papers"]["sent"], summary["papers"]["digitised"], summary["pages"]) == (5, 3, 4)
    refused = {paper["name"]: (paper["stage"], paper["reason"]) for paper in summary["papers"]["refused"]}
    assert refused == {"don.docx": ("intake", "corrupt"), "empty.pdf": ("intake", "empty")}
    assert "LƯƠNG THỊ MỘC" in (out / "giay.png.txt").read_text()
    assert (out / "summary.tif.txt").read_text().count("\f") >= 1
    assert "2 refused" in done.stdout
    assert re.search(r"due \d\d/\d\d/\d{4} \d\d:\d\d", done.stdout)
    assert re.search(r"TỔNG CỘNG +[1-9]", done.stdout)
    check_events(out)


def check_events(out: pathlib.Path) -> None:
    """Hold that a subscriber saw each dossier's ledger whole and an outcome for each paper."""
    events = [json.loads(line) for line in (out / "events.jsonl").read_text().splitlines()]
    sequences = defaultdict(set)
    for event in events:
        if "sequence" in event:
            sequences[event["partitionkey"]].add(int(event["sequence"]))
    assert all(seen == set(range(1, len(seen) + 1)) for seen in sequences.values())
    types = [event["type"] for event in events]
    assert types.count("vn.hoso.paper.accepted.v1") == types.count("vn.hoso.paper.digitised.v1") == 3
    assert "vn.hoso.dossier.returned.v1" in types


def test_nothing_to_send_is_said(tmp_path: pathlib.Path) -> None:
    done = run_demo("--scans", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "no scans" in done.stderr


def test_an_interrupted_demo_stops_what_it_started(tmp_path: pathlib.Path) -> None:
    command = [*DEMO, "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as demo:
        started = descendants_with(demo.pid, "services.intake")
        demo.send_signal(signal.SIGTERM)
        _, told = demo.communicate(timeout=TIMEOUT_SECONDS)
    kept = re.search(r"logs and data: (\S+)", told)
    assert demo.returncode == 130
    assert kept is not None
    shutil.rmtree(kept[1])
    _, alive = psutil.wait_procs(started, timeout=10)
    assert not alive


def descendants_with(pid: int, wanted: str) -> list[psutil.Process]:
    """Return a process's descendants as soon as one of them runs a module."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        found = psutil.Process(pid).children(recursive=True)
        if any(wanted in command_of(process) for process in found):
            return found
        time.sleep(0.1)
    raise AssertionError(f"no {wanted} among the descendants")


def command_of(process: psutil.Process) -> str:
    """Return a process's command line, nothing once it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""
