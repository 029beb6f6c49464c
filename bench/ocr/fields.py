"""Reads letters from scanned pictures and says how many fields came out exactly, and what a confidence is worth.

python -m bench.ocr.fields [COUNT] [--first SEED]   made letters and forms, scanned
python -m bench.ocr.fields [COUNT] --layer          the same from their text layers
python -m bench.ocr.fields --real                   the real letters, where they are at hand
"""

import argparse
import random
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bench.ocr.letters import LETTERS, LIMITS
from bench.ocr.made.form import draw_form, printed_form
from bench.ocr.made.layer import layered
from bench.ocr.made.letter import draw
from bench.ocr.made.printed import RecordingDocument, printed
from bench.ocr.papers.conditions import CONDITIONS, PRINT_DPI, Scanned
from bench.ocr.real_fields import Paper, papers
from deploy.demo.printing.fonts import DEJAVU_SERIF, FREE_SERIF, NOTO_SERIF
from services.ocr.extract import extract
from services.ocr.fields import Field, Fields, Value
from services.ocr.layout import Page, page_of
from services.ocr.page_engine import PageEngine
from services.ocr.pages import Picture
from services.ocr.pdfium import PdfPages
from services.ocr.pipeline import open_pages, page_engine
from services.ocr.pixels import as_pixels
from services.ocr.settings import OcrSettings

TYPEFACES = tuple(face for face in (FREE_SERIF, NOTO_SERIF, DEJAVU_SERIF) if not face.missing())
FORMS_EVERY = 6  # one paper in so many is a citizen's
BANDS = (0.97, 0.9, 0.8, 0.6, 0.3, 0.0)
SURE = 0.9
NOT_DRAWN = frozenset({"page_count", "arrival_number", "arrival_date"})

Truth = Mapping[str, Value | None]


@dataclass(frozen=True)
class Outcome:
    """A field, whether it is exact, and the confidence of a value that was given."""

    name: str
    exact: bool
    given: float | None


def made(seed: int, *, dpi: int = PRINT_DPI) -> tuple[Truth, RecordingDocument]:
    """Draw and print the paper of a seed."""
    typeface = TYPEFACES[seed % len(TYPEFACES)]
    if seed % FORMS_EVERY == FORMS_EVERY - 1:
        form = draw_form(seed // FORMS_EVERY)
        return form.truth(), printed_form(form, dpi=dpi, typeface=typeface)
    letter = draw(seed)
    return letter.truth(), printed(letter, seed, dpi=dpi, typeface=typeface)


def scans(document: RecordingDocument, seed: int) -> Iterator[Scanned]:
    """Yield the sheets of a paper as they arrive; every kind comes up in every condition."""
    ways = tuple(CONDITIONS.values())
    scan = ways[(seed + seed // len(ways)) % len(ways)]
    lot = random.Random(seed)  # noqa: S311  # a lot, not a secret
    return (scan(sheet.image, lot) for sheet in document.sheets)


def read(picture: Image.Image, number: int, engine: PageEngine, *, dpi: float) -> Page:
    """Recognise one page as the service does."""
    with tempfile.TemporaryDirectory() as folder:
        found, read_at = engine.recognise(Picture(as_pixels(picture), dpi), Path(folder))
    return page_of(number, found.layout, read_at)


def outcomes(truth: Truth, found: Fields, names: Iterable[str]) -> Iterator[Outcome]:
    """Yield what became of each field of these names."""
    for name in sorted(names):
        one = found.get(name)
        yield Outcome(name, is_exact(one, truth.get(name), asked=name in truth), _given(one))


def is_exact(found: Field | None, value: Value | None, *, asked: bool) -> bool:
    """Say whether a field is right: what a pen wrote must be left empty, with its place and without confidence."""
    if value is None and asked:
        return found is not None and (found.value, found.confidence) == (None, 0) and found.box is not None
    return value == (found.value if found else None)


def _given(found: Field | None) -> float | None:
    return found.confidence if found and found.value is not None else None


def measure_made(seeds: Iterable[int], *, layer: bool) -> Iterator[Outcome]:
    """Read made papers from their scans or from their text layers."""
    engine = page_engine(OcrSettings())
    for seed in seeds:
        truth, document = made(seed)
        pages = _layer(document) if layer else _recognised(scans(document, seed), engine)
        found = extract(pages)
        yield from outcomes(truth, found, {*found, *truth} - NOT_DRAWN)


def _recognised(sheets: Iterable[Scanned], engine: PageEngine) -> list[Page]:
    return [read(sheet.image, number, engine, dpi=sheet.dpi) for number, sheet in enumerate(sheets, 1)]


def _layer(document: RecordingDocument) -> list[Page]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letter.pdf"
        path.write_bytes(layered(document.pages()))
        source = PdfPages(path, LIMITS)
        return [source.text(number) for number in range(1, source.count + 1)]


def measure_real() -> Iterator[Outcome]:
    """Read the real letters; only what a clerk recorded of them is asked."""
    engine = page_engine(OcrSettings())
    for paper in papers(LETTERS):
        found = extract(pages_of(paper, engine))
        wrong = [one for one in outcomes(paper.truth, found, paper.truth) if not one.exact]
        print(f"{paper.name}: {len(paper.truth) - len(wrong)} of {len(paper.truth)}", *(one.name for one in wrong))
        yield from outcomes(paper.truth, found, paper.truth)


def pages_of(paper: Paper, engine: PageEngine) -> Sequence[Page]:
    """Return the pages of a real letter, recognised or from its text layer, numbered through its files."""
    pages: list[Page] = []
    for path in paper.paths:
        source = open_pages(path, LIMITS)
        for number in range(1, source.count + 1):
            if paper.layer and isinstance(source, PdfPages):
                pages.append(source.text(number))
            else:
                picture = source.picture(number)
                pages.append(read(picture.image, len(pages) + 1, engine, dpi=picture.dpi))
    return pages


def report(results: Sequence[Outcome]) -> Iterator[str]:
    """Yield the lines of the report: exactness by field, then how often each band of confidence was right."""
    yield f"exact: {_share([one.exact for one in results])} of fields"
    for name in sorted({one.name for one in results if not one.exact}):
        yield f"  {name}: {_share([one.exact for one in results if one.name == name])}"
    values = [(one.given, one.exact) for one in results if one.given is not None]
    above = 1.01
    for least in BANDS:
        band = [exact for given, exact in values if least <= given < above]
        yield f"confidence from {least}: {_share(band)} right"
        above = least
    sure = [exact for given, exact in values if given >= SURE]
    yield f"of the values at {SURE} and more: {_share(sure)} right; {_share([g >= SURE for g, _ in values])} get there"


def _share(flags: Sequence[bool]) -> str:
    return f"{sum(flags)} of {len(flags)} ({sum(flags) / len(flags):.1%})" if flags else "0 of 0"


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=24)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--layer", action="store_true")
    parser.add_argument("--real", action="store_true")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.count)
    results = measure_real() if asked.real else measure_made(seeds, layer=asked.layer)
    print("\n".join(report(list(results))))


if __name__ == "__main__":
    main()
