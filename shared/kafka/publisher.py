"""Publishing to Kafka: idempotent, in order, with a deadline."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer

from shared.errors import LogUnavailable
from shared.kafka.connection import connecting, our_errors, stop
from shared.log import Message


class KafkaPublisher:
    """An idempotent producer with a deadline.

    What missed its deadline is still under way and may arrive; until its fate is known nothing
    new is handed to the producer, so an outage of hours holds one batch in memory, not many.
    """

    def __init__(self, options: dict[str, Any], timeout_seconds: float) -> None:
        self._options = options
        self._timeout_seconds = timeout_seconds
        self._producer: AIOKafkaProducer | None = None
        self._under_way: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    async def connect(self) -> None:
        """Connect; raises ``LogUnavailable`` when no broker answers in time."""
        self._producer = await self._connected()

    async def _connected(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(**self._options, acks="all", enable_idempotence=True)
        async with connecting(producer):
            await producer.start()
        return producer

    async def publish(self, messages: Sequence[Message]) -> None:
        """Publish in order and wait for every acknowledgement; one call goes at a time."""
        async with self._turn:
            await self._settle()
            if self._producer is None:
                self._producer = await self._connected()
            self._under_way = asyncio.create_task(_send(self._producer, messages))
            error = await self._settle()
        with our_errors():
            if error is not None:
                raise error

    async def _settle(self) -> BaseException | None:
        """Wait for what is under way, and return how it failed."""
        if self._under_way is None:
            return None
        done, _ = await asyncio.wait([self._under_way], timeout=self._timeout_seconds)
        if not done:
            raise LogUnavailable("no acknowledgement in time")
        error = self._under_way.exception()
        self._under_way = None
        if error is not None:  # a batch that failed leaves a hole in the producer's sequence numbers
            await self._drop()
        return error

    async def _drop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop(producer)

    async def close(self) -> None:
        """Send what is under way if the broker still answers, and disconnect."""
        if self._under_way is not None:
            await asyncio.wait([self._under_way], timeout=self._timeout_seconds)
            self._under_way.cancel()
        await self._drop()


async def _send(producer: AIOKafkaProducer, messages: Sequence[Message]) -> None:
    """Hand everything over and wait for the fate of each message, also when one fails."""
    sent: list[Awaitable[Any]] = []
    try:
        for m in messages:
            sent.append(  # noqa: PERF401  # what was handed over before an error is waited for
                await producer.send(m.topic, value=m.value, key=m.key, headers=list(m.headers))
            )
    finally:
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
