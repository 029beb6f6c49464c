"""The figures that take too long for a scrape: computed every so many minutes, kept in memory, shown as they are."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.registry.figure_reader import FigureReader
from services.registry.figures.indicators import Indicators
from services.registry.figures.period import Period
from services.registry.figures.progress import Progress
from services.registry.figures.scope import ALL
from services.registry.reference_queries import ReferenceQueries
from shared.clock import Clock, local_day

# communes are many; theirs are asked for over the API
_KINDS = ("ministry", "province", "department", "branch")


@dataclass(frozen=True)
class ComputedFigures:
    """The figures of the year so far, of all units together and of those at the top."""

    computed_at: datetime
    indicators: Mapping[str, Indicators]  # by unit
    progress: Sequence[Progress]  # of all units


class FigureBoard:
    """Computes figures now and then; what it shows was true when it was computed."""

    def __init__(self, reader: FigureReader, reference: ReferenceQueries, clock: Clock, *, minutes: float) -> None:
        self._reader = reader
        self._reference = reference
        self._clock = clock
        self._seconds = minutes * 60
        self.shown: ComputedFigures | None = None

    async def run(self, working: Callable[[], None]) -> None:
        """Compute again and again until cancelled; raises ``DatabaseUnavailable``."""
        while True:
            self.shown = await asyncio.to_thread(self.compute)
            working()
            await asyncio.sleep(self._seconds)

    def compute(self) -> ComputedFigures:
        """Return the figures of the year so far."""
        now = self._clock.now()
        today = local_day(now)
        period = Period(today.replace(month=1, day=1), today)
        top = [code for code, unit in self._reference.now().units.items() if unit.kind in _KINDS and not unit.parent]
        return ComputedFigures(
            computed_at=now,
            indicators={unit: self._reader.indicators([unit], period, now) for unit in (ALL, *top)},
            progress=self._reader.progress([ALL], period, now),
        )
