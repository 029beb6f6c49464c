"""Form II.06a counted a second way: in SQL over the raw events.

It shares nothing with the registry but the events and the rule that a dossier is judged by what is known of it now:
open at the end of a period, it is late where it was due by then, unless it still waits since then or before.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.events import Event

_TABLES = """
CREATE TABLE raw (dossier TEXT, sequence INT, type TEXT, moment INT, day TEXT, unit TEXT, procedure TEXT,
                  channel INT, due INT, due_before INT, to_unit TEXT, PRIMARY KEY (dossier, sequence)) WITHOUT ROWID;
"""
_ADD = "INSERT INTO raw VALUES (?, ?, ?, unixepoch(?), date(?, '+7 hours'), ?, ?, ?, unixepoch(?), unixepoch(?), ?)"

# what is known of each dossier whatever the period: who it belongs to in the end, and when it came and went
_LIVES = """
CREATE TABLE life AS
SELECT dossier,
       COALESCE((SELECT to_unit FROM raw r WHERE r.dossier = raw.dossier AND type = 'rerouted'
                 ORDER BY sequence DESC LIMIT 1), MAX(unit)) AS unit,
       MAX(procedure) AS procedure,
       MAX(channel) AS channel,
       MIN(CASE WHEN type = 'accepted' THEN day END) AS received,
       MIN(CASE WHEN type IN ('finished', 'withdrawn', 'stopped') THEN day END) AS settled,
       MIN(CASE WHEN type = 'finished' THEN moment END) AS finished,
       MIN(CASE WHEN type IN ('withdrawn', 'stopped') THEN moment END) AS given_up
FROM raw GROUP BY dossier HAVING received IS NOT NULL;
CREATE INDEX life_received ON life (received);
"""

# the due date after all events, and since when the clock stands still
_STANDING = """
WITH standing AS (
  SELECT l.*,
         (SELECT SUM(CASE type WHEN 'accepted' THEN due WHEN 'extended' THEN 0
                     ELSE COALESCE(due - due_before, 0) END)
          FROM raw r WHERE r.dossier = l.dossier
            AND type IN ('accepted', 'supplemented', 'fee-paid', 'resumed', 'due-date-changed')) AS due,
         (SELECT CASE WHEN type IN ('supplement-requested', 'fee-requested', 'suspended') THEN day END
          FROM raw r WHERE r.dossier = l.dossier AND type IN (
              'accepted', 'handed-over', 'supplement-requested', 'supplemented', 'fee-requested', 'fee-paid',
              'suspended', 'resumed', 'stopped', 'withdrawn', 'finished', 'returned')
          ORDER BY sequence DESC LIMIT 1) AS paused
  FROM life l WHERE l.received <= :last AND (l.settled IS NULL OR l.settled >= :first)
),
judged AS (
  SELECT *,
         received >= :first AS fresh,
         settled IS NOT NULL AND settled <= :last AS done,
         date(due, 'unixepoch', '+7 hours') AS due_day,
         finished IS NOT NULL AND (given_up IS NULL OR finished <= given_up) AS has_result
  FROM standing
)
SELECT unit,
       COUNT(*) FILTER (WHERE fresh AND channel = 2),
       COUNT(*) FILTER (WHERE fresh AND channel <> 2),
       COUNT(*) FILTER (WHERE NOT fresh),
       COUNT(*) FILTER (WHERE done AND has_result AND settled < due_day),
       COUNT(*) FILTER (WHERE done AND (NOT has_result OR settled = due_day)),
       COUNT(*) FILTER (WHERE done AND has_result AND settled > due_day),
       COUNT(*) FILTER (WHERE NOT done AND NOT (due_day <= :last AND (paused IS NULL OR paused > :last))),
       COUNT(*) FILTER (WHERE NOT done AND due_day <= :last AND (paused IS NULL OR paused > :last))
FROM judged GROUP BY unit
"""


@dataclass(frozen=True)
class Row:
    """The columns of the form that are counted; the others are their sums."""

    online: int
    in_person_or_post: int
    from_before: int
    early: int
    on_time: int
    overdue: int
    open_in_time: int
    open_overdue: int

    @property
    def balanced(self) -> bool:
        """Whether what came in is what was settled and what is open (3 = 7 + 11)."""
        came = self.online + self.in_person_or_post + self.from_before
        return came == self.early + self.on_time + self.overdue + self.open_in_time + self.open_overdue


class RawEvents:
    """The events of some dossiers in a database of their own."""

    def __init__(self, path: str = ":memory:") -> None:
        self._database = sqlite3.connect(path)
        self._database.executescript(_TABLES)

    def add(self, events: Iterable[Event]) -> None:
        """Add events."""
        self._database.executemany(_ADD, map(_values, events))

    def seal(self) -> None:
        """Work out what no period changes; nothing is added after this."""
        self._database.executescript(_LIVES)

    def count(self, first: date, last: date) -> dict[str, Row]:
        """Return the form of each competent unit for a period, both days within."""
        period = {"first": first.isoformat(), "last": last.isoformat()}
        return {unit: Row(*numbers) for unit, *numbers in self._database.execute(_STANDING, period)}

    def close(self) -> None:
        """Forget them."""
        self._database.close()


def _values(event: Event) -> tuple[object, ...]:
    data = event.data.model_dump(mode="json")
    moment = data.get("happened_at") or event.time.isoformat()
    return (
        data["dossier_id"],
        event.sequence,
        event.type.removeprefix("vn.hoso.dossier.").removesuffix(".v1"),
        moment,
        moment,
        data.get("competent_unit"),
        data.get("procedure_code"),
        data.get("channel"),
        data.get("due_at"),
        data.get("due_before"),
        data.get("to_unit"),
    )
