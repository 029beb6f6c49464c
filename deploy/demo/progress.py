"""One line that moves on a terminal, a line now and then elsewhere."""

import sys
import time

BAR_WIDTH = 24
QUIET_SECONDS = 10


class Progress:
    """Shows how far something has come."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total = label, total
        self._moving = sys.stdout.isatty()
        self._shown_at = time.monotonic()
        self._last = ""

    def show(self, done: int, note: str = "") -> None:
        """Show that so many are done."""
        filled = BAR_WIDTH * done // max(1, self._total)
        bar = "█" * filled + "·" * (BAR_WIDTH - filled)
        line = f"{self._label:<12} {bar} {done}/{self._total}  {note}"
        if self._moving:
            print(f"\r\033[K{line}", end="\n" if done == self._total else "", flush=True)
        elif line != self._last and (done == self._total or time.monotonic() - self._shown_at > QUIET_SECONDS):
            self._shown_at = time.monotonic()
            print(line, flush=True)
        self._last = line
