"""``python -m deploy.local``: the real servers in the foreground, with the settings that use them."""

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from deploy.local.ports import preferred_port
from deploy.local.servers import (
    Kafka,
    Minio,
    PostgreSQL,
    ProgramMissing,
    Prometheus,
    ServerFailed,
    ServerProcess,
    VersityGateway,
)
from deploy.local.wiring import RULES, SCRAPED, settings_for

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Start the servers, say where they are, and stop them on Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var/servers"), help="where their state is kept")
    folder: Path = parser.parse_args().data
    for number in ENDS:
        signal.signal(number, signal.default_int_handler)
    try:
        with ExitStack() as running:
            _run(folder, running)
    except (ProgramMissing, ServerFailed) as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped")
    return 0


def _run(folder: Path, running: ExitStack) -> None:
    kafka = Kafka(folder / "kafka", port=preferred_port(9092))
    minio = Minio(folder / "minio", port=preferred_port(9000))
    versity = VersityGateway(folder / "versitygw", port=preferred_port(7070))
    postgresql = PostgreSQL(folder / "postgresql", port=preferred_port(5432))
    prometheus = Prometheus(folder / "prometheus", SCRAPED, port=preferred_port(9090), rules=RULES)
    servers: Sequence[ServerProcess] = [kafka, minio, versity, postgresql, prometheus]
    for server in servers:
        running.enter_context(server)
        print(f"{server.name:12}{server.address:18} log: {server.log_file}", flush=True)
    print("\nto run hoso on them, in another shell:")
    for name, value in settings_for(kafka, minio, postgresql).items():
        print(f"export {name}={value}")
    print(f"\nPrometheus scrapes what `make run` starts: {prometheus.url}\nCtrl-C stops all", flush=True)
    signal.pause()


if __name__ == "__main__":
    sys.exit(main())
