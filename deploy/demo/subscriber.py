"""A subscriber of hoso.dossiers, as any other service could be one."""

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from shared.errors import HosoError
from shared.events import structured
from shared.log import Log
from shared.topics import DOSSIERS

CloudEvent = dict[str, Any]
POLL_SECONDS = 0.3
STOP_SECONDS = 10


class Subscriber:
    """Reads the topic from its beginning in a thread and keeps every event as structured JSON."""

    def __init__(self, connect: Callable[[], Log]) -> None:
        self._connect = connect
        self._events: list[CloudEvent] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="subscriber", daemon=True)
        self._trouble: HosoError | None = None

    def __enter__(self) -> Self:
        """Begin to read."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop reading."""
        self._ending.set()
        self._thread.join(STOP_SECONDS)

    def events(self) -> list[CloudEvent]:
        """Answer what was read so far, in the order of reading; raise what stopped the reading."""
        if self._trouble is not None:
            raise self._trouble
        return list(self._events)

    def _run(self) -> None:
        try:
            asyncio.run(self._read())
        except HosoError as error:
            self._trouble = error

    async def _read(self) -> None:
        reader = await self._connect().reader([DOSSIERS.name], {})
        try:
            while not self._ending.is_set():
                records = await reader.read(max_records=500, timeout_seconds=POLL_SECONDS)
                self._events.extend(structured(record) for record in records)
        finally:
            await reader.close()
