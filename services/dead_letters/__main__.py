"""``python -m services.dead_letters list | show NAME… | replay … [--dry-run] | purge … --because CODE``."""

import argparse
import asyncio
import re
import sys
from collections.abc import Iterable, Sequence

from services.dead_letters import desk
from services.dead_letters.lines import line, overview, whole
from shared.clock import SystemClock
from shared.configuration import refused
from shared.dead_letters import Letter, chosen
from shared.errors import HosoError
from shared.kafka import KafkaLog
from shared.log import Log
from shared.settings import KafkaSettings, read

OK, FAILED = 0, 1
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def main() -> int:
    """Run one command and return the exit code: 0 done, 1 away or no such letter, 2 a setting is wrong."""
    arguments = _arguments()
    if (code := refused()) is not None:
        return code
    try:
        asyncio.run(run(KafkaLog(read(KafkaSettings)), arguments))
    except HosoError as error:
        print(f"{arguments.command}: {error} ({error.reason})", file=sys.stderr)
        return FAILED
    return OK


async def run(broker: Log, arguments: argparse.Namespace) -> None:
    """Do what a command line asks, on any log."""
    found = await desk.read(broker)
    if arguments.command == "list":
        _print(overview(_filtered(found, arguments, settled=arguments.settled), most=arguments.limit))
    elif arguments.command == "show":
        for letter in desk.named(found, arguments.names):
            _print(whole(letter))
    else:
        await _settle(broker, _asked(found, arguments), arguments)


def _filtered(found: Sequence[Letter], arguments: argparse.Namespace, *, settled: bool = False) -> list[Letter]:
    wanted = chosen(found, reason=arguments.reason, origin=arguments.origin)
    return [letter for letter in wanted if settled or letter.marker is None]


def _asked(found: Sequence[Letter], arguments: argparse.Namespace) -> list[Letter]:
    """Return the open letters a command is for: those named, or all that the filters let through."""
    if not arguments.names:
        return _filtered(found, arguments)
    letters = desk.named(found, arguments.names)
    if done := [letter.name for letter in letters if letter.marker is not None]:
        raise desk.NoSuchLetter(f"already replayed or purged: {', '.join(done)}")
    return letters


async def _settle(broker: Log, letters: Sequence[Letter], arguments: argparse.Namespace) -> None:
    is_replay = arguments.command == "replay"
    if is_replay:
        able = desk.replayable(letters)
        _print(
            f"{letter.name} has no origin of ours: it can only be purged" for letter in letters if letter not in able
        )
        letters = able
    _print(map(line, letters))
    done = "replayed" if is_replay else "purged"
    if arguments.dry_run:
        print(f"{len(letters)} would be {done}")
        return
    if is_replay:
        await desk.replay(broker, letters, clock=SystemClock(), by=arguments.by)
    else:
        await desk.purge(broker, letters, clock=SystemClock(), by=arguments.by, reason=arguments.because)
    print(f"{len(letters)} {done}")


def _print(lines: Iterable[str]) -> None:
    for each in lines:
        print(each)


def _arguments() -> argparse.Namespace:
    return parser().parse_args()


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m services.dead_letters", description=__doc__)
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="count open letters by reason and origin, and list the newest")
    _add_filters(listing)
    listing.add_argument("--settled", action="store_true", help="also what was replayed or purged")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="lines at most (50)")
    commands.add_parser("show", help="show letters whole").add_argument("names", nargs="+", metavar="NAME")
    for name, told in (("replay", "put letters back where they came from"), ("purge", "lay letters to rest")):
        _add_choice(commands.add_parser(name, help=told))
    purge = commands.choices["purge"]
    purge.add_argument(
        "--because", required=True, type=_code, metavar="CODE", help="why, as a code like made-by-a-test"
    )
    return made


def _add_filters(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reason", help="those with this reason only")
    command.add_argument("--origin", metavar="TOPIC", help="those of this topic only")


def _add_choice(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "names", nargs="*", metavar="NAME", help="as listed; none: all open ones the filters let through"
    )
    _add_filters(command)
    command.add_argument("--dry-run", action="store_true", help="only say what would be done")
    command.add_argument("--by", default="operator", type=_code, metavar="SUBJECT", help="who does it, an opaque name")


def _code(said: str) -> str:
    # the topic is for ever and read by everybody: no free text
    if not _CODE.fullmatch(said) or len(said) > 64:
        raise argparse.ArgumentTypeError("small letters, digits and hyphens, at most 64")
    return said


if __name__ == "__main__":
    sys.exit(main())
