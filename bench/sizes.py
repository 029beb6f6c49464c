"""How many bytes a dossier takes: on the log, in intake's ledger, in the registry; for docs/capacity.md.

Lives of ``bench.lives`` are published to Kafka, written into a journal and projected, on PostgreSQL; the ledger's
other rows are made as intake makes them. What a table takes counts its indexes.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Connection, Table, insert, text

from bench.lives import Lives
from deploy.local.servers import Kafka, PostgreSQL
from services.intake import tables as intake
from services.registry import tables as registry
from services.registry.project import project
from services.registry.projection import TableProjection
from shared.database import Database
from shared.events import PaperAccepted, PaperDigitised, decode
from shared.kafka import KafkaLog
from shared.log import Message, Record
from shared.settings import KafkaSettings

LIVES, AT_ONCE = 10_000, 5_000
COMPONENTS, SEARCH_KEYS, STEPS = 3, 3, 4  # of a dossier, of a dossier, of a paper
NOW = datetime(2026, 11, 26, tzinfo=UTC)
_PROJECTED = ("dossier", "history", "paper", "component", "step", "tally", "counter")
_LEDGER = ("dossier", "component", "paper", "paper_step", "search_key", "idempotency")


def measure(folder: Path) -> None:
    """Print bytes a dossier, and an event."""
    messages = list(Lives().messages(LIVES, days=40))
    events = len(messages)
    print(f"{LIVES:,} dossiers, {events / LIVES:.2f} events and {_papers(messages) / LIVES:.2f} papers each\n")
    print("| what | bytes a dossier | bytes an event |\n|---|---|---|")
    wire = sum(len(m.key) + len(m.value) + sum(len(n) + len(v) for n, v in m.headers) for m in messages)
    _line("key, value and headers of the messages", wire, events)
    with Kafka(folder / "kafka") as kafka:
        asyncio.run(_publish(messages, KafkaSettings(bootstrap_servers=kafka.bootstrap_servers)))
        _line("the dossier topic on a broker's disk, one replica", _disk(folder / "kafka"), events)
    with PostgreSQL(folder / "postgresql") as postgres:
        _measure_ledger(postgres.create_database("intake"), messages)
        _measure_registry(Database(postgres.create_database("registry")), messages)
        postgres.remove_data()


def _line(what: str, size: int, events: int) -> None:
    print(f"| {what} | {size / LIVES:,.0f} | {size / events:,.0f} |", flush=True)


def _papers(messages: Iterable[Message]) -> int:
    return sum(isinstance(event.data, PaperAccepted) for event in map(decode, messages) if event)


def _batches(messages: Sequence[Message]) -> Iterator[list[Message]]:
    rest = iter(messages)
    while some := list(islice(rest, AT_ONCE)):
        yield some


async def _publish(messages: Sequence[Message], settings: KafkaSettings) -> None:
    log = KafkaLog(settings)
    await log.declare_topics()
    publisher = await log.publisher()
    for batch in _batches(messages):
        await publisher.publish(batch)
    await publisher.close()


def _disk(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("hoso.dossiers-*/*.log"))


def _measure_ledger(url: str, messages: Sequence[Message]) -> None:
    database = Database(url)
    database.create(intake.metadata)
    own = [event for event in map(decode, messages) if event and not isinstance(event.data, PaperDigitised)]
    with database.transaction() as connection:
        intake.journal.write(connection, [(messages[0].topic, event) for event in own])
        connection.execute(text("UPDATE journal SET announced_at = now()"))
        _fill(connection, _papers(messages) // LIVES)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM FULL")  # what was marked at once above is marked bit by bit in life
    _line("the ledger's journal", _size(database, ["journal"]), len(messages))
    _line("the ledger's other tables", _size(database, _LEDGER), len(messages))
    database.close()


def _fill(connection: Connection, papers: int) -> None:
    for _ in range(0, LIVES, AT_ONCE):
        rows: dict[Table, list[Mapping[str, Any]]] = {}
        for _ in range(AT_ONCE):
            _add_dossier(rows, papers)
        for table in intake.metadata.sorted_tables:
            if table in rows:
                connection.execute(insert(table), rows[table])


def _add_dossier(rows: dict[Table, list[Mapping[str, Any]]], papers: int) -> None:
    dossier = uuid4()
    of_dossier = {"dossier_id": dossier}
    code = f"H98.01.10-{str(dossier)[:13]}"
    units = {"procedure_code": "9.990001", "receiving_unit": "H98.01.10", "competent_unit": "H98.01"}
    numbers = {"status": 10, "version": 9, "sequence": 8, "procedure_version": 1, "channel": 1, "back_file": False}
    moments = dict.fromkeys(("opened_at", "accepted_at", "finished_at", "returned_at", "due_at", "first_due_at"), NOW)
    rows.setdefault(intake.dossier, []).append({"id": dossier, "code": code, **units, **numbers, **moments})
    for place in range(COMPONENTS):
        told = {"code": f"000.00.00.G09-KQ00226{place}", "place": place, "name": "Giấy tờ phải nộp", "quantity": 1}
        rows.setdefault(intake.component, []).append({**of_dossier, **told, "copy_kind": 1, "duty": "required"})
    for _ in range(SEARCH_KEYS):
        rows.setdefault(intake.search_key, []).append({"digest": uuid4().hex * 2, **of_dossier})
    for _ in range(papers):
        paper = uuid4()
        kept = {"id": paper, "kept_under": dossier, **of_dossier, "lane": "express", "media_type": "application/pdf"}
        content = {"name_mismatch": False, "size_bytes": 800_000, "sha256": uuid4().hex * 2, "received_at": NOW}
        read = {"state": "digitised", "version": "p3-0123456789ab", "pages": 2, "words": 500, "digitised_at": NOW}
        rows.setdefault(intake.paper, []).append(kept | content | read)
        steps = ({"paper_id": paper, "step": step, "at": NOW, "subject": "clerk-7"} for step in range(1, STEPS + 1))
        rows.setdefault(intake.paper_step, []).extend(steps)


def _measure_registry(database: Database, messages: Sequence[Message]) -> None:
    database.create(registry.metadata)
    offset = 0
    for batch in _batches(messages):
        records = [Record(**vars(message), partition=0, offset=offset + n) for n, message in enumerate(batch)]
        with database.transaction() as connection:
            project(TableProjection(connection, "bench"), records)
        offset += len(batch)
    _line("the registry's projection", _size(database, _PROJECTED), len(messages))
    database.close()


def _size(database: Database, names: Sequence[str]) -> int:
    with database.reading() as connection:
        query = text("SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(CAST(:names AS text[])) AS name")
        return int(connection.execute(query, {"names": list(names)}).scalar_one())
