"""What the API and the metrics read from the database."""

from services.registry.dossier_queries import DossierQueries
from services.registry.figure_reader import FigureReader
from services.registry.reference_queries import ReferenceQueries
from services.registry.report_store import FiledReports
from services.registry.tally_queries import TallyQueries
from shared.clock import Clock
from shared.database import Database


class Queries(DossierQueries, TallyQueries):
    """Reads the registry's database; every method is one transaction.

    Raises ``DatabaseUnavailable``.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        super().__init__(database)
        self.reference = ReferenceQueries(database, clock)
        self.figures_of = FigureReader(database, self.reference)
        self.filed_reports = FiledReports(database)
