"""What is to be announced of reference data: units, procedures and calendars as they stand today; pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from services.registry.effective import Levels, current_version
from services.registry.reference import Items, Key, Known
from services.registry.reference.calendars import published
from services.registry.reference.formats import (
    ASSESSMENTS,
    CALENDAR_DAYS,
    CALENDAR_WINDOWS,
    PROCEDURES,
    SCHEMES,
    UNITS,
)
from services.registry.reference.kinds import ProcedureVersion
from shared.events import CalendarPublished, Data, Event, Procedure, Unit, deterministic_id

SOURCE = "/hoso/registry"
ANNOUNCED = (UNITS, PROCEDURES, SCHEMES, ASSESSMENTS, CALENDAR_DAYS, CALENDAR_WINDOWS)  # what it follows from


@dataclass(frozen=True)
class Announced:
    """What was announced last of a thing: how often it changed, and the digest of its content."""

    revision: int
    content: str


@dataclass(frozen=True)
class Announcement:
    """What is to be said of a thing that differs from what was said last."""

    key: str
    revision: int
    content: str
    data: Data

    def event(self, at: datetime) -> Event:
        """Return it as an event."""
        return Event(
            # the revision is part of the id: a value that comes back after another is news again;
            # "announced" keeps it apart from ids of before, when rows were announced by their own revision
            id=deterministic_id("announced", self.key, self.revision, self.content),
            source=SOURCE,
            subject=self.key,
            time=at,
            data=self.data,
            key=self.key,
        )


def news(known: Mapping[Key, Known], announced: Mapping[str, Announced], today: date) -> list[Announcement]:
    """Return what differs from what was announced last."""
    found = (_announcement(key, data, announced.get(key)) for key, data in standing_today(known, today))
    return [each for each in found if each is not None]


def _announcement(key: str, data: Data, last: Announced | None) -> Announcement | None:
    content = sha256(data.model_dump_json().encode()).hexdigest()
    if last is not None and last.content == content:
        return None
    revision = last.revision + 1 if last else 1
    if isinstance(data, CalendarPublished):
        data = data.model_copy(update={"revision": revision})
    return Announcement(key, revision, content, data)


def standing_today(known: Mapping[Key, Known], today: date) -> Iterator[tuple[str, Data]]:
    """Return all that is announced, with its key: units first, since procedures and calendars name them."""
    items = Items(row.item for row in known.values())
    for unit in sorted(items.of(Unit), key=lambda each: each.code):
        yield f"unit/{unit.code}", unit
    for calendar in published(items):
        yield f"calendar/{calendar.code}", calendar
    levels = Levels(known)
    for code, versions in sorted(versions_of(items).items()):
        version = current_version(versions, today)
        if version is not None:
            yield f"procedure/{code}", announced_procedure(version, levels, today)


def versions_of(items: Items) -> dict[str, list[ProcedureVersion]]:
    """Return the versions of each procedure."""
    found: dict[str, list[ProcedureVersion]] = defaultdict(list)
    for version in items.of(ProcedureVersion):
        found[version.code].append(version)
    return found


def announced_procedure(version: ProcedureVersion, levels: Levels, on: date) -> Procedure:
    """Return a version as everybody may know it: with the level it has on a date, whoever decided it."""
    return Procedure.model_validate(with_level(version, levels, on).model_dump())


def with_level(version: ProcedureVersion, levels: Levels, on: date) -> ProcedureVersion:
    """Return a version with the level it has on a date in place of what its own row declares."""
    standing = levels.of(version.code, on)
    if standing is None:
        return version.model_copy(update={"level": levels.level(version.code, on), "level_decision": None})
    assessment = standing.decision.assessment
    told = {"level": standing.level, "level_scheme": assessment.scheme, "level_decision": assessment.decision}
    return version.model_copy(update=told)
