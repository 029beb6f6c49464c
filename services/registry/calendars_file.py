"""Calendars as files: ``calendar_days.csv`` and ``calendar_windows.csv`` of a folder, to count on without a database.

The columns are described in ``services/registry/national/README.md``.
"""

from datetime import date
from pathlib import Path

from services.registry.lines import text
from services.registry.reference import Items, parse
from services.registry.reference.calendars import NATIONAL, calendar_of, published
from services.registry.reference.formats import CALENDAR_DAYS, CALENDAR_WINDOWS
from shared.calendars import Calendar

NATIONAL_FOLDER = Path(__file__).with_name("national")
DAYS_FILE, WINDOWS_FILE = CALENDAR_DAYS.file, CALENDAR_WINDOWS.file

__all__ = ["DAYS_FILE", "NATIONAL", "NATIONAL_FOLDER", "WINDOWS_FILE", "parse_calendars", "read_calendars"]


def read_calendars(folder: Path = NATIONAL_FOLDER) -> dict[str, Calendar]:
    """Return the calendars of a folder by their code: the national one, and those of units that stand on it.

    Raises ``BadReference`` with what is wrong.
    """
    return parse_calendars(text(folder / DAYS_FILE), text(folder / WINDOWS_FILE))


def parse_calendars(days_text: str, windows_text: str) -> dict[str, Calendar]:
    """Return the calendars of both files' texts; raises ``BadReference`` with what is wrong."""
    texts = {DAYS_FILE: days_text, WINDOWS_FILE: windows_text}
    rows = Items(parse(texts, known=Items(), today=date.max, alone=True).items)
    found: dict[str, Calendar] = {}
    for calendar in published(rows):  # the national one comes first
        found[calendar.code] = calendar_of(calendar, found.get(NATIONAL))
    return found
