"""Form II.06a of a made-up year is what an independent count over its raw events gives, whatever the period."""

from bench.registry.made_year import Year
from bench.registry.reports import HA_VAN, differences, filled, periods, raw_events, reader_of

DOSSIERS, PERIODS = 1500, 40


def test_every_unit_and_period_is_as_the_raw_events_say(database_url: str) -> None:
    year = Year(DOSSIERS, HA_VAN, seed=7)
    database, raw = filled(database_url, year), raw_events(year)
    reader = reader_of(database)
    found = [line for period in periods(year, PERIODS) for line in differences(reader, raw, period)]
    database.close()
    raw.close()
    assert not found, "\n".join(found[:5])


def test_the_count_over_raw_events_is_balanced_and_knows_every_kind_of_end() -> None:
    year = Year(DOSSIERS, HA_VAN, seed=7)
    raw = raw_events(year)
    rows = [row for period in periods(year, PERIODS) for row in raw.count(period.first, period.last).values()]
    raw.close()
    assert all(row.balanced for row in rows)
    assert all(any(getattr(row, name) for row in rows) for name in ("early", "on_time", "overdue", "open_overdue"))
