"""The tables of dossiers' lives, in intake's ledger: waits, tasks, further codes, notes, calendars.

What was noted is an object of the dossier; a row only names it.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Text, Uuid

from services.intake.tables import dossier, metadata
from shared.database import Moment

wait = Table(
    "wait",
    metadata,
    Column("dossier_id", ForeignKey(dossier.c.id), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("begins", Moment, nullable=False),
    Column("stops_clock", Boolean, nullable=False),
    Column("ends", Moment),
    Column("reason_code", String(64)),
    Column("legal_basis", String(64)),
    Column("component_codes", JSON, nullable=False),
    Column("amount", BigInteger),
    Column("payment_channel", Integer),
    Column("due_before", Moment),
    Column("due_after", Moment),
)

task = Table(
    "task",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("dossier_id", ForeignKey(dossier.c.id), nullable=False, index=True),
    Column("unit", String(64), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("closed_at", Moment),
    Column("done", Boolean),
)

added_code = Table(
    "added_code",
    metadata,
    Column("dossier_id", ForeignKey(dossier.c.id), primary_key=True),
    Column("code", String(64), primary_key=True, index=True),
    Column("unit", String(64), nullable=False),
    Column("system_of_record", String(64), nullable=False),
    Column("added_at", Moment, nullable=False),
)

note = Table(
    "note",
    metadata,
    Column("dossier_id", ForeignKey(dossier.c.id), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("text_id", Uuid, nullable=False),
)

calendar = Table(
    "calendar",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("published", Text, nullable=False),
    # counting open dossiers again: done, or come as far as the dossier of that id
    Column("recounted", Boolean, nullable=False),
    Column("recounted_to", Uuid),
)
