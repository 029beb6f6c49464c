"""What the registry publishes: units, procedures, calendars."""

from datetime import date, time
from typing import Literal

from pydantic import Field

from shared.events.codes import ServiceLevel, TimeUnit
from shared.events.data import Data


class Unit(Data):
    """A unit as published by the registry."""

    code: str
    name: str
    kind: str
    parent: str | None = None
    valid_from: str
    valid_to: str | None = Field(default=None, description="last day of the unit, where it ended")
    successor: str | None = Field(default=None, description="the unit that took its place")
    source: str


class Procedure(Data):
    """A version of an administrative procedure as published by the registry."""

    code: str
    version: int
    name: str
    field_code: str
    field_name: str
    managing_unit: str
    handling_level: str
    limit: int
    limit_unit: Literal["working_hour", "working_day", "calendar_day", "month"]
    level: ServiceLevel
    level_scheme: str
    level_decision: str | None = None
    valid_from: str
    valid_to: str | None = None
    result_is_document: bool
    committed_limit: int | None = Field(default=None, description="shorter than the legal limit, where one is promised")
    committed_limit_unit: TimeUnit | None = None
    cut_off: str | None = Field(default=None, description="HH:MM after which a dossier counts as received next day")
    has_fee: bool = False
    eligible_for_full: bool = True
    essential: bool = Field(default=False, description="one of the essential services of Đề án 06")
    portal_connected: bool = False
    source: str


class CalendarDay(Data):
    """A day on which a calendar differs from its week."""

    day: date
    works: bool
    decided: bool = Field(default=True, description="false where the State has not decided on this day yet")
    name: str
    source: str


class CalendarWindow(Data):
    """Hours of work on some days of the week (1 Monday to 7 Sunday)."""

    weekdays: tuple[int, ...]
    begins: time
    ends: time
    valid_from: date | None = None
    valid_to: date | None = None
    source: str


class CalendarPublished(Data):
    """A calendar of working time: the national one, or what a unit does otherwise."""

    code: str = Field(description="VN for the national calendar, else the code of a unit")
    revision: int = Field(ge=1)
    first_day: date
    last_day: date = Field(description="nothing is known of days after it")
    days: tuple[CalendarDay, ...]
    windows: tuple[CalendarWindow, ...] = ()
