"""Health: alive is for the process itself, ready is for what it stands on."""

import threading
from collections.abc import Callable, Collection


class Health:
    """What is wrong at the moment, by part; nothing wrong means ready.

    Liveness never depends on a store or a broker: only what a restart can mend belongs there.
    ``tolerated`` parts are told of like the others, but whoever sends work may go on doing so.
    """

    def __init__(self, alive: Callable[[], bool] = lambda: True, *, tolerated: Collection[str] = ()) -> None:
        self._alive = alive
        self._tolerated = frozenset(tolerated)
        self._troubles: dict[str, str] = {}
        self._lock = threading.Lock()

    def troubled(self, part: str, reason: str) -> None:
        """Note that a part cannot do its work, and why."""
        with self._lock:
            self._troubles[part] = reason

    def recovered(self, part: str) -> None:
        """Note that a part works again."""
        with self._lock:
            self._troubles.pop(part, None)

    def troubles(self) -> dict[str, str]:
        """Return the parts that cannot do their work, with the reasons."""
        with self._lock:
            return dict(self._troubles)

    def ready(self) -> bool:
        """Return whether every part that must work does."""
        return self._tolerated.issuperset(self.troubles())

    def alive(self) -> bool:
        """Return whether the process should go on living."""
        return self._alive()
