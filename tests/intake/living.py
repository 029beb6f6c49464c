"""A dossier brought to where a test wants it, command by command, and the calendars its due dates are counted by."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import httpx

from shared.clock import VIETNAM
from shared.events import CalendarDay, CalendarPublished, CalendarWindow, Event
from tests.intake.office import DEPARTMENT, ONE_STOP, Office

NEW_YEARS = (date(2026, 1, 1), date(2027, 1, 1))
LAW = "118/2025/NĐ-CP"


def calendar(
    *off: date,
    code: str = "VN",
    revision: int = 1,
    undecided: Sequence[date] = (),
    hours: Sequence[tuple[int, int]] = ((7, 11), (13, 17)),
) -> CalendarPublished:
    """Return a calendar of 2026 and 2027 with some days off beside New Year, worked eight hours Monday to Friday."""
    days = [*off, *(NEW_YEARS if code == "VN" else ()), *undecided]
    return CalendarPublished(
        code=code,
        revision=revision,
        first_day=date(2026, 1, 1),
        last_day=date(2027, 12, 31),
        days=tuple(
            CalendarDay(day=day, works=False, decided=day not in undecided, name="Nghỉ", source="made up")
            for day in days
        ),
        windows=tuple(
            CalendarWindow(weekdays=(1, 2, 3, 4, 5), begins=time(begins), ends=time(ends), source="made up")
            for begins, ends in hours
        ),
    )


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 10) -> datetime:
    """Return a moment of 2026 in Viet Nam; tests begin on Thursday 8 October at 12:00."""
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


def told(moment: str | None) -> datetime | None:
    """Return a moment as the API tells it."""
    return None if moment is None else datetime.fromisoformat(moment)


@dataclass
class Case:
    """A dossier in an office, with what its commands need: an apology and a task."""

    office: Office
    dossier: dict[str, Any] = field(default_factory=dict)
    apology: str = ""
    task: str = ""

    def __post_init__(self) -> None:
        """Open the dossier."""
        self.dossier = self.dossier or self.office.open_dossier()
        self.path = f"/v1/dossiers/{self.dossier['id']}"

    def send(self, command: str, headers: dict[str, str] | None = None, **said: Any) -> httpx.Response:
        """Send a command."""
        return self.office.post(f"{self.path}/{command}", json=said, headers=headers or {})

    def do(self, *commands: str, **said: Any) -> dict[str, Any]:
        """Do some commands, one after the other, a minute apart, and return the dossier after them."""
        for command in commands:
            self.office.clock.advance(seconds=60)
            response = self.send(command, **self.needed(command) | said)
            assert response.status_code == 200, (command, response.text)
            self.dossier = dict(response.json())
            if command == "open-task":
                self.task = self.dossier["tasks"][-1]["id"]
        return self.dossier

    def do_at(self, moment: datetime, command: str, **said: Any) -> dict[str, Any]:
        """Do a command at a moment of the clock."""
        self.office.clock.advance(seconds=(moment - self.office.clock.now()).total_seconds() - 60)
        return self.do(command, **said)

    def needed(self, command: str) -> dict[str, Any]:
        """Return what a command cannot do without."""
        match command:
            case "extend":
                later = self.office.clock.now() + timedelta(days=90)
                return {"apology_paper_id": self.apology or self.dossier["id"], "due_at": later.isoformat()}
            case "reroute":
                here = self.dossier["competent_unit"]
                return {"to_unit": ONE_STOP if here == DEPARTMENT else DEPARTMENT}
            case "open-task":
                return {"unit": DEPARTMENT}
            case "close-task":
                return {"task_id": self.task or self.dossier["id"]}
        return {}

    def with_apology(self) -> "Case":
        """Add the apology's scan."""
        self.apology = str(self.office.add_one(self.dossier["id"])["id"])
        return self

    def read(self) -> dict[str, Any]:
        """Return the dossier as it is now."""
        return dict(self.office.get(self.path).json())

    def events(self) -> list[Event]:
        """Return what is announced of the dossier."""
        return [event for event in self.office.events() if event.key == self.dossier["id"]]
