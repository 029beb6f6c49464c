"""The application: every route in one place."""

from fastapi import FastAPI

from services.registry.http.counts import count_routes
from services.registry.http.dossiers import dossier_routes
from services.registry.http.figures import behind_routes, comparison_routes, indicator_routes
from services.registry.http.levels import level_routes
from services.registry.http.procedures import procedure_routes
from services.registry.http.reference import reference_routes
from services.registry.http.reports import report_routes
from services.registry.http.stated import stated_routes
from services.registry.queries import Queries
from services.registry.settings import DUE_SOON_HOURS
from shared.clock import Clock, SystemClock
from shared.problems import answer_with_problems, responses


def api(queries: Queries, *, clock: Clock | None = None, due_soon_hours: int = DUE_SOON_HOURS) -> FastAPI:
    """Return the application of the first port; its documents are on the second."""
    app = FastAPI(title="hoso registry", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    answer_with_problems(app)
    clock = clock or SystemClock()
    reference = queries.reference
    for router in (
        dossier_routes(queries, clock=clock, due_soon_hours=due_soon_hours),
        reference_routes(reference),
        procedure_routes(reference),
        level_routes(reference),
        stated_routes(reference),
        count_routes(queries),
        indicator_routes(queries.figures_of, clock),
        comparison_routes(queries.figures_of, clock),
        behind_routes(queries.figures_of, clock),
        report_routes(queries.figures_of, queries.filed_reports, clock),
    ):
        app.include_router(router, prefix="/v1", responses=responses(422, 503))
    return app
