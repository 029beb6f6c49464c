"""Our own services as processes like the servers beside them: started, killed and started again in place."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

import httpx

from deploy.local.ports import HOST, free_port
from deploy.local.process import ServerProcess

# a service refuses a variable it does not know
_ADDRESSES = {
    "intake": ("HOST", "PORT", "OPS_PORT"),
    "registry": ("HOST", "PORT", "OPS_HOST", "OPS_PORT"),
    "ocr": ("OPS_HOST", "OPS_PORT"),
}
_REPOSITORY = Path(__file__).parents[2]


class Service(ServerProcess):
    """One process of one service, e.g. ``Service("intake", folder, settings)``.

    ``settings`` are ``HOSO_`` variables; host and ports are added. It has started when it lives; whether it is
    ready depends on what it stands on.
    """

    stop_timeout_seconds = 60  # a worker finishes its slice first

    def __init__(self, name: str, data_folder: Path, settings: Mapping[str, str], *arguments: str) -> None:
        super().__init__(data_folder)
        self.name = name
        self._settings = settings
        self._arguments = arguments
        self.ops_port = free_port()

    @property
    def url(self) -> str:
        """Return the address of the API."""
        return f"http://{HOST}:{self.port}"

    @property
    def ops_url(self) -> str:
        """Return the address of health and metrics."""
        return f"http://{HOST}:{self.ops_port}"

    def _prepare(self) -> None:
        """Nothing to make."""

    def _command(self) -> Sequence[str]:
        return [sys.executable, "-m", f"services.{self.name}", *self._arguments]

    def _environment(self) -> dict[str, str]:
        prefix = f"HOSO_{self.name.upper()}_"
        values = {"HOST": HOST, "PORT": str(self.port), "OPS_HOST": HOST, "OPS_PORT": str(self.ops_port)}
        addresses = {f"{prefix}{name}": values[name] for name in _ADDRESSES[self.name]}
        return {**os.environ, "PYTHONPATH": str(_REPOSITORY), **addresses, **self._settings}

    def _answers(self) -> bool:
        return self._healthy("live")

    def ready(self) -> bool:
        """Return whether the service can do its work now."""
        return self._healthy("ready")

    def _healthy(self, kind: str) -> bool:
        try:
            return httpx.get(f"{self.ops_url}/health/{kind}", timeout=2).status_code == HTTPStatus.OK
        except httpx.HTTPError:
            return False
