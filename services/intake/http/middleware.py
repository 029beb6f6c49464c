"""What happens around every request: correlation, counting, one log line, a bound on the body."""

import logging
import re
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.intake.metrics import Metrics
from shared.logs import correlation_id, new_correlation_id

JSON_BYTES = 1024 * 1024
_CORRELATION = re.compile(r"[A-Za-z0-9._-]{1,64}")
log = logging.getLogger(__name__)


class Observe:
    """Gives each request a correlation id, counts it, and logs its route and status.

    It stands around the whole application, so that an answer to a bug has its id too.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation = _correlate(Headers(scope=scope).get("x-request-id"))
        started, status = time.perf_counter(), 500

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = correlation
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        finally:
            # a path that is no route of ours is the caller's text: neither logged nor counted by name
            route = getattr(scope.get("route"), "path", "none")
            seconds = time.perf_counter() - started
            self._metrics.request(scope["method"], route, status=status, seconds=seconds)
            log.info("%s %s %s in %.0f ms", scope["method"], route, status, seconds * 1000)


def _correlate(asked: str | None) -> str:
    if asked is None or not _CORRELATION.fullmatch(asked):
        return new_correlation_id()
    correlation_id.set(asked)
    return asked


class BoundBody:
    """Ends a body that grows beyond its limit, before more of it is read."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; answers 413 where its body is too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_form = headers.get("content-type", "").startswith("multipart/")
        left = self._most_bytes if is_form else JSON_BYTES
        announced = headers.get("content-length", "")

        async def receive_bounded() -> Message:
            nonlocal left
            if announced.isdigit() and int(announced) > (self._most_bytes if is_form else JSON_BYTES):
                raise HTTPException(413)
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_bounded, send)
