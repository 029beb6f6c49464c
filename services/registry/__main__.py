"""``python -m services.registry [serve | load DIR [--dry-run] | rebuild]``."""

import argparse
import asyncio
import sys
from contextlib import closing
from pathlib import Path

from services.registry.app import Registry, build, collect_less
from services.registry.load import Report
from services.registry.reference import BadReference
from services.registry.settings import RegistrySettings
from shared.errors import HosoError
from shared.logs import configure
from shared.ops import until_signal
from shared.settings import KafkaSettings, OpsSettings

OK, FAILED, BAD_DATA = 0, 1, 2


def main() -> int:
    """Run one command and return the exit code: 0 done, 1 something is away, 2 bad reference data."""
    arguments = _arguments()
    configure("registry", OpsSettings().log_level)
    collect_less()
    with closing(build(RegistrySettings(), KafkaSettings())) as registry:
        try:
            return _run(registry, arguments)
        except BadReference as error:
            print(*error.lines, f"{error}; nothing was loaded", sep="\n", file=sys.stderr)
            return BAD_DATA
        except HosoError as error:
            print(f"{arguments.command}: {error} ({error.reason})", file=sys.stderr)
            return FAILED


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.registry")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    parser.set_defaults(command="serve")
    commands.add_parser("serve", help="announce, project and answer (the default)")
    load = commands.add_parser("load", help="load units.csv and procedures.csv; announce what changed")
    load.add_argument("directory", type=Path)
    load.add_argument("--dry-run", action="store_true", help="only say what would change")
    commands.add_parser("rebuild", help="empty the projection and replay the log; the service may run meanwhile")
    return parser.parse_args()


def _run(registry: Registry, arguments: argparse.Namespace) -> int:
    if arguments.command == "load":
        _print(registry.load(arguments.directory, dry_run=arguments.dry_run), dry_run=arguments.dry_run)
    elif arguments.command == "rebuild":
        for table, rows in asyncio.run(registry.rebuild()).items():
            print(f"{rows} {table}")
    else:
        asyncio.run(until_signal(registry.serve()))
    return OK


def _print(report: Report, *, dry_run: bool) -> None:
    for change in report.changes:
        print(change)
    for key in report.absent:
        print(f"  {' '.join(key)} stays, though it is not in the files")
    print(f"{len(report.changes)} {'would change' if dry_run else 'changed'}, {report.unchanged} unchanged")


if __name__ == "__main__":
    sys.exit(main())
