"""A server process of our own: started until it answers, stopped, killed, frozen, started again in place."""

from __future__ import annotations

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import psutil

from deploy.local.ports import HOST, free_port
from deploy.local.process_tree import frozen, gone, send, tree
from deploy.local.programs import installed

_LOG_TAIL_LINES = 30

# PR_SET_PDEATHSIG looks at the thread that forked, not at its process: a child started from a short-lived
# thread (asyncio.to_thread) would die with it. One thread that lives as long as we do starts them all.
_nursery = ThreadPoolExecutor(max_workers=1, thread_name_prefix="server-processes")


class ServerFailed(RuntimeError):
    """A server did not start or did not answer in time; the message ends with the tail of its log."""


class ServerProcess(ABC):
    """One server on 127.0.0.1 with its data in one folder.

    The port is chosen once, unless one is given: after `stop` or `kill`, `start` brings the server back on the
    same port with the same data. The process dies with ours, however ours ends.
    """

    name: str
    start_timeout_seconds: float = 30
    stop_timeout_seconds: float = 20
    stop_signal = signal.SIGTERM

    def __init__(self, data_folder: Path, *, port: int | None = None) -> None:
        self.data_folder = data_folder.absolute()
        self.port = port or free_port()
        self.paused = False
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def _command(self) -> Sequence[str]:
        """Return the program and its arguments."""

    @abstractmethod
    def _answers(self) -> bool:
        """Return whether the server serves a real request; raise nothing while it does not."""

    @abstractmethod
    def _prepare(self) -> None:
        """Make what the server needs before every start; a second call finds it there."""

    def _environment(self) -> dict[str, str] | None:
        """Return the server's environment; None hands ours on."""
        return None

    @property
    def log_file(self) -> Path:
        """Return the file that takes the server's standard output and error."""
        return self.data_folder / "server.log"

    @property
    def address(self) -> str:
        """Return host:port."""
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """Return the process id, None when it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> Self:
        """Start the server and return when it answers; raise ServerFailed past the deadline."""
        if self.pid is not None:
            return self
        self.data_folder.mkdir(parents=True, exist_ok=True)
        self._prepare()
        self._process = _nursery.submit(self._spawn).result()
        with ExitStack() as undo:  # Ctrl-C too: nothing half-started stays behind
            undo.callback(self.kill)
            self._await_answer()
            undo.pop_all()
        return self

    def stop(self) -> None:
        """Ask the server to end, wait, and kill what has not ended by then."""
        self._end(graceful=True)

    def kill(self) -> None:
        """End the server and its children at once (SIGKILL), as a crash would."""
        self._end(graceful=False)

    def pause(self) -> None:
        """Freeze the server and its children (SIGSTOP): it holds its connections and answers nothing.

        Returns when the last thread stands: on a busy machine they go on for a while after the signal.
        """
        self.paused = True
        processes = self._tree()
        send(signal.SIGSTOP, processes)
        self._await_all(frozen, processes)

    def resume(self) -> None:
        """Let a paused server go on (SIGCONT)."""
        send(signal.SIGCONT, self._tree())
        self.paused = False

    def __enter__(self) -> Self:
        """Start the server."""
        return self.start()

    def __exit__(self, *exception: object) -> None:
        """Stop the server."""
        self.stop()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [*self._tether(), *self._command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.data_folder,
                env=self._environment(),
                start_new_session=True,  # a Ctrl-C in our terminal is ours to handle
            )

    def _tether(self) -> Sequence[str]:
        """Return the prefix that binds the server's life to ours."""
        return [installed("setpriv"), "--pdeathsig", "KILL", "--"]

    def _await_answer(self) -> None:
        deadline = time.monotonic() + self.start_timeout_seconds
        while not self._answers():
            if self.pid is None:
                raise ServerFailed(f"{self.name} ended while starting\n{self._log_tail()}")
            if time.monotonic() > deadline:
                raise ServerFailed(
                    f"{self.name} did not answer on {self.address} within {self.start_timeout_seconds} s\n"
                    + self._log_tail()
                )
            time.sleep(0.1)

    def _log_tail(self) -> str:
        lines = self.log_file.read_text(errors="replace").splitlines() if self.log_file.exists() else []
        return "\n".join([f"--- {self.log_file}", *lines[-_LOG_TAIL_LINES:]])

    def _tree(self) -> list[psutil.Process]:
        return [] if self.pid is None else tree(self.pid)

    def _end(self, *, graceful: bool) -> None:
        if self._process is None:
            return
        processes = self._tree()
        if graceful:
            self._terminate(self._process)
        send(signal.SIGKILL, processes)
        self._process.wait()
        self._await_all(gone, processes)
        self._process = None
        self.paused = False

    def _terminate(self, process: subprocess.Popen[bytes]) -> None:
        self.resume()  # a frozen process hears nothing
        process.send_signal(self.stop_signal)
        try:
            process.wait(self.stop_timeout_seconds)
        except subprocess.TimeoutExpired:
            print(f"{self.name} did not stop within {self.stop_timeout_seconds} s: killed", flush=True)

    def _await_all(self, done: Callable[[psutil.Process], bool], processes: Sequence[psutil.Process]) -> None:
        deadline = time.monotonic() + self.stop_timeout_seconds
        while left := [process for process in processes if not done(process)]:
            if time.monotonic() > deadline:
                raise ServerFailed(f"deaf to a signal that cannot be ignored: {left}")
            time.sleep(0.02)
