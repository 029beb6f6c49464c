"""Logs: one JSON object a line, with a correlation id and nothing personal."""

import logging
import sys
import time
import uuid
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

correlation_id: ContextVar[str | None] = ContextVar("correlation_id", default=None)

# aiokafka logs about ten lines a second, for each client, while a broker is away (0.14.0)
_CHATTY = ("aiokafka", "faust", "mode")
_CHATTY_SECONDS = 30


def new_correlation_id() -> str:
    """Set and return a fresh correlation id for what follows in this context."""
    value = uuid.uuid4().hex
    correlation_id.set(value)
    return value


class _Correlate(logging.Filter):
    """Adds the correlation id of the context to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.correlation_id = correlation_id.get()
        return True


class _RateLimit(logging.Filter):
    """Lets one record a place in the code pass in every ``_CHATTY_SECONDS``."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(_CHATTY):
            return True
        place, now = (record.pathname, record.lineno), time.monotonic()
        if now - self._last.get(place, -_CHATTY_SECONDS) < _CHATTY_SECONDS:
            return False
        self._last[place] = now
        return True


def configure(service: str, level: str) -> None:
    """Send all logs of this process to stderr as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(levelname)s %(name)s %(message)s %(correlation_id)s",
            rename_fields={"levelname": "level", "name": "logger"},
            static_fields={"service": service},
            timestamp="time",
            json_ensure_ascii=False,
        )
    )
    handler.addFilter(_Correlate())
    handler.addFilter(_RateLimit())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:  # what a library does in good order is for its authors
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
