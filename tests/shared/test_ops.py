"""The second port, on a real one."""

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter

from deploy.local.ports import free_port
from shared.health import Health
from shared.ops import ops_app, serve
from tests.servers import wait_until

HOST = "127.0.0.1"


def api_document() -> dict[str, object]:
    return FastAPI(title="the first port").openapi()


def asked(app: FastAPI, ask: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    """Serve ``app`` on a real port while ``ask`` asks."""

    async def go() -> None:
        port = free_port()
        serving = asyncio.create_task(serve(app, host=HOST, port=port))
        async with asyncio.timeout(20), httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client:
            assert await asyncio.to_thread(wait_until, lambda: listens(port))
            await ask(client)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
        assert not listens(port)

    asyncio.run(go())


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def test_health_says_what_is_wrong() -> None:
    health = Health()

    async def ask(client: httpx.AsyncClient) -> None:
        answer = await client.get("/health/ready")
        assert (answer.status_code, answer.json()) == (200, {"ready": True, "troubles": {}})
        health.troubled("store", "store-unavailable")
        answer = await client.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json() == {"ready": False, "troubles": {"store": "store-unavailable"}}
        assert (await client.get("/health/live")).status_code == 200

    asked(ops_app("test", health, CollectorRegistry()), ask)


def test_a_process_that_cannot_go_on_is_not_alive() -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        assert (await client.get("/health/live")).status_code == 503

    asked(ops_app("test", Health(lambda: False), CollectorRegistry()), ask)


def test_metrics_are_prometheus_text() -> None:
    registry = CollectorRegistry()
    Counter("papers", "Papers taken.", registry=registry).inc(3)

    async def ask(client: httpx.AsyncClient) -> None:
        answer = await client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        assert "papers_total 3.0" in answer.text
        assert "process_start_time_seconds" in answer.text
        assert "papers_created" not in answer.text

    asked(ops_app("test", Health(), registry), ask)


def test_prometheus_is_told_of_health_by_part() -> None:
    health, registry = Health(tolerated=["relay"]), CollectorRegistry()
    ops_app("intake", health, registry)

    def troubled(part: str) -> float | None:
        return registry.get_sample_value("hoso_troubled", {"service": "intake", "part": part})

    assert registry.get_sample_value("hoso_ready", {"service": "intake"}) == 1
    health.troubled("relay", "log-unavailable")
    assert registry.get_sample_value("hoso_ready", {"service": "intake"}) == 1
    assert (troubled("relay"), troubled("store")) == (1, None)
    health.troubled("hoso.papers.express/3", "store-unavailable")
    health.troubled("hoso.papers.express/4", "store-unavailable")
    assert registry.get_sample_value("hoso_ready", {"service": "intake"}) == 0
    assert (troubled("hoso.papers.express"), troubled("hoso.papers.express/3")) == (1, None)
    health.recovered("relay")
    assert troubled("relay") is None


def test_api_documents_need_nothing_from_outside() -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        page = (await client.get("/docs")).text
        assert "://" not in page
        found = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert len(found) == 3
        for file in found:
            answer = await client.get(file)
            assert answer.status_code == 200
            assert len(answer.content) > 1000
        (document,) = re.findall(r"url: '([^']+)'", page)
        assert (await client.get(document)).json()["info"]["title"] == "the first port"

    asked(ops_app("test", Health(), CollectorRegistry(), api_document), ask)


def test_a_service_without_an_api_has_no_documents() -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        for path in ("/docs", "/openapi.json", "/redoc"):
            assert (await client.get(path)).status_code == 404

    asked(ops_app("test", Health(), CollectorRegistry()), ask)


def test_a_request_under_way_is_finished() -> None:
    app, begun, go_on = FastAPI(), asyncio.Event(), asyncio.Event()

    @app.get("/slow")
    async def slow() -> str:
        begun.set()
        await go_on.wait()
        return "done"

    async def go() -> None:
        port = free_port()
        serving = asyncio.create_task(serve(app, host=HOST, port=port))
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client:
            assert await asyncio.to_thread(wait_until, lambda: listens(port))
            answer = asyncio.create_task(client.get("/slow"))
            await begun.wait()
            serving.cancel()
            await asyncio.sleep(0.1)
            go_on.set()
            assert (await answer).json() == "done"
        with pytest.raises(asyncio.CancelledError):
            await serving

    asyncio.run(asyncio.wait_for(go(), 20))


def test_a_taken_port_ends_the_process() -> None:
    # in a process of its own: SystemExit through asyncio's loop spoils ast.parse in the rest of ours (CPython 3.11.7)
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        work = f"serve(FastAPI(), host='{HOST}', port={taken.getsockname()[1]})"
        program = f"import asyncio; from fastapi import FastAPI; from shared.ops import serve; asyncio.run({work})"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3  # uvicorn says that its start failed
    assert "address already in use" in done.stderr
