"""Sets of papers to read: made pages in one condition, and the real letters."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageSequence

from bench.ocr.letters import BORN_DIGITAL, Page, letters
from bench.ocr.papers.make import MadePage
from deploy.local.programs import installed

BARE_DPI = 300  # what tesseract's own manual asks for


@dataclass(frozen=True)
class Truth:
    """What a person reads on some pages of a paper."""

    numbers: tuple[int, ...]
    text: str


@dataclass(frozen=True)
class Paper:
    """One file as it came, its pages as pictures for the bare engine, and what is known to stand on it."""

    path: Path
    pictures: tuple[Path, ...]
    truths: tuple[Truth, ...] = ()


@dataclass(frozen=True)
class PageSet:
    """Papers that are read and counted together."""

    name: str
    papers: tuple[Paper, ...]

    @property
    def pages(self) -> int:
        """How many pages they have."""
        return sum(len(paper.pictures) for paper in self.papers)

    @property
    def size_bytes(self) -> int:
        """How large the files are as they came."""
        return sum(paper.path.stat().st_size for paper in self.papers)

    def part(self, step: int) -> "PageSet":
        """Return every nth paper of the set, beginning with the first."""
        return PageSet(self.name, self.papers[::step])


def made_set(condition: str, pages: Sequence[MadePage]) -> PageSet:
    """Return the made pages of a condition, each a JPEG."""
    chosen = [page for page in pages if page.condition == condition]
    return PageSet(
        condition, tuple(Paper(page.picture, (page.picture,), (Truth((1,), page.truth),)) for page in chosen)
    )


def letters_set(folder: Path, work: Path) -> PageSet:
    """Return the real letters that are to be recognised: scans, not what was born digital.

    Pages of PDFs and TIFFs are drawn into ``work`` for the bare engine.
    """
    truths: dict[Path, list[Page]] = {}
    for page in letters(folder):
        truths.setdefault(page.path, []).append(page)
    files = sorted(path for path in folder.iterdir() if path.suffix in (".pdf", ".jpg", ".tif"))
    scans = [path for path in files if path.stem not in BORN_DIGITAL]
    return PageSet("letters", tuple(_letter(path, truths.get(path, []), work) for path in scans))


def _letter(path: Path, truths: Sequence[Page], work: Path) -> Paper:
    draw = {".pdf": _drawn, ".tif": _frames}.get(path.suffix, lambda path, _: [path])
    return Paper(path, tuple(draw(path, work)), tuple(Truth(page.numbers, page.truth) for page in truths))


def _drawn(path: Path, work: Path) -> list[Path]:
    """Draw the pages of a PDF with poppler, a program that neither hoso nor OCRmyPDF uses."""
    command = [installed("pdftoppm"), "-r", str(BARE_DPI), "-png", str(path), str(work / path.stem)]
    subprocess.run(command, check=True, capture_output=True)
    return sorted(work.glob(f"{path.stem}-*.png"))


def _frames(path: Path, work: Path) -> list[Path]:
    pictures = []
    with Image.open(path) as image:
        for number, frame in enumerate(ImageSequence.Iterator(image), 1):
            pictures.append(work / f"{path.stem}-{number}.png")
            frame.save(pictures[-1], dpi=image.info.get("dpi"))
    return pictures
