"""A worker's temporary folders go with it, or with the next one where it was killed."""

import errno
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from services.ocr.scratch import Scratch, ScratchUnavailable

WORKER = """
import sys, time
from pathlib import Path
from services.ocr.scratch import Scratch
with Scratch(Path(sys.argv[1])).job() as job:
    (job / "page.pgm").write_bytes(b"x")
    print("working", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, ScratchUnavailable), (errno.ENOENT, FileNotFoundError)])
def test_a_full_disk_is_waited_for_and_a_bug_is_not(number: int, kind: type[Exception], tmp_path: Path) -> None:
    with closing(Scratch(tmp_path)) as scratch, pytest.raises(kind), scratch.job():
        raise OSError(number, "it failed")
    assert ScratchUnavailable.retriable


def test_a_job_leaves_nothing(tmp_path: Path) -> None:
    with closing(Scratch(tmp_path)) as scratch:
        with scratch.job() as job:
            (job / "page.pgm").write_bytes(b"x")
            assert job.is_relative_to(tmp_path)
        assert not job.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_worker_left_is_removed_and_what_a_living_one_holds_is_not(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"working\n"
        (held,) = tmp_path.iterdir()
        with closing(Scratch(tmp_path)):
            assert held.exists()
        worker.send_signal(signal.SIGKILL)
    assert list(held.rglob("*.pgm"))
    with closing(Scratch(tmp_path)):
        assert not held.exists()
