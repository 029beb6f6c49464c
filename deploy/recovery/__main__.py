"""``python -m deploy.recovery backup | verify | restore``: on the system of the settings, or on its ``--data``."""

import argparse
import sys
import time
from pathlib import Path

from deploy.local.programs import ProgramMissing
from deploy.recovery import manifest
from deploy.recovery.backup import back_up
from deploy.recovery.dumps import RecoveryFailed
from deploy.recovery.place import place
from deploy.recovery.restore import bring_key, restore
from deploy.recovery.verify import verify
from shared.errors import HosoError
from shared.settings import BadSettings

OK, FAILED, BAD_SETTINGS = 0, 1, 2
_MEGA = 1e6


def main() -> int:
    """Run one command and return the exit code: 0 done and whole, 1 not, 2 a setting is wrong."""
    arguments = _arguments()
    try:
        {"backup": _backup, "verify": _verify, "restore": _restore}[arguments.command](arguments)
    except BadSettings as error:
        print(*error.lines, sep="\n", file=sys.stderr)
        return BAD_SETTINGS
    except (RecoveryFailed, ProgramMissing, HosoError, OSError) as error:
        print(f"{arguments.command}: {error}", file=sys.stderr)
        return FAILED
    return OK


def _backup(arguments: argparse.Namespace) -> None:
    folder = back_up(place(arguments.data), arguments.folder)
    told = manifest.load(folder)
    print(f"{folder}: made in {told.seconds} s")
    for name, database in told.databases.items():
        print(f"  {name}: {sum(database.rows.values())} rows, {database.size_bytes / _MEGA:.2f} MB")
    kept = told.objects
    print(f"  {kept.objects} objects, {kept.object_bytes / _MEGA:.2f} MB; {kept.copied} copied")
    _tell_verified(folder)


def _verify(arguments: argparse.Namespace) -> None:
    _tell_verified(_chosen(arguments))


def _tell_verified(folder: Path) -> None:
    started = time.monotonic()
    seen = verify(folder)
    took = time.monotonic() - started
    print(f"{folder}: verified in {took:.1f} s: {seen.rows} rows, {seen.objects} objects of the ledger are there,")
    print(f"  {seen.originals} originals of {seen.original_bytes / _MEGA:.2f} MB have the SHA-256 of the ledger")


def _restore(arguments: argparse.Namespace) -> None:
    folder, started = _chosen(arguments), time.monotonic()
    bring_key(folder, arguments.data)
    copied = restore(folder, place(arguments.data))
    print(f"{folder}: restored in {time.monotonic() - started:.1f} s, {copied.copied} objects copied")
    print("start the services now: the log is announced anew, and the registry follows it")


def _chosen(arguments: argparse.Namespace) -> Path:
    """Return the back-up asked for, or the newest."""
    found = sorted(path.parent for path in arguments.folder.glob(f"*Z/{manifest.FILE}"))
    wanted = [path for path in found if arguments.name in {None, path.name}]
    if not wanted:
        raise RecoveryFailed(f"there is no back-up {arguments.name or ''} in {arguments.folder}")
    return Path(wanted[-1])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.recovery", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, told in (
        ("backup", "add a back-up to a folder while the system runs, and verify it"),
        ("verify", "hold a back-up against its manifest and its ledger"),
        ("restore", "make a system of a back-up: databases empty, services stopped, a new log"),
    ):
        command = commands.add_parser(name, help=told)
        command.add_argument("folder", type=Path, help="where back-ups lie")
        command.add_argument("--data", type=Path, default=Path("var/hoso"), help="of an embedded system")
        if name != "backup":
            command.add_argument("--name", help="one of them; the newest if not given")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
