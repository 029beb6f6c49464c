"""The reports that were filed, and the index that reports are counted by; no projection, for a rebuild keeps them."""

from sqlalchemy import Column, Date, Index, String, Table, Text

from services.registry.tables import dossier, metadata
from shared.database import Moment

filed_report = Table(
    "filed_report",
    metadata,
    Column("report_id", String(36), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("scope", Text, nullable=False),  # codes between commas, or ,all,
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, nullable=False),  # an actor as JSON: opaque names
    Column("made_from", Text, nullable=False),  # where the projection stood in the log, as JSON
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("difference", Text),  # from the one filed last before it, as JSON
)
_f = filed_report.c
Index("filed_report_order", _f.made_at, _f.report_id)
Index("filed_report_same", _f.kind, _f.first_day, _f.last_day, _f.made_at)

# all that form II.06a looks at of a dossier but whether it waits: that is looked up for the few open ones
_d = dossier.c
Index(
    "dossier_form06",
    *(_d.received_day, _d.settled_day, _d.competent_unit, _d.procedure_code, _d.procedure_version),
    *(_d.channel, _d.timeliness, _d.due_day),
    postgresql_where=_d.received_day.is_not(None),
    sqlite_where=_d.received_day.is_not(None),
)
# those few: what waits now
Index(
    "dossier_paused",
    _d.paused_since,
    postgresql_where=_d.paused_since.is_not(None),
    sqlite_where=_d.paused_since.is_not(None),
)
