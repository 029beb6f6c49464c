"""The tables of the registry's database.

``dossier``, ``history``, ``paper`` and ``counter`` are a projection of the log: they can be emptied
and rebuilt from it. Reference data, the registry's own truth, is in ``reference_tables``.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

from shared.database import Moment
from shared.follower import PositionTable
from shared.journal import Journal
from shared.lease import Lease

FOLLOWER = "registry"  # how the projection's place in the log is named

metadata = MetaData()
journal = Journal(metadata)
lease = Lease(metadata)
positions = PositionTable(metadata)

# what comes from the log is Text: another service may announce longer codes than we expect
dossier = Table(
    "dossier",
    metadata,
    Column("dossier_id", String(36), primary_key=True),
    Column("code", Text),
    Column("procedure_code", Text),
    Column("procedure_version", BigInteger),
    Column("channel", Integer),
    Column("receiving_unit", Text),
    Column("competent_unit", Text),
    Column("back_file", Boolean),
    Column("status", Integer),
    Column("opened_at", Moment),
    Column("accepted_at", Moment),
    Column("finished_at", Moment),
    Column("returned_at", Moment),
    Column("last_sequence", BigInteger, nullable=False),
    Column("events_seen", BigInteger, nullable=False),
)
Index("dossier_competent", dossier.c.competent_unit, dossier.c.status)
Index("dossier_receiving", dossier.c.receiving_unit)
Index("dossier_order", dossier.c.opened_at, dossier.c.dossier_id)

history = Table(
    "history",
    metadata,
    Column("event_id", String(36), primary_key=True),
    Column("dossier_id", String(36), nullable=False),
    Column("sequence", BigInteger),  # none: an outcome of OCR, which no ledger numbers
    Column("type", Text, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("actor_subject", Text),
    Column("actor_role", Text),
    Column("actor_counter", Text),
    Column("actor_unit", Text),
    Column("actor_client", Text),
    Column("data", Text, nullable=False),
    Column("cluster_id", Text, nullable=False),  # where it was last read
)
Index("history_place", history.c.dossier_id, history.c.sequence, unique=True)
Index("history_time", history.c.occurred_at)

paper = Table(
    "paper",
    metadata,
    Column("paper_id", String(36), primary_key=True),
    Column("dossier_id", String(36), nullable=False),
    Column("state", Text, nullable=False),
    Column("component_code", Text),
    Column("lane", Text),
    Column("media_type", Text),
    Column("size_bytes", BigInteger),
    Column("accepted_at", Moment),
    Column("version", Text),
    Column("pages", BigInteger),
    Column("pages_failed", BigInteger),
    Column("words", BigInteger),
    Column("confidence", Float),
    Column("document_bytes", BigInteger),
    Column("needs_review", Boolean),
    Column("failure_reason", Text),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("outcome_at", Moment),
    Column("outcome_id", String(36)),
    Column("reviewed_version", Text),
    Column("reviewed_at", Moment),
    Column("reviewed_sequence", BigInteger, nullable=False, server_default="0"),
)
Index("paper_dossier", paper.c.dossier_id)
Index("paper_state", paper.c.state)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

PROJECTION = (dossier, history, paper, counter)
