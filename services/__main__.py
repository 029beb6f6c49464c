"""``python -m services``: all of hoso on one machine, each service in a process of its own.

What is not set by a ``HOSO_`` variable comes embedded: the in-process broker, a directory as
object store, SQLite. With the variables set the same processes run on Kafka, S3 and PostgreSQL.
"""

import argparse
import ctypes
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from shared.configuration import BAD_SETTINGS
from shared.embedded_broker import EmbeddedBroker

STOP_SECONDS = 45  # longer than a slice of OCR work, which is finished before the worker leaves
RESTART_SECONDS = 2
_OF_ONE_LANE = ("HOSO_OCR_EXPRESS_", "HOSO_OCR_BULK_")
_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
_LIBC = ctypes.CDLL(None)  # opened before the fork: the loader's lock may be held by a thread


@dataclass(frozen=True)
class Part:
    """A process to keep running, with the ports it takes unless its settings say otherwise."""

    name: str
    ops_port: int
    port: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def module(self) -> str:
        """The service it runs."""
        return f"services.{self.name.partition('-')[0]}"

    def environment(self, common: Mapping[str, str]) -> dict[str, str]:
        """Return its variables: ``HOSO_OCR_BULK_X`` is ``HOSO_OCR_X`` for the part ocr-bulk alone."""
        service = f"HOSO_{self.name.partition('-')[0].upper()}_"
        own = f"HOSO_{self.name.upper().replace('-', '_')}_"
        ours = {service + name.removeprefix(own): value for name, value in common.items() if name.startswith(own)}
        ports = {f"{service}OPS_PORT": str(self.ops_port)} | ({f"{service}PORT": str(self.port)} if self.port else {})
        # the names of single parts are this module's: a service would not know them
        rest = {name: value for name, value in common.items() if not name.startswith(_OF_ONE_LANE)}
        return {**rest, **ports, **self.settings, **ours}

    def addresses(self, common: Mapping[str, str]) -> tuple[str | None, str]:
        """Return where its API and its second port listen."""
        service = f"HOSO_{self.name.partition('-')[0].upper()}_"
        values = self.environment(common)
        api = f"http://127.0.0.1:{values[f'{service}PORT']}" if self.port else None
        return api, f"http://127.0.0.1:{values[f'{service}OPS_PORT']}"


PARTS = (
    Part("registry", 9082, 8082),
    Part("intake", 9081, 8081),
    Part("ocr-express", 9083, settings={"HOSO_OCR_LANE": "express"}),
    # back-files give way to the citizen at the counter
    Part("ocr-bulk", 9084, settings={"HOSO_OCR_LANE": "bulk", "HOSO_OCR_NICENESS": "10"}),
)


def embedded_settings(data: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that keep everything under ``data``, without those already given."""
    defaults = {
        "HOSO_STORE_DIRECTORY": str(data / "objects"),
        "HOSO_INTAKE_DATABASE_URL": f"sqlite:///{data}/intake.db",
        "HOSO_REGISTRY_DATABASE_URL": f"sqlite:///{data}/registry.db",
        "HOSO_INTAKE_INBOX": str(data / "inbox"),
    }
    if "HOSO_INTAKE_SEARCH_KEY" not in environment:
        defaults["HOSO_INTAKE_SEARCH_KEY"] = kept_secret(data / "search.key")
    return {name: value for name, value in defaults.items() if name not in environment}


def kept_secret(path: Path) -> str:
    """Return the secret in ``path``, made the first time and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(secrets.token_hex(32))
        partial.replace(path)
    return path.read_text().strip()


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Supervisor:
    """Keeps the parts running until it is told to stop."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._not_before: dict[str, float] = {}
        self._stopping = False
        self._code = 0

    def stop(self, *_: object) -> None:
        """Ask for the end; fits as a signal handler."""
        self._stopping = True

    def run(self) -> int:
        """Start the parts, start again what ends by itself, and end all when told to; return the exit code.

        A part that refuses its settings ends all: starting it again would not mend them.
        """
        greeted = False
        while not self._stopping:
            for part in PARTS:
                self._keep(part)
            if not greeted and all(_ready(part.addresses(self._environment)[1]) for part in PARTS):
                greeted = True
                print(_greeting(self._environment), flush=True)
            time.sleep(0.2)
        self._end()
        return self._code

    def _keep(self, part: Part) -> None:
        process = self._running.get(part.name)
        if process is not None and process.poll() is None:
            return
        if process is not None and part.name not in self._not_before:
            print(f"hoso: {part.name} ended with {process.returncode}", file=sys.stderr)
            self._not_before[part.name] = time.monotonic() + RESTART_SECONDS
            if process.returncode == BAD_SETTINGS:
                self._code, self._stopping = BAD_SETTINGS, True
        if time.monotonic() >= self._not_before.get(part.name, 0):
            self._not_before.pop(part.name, None)
            self._running[part.name] = self._start(part)

    def _start(self, part: Part) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", part.module],
            env=part.environment(self._environment),
            preexec_fn=_die_with_parent,  # noqa: PLW1509  # one system call, nothing that locks
            start_new_session=True,  # a Ctrl-C reaches us only, and we end the parts in order
        )

    def _end(self) -> None:
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ready(ops_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{ops_url}/health/ready", timeout=1):  # noqa: S310  # http, our own part
            return True
    except OSError:  # not listening yet, or 503: not ready
        return False


def _greeting(environment: Mapping[str, str]) -> str:
    """Return the addresses of all parts, for the person who started them."""
    lines = ["hoso is ready (Ctrl-C ends it)"]
    for part in PARTS:
        api, ops = part.addresses(environment)
        lines.append(f"  {part.name:12} {api or '':24} health, metrics, API documents: {ops}")
    lines.append(f"  log          {environment['HOSO_KAFKA_BOOTSTRAP_SERVERS']}")
    if "HOSO_INTAKE_INBOX" in environment:
        lines.append(f"  hot folder   {environment['HOSO_INTAKE_INBOX']}")
    return "\n".join(lines)


def _load(reference: Path, environment: Mapping[str, str]) -> int:
    command = [sys.executable, "-m", "services.registry", "load", str(reference)]
    return subprocess.run(command, env=dict(environment), check=False).returncode


def main() -> int:
    """Run everything until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m services", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var/hoso"), help="where state is kept")
    parser.add_argument("--reference", type=Path, help="reference data to load before the start")
    arguments = parser.parse_args()
    environment = {
        **os.environ,
        **embedded_settings(arguments.data.absolute(), os.environ),
    }
    external = "HOSO_KAFKA_BOOTSTRAP_SERVERS" in os.environ
    with nullcontext() if external else EmbeddedBroker() as broker:
        if broker is not None:
            print(
                "hoso: in-process broker (for evaluation; it forgets at exit)",
                file=sys.stderr,
            )
            environment["HOSO_KAFKA_BOOTSTRAP_SERVERS"] = broker.bootstrap_servers
            environment["HOSO_KAFKA_DECLARE_TOPICS"] = "false"  # the mock takes no admin calls
        if arguments.reference and (code := _load(arguments.reference, environment)):
            return code
        supervisor = Supervisor(environment)
        signal.signal(signal.SIGTERM, supervisor.stop)
        signal.signal(signal.SIGINT, supervisor.stop)
        return supervisor.run()


if __name__ == "__main__":
    sys.exit(main())
