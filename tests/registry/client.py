"""A client of an application in this process."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import FastAPI


class Client:
    """Asks an application and returns what it answers; its errors are answers, as over a network."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def get(
        self, path: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Return the answer to a GET."""
        return asyncio.run(self._ask("GET", path, params=params, headers=headers))

    def post(self, path: str, *, json: object = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Return the answer to a POST."""
        return asyncio.run(self._ask("POST", path, json=json, headers=headers))

    async def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            return await client.request(method, path, **options)
