"""Child processes that do one call at a time within limits: what a hostile file does, it does to a child.

Children are forked from a server that has imported everything once (``multiprocessing``'s fork
server), so that a new one costs milliseconds and shares its memory with the others. Each leads a
process group of its own: a child that is killed takes the programs it started along.
"""

import ctypes
import importlib
import logging
import multiprocessing
import os
import queue
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from types import TracebackType
from typing import Any

from services.ocr.memory import give_back
from shared.errors import HosoError, Unavailable

_PRELOADED = ["services.ocr.child_work"]
# each child uses one core (stack: 0.75 pages/s on two cores instead of 0.18), and keeps what a picture took
# for the next one until the call is done: to fetch each anew from the system cost a twelfth of a page's time
_ENVIRONMENT = {
    "OMP_THREAD_LIMIT": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4194304",
    "MALLOC_TRIM_THRESHOLD_": "4194304",
}
_PR_SET_PDEATHSIG = 1
_OUT_OF_MEMORY, _BUG = 71, 70
_SERVER_DIED = 255  # what multiprocessing answers when the fork server went away with its children
_STOPPED_FROM_OUTSIDE = (-signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP, _SERVER_DIED)
_END_SECONDS = 10
log = logging.getLogger(__name__)


class CallFailed(HosoError):
    """The call ended its child: it took too long, too much memory, or crashed it."""

    reason = "crashed"


class CallInterrupted(Unavailable):
    """The child was stopped from outside; what it worked on is not to blame."""

    reason = "engine-interrupted"


class Children:
    """So many children; calls from any thread wait for a free one."""

    def __init__(self, count: int, *, memory_bytes: int) -> None:
        os.environ.update(_ENVIRONMENT)
        self._all = [_Child(memory_bytes) for _ in range(count)]
        self._free: queue.LifoQueue[_Child] = queue.LifoQueue()
        for child in self._all:
            self._free.put(child)

    def call(self, function: str, *arguments: object, seconds: float) -> Any:
        """Return what a function, named as ``module:function``, returns in a child.

        The name stands for the function so that only children import what it needs. Raises the
        ``HosoError`` it raises; ``CallFailed`` with the reason ``timed-out``, ``out-of-memory``
        or ``crashed``; ``CallInterrupted``.
        """
        child = self._free.get()
        try:
            return child.call(function, arguments, seconds=seconds)
        finally:
            self._free.put(child)

    def close(self) -> None:
        """End all children."""
        for child in self._all:
            child.end()


class _Child:
    """One child, started when it is first needed and again after it was killed."""

    def __init__(self, memory_bytes: int) -> None:
        self._memory_bytes = memory_bytes
        self._process: ForkServerProcess | None = None
        self._pipe: Connection[Any, Any] | None = None

    def call(self, function: str, arguments: tuple[object, ...], *, seconds: float) -> Any:
        answer = self._answer((function, arguments), seconds)
        if isinstance(answer, _Raised):
            raise answer.kind(answer.message, reason=answer.reason)
        return answer

    def _answer(self, call: object, seconds: float) -> Any:
        settled = False
        try:
            pipe = self._pipe or self._start()
            pipe.send(call)
            if not pipe.poll(seconds):
                raise CallFailed(reason="timed-out")
            answer = pipe.recv()
            settled = True
        except (EOFError, ConnectionError) as error:
            raise self._post_mortem() from error
        finally:
            if not settled:  # whatever ended the call, its answer must not be taken for the next one's
                self.end()
        return answer

    def _start(self) -> "Connection[Any, Any]":
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOADED)
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._memory_bytes), daemon=True)
        try:
            self._process.start()
        except (OSError, EOFError) as error:
            self._process = None
            raise CallInterrupted("a child cannot be started now") from error
        theirs.close()
        self._pipe = ours
        return ours

    def _post_mortem(self) -> HosoError:
        assert self._process is not None
        self._process.join(_END_SECONDS)
        code = self._process.exitcode
        if code in _STOPPED_FROM_OUTSIDE:
            return CallInterrupted("a child was stopped")
        log.warning("a child ended with %s", code)
        return CallFailed(reason="out-of-memory" if code == _OUT_OF_MEMORY else "crashed")

    def end(self) -> None:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid or 0, signal.SIGKILL)
        process.join(_END_SECONDS)
        process.close()


class _Raised:
    """An error of ours on its way to the parent."""

    def __init__(self, error: HosoError) -> None:
        self.kind, self.message, self.reason = type(error), str(error), error.reason


def _serve(pipe: "Connection[Any, Any]", memory_bytes: int) -> None:
    """Do what comes through the pipe until it closes; anything but an error of ours ends the child."""
    _settle_in(memory_bytes)
    with _Discreet(), suppress(EOFError):
        while True:
            function, arguments = pipe.recv()
            try:
                answer = _named(function)(*arguments)
            except HosoError as error:
                answer = _Raised(error)
            pipe.send(answer)
            del arguments, answer
            give_back()


def _named(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _settle_in(memory_bytes: int) -> None:
    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Discreet:
    """Says what ended the child and where, but not the message, which may quote a paper."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process where there was an error: multiprocessing would print all of it."""
        if kind is None:
            return
        where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(trace)[-6:]))
        print(f"hoso child: {kind.__name__} in {where}", file=sys.stderr, flush=True)
        os._exit(_OUT_OF_MEMORY if issubclass(kind, MemoryError) else _BUG)
