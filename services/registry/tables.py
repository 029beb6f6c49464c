"""The tables of the registry's database.

The tables of ``PROJECTION`` are a projection of the log: they can be emptied and rebuilt from it.
Reference data, the registry's own truth, is in ``reference_tables``.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    literal_column,
)

from shared.database import Moment
from shared.events import Status
from shared.follower import PositionTable
from shared.journal import Journal
from shared.lease import Lease

FOLLOWER = "registry"  # how the projection's place in the log is named

metadata = MetaData()
journal = Journal(metadata)
lease = Lease(metadata)
positions = PositionTable(metadata)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


# what comes from the log is Text: another service may announce longer codes than we expect
# the order of the columns is the order of the fields of the states in dossier_state.py and paper_state.py
dossier = Table(
    "dossier",
    metadata,
    Column("dossier_id", String(36), primary_key=True),
    Column("code", Text),
    Column("added_code", Text),
    Column("external_code", Text),
    Column("system_of_record", Text),
    Column("procedure_code", Text),
    Column("procedure_version", BigInteger),
    Column("channel", Integer),
    Column("receiving_unit", Text),
    Column("competent_unit", Text),
    Column("back_file", Boolean),
    Column("status", Integer),
    Column("identity_verified", Boolean),
    Column("opened_at", Moment),
    Column("submitted_at", Moment),
    Column("accepted_at", Moment),
    Column("due_at", Moment),
    Column("first_due_at", Moment),
    Column("counted_due_at", Moment),
    Column("provisional", Boolean, nullable=False, server_default=false()),
    Column("handed_over_at", Moment),
    _count("supplements"),
    Column("supplement_requested_at", Moment),
    Column("supplement_since", Moment),
    Column("supplement_seconds", BigInteger, nullable=False, server_default="0"),
    Column("suspended_since", Moment),
    Column("paused_since", Moment),
    Column("fee_asked", BigInteger),
    Column("fee_paid", BigInteger),
    Column("payment_channel", Integer),
    _count("extensions"),
    Column("refused_at", Moment),
    Column("withdrawn_at", Moment),
    Column("stopped_at", Moment),
    Column("finished_at", Moment),
    Column("returned_at", Moment),
    Column("return_channel", Integer),
    Column("settled_at", Moment),
    Column("timeliness", Text),
    _count("tasks"),
    _count("tasks_open"),
    _count("components"),
    _count("components_required"),
    _count("components_digitised"),
    _count("components_reused"),
    _count("components_exempt"),
    Column("reused_from_store", Boolean, nullable=False, server_default=false()),
    Column("result_kind", Text),
    Column("result_at", Moment),
    Column("opened_day", Date),
    Column("received_day", Date),
    Column("settled_day", Date),
    Column("due_day", Date),  # of counted_due_at
    Column("last_sequence", BigInteger, nullable=False),
    Column("events_seen", BigInteger, nullable=False),
)

component = Table(
    "component",
    metadata,
    Column("dossier_id", String(36), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("duty", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("exempt_reason", Integer),
    Column("reused_from", Text),
    Column("paper_id", String(36)),
)

step = Table(
    "step",
    metadata,
    Column("paper_id", String(36), primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("dossier_id", String(36), nullable=False),
    Column("at", Moment, nullable=False),
    Column("subject", Text),
    Column("unit", Text),
    Column("digitisation_code", Text),
)

transfer = Table(
    "transfer",
    metadata,
    Column("transfer_id", String(36), primary_key=True),
    Column("dossier_id", String(36), nullable=False),
    Column("target", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("attempt", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
)

task = Table(
    "task",
    metadata,
    Column("task_id", String(36), primary_key=True),
    Column("dossier_id", String(36), nullable=False),
    Column("unit", Text, nullable=False),
    Column("due_at", Moment),
    Column("opened_at", Moment),
    Column("closed_at", Moment),
    Column("done", Boolean),
)

history = Table(
    "history",
    metadata,
    Column("event_id", String(36), primary_key=True),
    Column("dossier_id", String(36), nullable=False),
    Column("sequence", BigInteger),  # none: what no ledger numbers, as an outcome of OCR
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
    Column("awaits_review", Boolean, nullable=False, server_default=false()),
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# what is counted, kept by difference in the transaction of the rows; see tallies.py
tally = Table(
    "tally",
    metadata,
    Column("name", Text, primary_key=True),
    Column("a", Text, primary_key=True),
    Column("b", Text, primary_key=True),
    Column("c", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# what was announced as due soon or overdue; no projection, for it must outlive a rebuild
announced_due = Table(
    "announced_due",
    metadata,
    Column("dossier_id", String(36), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("due_at", Moment, primary_key=True),
)

SHAPE = 2  # one more whenever what is projected from the same log becomes something else
projection_shape = Table(
    "projection_shape",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("shape", Integer, nullable=False),
)

PROJECTION = (dossier, history, paper, counter, component, step, transfer, task, tally)

# One index for each question that is asked of many rows. Partial ones hold open dossiers only, a small
# part of all: most of what is written leaves them alone.
_d = dossier.c
RETURNED: ColumnElement[int] = literal_column(
    str(int(Status.RETURNED))
)  # in words of its own: a parameter would hide it from the planner
_open = _d.received_day.is_not(None) & _d.settled_day.is_(None)
_running = _open & _d.paused_since.is_(None)


def _partial(name: str, *columns: Any, where: Any, unique: bool = False) -> None:
    Index(name, *columns, unique=unique, postgresql_where=where, sqlite_where=where)


# lists, newest first, of units as receiver or as competent
Index("dossier_order", _d.opened_at, _d.dossier_id)
Index("dossier_receiving_order", _d.receiving_unit, _d.opened_at, _d.dossier_id)
Index("dossier_competent_order", _d.competent_unit, _d.opened_at, _d.dossier_id)
Index("dossier_procedure_order", _d.procedure_code, _d.opened_at, _d.dossier_id)
# any status but the one nearly all end in
_partial("dossier_unreturned", _d.status, _d.opened_at, _d.dossier_id, where=_d.status != RETURNED)
# periods of reports, and what is settled in them
Index("dossier_received_day", _d.competent_unit, _d.received_day)
_partial("dossier_settled_day", _d.competent_unit, _d.settled_day, where=_d.settled_day.is_not(None))
# late and due soon, and the watch of the due dates
_partial("dossier_running_due", _d.competent_unit, _d.due_at, _d.dossier_id, where=_running)
_partial("dossier_running_due_at", _d.due_at, _d.dossier_id, where=_running)
# open ones among many that are settled
_partial("dossier_open_order", _d.opened_at, _d.dossier_id, where=_open)
_partial("dossier_open_competent", _d.competent_unit, _d.opened_at, _d.dossier_id, where=_open)
_partial("dossier_open_receiving", _d.receiving_unit, _d.opened_at, _d.dossier_id, where=_open)
# a dossier by any of its codes
Index("dossier_code", _d.code)
_partial("dossier_added_code", _d.added_code, where=_d.added_code.is_not(None))
_partial("dossier_external_code", _d.external_code, where=_d.external_code.is_not(None))

Index("history_place", history.c.dossier_id, history.c.sequence, unique=True)
Index("history_time", history.c.occurred_at)
Index("paper_dossier", paper.c.dossier_id)
_partial("paper_awaiting", paper.c.dossier_id, where=paper.c.awaits_review)
Index("step_dossier", step.c.dossier_id)
Index("transfer_dossier", transfer.c.dossier_id)
Index("task_dossier", task.c.dossier_id)
_partial("tally_zero", tally.c.name, where=tally.c.value == 0)
