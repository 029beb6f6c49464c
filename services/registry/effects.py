"""What a load does to levels and calendars; pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from services.registry.effective import Levels
from services.registry.reference import Items, Key, Known
from services.registry.reference.calendars import published
from services.registry.reference.kinds import Assessment, ProcedureVersion

Everything = Mapping[Key, Known]


def effects(before: Everything, after: Everything, today: date) -> Iterator[str]:
    """Say which levels change, from which day on, and which days and hours of which calendars."""
    yield from _of_calendars(before, after)
    old, new = Levels(before), Levels(after)
    for code in sorted(_touched(before, after)):
        yield from _of_level(code, old, new, today)


def _touched(before: Everything, after: Everything) -> set[str]:
    """Return the procedures known before of which a version or an assessment changes."""
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    items = [rows[key].item for key in changed for rows in (before, after) if key in rows]
    assessed = {item.procedure_code for item in items if isinstance(item, Assessment)}
    touched = assessed | {item.code for item in items if isinstance(item, ProcedureVersion)}
    return touched & {row.item.code for row in before.values() if isinstance(row.item, ProcedureVersion)}


def _of_level(code: str, old: Levels, new: Levels, today: date) -> Iterator[str]:
    last: tuple[str, str] | None = None
    for day in sorted({*old.dates(code), *new.dates(code), today}):
        was, now = old.level(code, day), new.level(code, day)
        if was != now and (was, now) != last:
            yield f"level of {code} from {day}: {was} -> {now}"
        last = (was, now)


def _of_calendars(before: Everything, after: Everything) -> Iterator[str]:
    old, new = ({c.code: c for c in published(Items(row.item for row in rows.values()))} for rows in (before, after))
    for code, calendar in new.items():
        known = old.get(code)
        days = {row.day: row for row in known.days} if known else {}
        moved = [row.day for row in calendar.days if days.pop(row.day, None) != row] + list(days)
        if moved:
            yield f"calendar {code}: {len(moved)} days differ, from {min(moved)} to {max(moved)}"
        if (known.windows if known else ()) != calendar.windows:
            yield f"calendar {code}: hours differ"
