"""The filed reports in the database: written once, never changed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, or_, select, true, tuple_

from services.registry.figures.differences import Difference
from services.registry.figures.report import digest
from services.registry.file_report import Filed, FiledHead, Standing
from services.registry.report_tables import filed_report
from shared.database import Database
from shared.errors import HosoError
from shared.events import Actor

Place = tuple[datetime, str]  # of a report in the list
_HEAD = [column for column in filed_report.c if column.name != "body"]


class DamagedReport(HosoError):
    """A filed report is not what was filed: its text does not have the hash kept beside it."""

    reason = "filed-report-damaged"


class FiledReports:
    """Keeps filed reports; there is no way to change one.

    Raises ``DatabaseUnavailable``, and ``DamagedReport`` where a text was changed behind our back.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, filed: Filed) -> None:
        """Keep a new report."""
        head = filed.head
        row = {
            "report_id": str(head.report_id),
            "kind": head.kind,
            "scope": _packed(head.scope),
            "first_day": head.first_day,
            "last_day": head.last_day,
            "made_at": head.made_at,
            "made_by": head.made_by.model_dump_json(),
            "made_from": head.made_from.model_dump_json(),
            "digest": head.digest,
            "difference": None if head.difference is None else head.difference.model_dump_json(),
            "body": filed.body,
        }
        with self._database.transaction() as connection:
            connection.execute(insert(filed_report).values(row))

    def find(self, report_id: UUID) -> Filed | None:
        """Return a report as it was filed."""
        query = select(filed_report).where(filed_report.c.report_id == str(report_id))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _filed(row)

    def last(self, kind: str, scope: Sequence[str], *, first_day: date, last_day: date) -> Filed | None:
        """Return the report of this kind, scope and period that was filed last."""
        f = filed_report.c
        query = select(filed_report).where(
            f.kind == kind, f.scope == _packed(scope), f.first_day == first_day, f.last_day == last_day
        )
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(f.made_at.desc(), f.report_id.desc()).limit(1)).first()
        return None if row is None else _filed(row)

    def filed(
        self, units: Sequence[str] | None, kinds: Sequence[str], *, limit: int, after: Place | None
    ) -> list[FiledHead]:
        """Return what was filed about some units, newest first, from behind ``after`` on; without the bodies."""
        f = filed_report.c
        about = true() if units is None else or_(*(f.scope.contains(f",{unit},", autoescape=True) for unit in units))
        query = select(*_HEAD).where(about, f.kind.in_(kinds) if kinds else true())
        if after is not None:
            query = query.where(tuple_(f.made_at, f.report_id) < after)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(f.made_at.desc(), f.report_id.desc()).limit(limit)).all()
        return [_head(row) for row in rows]


def _packed(scope: Sequence[str]) -> str:
    return f",{','.join(scope)},"


def _filed(row: Row[Any]) -> Filed:
    if digest(row.body) != row.digest:
        raise DamagedReport(f"report {row.report_id}")
    return Filed(_head(row), row.body)


def _head(row: Row[Any]) -> FiledHead:
    return FiledHead(
        report_id=row.report_id,
        kind=row.kind,
        scope=tuple(row.scope.strip(",").split(",")),
        first_day=row.first_day,
        last_day=row.last_day,
        made_at=row.made_at,
        made_by=Actor.model_validate_json(row.made_by),
        made_from=Standing.model_validate_json(row.made_from),
        digest=row.digest,
        difference=None if row.difference is None else Difference.model_validate_json(row.difference),
    )
