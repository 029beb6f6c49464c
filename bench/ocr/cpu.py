"""Processor time of hoso's whole chain against the bare engine's on the same pictures: ``python -m bench.ocr.cpu``.

Over the real letters, or made office pages where the letters are absent. The goal is 1.15 times.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from bench.ocr.contestants import Bare, Hoso
from bench.ocr.letters import LETTERS, LIMITS, cpu_seconds
from bench.ocr.pageset import PageSet, Paper, letters_set, made_set
from bench.ocr.papers.make import make
from bench.usage import used_by
from services.ocr.cleaning import cleaned, flaws
from services.ocr.engine import Segmentation
from services.ocr.pages import Picture
from services.ocr.pipeline import open_pages
from services.ocr.pixels import Pixels, as_pixels, calm_threads, grey_of, turned
from services.ocr.prepare import pixels_of
from services.ocr.straighten import skew_degrees
from services.ocr.tesseract import installed_models
from services.ocr.tesserocr_engine import TesserocrEngine

GOAL = 1.15


def main() -> None:
    """Print what each took and both ratios."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    calm_threads()
    with tempfile.TemporaryDirectory(prefix="hoso-bench-cpu-") as name:
        folder = Path(name)
        pages = _pages(folder)
        prepared = PageSet(pages.name, tuple(Paper(one.path, tuple(_prepared(one, folder))) for one in pages.papers))
        command = used_by(Bare(prepared, folder / "bare").run).cpu_seconds
        inside = _inside(prepared)
        ours = used_by(Hoso(pages, folder / "hoso").run).cpu_seconds
    print(f"{pages.name}, {pages.pages} pages: hoso's whole chain {ours:.1f} s of processor time")
    for what, theirs in (("tesseract's command", command), ("the engine in process", inside)):
        print(f"  {what} on the same prepared pictures: {theirs:.1f} s; {ours / theirs:.2f} times (goal {GOAL})")


def _pages(folder: Path) -> PageSet:
    drawn = folder / "drawn"
    drawn.mkdir()
    return letters_set(LETTERS, drawn) if LETTERS.is_dir() else made_set("office", make(folder / "made", documents=1))


def _prepared(paper: Paper, folder: Path) -> Iterator[Path]:
    """Write each page of a paper as hoso hands it to its engine at the first attempt, and yield where."""
    source = open_pages(paper.path, LIMITS)
    for number in range(1, source.count + 1):
        grey, dpi = prepared(source.picture(number, stamped=False))
        target = folder / f"{paper.path.stem}-{number}-prepared.png"
        Image.fromarray(grey).save(target, dpi=(dpi, dpi), compress_level=1)
        yield target


def prepared(picture: Picture) -> tuple[Pixels, float]:
    """Return a page straight, clean and grey, at the resolution at which it is recognised."""
    pixels, dpi = pixels_of(picture)
    grey = grey_of(pixels)
    grey = cleaned(grey, flaws(grey, dpi=dpi), dpi=dpi)
    skew = skew_degrees(grey)
    return (turned(grey, skew) if skew else grey), dpi


def _inside(pages: PageSet) -> float:
    """Return what the engine in this process takes, its model loaded once and the pictures decoded before."""
    engine = TesserocrEngine(languages="vie", models=installed_models())
    seconds = 0.0
    for path in (picture for paper in pages.papers for picture in paper.pictures):
        with Image.open(path) as image:
            pixels, dpi = pixels_of(Picture(as_pixels(image), float(image.info["dpi"][0])))
        begin = cpu_seconds()
        engine.read([pixels], dpi=dpi, segmentation=Segmentation.PAGE)
        seconds += cpu_seconds() - begin
    return seconds


if __name__ == "__main__":
    main()
