"""``python -m bench.ocr``: hoso, bare tesseract and OCRmyPDF on the same pages, one table a set.

--quick reads a part and writes nothing down; --only reads one condition, or ``letters``, alone.
"""

import argparse
import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.ocr.contestants import CONTESTANTS, Contestant, Results
from bench.ocr.letters import LETTERS
from bench.ocr.pageset import PageSet, letters_set, made_set
from bench.ocr.papers.conditions import CONDITIONS
from bench.ocr.papers.make import make
from bench.ocr.score import NOTHING, Score, score
from bench.ocr.table import Row, Table, keep, machine
from bench.usage import used_by
from deploy.local.verapdf import invalid

DOCUMENTS, SEED = 2, 4
QUICK_STEP = 5
REAL = "letters"


def main() -> None:
    """Compare, print, and keep the report of a whole run."""
    arguments = _arguments()
    with _folder(arguments.keep) as folder:
        report = [_heading(), *_tables(arguments, folder)]
    if not arguments.quick and not arguments.only:
        keep("\n\n".join(report))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ocr", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="every fifth page; nothing is written down")
    parser.add_argument("--only", choices=(*CONDITIONS, REAL), action="append", help="this set alone")
    parser.add_argument("--program", choices=[one.name for one in CONTESTANTS], action="append", help="this one alone")
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="made papers of each layout")
    parser.add_argument("--seed", type=int, default=SEED, help="of the made papers")
    parser.add_argument("--keep", type=Path, help="leave pages and readings in this new folder")
    return parser.parse_args()


@contextlib.contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="hoso-bench-ocr-") as folder:
        yield Path(folder)


def _heading() -> str:
    versions = ", ".join(f"{one.name} {one.version()}" for one in CONTESTANTS)
    heading = f"{machine()}; {versions}. Two pages at once, one thread an engine."
    print(heading)
    return heading


def _tables(arguments: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Yield the table of each set, and print it as soon as it is known."""
    programs = [one for one in CONTESTANTS if not arguments.program or one.name in arguments.program]
    for pages in _sets(arguments, folder):
        chosen = pages.part(QUICK_STEP) if arguments.quick else pages
        table = _table(chosen, programs, folder / f"read-{pages.name}").markdown()
        print(f"\n{table}", flush=True)
        yield table


def _sets(arguments: argparse.Namespace, folder: Path) -> Iterator[PageSet]:
    wanted = arguments.only or (*CONDITIONS, REAL)
    conditions = [name for name in wanted if name != REAL]
    made = make(folder / "made", documents=arguments.documents, seed=arguments.seed, conditions=conditions)
    for condition in conditions:
        yield made_set(condition, made)
    if REAL in wanted and LETTERS.is_dir():
        drawn = folder / "drawn"
        drawn.mkdir()
        yield letters_set(LETTERS, drawn)


def _table(pages: PageSet, programs: Sequence[type[Contestant]], folder: Path) -> Table:
    folder.mkdir()
    about = f"{pages.pages} pages in {len(pages.papers)} files, {pages.size_bytes / 1e6:.1f} MB"
    return Table(pages.name, about, [_row(one, pages, folder / one.name) for one in programs])


def _row(program: type[Contestant], pages: PageSet, folder: Path) -> Row:
    contestant = program(pages, folder)
    usage = used_by(contestant.run)
    results = contestant.results()
    return Row(
        program.name,
        errors=errors(pages, results),
        usage=usage,
        pages=pages.pages,
        documents=len(results.documents),
        output_bytes=sum(document.stat().st_size for document in results.documents),
        invalid=len(invalid(results.documents)),
    )


def errors(pages: PageSet, results: Results) -> Score:
    """Count the errors on all pages of which the truth is known."""
    total = NOTHING
    for paper in pages.papers:
        read = results.texts[paper.path]
        for truth in paper.truths:
            total += score(truth.text, "\n".join(read[number - 1] for number in truth.numbers if number <= len(read)))
    return total


if __name__ == "__main__":
    main()
