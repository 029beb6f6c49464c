"""The tables of intake's ledger; nothing in them is a name, a number or a text of an applicant.

What a reviewer wrote is a text of a paper: it is an object of the dossier, and a review names it.
"""

from sqlalchemy import (
    JSON,
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
    false,
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
    Column("external_code", String(64)),
    Column("system_of_record", String(64), nullable=False, server_default="hoso"),
    Column("identity_verified", Boolean, nullable=False, server_default=false()),
    Column("came_from", Integer),
    Column("moved_at", Moment),
    Column("submitted_at", Moment),
    Column("handed_over_at", Moment),
    Column("refused_at", Moment),
    Column("withdrawn_at", Moment),
    Column("stopped_at", Moment),
    Column("time_limit", Integer),
    Column("limit_unit", String(16)),
    Column("cut_off", String(5)),
    Column("due_at", Moment),
    Column("first_due_at", Moment),
    Column("provisional", Boolean, nullable=False, server_default=false()),
    Column("extensions", Integer, nullable=False, server_default="0"),
    Column("extended_at", Moment),
    Column("extended_to", Moment),
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
    # what became of it: none of these as long as nobody said so and no paper of it was digitised
    Column("record_state", String(16)),
    Column("record_exempt_reason", Integer),
    Column("record_reused_from", String(32)),
    Column("record_paper_id", Uuid),
    Column("recorded_by", String(64)),
    Column("recorded_at", Moment),
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
    Column("accepted_at", Moment),
    Column("sequence", Integer),
    Column("reason", Text),
    Column("version", Text),
    Column("pages", Integer),
    Column("pages_failed", Integer),
    Column("words", Integer),
    Column("confidence", Float),
    Column("document_bytes", Integer),
    Column("needs_review", Boolean),
    Column("review_reasons", JSON),
    Column("review_fields", JSON),
    Column("digitised_at", Moment),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("revisions_asked", Integer, nullable=False, server_default="0"),
    Column("reviewed_version", Text),
    Column("reviewed_at", Moment),
    # an identical file in the same dossier is the same paper
    UniqueConstraint("dossier_id", "sha256", name="paper_once"),
)
Index(
    "paper_waiting",
    paper.c.counter,
    sqlite_where=paper.c.state == "waiting",
    postgresql_where=paper.c.state == "waiting",
)

_in_work = paper.c.state == "accepted"
Index("paper_in_work", paper.c.lane, paper.c.accepted_at, sqlite_where=_in_work, postgresql_where=_in_work)

review = Table(
    "review",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("paper_id", ForeignKey(paper.c.id), nullable=False),
    Column("dossier_id", ForeignKey(dossier.c.id), nullable=False, index=True),
    Column("lane", String(16), nullable=False),
    Column("document_version", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("holder", String(64)),
    Column("held_until", Moment),
    Column("text_id", Uuid),
    Column("reviewer", String(64)),
    Column("closed_at", Moment),
    # what was judged once is never asked again
    UniqueConstraint("paper_id", "document_version", "revision", name="review_once"),
)
_is_open = review.c.state == "open"
Index("review_open", review.c.paper_id, unique=True, sqlite_where=_is_open, postgresql_where=_is_open)
Index("review_order", review.c.state, review.c.opened_at, review.c.id)

review_reason = Table(
    "review_reason",
    metadata,
    Column("review_id", ForeignKey(review.c.id), primary_key=True),
    Column("reason", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
)

review_field = Table(
    "review_field",
    metadata,
    Column("review_id", ForeignKey(review.c.id), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("answer", String(16)),
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
    Column("time_limit", Integer),
    Column("limit_unit", String(16)),
    Column("cut_off", String(5)),
)

paper_step = Table(
    "paper_step",
    metadata,
    Column("paper_id", ForeignKey(paper.c.id), primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("subject", String(64)),
    Column("unit", String(64)),
    Column("digitisation_code", String(160), unique=True),
    Column("place", String(64)),
)

result = Table(
    "result",
    metadata,
    Column("paper_id", ForeignKey(paper.c.id), primary_key=True),
    Column("dossier_id", ForeignKey(dossier.c.id), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("result_code", String(128)),
    Column("recorded_by", String(64), nullable=False),
    Column("recorded_at", Moment, nullable=False),
)

transfer = Table(
    "transfer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("dossier_id", ForeignKey(dossier.c.id), nullable=False, index=True),
    Column("target", String(64), nullable=False),
    Column("object", String(16), nullable=False),
    Column("component_code", String(64)),
    Column("paper_id", ForeignKey(paper.c.id)),
    Column("outcome", String(16), nullable=False),
    Column("reason_code", String(64)),
    Column("attempt", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("recorded_by", String(64), nullable=False),
)
