"""A process with its descendants: signalled together, looked at together.

A signal to the process group would miss some: PostgreSQL gives each of its children a group of its own.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil


def tree(pid: int) -> list[psutil.Process]:
    """Return a process and its descendants; nothing when it is gone."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def send(number: signal.Signals, processes: Sequence[psutil.Process]) -> None:
    """Send a signal to those that are still there."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def frozen(process: psutil.Process) -> bool:
    """Return whether every thread of a process stands still: stopped, or at its end."""
    try:
        states = [stat.read_text() for stat in Path(f"/proc/{process.pid}/task").glob("*/stat")]
    except (FileNotFoundError, ProcessLookupError):  # a thread that ended meanwhile: look again
        return False
    return all(state.rpartition(")")[2].split()[0] in "TZX" for state in states)


def gone(process: psutil.Process) -> bool:
    """Return whether a process has ended; one that only waits for its parent to take note (a zombie) has."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
