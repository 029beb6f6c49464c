"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)  # Thursday 8 October 2026, 12:00 in Viet Nam


class FakeClock:
    """Tells the moment it was given."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the moment it stands at, in UTC."""
        return self._now

    def advance(self, *, seconds: float) -> None:
        """Move on."""
        self._now += timedelta(seconds=seconds)
