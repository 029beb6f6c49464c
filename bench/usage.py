"""Watches what programs use: time, processor, memory, with all that they start."""

import ctypes
import os
import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

_SAMPLE_SECONDS = 0.2
_ORPHANS_SECONDS = 30
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


@dataclass(frozen=True)
class Usage:
    """What a piece of work used; ``peak_bytes`` is memory held alone or shared in fair parts (PSS)."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int

    def __add__(self, other: "Usage") -> "Usage":
        """Return what two pieces of work use one after the other."""
        return Usage(
            self.wall_seconds + other.wall_seconds,
            self.cpu_seconds + other.cpu_seconds,
            max(self.peak_bytes, other.peak_bytes),
        )


def used_by(work: Callable[[], None]) -> Usage:
    """Run work that starts programs, and return what those used; this process's own part does not count."""
    _adopt_orphans()
    before, cpu_before, begin = set(_children()), _cpu_seconds_of_children(), time.perf_counter()
    memory = _MemoryWatch(before)
    try:
        work()
    finally:
        peak_bytes = memory.stop()
    wall_seconds = time.perf_counter() - begin
    _wait_for_orphans(before)
    return Usage(wall_seconds, _cpu_seconds_of_children() - cpu_before, peak_bytes)


class _MemoryWatch:
    """Looks again and again at the memory of all programs started since."""

    def __init__(self, before: set[psutil.Process]) -> None:
        self._before, self._peak_bytes, self._over = before, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        """Return the highest sum seen."""
        self._over.set()
        self._thread.join()
        return self._peak_bytes

    def _watch(self) -> None:
        while not self._over.wait(_SAMPLE_SECONDS):
            started = set(_children()) - self._before
            self._peak_bytes = max(self._peak_bytes, sum(map(share_bytes, started)))


def share_bytes(process: psutil.Process) -> int:
    """Return the memory a process holds alone and its fair part of what it shares (PSS)."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:  # it ended meanwhile
        return 0


def _children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _cpu_seconds_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _adopt_orphans() -> None:
    """Become the parent of whatever outlives its own, or its processor time would be nobody's."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_orphans(before: set[psutil.Process]) -> None:
    deadline = time.monotonic() + _ORPHANS_SECONDS
    while orphans := set(_children()) - before:
        for orphan in orphans:
            try:
                os.waitpid(orphan.pid, os.WNOHANG)
            except ChildProcessError:  # its own parent is still to note it
                continue
        if time.monotonic() > deadline:
            raise TimeoutError(f"programs are still running: {sorted(orphan.pid for orphan in orphans)}")
        time.sleep(_SAMPLE_SECONDS / 10)
