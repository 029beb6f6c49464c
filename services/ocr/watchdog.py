"""The watchdog: ends a worker that has left its group for good while looking alive.

Faust 0.15.3 never asks aiokafka for the errors of its group, and timers and tasks of Faust do not
run in that state; so a plain thread looks at aiokafka's own state. These are private names of
aiokafka 0.14.0; a test says when they go.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

EXIT_CODE = 70
LOOK_SECONDS = 2
_NOT_IN_A_GROUP = -1
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a worker's membership, and for how long that may last."""

    reason: str
    patience_seconds: float


def membership_trouble(coordinator: Any, *, rebalance_seconds: float) -> Trouble | None:
    """Say what is wrong with the membership that aiokafka's ``coordinator`` keeps, if anything.

    An error nobody asks for stops it for good. To be outside the group is wrong only while a
    broker answers, and for longer than a rebalance takes.
    """
    brief = 5 * LOOK_SECONDS
    if coordinator._coordination_task.done():  # noqa: SLF001  # see above
        return Trouble("group coordination has ended", brief)
    error = coordinator._pending_exception  # noqa: SLF001
    if error is not None:
        return Trouble(f"group error: {type(error).__name__}", brief)
    rejoining = coordinator._rejoin_needed_fut.done()  # noqa: SLF001
    outside = rejoining or coordinator.generation == _NOT_IN_A_GROUP
    if outside and coordinator.coordinator_id is not None:
        return Trouble("outside the group", rebalance_seconds + brief)
    return None


class Watchdog:
    """Looks every two seconds; what is wrong for longer than it may be ends the process."""

    def __init__(
        self,
        look: Callable[[], Trouble | None],
        end: Callable[[int], object] = os._exit,
        *,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._look = look
        self._end = end
        self._look_seconds = look_seconds
        self._since: float | None = None
        self._reason: str | None = None

    def start(self) -> None:
        """Look from a thread of its own until the process ends."""
        threading.Thread(target=self.watch, name="watchdog", daemon=True).start()

    def watch(self) -> None:
        """Look for ever."""
        try:
            while True:
                time.sleep(self._look_seconds)
                self.step(time.monotonic())
        finally:  # a worker nobody watches any more is not left running
            self._end(EXIT_CODE)

    def alive(self) -> bool:
        """Return whether nothing is wrong now."""
        return self._reason is None

    def step(self, now: float) -> None:
        """Look once."""
        trouble = self._look()
        if trouble is None:
            self._reason = self._since = None
            return
        if self._since is None or trouble.reason != self._reason:
            self._reason, self._since = trouble.reason, now
        if now - self._since >= trouble.patience_seconds:
            log.critical("%s: ending the worker, somebody starts it again", trouble.reason)
            self._end(EXIT_CODE)
