"""``python -m services.registry [serve [--only api|projection] | load [DIR] | rebuild | announce-again | due …]``."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from services.registry import due_command
from services.registry.app import Half, Registry, build, collect_less
from services.registry.load import NATIONAL_FOLDER, Report, name_of
from services.registry.reference import BadReference
from services.registry.settings import RegistrySettings
from shared.configuration import refused
from shared.errors import HosoError
from shared.logs import configure
from shared.ops import until_signal
from shared.settings import KafkaSettings, OpsSettings, read

OK, FAILED, BAD_DATA = 0, 1, 2
MOST_NAMED = 20


def main() -> int:
    """Run one command and return the exit code: 0 done, 1 something is away, 2 bad reference data or settings."""
    arguments = _arguments()
    if arguments.command == "due":
        return due_command.run(arguments)
    if (code := refused(RegistrySettings)) is not None:
        return code
    configure("registry", read(OpsSettings).log_level)
    collect_less()
    with closing(build(read(RegistrySettings), read(KafkaSettings))) as registry:
        try:
            return _run(registry, arguments)
        except BadReference as error:
            print(*error.lines, f"{error}; nothing was loaded / dữ liệu có lỗi, chưa nạp gì", sep="\n", file=sys.stderr)
            return BAD_DATA
        except HosoError as error:
            print(f"{arguments.command}: {error} ({error.reason})", file=sys.stderr)
            return FAILED


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.registry")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    parser.set_defaults(command="serve", only=None)
    serve = commands.add_parser("serve", help="announce, project and answer (the default)")
    serve.add_argument(
        "--only", type=Half, choices=list(Half), help="answer alone, or announce and project alone: a process each"
    )
    load = commands.add_parser("load", help="load the CSV files of a directory; announce what changed")
    load.add_argument(
        "directory", type=Path, nargs="?", default=NATIONAL_FOLDER, help="the shipped national set if not given"
    )
    load.add_argument("--dry-run", action="store_true", help="only say what would change")
    commands.add_parser("rebuild", help="empty the projection and replay the log; the service may run meanwhile")
    again = commands.add_parser(
        "announce-again", help="have the relay announce the journal again; readers know repeats"
    )
    again.add_argument(
        "--from", dest="first", type=int, default=0, metavar="POSITION", help="of the journal; its start"
    )
    due_command.add_to(commands)
    return parser.parse_args()


def _run(registry: Registry, arguments: argparse.Namespace) -> int:
    if arguments.command == "load":
        _print(registry.load(arguments.directory, dry_run=arguments.dry_run), dry_run=arguments.dry_run)
    elif arguments.command == "rebuild":
        for table, rows in asyncio.run(registry.rebuild()).items():
            print(f"{rows} {table}")
    elif arguments.command == "announce-again":
        print(f"{registry.announce_again(arguments.first)} events will be announced again")
    else:
        asyncio.run(until_signal(registry.serve(arguments.only)))
    return OK


def _staying(report: Report) -> Iterator[str]:
    """Say which rows stay: by their names, or how many where these would fill the screen."""
    for kind, keys in groupby(report.absent, key=itemgetter(0)):
        names = [name_of(key) for key in keys]
        if len(names) > MOST_NAMED:
            yield f"{len(names)} of {kind} stay, {names[0]} the first"
        else:
            yield from (f"{name} stays" for name in names)


def _print(report: Report, *, dry_run: bool) -> None:
    if report.before:
        print(f"+ the shipped national reference data: {report.before} rows")
    for change in report.changes:
        print(change)
    for stay in _staying(report):
        print(f"  {stay}, not being in the files")
    for effect in report.effects:
        print(f"=> {effect}")
    print(f"{len(report.changes)} {'would change' if dry_run else 'changed'}, {report.unchanged} unchanged")


if __name__ == "__main__":
    sys.exit(main())
