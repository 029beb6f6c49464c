"""``python -m services.intake [serve | sweep [--dry-run] [--older-than-hours N] | announce-again]``."""

import argparse
import asyncio
import sys
from contextlib import closing

from services.intake.app import Intake, build
from services.intake.settings import IntakeSettings
from shared.configuration import refused
from shared.errors import HosoError
from shared.logs import configure
from shared.ops import until_signal
from shared.settings import KafkaSettings, OpsSettings, StoreSettings, read

OK, FAILED = 0, 1


def main() -> int:
    """Run one command and return the exit code: 0 done, 1 something is away, 2 a setting is missing or wrong."""
    arguments = _arguments()
    if (code := refused(IntakeSettings)) is not None:
        return code
    try:
        configure("intake", read(OpsSettings).log_level)
        with closing(build(read(IntakeSettings), read(StoreSettings), read(KafkaSettings))) as intake:
            _run(intake, arguments)
    except HosoError as error:
        print(f"{arguments.command}: {error} ({error.reason})", file=sys.stderr)
        return FAILED
    return OK


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.intake")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    parser.set_defaults(command="serve")
    commands.add_parser("serve", help="accept, announce and answer (the default)")
    sweep = commands.add_parser("sweep", help="delete objects whose ledger row never came")
    sweep.add_argument("--dry-run", action="store_true", help="only say what would be deleted")
    sweep.add_argument("--older-than-hours", type=float, help="leave younger objects alone; default: the setting")
    again = commands.add_parser(
        "announce-again", help="have the relay announce the journal again; readers know repeats"
    )
    again.add_argument(
        "--from", dest="first", type=int, default=0, metavar="POSITION", help="of the journal; its start"
    )
    return parser.parse_args()


def _run(intake: Intake, arguments: argparse.Namespace) -> None:
    if arguments.command == "serve":
        asyncio.run(until_signal(intake.serve()))
        return
    if arguments.command == "announce-again":
        print(f"{intake.announce_again(arguments.first)} events will be announced again")
        return
    intake.create()
    swept = intake.sweeper(age_hours=arguments.older_than_hours).sweep(lambda _: not arguments.dry_run)
    done = "would be deleted" if arguments.dry_run else "deleted"
    print(f"{swept.orphans} orphans of {swept.orphan_bytes} bytes {done}, of {swept.seen} objects")


if __name__ == "__main__":
    sys.exit(main())
