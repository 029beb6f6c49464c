"""The projection in the database: what the fake keeps in memory, on SQLite and PostgreSQL."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Table, insert, select, update

from services.registry import reference_tables, tables
from services.registry.dossier_state import DossierState
from services.registry.paper_state import PaperState
from services.registry.project import project
from services.registry.projection import TableProjection, empty, renew
from shared.database import Database
from shared.log import Record
from tests.fakes.projection import FakeProjection
from tests.registry.stories import MORNING, Teller, in_batches, with_header

CLUSTER = "cluster"


def rows(database: Database, table: Table) -> list[Any]:
    with database.reading() as connection:
        return sorted(connection.execute(select(table)).all(), key=repr)


def keep(database: Database, batches: Iterable[Sequence[Record]], *, cluster_id: str = CLUSTER) -> None:
    for batch in batches:
        with database.transaction() as connection:
            project(TableProjection(connection, cluster_id), batch)


def values(states: Iterable[DossierState | PaperState]) -> list[tuple[Any, ...]]:
    return sorted((tuple(getattr(s, f.name) for f in fields(s)) for s in states), key=repr)


def a_muddle(teller: Teller) -> list[Record]:
    """Return three dossiers told in any order, some of it twice, some of it in words we do not know."""
    told = [record for _ in range(3) for record in teller.whole(teller.id())]
    told[3] = with_header(told[3], "ce_type", "vn.hoso.dossier.praised.v1")
    muddle = random.Random(7)  # noqa: S311  # the same muddle every time, no secret
    records = told + muddle.sample(told, 6) + [with_header(told[0], "ce_time", "never")]
    muddle.shuffle(records)
    return records


def test_the_tables_hold_what_the_fake_holds(database: Database, teller: Teller) -> None:
    batches = in_batches(a_muddle(teller), [1, 5, 2])
    fake = FakeProjection(CLUSTER)
    for batch in batches:
        project(fake, batch)
    keep(database, batches)
    assert rows(database, tables.dossier) == values(fake.dossier_states.values())
    assert rows(database, tables.paper) == values(fake.paper_states.values())
    assert dict(rows(database, tables.counter)) == dict(+fake.counts)
    assert {row.event_id for row in rows(database, tables.history)} == set(fake.kept)
    assert fake.counts["duplicate"] == 6
    assert fake.counts["out_of_order"] > 0


def test_the_history_keeps_who_did_it_and_what_was_said(database: Database, teller: Teller) -> None:
    record = teller.opened(teller.id())
    keep(database, [[record]])
    (row,) = rows(database, tables.history)
    assert row.data.encode() == record.value
    assert (row.actor_subject, row.actor_counter, row.actor_unit) == ("clerk-7", "3", "H98.01.10")
    assert (row.sequence, row.type, row.cluster_id) == (1, "vn.hoso.dossier.opened.v1", CLUSTER)


def test_another_cluster_is_noted_and_nothing_counted(database: Database, teller: Teller) -> None:
    told = teller.whole(teller.id())
    keep(database, [told])
    before = rows(database, tables.dossier), rows(database, tables.paper)
    counted = rows(database, tables.counter)
    keep(database, [told[:3], told[3:]], cluster_id="another")
    assert (rows(database, tables.dossier), rows(database, tables.paper)) == before
    assert rows(database, tables.counter) == counted
    assert {row.cluster_id for row in rows(database, tables.history)} == {"another"}


def test_emptying_leaves_the_reference_data(database: Database, teller: Teller) -> None:
    keep(database, [a_muddle(teller)])
    unit = {"code": "H98", "name": "n", "kind": "department", "valid_from": "2026-01-01", "source": "s", "revision": 1}
    with database.transaction() as connection:
        connection.execute(insert(reference_tables.unit).values(unit))
        empty(connection)
    assert [rows(database, table) for table in tables.PROJECTION] == [[] for _ in tables.PROJECTION]
    assert len(rows(database, reference_tables.unit)) == 1


def test_what_an_earlier_version_projected_is_projected_anew(database: Database, teller: Teller) -> None:
    told = teller.whole(teller.id())

    def renewed() -> bool:
        with database.transaction() as connection:
            return renew(connection)

    assert renewed()  # a registry that never ran: nothing is lost
    with database.transaction() as connection:
        tables.positions.begin(connection, tables.FOLLOWER, CLUSTER)
    keep(database, [told])
    with database.transaction() as connection:
        connection.execute(insert(tables.announced_due).values(dossier_id="d", kind="overdue", due_at=MORNING))
    assert not renewed()
    assert len(rows(database, tables.history)) == len(told)
    with database.transaction() as connection:
        connection.execute(update(tables.projection_shape).values(shape=1))
    assert renewed()
    assert [rows(database, table) for table in tables.PROJECTION] == [[] for _ in tables.PROJECTION]
    assert len(rows(database, tables.announced_due)) == 1
    with database.transaction() as connection:
        assert tables.positions.begin(connection, tables.FOLLOWER, CLUSTER) == (2, {})
