"""What the API and the metrics read from the database."""

from services.registry.dossier_queries import DossierQueries, Fields
from services.registry.figure_reader import FigureReader
from services.registry.levels import Scope
from services.registry.reference_queries import ReferenceQueries
from services.registry.report_store import FiledReports
from services.registry.tally_queries import TallyQueries, Units
from shared.database import Database

__all__ = ["Fields", "Queries", "Units"]


class Queries(DossierQueries, TallyQueries):
    """Reads the registry's database; every method is one transaction.

    Raises ``DatabaseUnavailable``.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.reference = ReferenceQueries(database)
        self.figures_of = FigureReader(database, self.reference)
        self.filed_reports = FiledReports(database)

    def levels(self, units: Units) -> list[tuple[str, str, int]]:
        """Return the procedures each unit manages with their level today, one each."""
        placed = self.reference.now().placed(self.reference.today(), Scope.MANAGED, units)
        return [(each.unit, str(each.level), 1) for each in placed]
