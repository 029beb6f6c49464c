"""A child does one call at a time, and whatever a call does to it, the parent goes on."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from services.ocr.children import CallFailed, CallInterrupted, Children
from services.ocr.pages import PageFailed
from tests.servers import wait_until

HERE = "tests.ocr.test_children"
MEMORY_BYTES = 600_000_000


# what children are asked to do


def greet(name: str) -> str:
    return f"{name} {os.getpid()}"


def refuse() -> None:
    raise PageFailed("so it is", reason="page-too-thin")


def hang(note: Path) -> None:
    """Start a program, note its process id, and never answer."""
    program = subprocess.Popen(["sleep", "600"]).pid
    note.write_text(str(program))
    time.sleep(600)


def bloat() -> int:
    return len(bytearray(2 * MEMORY_BYTES))


def crash() -> None:
    os.abort()


def quote() -> None:
    raise ZeroDivisionError("Nguyễn Văn A")


def stop(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(600)


@pytest.fixture
def children() -> Iterator[Children]:
    children = Children(1, memory_bytes=MEMORY_BYTES)
    yield children
    children.close()


def test_calls_are_answered_by_a_child_that_stays(children: Children) -> None:
    first, second = (children.call(f"{HERE}:greet", "chào", seconds=30) for _ in range(2))
    assert first == second
    assert first.startswith("chào ")
    assert str(os.getpid()) not in first


def test_an_error_of_ours_comes_back_as_it_was(children: Children) -> None:
    with pytest.raises(PageFailed, match="so it is") as failure:
        children.call(f"{HERE}:refuse", seconds=30)
    assert failure.value.reason == "page-too-thin"


@pytest.mark.parametrize(("work", "reason"), [("bloat", "out-of-memory"), ("crash", "crashed"), ("quote", "crashed")])
def test_a_call_that_harms_its_child_fails_and_the_next_is_answered(
    work: str, reason: str, children: Children, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CallFailed) as failure:
        children.call(f"{HERE}:{work}", seconds=30)
    assert failure.value.reason == reason
    assert children.call(f"{HERE}:greet", "chào", seconds=30)
    assert "Nguyễn" not in capfd.readouterr().err


def test_a_call_that_takes_too_long_is_killed_with_what_it_started(children: Children, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    children.call(f"{HERE}:greet", "chào", seconds=30)  # on a busy machine a child may take longer to start
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(children.call, f"{HERE}:hang", note, seconds=2)
        with pytest.raises(CallFailed) as failure:
            call.result(timeout=30)
    assert failure.value.reason == "timed-out"
    program = int(note.read_text())
    assert wait_until(lambda: not psutil.pid_exists(program) or psutil.Process(program).status() == "zombie")
    assert children.call(f"{HERE}:greet", "chào", seconds=30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_child_stopped_from_outside_blames_nobody(number: int, children: Children) -> None:
    with pytest.raises(CallInterrupted) as failure:
        children.call(f"{HERE}:stop", number, seconds=30)
    assert failure.value.retriable
    assert children.call(f"{HERE}:greet", "chào", seconds=30)


def test_calls_of_many_threads_wait_for_a_free_child(children: Children) -> None:
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(children.call, f"{HERE}:greet", str(number), seconds=30) for number in range(20)]
        answers = [call.result() for call in calls]
    assert [answer.split()[0] for answer in answers] == [str(number) for number in range(20)]
    assert len({answer.split()[1] for answer in answers}) == 1
