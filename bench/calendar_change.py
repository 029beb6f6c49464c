"""A calendar changes while 50,000 dossiers are open: those that move are announced, each once, within a minute.

Intake runs as a process on Kafka and on PostgreSQL, then on SQLite; the new calendar comes over the log, and a clerk
opens and accepts dossiers meanwhile, each of which must be promised by the new calendar at once or be moved by it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import func, insert, select

from bench.client import ACTOR, DOSSIER
from deploy.local.servers import Kafka, PostgreSQL
from deploy.local.service import Service
from services.intake import life_tables, tables
from services.intake.dossiers import Dossier
from services.intake.due_dates import promised
from services.intake.published_calendars import known_calendar
from shared.clock import VIETNAM
from shared.database import Database
from shared.events import (
    CalendarDay,
    CalendarPublished,
    CalendarWindow,
    Channel,
    Data,
    Event,
    Procedure,
    Status,
    Unit,
    encode,
)
from shared.kafka import KafkaLog
from shared.settings import KafkaSettings
from shared.topics import REFERENCE
from shared.working_time import TimeUnit

OPEN, GOAL_SECONDS, LIMIT = 50_000, 60, 10
UNIT, PROCEDURE = str(DOSSIER["receiving_unit"]), str(DOSSIER["procedure_code"])
TODAY = datetime.now(VIETNAM).replace(hour=9, minute=0, second=0, microsecond=0)


def measure(folder: Path) -> None:
    """Print on each database how long it took, and what was announced."""
    with PostgreSQL(folder / "postgresql") as postgres:
        for name, url in (
            ("PostgreSQL", postgres.create_database("intake")),
            ("SQLite", f"sqlite:///{folder}/intake.db"),
        ):
            with Kafka(folder / f"kafka-{name}") as kafka:
                _measure(name, url, folder / name, kafka)


def _measure(name: str, url: str, folder: Path, kafka: Kafka) -> None:
    database = Database(url)
    database.create(tables.metadata)
    first, second = _calendar(1), _calendar(2, _day_off())
    moving = _fill(database, first)
    settings = {
        "HOSO_INTAKE_DATABASE_URL": url,
        "HOSO_INTAKE_SEARCH_KEY": "k" * 32,
        "HOSO_STORE_DIRECTORY": str(folder / "objects"),
        "HOSO_KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
    }
    with Service("intake", folder, settings) as intake:
        _publish(kafka, *_reference(), first)
        _until(intake.ready)
        _until(lambda: _is_done(database, 1))
        started = time.perf_counter()
        _publish(kafka, second)
        opened = _receive(intake, database)
        counted = time.perf_counter() - started
        _until(lambda: _backlog(database) == 0)
        announced = time.perf_counter() - started
    _tell(name, counted, announced, moves=_moves(database), moving=moving, opened=opened)
    database.close()


def _tell(name: str, counted: float, announced: float, *, moves: Counter[str], moving: int, opened: list[Any]) -> None:
    twice = sum(count > 1 for count in moves.values())
    late = sum(moves[str(row.id)] for row in opened)
    print(
        f"calendar change, {name}: {OPEN} open dossiers, {moving} of them move: counted again in {counted:.1f} s,"
        f" announced in {announced:.1f} s (goal {GOAL_SECONDS}); announced {len(moves)}, twice {twice};"
        f" {len(opened)} accepted meanwhile, {late} of them moved once, all promised by the new calendar:"
        f" {all(row.due_at == _due(row.accepted_at) for row in opened)}"
    )


def _calendar(revision: int, *off: date) -> CalendarPublished:
    years = [date(TODAY.year + more, 1, 1) for more in (-1, 0, 1)]
    return CalendarPublished(
        code="VN",
        revision=revision,
        first_day=years[0],
        last_day=date(years[-1].year, 12, 31),
        days=tuple(CalendarDay(day=day, works=False, name="off", source="made up") for day in (*years, *off)),
        windows=tuple(
            CalendarWindow(weekdays=(1, 2, 3, 4, 5), begins=clock(begins), ends=clock(ends), source="made up")
            for begins, ends in ((7, 11), (13, 17))
        ),
    )


def _day_off() -> date:
    """Return the next working day of the plain week."""
    following = (TODAY + timedelta(days) for days in range(1, 5))
    return next(day.date() for day in following if day.isoweekday() <= 5)


def _due(accepted_at: datetime) -> datetime | None:
    return promised(_dossier(accepted_at), (), known_calendar(_calendar(2, _day_off()).model_dump_json())).due_at


def _reference() -> list[Data]:
    about: dict[str, Any] = {"valid_from": "2026-01-01", "source": "made up"}
    procedure = Procedure(
        **about,
        code=PROCEDURE,
        version=1,
        name="Thủ tục",
        field_code="F",
        field_name="Lĩnh vực",
        managing_unit=UNIT,
        handling_level="commune",
        limit=LIMIT,
        limit_unit="working_day",
        level="full",
        level_scheme="ND42_2022",
        result_is_document=True,
    )
    return [Unit(**about, code=UNIT, name="Đơn vị", kind="one-stop"), procedure]


def _dossier(accepted_at: datetime) -> Dossier:
    return Dossier(
        id=uuid4(),
        code=str(uuid4()),
        status=Status.IN_PROGRESS,
        version=2,
        sequence=2,
        procedure_code=PROCEDURE,
        procedure_version=1,
        channel=Channel.IN_PERSON,
        receiving_unit=UNIT,
        competent_unit=UNIT,
        back_file=False,
        opened_at=accepted_at,
        accepted_at=accepted_at,
        moved_at=accepted_at,
        time_limit=LIMIT,
        limit_unit=TimeUnit.WORKING_DAY,
    )


def _fill(database: Database, calendar: CalendarPublished) -> int:
    """Add open dossiers accepted in the last four weeks, and return how many a day off tomorrow moves."""
    known, off = known_calendar(calendar.model_dump_json()), _day_off()
    rows, moving = [], 0
    for number in range(OPEN):
        dossier = _dossier(TODAY - timedelta(minutes=number * 40_000 // OPEN))
        due_at = promised(dossier, (), known).due_at
        assert due_at is not None
        moving += due_at.date() >= off
        row = {column.name: getattr(dossier, column.name) for column in tables.dossier.c}
        rows.append(row | {"due_at": due_at, "first_due_at": due_at})
    with database.transaction() as connection:
        connection.execute(insert(tables.dossier), rows)
    return moving


def _publish(kafka: Kafka, *data: Data) -> None:
    async def publish() -> None:
        log = KafkaLog(KafkaSettings(bootstrap_servers=kafka.bootstrap_servers))
        await log.declare_topics()
        publisher = await log.publisher()
        events = [Event(uuid4(), "/bench", "s", datetime.now(UTC), each, key=str(uuid4())) for each in data]
        await publisher.publish([encode(event, REFERENCE.name) for event in events])
        await publisher.close()

    asyncio.run(publish())


def _receive(intake: Service, database: Database) -> list[Any]:
    """Open and accept dossiers until everything is counted again, and return their rows after that."""
    ids: set[str] = set()
    with httpx.Client(base_url=intake.url, headers=ACTOR, timeout=60) as client:
        while not _is_done(database, 2):
            dossier = client.post("/v1/dossiers", json=DOSSIER).raise_for_status().json()
            ids.add(client.post(f"/v1/dossiers/{dossier['id']}/accept").raise_for_status().json()["id"])
    d = tables.dossier.c
    with database.reading() as connection:
        rows = connection.execute(select(d.id, d.accepted_at, d.due_at).order_by(d.opened_at)).all()
    return [row for row in rows if str(row.id) in ids]


def _is_done(database: Database, revision: int) -> bool:
    c = life_tables.calendar.c
    with database.reading() as connection:
        row = connection.execute(select(c.revision, c.recounted)).first()
    return row is not None and row.revision == revision and row.recounted


def _backlog(database: Database) -> int:
    with database.reading() as connection:
        return tables.journal.backlog(connection).events


def _moves(database: Database) -> Counter[str]:
    rows = tables.journal.rows.c
    query = select(rows.key, func.count()).where(rows.headers.contains("due-date-changed")).group_by(rows.key)
    with database.reading() as connection:
        return Counter({row[0]: row[1] for row in connection.execute(query)})


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10 * GOAL_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it never came true")
        time.sleep(0.1)
