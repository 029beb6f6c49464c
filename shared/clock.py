"""Time as a port: a use case is handed a clock and never asks the system for one."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

# Viet Nam has kept UTC+7 without daylight saving since 1975; a fixed offset needs no zone data.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def local_day(moment: datetime) -> date:
    """Return the day a moment lies on in Viet Nam."""
    return moment.astimezone(VIETNAM).date()


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """Return the present moment, with its zone, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC)
