"""Free ports of this machine's loopback address."""

from __future__ import annotations

import random
import socket
from pathlib import Path

HOST = "127.0.0.1"
_EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_FIRST_PORT = 20_000
_USUAL_EPHEMERAL_START = 32_768


class NoFreePort(RuntimeError):
    """Every port tried is taken."""


def free_port() -> int:
    """Return a port nobody listens on, below the ephemeral range.

    From inside that range a client that retries while the server is away can be given the server's own port
    (and even connect to itself), and the restarted server would find it taken.
    """
    candidates = range(_FIRST_PORT, _ephemeral_start())
    for port in random.sample(candidates, k=200):
        if _is_free(port):
            return port
    raise NoFreePort(f"none of 200 ports tried in {candidates} is free")


def preferred_port(port: int) -> int:
    """Return the usual port of a server where it is free, else any."""
    return port if _is_free(port) else free_port()


def _ephemeral_start() -> int:
    if not _EPHEMERAL_RANGE.exists():
        return _USUAL_EPHEMERAL_START
    start = int(_EPHEMERAL_RANGE.read_text().split()[0])
    # some machines give nearly all ports away: then the usual border is as good as any
    return start if start > _FIRST_PORT + 1_000 else _USUAL_EPHEMERAL_START


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
