"""The API as one application."""

from fastapi import FastAPI
from starlette.middleware import Middleware

from services.intake.http import dossiers, life, pages, papers, record, reviews, tray
from services.intake.http.middleware import BoundBody
from services.intake.http.problems import add_problems
from services.intake.metrics import Metrics
from services.intake.ports import Desk
from shared.clock import Clock

FILES_AT_ONCE = 200


def api(desk: Desk, *, clock: Clock, metrics: Metrics, max_request_bytes: int) -> FastAPI:
    """Return the application of the first port; it connects to nothing."""
    app = FastAPI(
        title="hoso intake",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        form_limits={"max_files": FILES_AT_ONCE, "max_fields": FILES_AT_ONCE + 10, "max_part_size": 4096},
        middleware=[Middleware(BoundBody, most_bytes=max_request_bytes)],
    )
    app.state.desk, app.state.clock, app.state.metrics = desk, clock, metrics
    for resource in (dossiers, life, papers, pages, record, reviews, tray):
        app.include_router(resource.router)
    add_problems(app, metrics)
    return app
