"""What the API and the metrics read from the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, true

from services.registry.dossier_queries import DossierQueries, Fields
from services.registry.tables import procedure, unit
from services.registry.tally_queries import TallyQueries, Units


class Queries(DossierQueries, TallyQueries):
    """Reads the registry's database; every method is one transaction.

    Raises ``DatabaseUnavailable``.
    """

    def procedures(self, units: Units, levels: Sequence[str]) -> list[Fields]:
        """Return the newest version of the procedures that count for some units, by code."""
        query = _newest_procedures().where(_of(units, procedure.c.managing_unit), _in(procedure.c.level, levels))
        return self._all(query.order_by(procedure.c.code))

    def procedure(self, code: str) -> Fields | None:
        """Return the newest version of a procedure."""
        found = self._all(_newest_procedures().where(procedure.c.code == code))
        return found[0] if found else None

    def units(self, units: Units = None) -> list[Fields]:
        """Return units, by code."""
        return self._all(select(unit).where(_of(units, unit.c.code)).order_by(unit.c.code))

    def _all(self, query: Select[Any]) -> list[Fields]:
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings()
            return [{name: value for name, value in row.items() if name != "revision"} for row in rows]

    def levels(self, units: Units) -> list[tuple[str, str, int]]:
        """Return how many procedures count for each unit at each level."""
        with self._database.reading() as connection:
            return _levels(connection, units)


def _of(units: Units, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    return true() if units is None else or_(*(column.in_(units) for column in columns))


def _in(column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    return column.in_(values) if values else true()


def _newest_procedures() -> Select[Any]:
    newest = select(procedure.c.code, func.max(procedure.c.version).label("version")).group_by(procedure.c.code)
    versions = newest.subquery()
    this = (versions.c.code == procedure.c.code) & (versions.c.version == procedure.c.version)
    return select(procedure).join(versions, this)


def _levels(connection: Connection, units: Units) -> list[tuple[str, str, int]]:
    newest = _newest_procedures().where(_of(units, procedure.c.managing_unit)).subquery()
    query = select(newest.c.managing_unit, newest.c.level, func.count())
    return [(u, level, n) for u, level, n in connection.execute(query.group_by(newest.c.managing_unit, newest.c.level))]
