"""The failure policy: what a failure means and what happens then, in one place.

| what fails                                 | what happens                                       |
|--------------------------------------------|----------------------------------------------------|
| broker, store, database away; we are       | wait and retry in place, readiness false           |
| refused                                    |                                                    |
| this message can never succeed             | the caller's dead letter, then on                  |
| a bug (an error that is none of ours)      | as a message that can never succeed; logged whole  |
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.errors import HosoError
from shared.health import Health

T = TypeVar("T")
Endless = Callable[[Callable[[], None]], Awaitable[None]]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Success(Generic[T]):
    """The work is done."""

    value: T


@dataclass(frozen=True)
class Failure:
    """The work failed; ``reason`` is safe to announce."""

    reason: str
    retriable: bool
    error: Exception


def judge(error: Exception) -> Failure:
    """Say what an error means; one that is none of ours is a bug and never retriable."""
    if isinstance(error, HosoError):
        return Failure(error.reason, error.retriable, error)
    return Failure("unexpected-error", retriable=False, error=error)


async def attempt(work: Callable[[], Awaitable[T]]) -> Success[T] | Failure:
    """Do the work once and return what came of it instead of raising."""
    try:
        return Success(await work())
    except Exception as error:  # the one broad except: every failure ends here
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # what failed on the way out must not keep us here
            raise asyncio.CancelledError from error
        return judge(error)


@dataclass(frozen=True)
class Backoff:
    """How long to wait before the next try: doubling from ``first_seconds``, with jitter."""

    first_seconds: float = 0.2
    most_seconds: float = 10

    def seconds(self, tries: int) -> float:
        """Return the wait after ``tries`` failed tries, from 1."""
        full = min(self.most_seconds, self.first_seconds * 2.0 ** min(tries - 1, 20))
        return full * random.uniform(0.5, 1)  # noqa: S311  # spreads load, guards no secret


class FailurePolicy:
    """Carries work through outages."""

    def __init__(self, health: Health, backoff: Backoff | None = None) -> None:
        self._health = health
        self._backoff = backoff or Backoff()

    async def persist(self, name: str, work: Callable[[], Awaitable[T]]) -> Success[T] | Failure:
        """Repeat ``work`` while its failures are retriable; readiness is false meanwhile.

        Returns the success, or the first failure that waiting cannot mend.
        """
        tries = 0
        while True:
            outcome = await attempt(work)
            if isinstance(outcome, Success) or not outcome.retriable:
                self._recovered(name, tries)
                return outcome
            tries += 1
            self._troubled(name, outcome, first=tries == 1)
            await asyncio.sleep(self._backoff.seconds(tries))

    async def forever(self, name: str, work: Endless) -> None:
        """Run an endless piece of work; whatever ends it, wait and start it again.

        ``work`` is handed a function to call whenever it got on: that makes the part ready.
        """
        tries = 0

        def working() -> None:
            nonlocal tries
            self._recovered(name, tries)
            tries = 0

        self._health.troubled(name, "starting")
        while True:
            outcome = await attempt(lambda: work(working))
            tries += 1
            if isinstance(outcome, Failure):
                self._troubled(name, outcome, first=tries == 1)
            await asyncio.sleep(self._backoff.seconds(tries))

    def _recovered(self, name: str, tries: int) -> None:
        self._health.recovered(name)
        if tries:
            log.info("%s goes on after %d tries", name, tries)

    def _troubled(self, name: str, failure: Failure, *, first: bool) -> None:
        self._health.troubled(name, failure.reason)
        if not failure.retriable:
            log.error("%s met a bug", name, exc_info=failure.error)
        elif first:
            log.warning("%s waits: %s (%s)", name, failure.error, failure.reason)
