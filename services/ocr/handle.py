"""Handling one message of a lane, so that nothing is lost whatever fails.

Every message ends in exactly one way, acknowledged by the broker before its offset moves: its
paper's outcome, its remainder on the lane, or a dead letter. While the broker is away a call waits
in place: nobody can rebalance then anyway. While the store is away it waits in place for the length
of a slice and then puts the paper back on its lane, because a call that never ended would hold up
its group's next rebalance and be thrown out of it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from services.ocr.attempts import Attempts
from services.ocr.digitise import Digitised, Digitiser, Failed, Outcome, Remainder
from services.ocr.messages import Origin, read_work
from services.ocr.metrics import OcrMetrics
from services.ocr.outbox import Outbox
from shared.clock import Clock
from shared.dead_letters import dead_letter
from shared.errors import HosoError
from shared.events import PaperWork
from shared.failure import FailurePolicy, Success, attempt
from shared.log import Message, Record
from shared.logs import correlation_id

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass
class _Task:
    """A message under way."""

    origin: Origin
    until: datetime
    attempts: int = 0

    @property
    def work(self) -> PaperWork:
        return self.origin.work

    @property
    def part(self) -> str:
        """The name under which health knows what this task waits for."""
        return f"{self.origin.record.topic}/{self.origin.record.partition}"


class Handler:
    """Handles the messages of one lane."""

    def __init__(
        self,
        *,
        digitiser: Digitiser,
        attempts: Attempts,
        outbox: Outbox,
        policy: FailurePolicy,
        clock: Clock,
        metrics: OcrMetrics,
        slice_seconds: float,
        attempts_limit: int,
    ) -> None:
        self._digitiser = digitiser
        self._attempts = attempts
        self._outbox = outbox
        self._policy = policy
        self._clock = clock
        self._metrics = metrics
        self._slice = timedelta(seconds=slice_seconds)
        self._attempts_limit = attempts_limit

    async def handle(self, record: Record) -> None:
        """Do one slice of the work in ``record`` and return when the outcome is acknowledged."""
        correlation_id.set(None)
        try:
            event, work = read_work(record)
        except HosoError as error:
            await self._bury(record, error)
            return
        correlation_id.set(event.correlation_id)
        origin = Origin(record, event, work, self._digitiser.version(work))
        task = _Task(origin, until=self._clock.now() + self._slice)
        outcome = await self._settle(task)
        await self._outbox.publish(self._messages(task, outcome))
        self._metrics.paper(type(outcome).__name__.lower())
        if isinstance(outcome, Failed):
            self._metrics.dead_letter(outcome.reason)
        log.info("%s: paper %s slice %d", type(outcome).__name__.lower(), work.paper_id, work.slice)
        if task.attempts:
            await attempt(lambda: asyncio.to_thread(self._attempts.clear, work))

    async def _bury(self, record: Record, error: HosoError) -> None:
        log.warning("dead letter: %s at %s/%d", error.reason, record.topic, record.partition)
        await self._outbox.publish([dead_letter(record, error.reason, attempts=1, at=self._clock.now())])
        self._metrics.paper("undecodable")
        self._metrics.dead_letter(error.reason)

    async def _settle(self, task: _Task) -> Outcome:
        begun = await self._persist(task, self._begin)
        if isinstance(begun, Digitised | Failed | Remainder):
            return begun
        return await self._persist(task, self._digitise)

    def _begin(self, task: _Task) -> Outcome | None:
        """Answer a finished paper from the store; count the try of any other."""
        finished = self._digitiser.finished(task.work)
        if finished:
            return finished
        if not task.attempts:
            task.attempts = self._attempts.count(task.work)
            self._metrics.attempt(task.attempts)
        return Failed("attempts-exhausted") if task.attempts > self._attempts_limit else None

    def _digitise(self, task: _Task) -> Outcome:
        return self._digitiser.digitise(task.work, task.until)

    async def _persist(self, task: _Task, step: Callable[[_Task], T]) -> T | Failed | Remainder:
        async def once() -> T | Remainder:
            try:
                return await asyncio.to_thread(step, task)
            except HosoError as error:
                if error.retriable and self._clock.now() >= task.until:
                    return Remainder(task.work.model_copy(update={"slice": task.work.slice + 1}))
                raise

        outcome = await self._policy.persist(task.part, once)
        if isinstance(outcome, Success):
            return outcome.value
        log.error("a paper failed: %s", outcome.reason, exc_info=outcome.error)
        return Failed(outcome.reason)

    def _messages(self, task: _Task, outcome: Outcome) -> Sequence[Message]:
        now = self._clock.now()
        match outcome:
            case Digitised(paper):
                return [task.origin.digitised(paper, now)]
            case Remainder(rest):
                return [task.origin.remainder(rest, now)]
            case Failed(reason):
                letter = dead_letter(task.origin.record, reason, attempts=task.attempts, at=now)
                return [letter, task.origin.failed(reason, now, attempts=task.attempts)]
