"""``python -m services.ocr [worker | digitise FILE… --out DIR]``."""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from shared.media import taken_names


def main() -> int:
    """Run one command and return its exit code."""
    arguments = _arguments()
    # what a command does not need is not imported: Faust and FastAPI take longer than a page
    if arguments.command == "digitise":
        from services.ocr.command import digitise_files  # noqa: PLC0415

        return digitise_files(arguments.files, arguments.out, jobs=arguments.jobs, explain_pages=arguments.explain)
    from services.ocr.app import run_worker  # noqa: PLC0415

    return run_worker()


class _Parser(argparse.ArgumentParser):
    """A parser whose usage errors end with 1, because 2 says that files were refused."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(1, f"{self.prog}: {message}\n")


def _arguments() -> argparse.Namespace:
    parser = _Parser(prog="python -m services.ocr")
    parser.set_defaults(command="worker")
    commands = parser.add_subparsers(metavar="COMMAND")
    commands.add_parser("worker", help="serve a lane of the log (the default)").set_defaults(command="worker")
    digitise = commands.add_parser("digitise", help="digitise files into searchable PDFs, without a broker")
    digitise.set_defaults(command="digitise")
    digitise.add_argument("files", nargs="+", type=Path, metavar="FILE", help=taken_names("or"))
    digitise.add_argument("--out", required=True, type=Path, metavar="DIR", help="for NAME.pdf, NAME.txt, NAME.json")
    digitise.add_argument("--explain", action="store_true", help="say why each page went the way it did")
    digitise.add_argument("--jobs", type=int, metavar="N", help="pages at once; as many as cores if not given")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
