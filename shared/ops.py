"""The second port of every service: health, metrics and API documents, for those who run it."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from importlib.resources import files
from typing import Any

import uvicorn
from fastapi import FastAPI, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from shared.health import Health
from shared.health_metrics import HealthCollector


def ops_app(
    service: str,
    health: Health,
    metrics: CollectorRegistry,
    api_document: Callable[[], dict[str, Any]] | None = None,
) -> FastAPI:
    """Return the application of the second port.

    ``/health/live`` and ``/health/ready`` answer 200 or 503, ready with what is wrong and why;
    ``/metrics`` is Prometheus' text, with the health of ``service`` and what its process uses;
    ``/openapi.json`` and, for people, ``/docs`` describe the first port where there is one.
    """
    _watch(service, health, metrics)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    # async: a slow scrape must not take the threads that liveness would need
    @app.get("/health/live")
    async def live() -> JSONResponse:
        alive = health.alive()
        return JSONResponse({"alive": alive}, status_code=200 if alive else 503)

    @app.get("/health/ready")
    async def ready() -> JSONResponse:
        ready = health.ready()
        return JSONResponse({"ready": ready, "troubles": health.troubles()}, status_code=200 if ready else 503)

    @app.get("/metrics")
    def scrape() -> Response:
        return Response(generate_latest(metrics), media_type=CONTENT_TYPE_LATEST)

    if api_document is not None:

        @app.get("/openapi.json")
        def document() -> dict[str, Any]:
            return api_document()

        _serve_swagger_ui(app)
    return app


def _watch(service: str, health: Health, metrics: CollectorRegistry) -> None:
    # else each series of a counter has another beside it, which nobody asks for
    disable_created_metrics()  # type: ignore[no-untyped-call]
    metrics.register(HealthCollector(service, health))
    ProcessCollector(registry=metrics)


def _serve_swagger_ui(app: FastAPI) -> None:
    """Serve ``/docs`` with nothing from outside: whoever runs hoso may have no internet."""
    app.mount("/docs/files", StaticFiles(directory=str(files("fastapi_offline") / "static")))

    @app.get("/docs")
    def page() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="openapi.json",
            title="hoso",
            swagger_js_url="docs/files/swagger-ui-bundle.js",
            swagger_css_url="docs/files/swagger-ui.css",
            swagger_favicon_url="docs/files/favicon.png",
            swagger_ui_parameters={"supportedSubmitMethods": []},  # the API is on another port
        )


class _Quiet(uvicorn.Server):
    """A server that leaves signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


async def serve(app: Callable[..., Any], *, host: str, port: int) -> None:
    """Serve ``app`` until cancelled, then finish the requests under way."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=20,
    )
    server = _Quiet(config)
    task = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(task)
    finally:
        server.should_exit = True
        await task


async def until_signal(work: Coroutine[Any, Any, None]) -> None:
    """Do the work until SIGTERM or Ctrl-C, then let it finish what it has begun."""
    task = asyncio.ensure_future(work)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
