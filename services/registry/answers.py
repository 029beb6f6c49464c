"""The bodies the API answers with, but for those of dossiers."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from services.registry import levels
from services.registry.dossier_answers import status_name
from services.registry.paper_state import PAPER_STATES
from shared.events import Procedure, ServiceLevel, Status, Unit


class Procedures(BaseModel):
    """The newest versions of procedures, by code."""

    items: list[Procedure]


class Units(BaseModel):
    """Units, by code."""

    items: list[Unit]


class Levels(BaseModel):
    """How many procedures stand at each level, and their shares (0 to 1; null where there are none)."""

    counts: dict[ServiceLevel, int]
    shares: dict[ServiceLevel, float | None]
    total: int


class UnitLevels(Levels):
    """The levels of the procedures that count for a unit."""

    unit: str
    name: str | None


class LevelTable(BaseModel):
    """The levels of each unit asked for, and of all of them together."""

    items: list[UnitLevels]
    total: Levels


class Summary(BaseModel):
    """Dossiers by status, papers by state, and pages digitised, of the units asked for."""

    dossiers: dict[str, int]
    papers: dict[str, int]
    pages_digitised: int


def level_table(units: Iterable[Mapping[str, Any]], rows: Iterable[tuple[str, str, int]]) -> LevelTable:
    """Return the levels of units, those without procedures too, from rows of unit, level and count."""
    counted = levels.by_unit(rows)
    tables = {unit["code"]: (unit["name"], counted.get(unit["code"], levels.total([]))) for unit in units}
    items = [UnitLevels(unit=code, name=name, **_levels(counts)) for code, (name, counts) in tables.items()]
    return LevelTable(items=items, total=Levels(**_levels(levels.total(counts for _, counts in tables.values()))))


def _levels(counts: levels.Counts) -> dict[str, Any]:
    return {"counts": counts, "shares": levels.shares(counts), "total": sum(counts.values())}


def summary(statuses: Mapping[int | None, int], papers: Mapping[str, int], *, pages: int) -> Summary:
    """Return the summary, with every status and state that can be."""
    dossiers = {status_name(s): statuses.get(s, 0) for s in (*Status, None)}
    return Summary(
        dossiers={name: count for name, count in dossiers.items() if name != "unknown" or count},
        papers=dict.fromkeys(PAPER_STATES, 0) | dict(papers),
        pages_digitised=pages,
    )
