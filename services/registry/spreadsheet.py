"""Dossiers as CSV, as a spreadsheet opens it; pure."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from io import StringIO
from typing import Any

from shared.clock import VIETNAM

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
COLUMNS = (
    "dossier_id",
    "code",
    "added_code",
    "external_code",
    "procedure_code",
    "procedure_version",
    "channel",
    "receiving_unit",
    "competent_unit",
    "back_file",
    "status",
    "opened_at",
    "accepted_at",
    "due_at",
    "counted_due_at",
    "paused_since",
    "supplements",
    "extensions",
    "finished_at",
    "returned_at",
    "settled_at",
    "timeliness",
    "fee_asked",
    "fee_paid",
    "payment_channel",
    "components",
    "components_digitised",
    "components_reused",
    "components_exempt",
    "result_kind",
    "needs_review",
    "missing",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(pages: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[str]:
    """Yield the heading and then the lines of each page; moments are in Viet Nam's time."""
    yield BYTE_ORDER_MARK + _text([COLUMNS])
    for page in pages:
        yield _text([_cell(row[column]) for column in COLUMNS] for row in page)


def _text(rows: Iterable[Iterable[Any]]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).isoformat(timespec="seconds")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"  # another system's code must not become a formula
    return value
