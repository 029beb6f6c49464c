"""The tables of intake's ledger; nothing in them is a name, a number or a text of an applicant."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.database import Moment
from shared.follower import PositionTable
from shared.journal import Journal
from shared.lease import Lease

metadata = MetaData()
journal = Journal(metadata)
lease = Lease(metadata)
positions = PositionTable(metadata)

dossier = Table(
    "dossier",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", String(64), nullable=False, unique=True),
    Column("status", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("procedure_code", String(64), nullable=False),
    Column("procedure_version", Integer, nullable=False),
    Column("channel", Integer, nullable=False),
    Column("receiving_unit", String(64), nullable=False, index=True),
    Column("competent_unit", String(64), nullable=False, index=True),
    Column("back_file", Boolean, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("accepted_at", Moment),
    Column("finished_at", Moment),
    Column("returned_at", Moment),
)

component = Table(
    "component",
    metadata,
    Column("dossier_id", ForeignKey(dossier.c.id), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("copy_kind", Integer, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("duty", String(16), nullable=False),
    Column("exempt_reason", Integer),
)

paper = Table(
    "paper",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kept_under", Uuid, nullable=False, index=True),
    Column("dossier_id", ForeignKey(dossier.c.id)),
    Column("component_code", String(64)),
    Column("lane", String(16), nullable=False),
    Column("counter", String(64)),
    Column("media_type", String(128), nullable=False),
    Column("name_mismatch", Boolean, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("sequence", Integer),
    Column("reason", Text),
    Column("version", Text),
    Column("pages", Integer),
    Column("pages_failed", Integer),
    Column("words", Integer),
    Column("confidence", Float),
    Column("document_bytes", Integer),
    Column("needs_review", Boolean),
    # an identical file in the same dossier is the same paper
    UniqueConstraint("dossier_id", "sha256", name="paper_once"),
)
Index(
    "paper_waiting",
    paper.c.counter,
    sqlite_where=paper.c.state == "waiting",
    postgresql_where=paper.c.state == "waiting",
)

code_sequence = Table(
    "code_sequence",
    metadata,
    Column("unit", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

search_key = Table(
    "search_key",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("dossier_id", ForeignKey(dossier.c.id), primary_key=True),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("version", Integer),
    Column("body", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

hot_file = Table(
    "hot_file",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)

reference = Table(
    "reference",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("version", Integer),
    Column("managing_unit", String(64)),
)
