"""Publishing from many handlers at once, through one publisher, until the broker has it."""

import asyncio
import logging
from collections.abc import Sequence

from shared.failure import Failure, FailurePolicy
from shared.health import Health
from shared.log import Log, Message, Publisher

_PART = "log"
_BLOCKED_SECONDS = 10
log = logging.getLogger(__name__)


class Outbox:
    """Publishes, or waits for as long as it takes: a message that cannot be sent is never dropped."""

    def __init__(self, broker: Log, policy: FailurePolicy, health: Health) -> None:
        self._broker = broker
        self._policy = policy
        self._health = health
        self._publisher: Publisher | None = None
        # a publisher takes one batch at a time
        self._lock = asyncio.Lock()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when the broker has acknowledged every message."""
        while isinstance(failure := await self._policy.persist(_PART, lambda: self._once(messages)), Failure):
            self._health.troubled(_PART, failure.reason)
            log.error("what must be published cannot be: %s", failure.reason, exc_info=failure.error)
            await asyncio.sleep(_BLOCKED_SECONDS)

    async def _once(self, messages: Sequence[Message]) -> None:
        async with self._lock:
            if self._publisher is None:
                self._publisher = await self._broker.publisher()
            await self._publisher.publish(messages)
