"""Reads the real letters and counts the errors: ``python -m bench.ocr.letters [hoso|bare] [tesserocr|tesseract]``."""

import dataclasses
import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.ocr.score import Score, score
from services.ocr.engine import Engine, Segmentation
from services.ocr.language.syllables import legal_bigrams
from services.ocr.limits import Limits
from services.ocr.pipeline import open_pages
from services.ocr.pixels import Pixels, grey_of
from services.ocr.prepare import pixels_of
from services.ocr.reader import PageReader
from services.ocr.tesseract import Tesseract, installed_models
from services.ocr.tesserocr_engine import TesserocrEngine

LETTERS = Path(os.environ.get("HOSO_SCANS", Path(__file__).parents[2].parent / "shared" / "scans")) / "letters"
LIMITS = Limits(pages=100, pixels=100_000_000)
# copies of one page that somebody spoiled; they share its truth
SPOILED = {"cv1906_danang_4_1": ("cv1906_danang_4_1_noisy", "cv1906_danang_4_1_rotated")}
WHOLE_FILE_PAGES = 3
# their text layers are real: nothing is to be recognised on them
BORN_DIGITAL = frozenset({"qd86_botuphap_borndigital", "qd246_camau_borndigital_unsigned", "qd120_bgtvt_72p_forms"})


@dataclasses.dataclass(frozen=True)
class Page:
    """One page and what a person reads on it; for a file without page truths, on the whole file."""

    name: str
    path: Path
    numbers: tuple[int, ...]
    truth: str


def letters(folder: Path = LETTERS) -> Iterator[Page]:
    """Yield every page, or short file, that has a truth."""
    for truth in sorted(folder.glob("*.gt.txt")):
        name, _, page = truth.name.removesuffix(".gt.txt").partition(".p")
        for copy in (name, *SPOILED.get(name, ())):
            path = next(found for found in folder.glob(f"{copy}.*") if found.suffix in (".pdf", ".jpg"))
            whole_file = path.suffix == ".pdf" and not page
            numbers = tuple(range(1, WHOLE_FILE_PAGES + 1)) if whole_file else (int(page or 1),)
            yield Page(copy, path, numbers, truth.read_text(encoding="utf-8"))


def pictures(page: Page) -> list[tuple[Pixels, float]]:
    """Return the pixels and resolutions of the page."""
    source = open_pages(page.path, LIMITS)
    return [pixels_of(source.picture(number, stamped=False)) for number in page.numbers]


def cpu_seconds() -> float:
    """Return what this process and the programs it started have used."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure(read: Callable[[Pixels, float], str]) -> Iterator[tuple[Page, Score, float]]:
    """Yield each page with its errors and the seconds of processor time it took to read."""
    for page in letters():
        loaded = pictures(page)
        begin = cpu_seconds()
        reading = "\n".join(read(pixels, dpi) for pixels, dpi in loaded)
        yield page, score(page.truth, reading), cpu_seconds() - begin


def reader(how: str, engine: Engine) -> Callable[[Pixels, float], str]:
    """Return how to read a page: as hoso does, or with the engine alone on the same red channel."""
    if how == "bare":
        return lambda pixels, dpi: engine.read([grey_of(pixels)], dpi=dpi, segmentation=Segmentation.PAGE)[0].text
    ours = PageReader(engine, legal_bigrams())
    return lambda pixels, dpi: ours.read(pixels, dpi=dpi).text


def main(how: str = "hoso", engine_name: str = "tesserocr") -> None:
    """Print a line a page and one for all."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    tesseract = Tesseract(languages="vie", page_timeout_seconds=120)
    engine: Engine = (
        TesserocrEngine(languages="vie", models=installed_models()) if engine_name == "tesserocr" else tesseract
    )
    rows = list(measure(reader(how, engine)))
    print(f"{how}, {engine_name:24} {'line':>8} {'character':>10} {'word':>8} {'cpu s':>7}")
    for page, errors, seconds in rows:
        print(_row(page.name, errors, seconds))
    total = rows[0][1]
    for _, errors, _ in rows[1:]:
        total += errors
    print(_row("all", total, sum(seconds for _, _, seconds in rows)))


def _row(name: str, errors: Score, seconds: float) -> str:
    rates = (errors.line.rate, errors.character.rate, errors.word.rate)
    return f"{name[:36]:36} {rates[0]:8.2%} {rates[1]:10.2%} {rates[2]:8.2%} {seconds:7.2f}"


if __name__ == "__main__":
    main(*sys.argv[1:])
