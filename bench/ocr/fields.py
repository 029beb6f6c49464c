"""Reads made letters from scanned pictures and says how many fields came out exactly, and how sure we were.

python -m bench.ocr.fields [COUNT]
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from bench.ocr.made.letter import Letter, draw
from bench.ocr.made.printed import DPI, printed
from deploy.demo.printing.scanner import Scan, scanned
from services.ocr.extract import extract
from services.ocr.layout import Page, page_of
from services.ocr.page_engine import PageEngine
from services.ocr.pages import Picture
from services.ocr.pipeline import page_engine
from services.ocr.settings import OcrSettings

CONDITIONS = (
    Scan(),
    Scan(skew_degrees=0.9, grain=8, seed=1),
    Scan(skew_degrees=-1.4, grain=22, shade=70, seed=2),
    Scan(grain=14, shade=40, seed=3),
)
BANDS = (0.97, 0.9, 0.7, 0.4, 0.0)
NOT_DRAWN = frozenset({"page_count", "arrival_number", "arrival_date"})

# the name of a field, whether its value is exact, and the confidence of a value that was given
Outcome = tuple[str, bool, float | None]


def read(picture: Image.Image, number: int, engine: PageEngine) -> Page:
    """Recognise one page as the service does."""
    with tempfile.TemporaryDirectory() as folder:
        found, dpi = engine.recognise(Picture(picture, DPI), Path(folder))
    return page_of(number, found.layout, dpi)


def outcomes(letter: Letter, pages: list[Page]) -> Iterator[Outcome]:
    """Yield what became of each field that stands in a letter or was read from it."""
    found, truth = extract(pages), letter.truth()
    for name in sorted(({*found, *truth}) - NOT_DRAWN):
        one = found.get(name)
        value = one.value if one else None
        given = one.confidence if one and value is not None else None
        yield name, value == truth.get(name), given


def measure(count: int) -> list[Outcome]:
    """Draw, print, scan and read letters."""
    engine = page_engine(OcrSettings())
    results: list[Outcome] = []
    for seed in range(count):
        letter = draw(seed)
        scans = [scanned(sheet.image, CONDITIONS[seed % len(CONDITIONS)]) for sheet in printed(letter, seed).sheets]
        results += outcomes(letter, [read(scan, number, engine) for number, scan in enumerate(scans, 1)])
    return results


def report(results: list[Outcome]) -> Iterator[str]:
    """Yield the lines of the report."""
    yield f"exact: {sum(exact for _, exact, _ in results)} of {len(results)} fields"
    for name in sorted({name for name, exact, _ in results if not exact}):
        of_field = [exact for other, exact, _ in results if other == name]
        yield f"  {name}: {sum(of_field)} of {len(of_field)}"
    above = 1.01
    for least in BANDS:
        band = [exact for _, exact, given in results if given is not None and least <= given < above]
        yield f"confidence from {least}: {sum(band)} of {len(band)} right"
        above = least


if __name__ == "__main__":
    print("\n".join(report(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 24))))
