"""The period a report is about, in days of Viet Nam."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shared.clock import VIETNAM

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, both counted.

    Any two days will do: a quarter's report closes on the 14th of its last month (NĐ 09/2019 Art. 12, recalled).
    """

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The first moment, in UTC."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in UTC."""
        return _midnight(self.last + DAY)

    def reference_day(self, today: date) -> date:
        """Return the day whose beginning an open dossier is judged at: it is overdue where it was due before.

        That is the day after the period; while the period runs, today.
        """
        return min(self.last + DAY, today)

    def judged_at(self, now: datetime) -> datetime:
        """Return the moment that stands for the end of what is still open: the period's end, or now before it."""
        return min(self.ends, now)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)
