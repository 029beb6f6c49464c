"""What dates and filled-in numbers have in common, wherever they stand on a page."""

import datetime as dt
from collections.abc import Sequence

PRINTED_FROM = 85  # the engine's confidence where there is nothing to compare with


def iso_date(parts: Sequence[str | None]) -> str | None:
    """Return day, month and year as an ISO date, or nothing where there is no such day."""
    if any(part is None for part in parts):
        return None
    day, month, year = (int(part) for part in parts if part is not None)
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
