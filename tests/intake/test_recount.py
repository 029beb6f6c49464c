"""A calendar changes: open dossiers are counted again, those that moved are announced once, on each database."""

import asyncio
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from services.intake.background import Recounter
from services.intake.recount import recount_some
from shared.errors import DatabaseUnavailable
from shared.events import DueDateChanged, Event
from tests.intake.living import Case, at, calendar, told
from tests.intake.office import DEPARTMENT, ONE_STOP, Office
from tests.servers import wait_until

MONDAY = date(2026, 10, 12)  # five working days from Thursday end on the Thursday after; a day off moves them by one


def accepted(office: Office, count: int = 1) -> list[Case]:
    """Return dossiers accepted on Thursday at 14:00, promised for the next one, of the department."""
    cases = [Case(office) for _ in range(count)]
    for case in cases:
        assert case.send("accept").status_code == 200
    return cases


@pytest.fixture
def open_office(any_office: Office) -> Office:
    """Return an office on Thursday at 14:00 that knows the national calendar and has counted by it."""
    any_office.clock.advance(seconds=2 * 3600)
    any_office.learn(calendar())
    recount(any_office)
    return any_office


def recount(office: Office, *, at_once: int = 3) -> int:
    """Count all again, a few at a time, and return in how many transactions."""
    turns = 0
    while recount_some(office.desk, office.clock.now(), at_once=at_once):
        turns += 1
    return turns


def moved(office: Office) -> list[Event]:
    """Return what was announced of due dates that moved."""
    return [event for event in office.events() if isinstance(event.data, DueDateChanged)]


def said(office: Office) -> list[DueDateChanged]:
    """Return what those events say."""
    return [event.data for event in moved(office) if isinstance(event.data, DueDateChanged)]


def promised(cases: Sequence[Case]) -> list[datetime | None]:
    """Return what dossiers are promised now."""
    return [told(case.read()["due_at"]) for case in cases]


def test_each_dossier_that_moves_is_announced_once(open_office: Office) -> None:
    cases = accepted(open_office, 8)
    before = [case.read() for case in cases]
    open_office.learn(calendar(MONDAY, revision=2))
    assert recount(open_office) == 3
    assert promised(cases) == [at(16, 14)] * 8
    assert Counter(event.key for event in moved(open_office)) == Counter(case.dossier["id"] for case in cases)
    for data in said(open_office):
        assert (data.due_before, data.due_at, data.cause) == (at(15, 14), at(16, 14), "calendar")
        assert (data.calendar, data.calendar_revision, data.actor.subject) == ("VN", 2, "system")
    after = [case.read() for case in cases]
    assert [case["version"] for case in after] == [case["version"] + 1 for case in before]
    assert {told(case["first_due_at"]) for case in after} == {at(15, 14)}
    assert [event.sequence for event in cases[0].events()] == [1, 2, 3]


def test_only_what_moves_is_announced(open_office: Office) -> None:
    early, late = accepted(open_office)[0], Case(open_office)
    open_office.clock.advance(seconds=86400)
    late.do("accept")
    open_office.learn(calendar(date(2026, 10, 16), revision=2))
    recount(open_office)
    assert [event.key for event in moved(open_office)] == [late.dossier["id"]]
    assert promised([early]) == [at(15, 14)]


def test_a_calendar_that_is_told_again_changes_nothing(open_office: Office) -> None:
    accepted(open_office)
    for revision, days in ((2, [MONDAY]), (2, [MONDAY]), (1, [])):
        open_office.learn(calendar(*days, revision=revision))
        recount(open_office)
    assert len(moved(open_office)) == 1
    assert not recount_some(open_office.desk, open_office.clock.now())


def test_what_waits_is_counted_when_it_goes_on(open_office: Office) -> None:
    cases = accepted(open_office, 3)
    for case, command in zip(cases, ("request-supplement", "request-fee", "suspend"), strict=True):
        assert case.send(command).status_code == 200
    open_office.learn(calendar(MONDAY, revision=2))
    recount(open_office)
    assert moved(open_office) == []
    for case, command in zip(cases, ("supplement", "pay", "resume"), strict=True):
        assert case.send(command).status_code == 200
    assert promised(cases) == [at(16, 14)] * 3
    recount(open_office)
    assert moved(open_office) == []


def test_what_is_over_or_never_began_does_not_move(open_office: Office) -> None:
    cases = [*accepted(open_office, 3), Case(open_office)]
    for case, command in zip(cases, ("finish", "withdraw", "stop", "refuse"), strict=True):
        assert case.send(command).status_code == 200
    before = [case.read() for case in cases]
    open_office.learn(calendar(MONDAY, revision=2))
    recount(open_office)
    assert [case.read() for case in cases] == before


def test_the_date_of_an_apology_stands(open_office: Office) -> None:
    (case,) = accepted(open_office)
    case.with_apology().do("extend", due_at=at(20).isoformat())
    open_office.learn(calendar(MONDAY, revision=2))
    recount(open_office)
    assert (promised([case]), moved(open_office)) == ([at(20)], [])


def test_dossiers_accepted_without_a_calendar_get_their_date_when_it_comes(any_office: Office) -> None:
    any_office.clock.advance(seconds=2 * 3600)
    cases = accepted(any_office, 2)
    assert promised(cases) == [None, None]
    any_office.learn(calendar())
    recount(any_office)
    assert promised(cases) == [at(15, 14)] * 2
    assert [told(case.read()["first_due_at"]) for case in cases] == [at(15, 14)] * 2
    assert [(data.due_before, data.due_at) for data in said(any_office)] == [(None, at(15, 14))] * 2


def test_a_date_does_not_go_away_because_less_is_known(open_office: Office) -> None:
    cases = accepted(open_office)
    open_office.learn(calendar(revision=2).model_copy(update={"last_day": date(2026, 10, 9)}))
    recount(open_office)
    assert (promised(cases), moved(open_office)) == ([at(15, 14)], [])


def test_a_day_that_is_decided_at_last_is_no_move(open_office: Office) -> None:
    open_office.learn(calendar(revision=2, undecided=[MONDAY]))
    recount(open_office)
    (case,) = accepted(open_office)
    assert case.read()["provisional"] is True
    open_office.learn(calendar(MONDAY, revision=3))
    recount(open_office)
    assert (case.read()["provisional"], promised([case]), moved(open_office)) == (False, [at(16, 14)], [])


def test_a_unit_moves_its_own_dossiers_and_the_nation_all(open_office: Office) -> None:
    (here,) = accepted(open_office)
    there = Case(open_office, open_office.open_dossier(procedure_code="9.990002"))
    assert there.send("accept").status_code == 200
    open_office.learn(calendar(MONDAY, code=DEPARTMENT, hours=()))
    recount(open_office)
    assert promised([here, there]) == [at(16, 14), at(15, 14)]
    open_office.learn(calendar(date(2026, 10, 13), revision=2))
    recount(open_office)
    assert promised([here, there]) == [at(19, 14), at(16, 14)], "a unit's calendar stands on the national one"
    assert [data.calendar for data in said(open_office)] == [DEPARTMENT, "VN", "VN"]


def test_a_restart_goes_on_where_it_stopped(open_office: Office) -> None:
    cases = accepted(open_office, 7)
    open_office.learn(calendar(MONDAY, revision=2))
    assert recount_some(open_office.desk, open_office.clock.now(), at_once=3)
    assert len(moved(open_office)) == 3
    again = open_office.on()
    assert recount(again) == 2
    assert promised(cases) == [at(16, 14)] * 7
    assert len({event.key for event in moved(again)}) == len(moved(again)) == 7


def test_what_failed_half_way_is_done_again_as_a_whole(open_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = accepted(open_office, 2)
    open_office.learn(calendar(MONDAY, revision=2))
    with monkeypatch.context() as broken:
        broken.setattr("services.intake.life_ledger.SqlLife.went_on", away)
        with pytest.raises(DatabaseUnavailable):
            recount(open_office)
    assert (promised(cases), moved(open_office)) == ([at(15, 14)] * 2, [])
    recount(open_office)
    assert (promised(cases), len(moved(open_office))) == ([at(16, 14)] * 2, 2)


def away(*_: object, **__: object) -> None:
    """Be away."""
    raise DatabaseUnavailable


def test_a_newer_calendar_begins_anew(open_office: Office) -> None:
    cases = accepted(open_office, 4)
    open_office.learn(calendar(MONDAY, revision=2))
    recount_some(open_office.desk, open_office.clock.now(), at_once=2)
    open_office.learn(calendar(MONDAY, date(2026, 10, 13), revision=3))
    recount(open_office)
    assert promised(cases) == [at(19, 14)] * 4
    assert sorted(Counter(event.key for event in moved(open_office)).values()) == [1, 1, 2, 2]


def test_dossiers_accepted_meanwhile_are_promised_by_the_new_calendar(open_office: Office) -> None:
    cases = accepted(open_office, 4)
    open_office.learn(calendar(MONDAY, revision=2))
    recount_some(open_office.desk, open_office.clock.now(), at_once=2)
    meanwhile = accepted(open_office, 6)
    assert promised(meanwhile) == [at(16, 14)] * 6
    recount(open_office)
    assert {event.key for event in moved(open_office)} == {case.dossier["id"] for case in cases}


def test_no_calendar_changes_while_somebody_counts_by_it(any_office: Office) -> None:
    """Who accepts while a calendar comes in would count by the old one, after those who count again passed by."""
    learned: list[str] = []

    def learn() -> None:
        any_office.learn(calendar())
        learned.append("calendar")

    learning = threading.Thread(target=learn)
    with any_office.desk.ledger.transaction() as entries:
        entries.life.keep_calendars()
        learning.start()
        if any_office.database._engine.dialect.name == "postgresql":
            assert wait_until(lambda: any_office.read(somebody_waits))
        assert entries.life.calendar(ONE_STOP) is None
        learned.append("counted")
    learning.join(timeout=30)
    assert learned == ["counted", "calendar"]


def somebody_waits(connection: Connection) -> bool:
    """Return whether anybody waits for the lock of calendars."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return bool(connection.execute(waiting).scalar())


def test_nobody_is_waited_for_while_others_are_held(postgres_office: Office) -> None:
    """Whoever learns of many papers at once locks their dossiers in another order than we do."""
    postgres_office.learn(calendar())
    recount(postgres_office)
    cases = sorted(accepted(postgres_office, 5), key=lambda case: UUID(case.dossier["id"]))
    postgres_office.learn(calendar(MONDAY, revision=2))
    with postgres_office.desk.ledger.transaction() as entries:
        entries.lock(UUID(cases[2].dossier["id"]))
        assert recount_some(postgres_office.desk, postgres_office.clock.now(), at_once=5)
        assert [event.key for event in moved(postgres_office)] == [case.dossier["id"] for case in cases[:2]]
        entries.lock(UUID(cases[0].dossier["id"]))  # nothing is held any more
    recount(postgres_office)
    assert [event.key for event in moved(postgres_office)] == [case.dossier["id"] for case in cases]


def test_the_work_is_done_unasked(open_office: Office) -> None:
    cases = accepted(open_office, 2)
    woken = open_office.woken
    open_office.learn(calendar(MONDAY, revision=2))

    async def work() -> None:
        task = asyncio.ensure_future(Recounter(open_office.desk, clock=open_office.clock).run(lambda: None))
        assert await asyncio.to_thread(wait_until, lambda: len(moved(open_office)) == 2)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(work())
    assert promised(cases) == [at(16, 14)] * 2
    assert open_office.woken > woken
    assert {UUID(event.key) for event in moved(open_office)} == {UUID(case.dossier["id"]) for case in cases}
