"""How to connect to Kafka and to part from it, and what its library's errors mean."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    TopicAuthorizationFailedError,
)

from shared.errors import HosoError, LogUnavailable, Refused
from shared.settings import KafkaSettings

_REFUSALS = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
)
CONNECT_SECONDS = 10
_STOP_SECONDS = 2


@contextmanager
def our_errors() -> Iterator[None]:
    """Turn aiokafka's errors into ours."""
    try:
        yield
    except _REFUSALS as error:
        raise Refused(f"the broker refuses us: {type(error).__name__}") from error
    except MessageSizeTooLargeError as error:
        raise HosoError("the broker takes no message of this size", reason="too-large") from error
    except (KafkaError, OSError, TimeoutError) as error:
        raise LogUnavailable(f"the broker does not answer: {type(error).__name__}") from error


def connection_options(settings: KafkaSettings) -> dict[str, Any]:
    """Return the options every aiokafka client takes to connect and to prove who it is."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap_servers,
        "client_id": settings.client_id,
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.username
        options["sasl_plain_password"] = settings.password.get_secret_value()
    if settings.security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl.create_default_context(cafile=settings.ca_file)
    return options


@asynccontextmanager
async def connecting(client: AIOKafkaProducer | AIOKafkaConsumer) -> AsyncIterator[None]:
    """Turn errors into ours, keep a deadline, and stop a client that did not get that far."""
    connected = False
    try:
        with our_errors():
            async with asyncio.timeout(CONNECT_SECONDS):
                yield
        connected = True
    finally:
        if not connected:
            await stop(client)


async def stop(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop a client for good and in time, also with its broker away.

    By itself (aiokafka 0.14.0) a producer would then wait for ever, and cancelling that leaves
    its sender running, to deliver hours later, after its successor; and a consumer with a fetch
    under way would break off and leave its connections open.
    """
    stopping = asyncio.create_task(client.stop())
    await asyncio.wait([stopping], timeout=_STOP_SECONDS)
    if isinstance(client, AIOKafkaProducer) and not stopping.done():
        client._message_accumulator.fail_all(KafkaTimeoutError())  # noqa: SLF001  # no public way
    inner = client.client if isinstance(client, AIOKafkaProducer) else client._client  # noqa: SLF001  # nor here
    closing = asyncio.create_task(inner.close())
    await asyncio.wait([stopping, closing], timeout=_STOP_SECONDS)
    stopping.cancel()
    closing.cancel()
