"""The programs that are compared: hoso, bare tesseract, OCRmyPDF; each reads a set of papers and leaves its text."""

import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pikepdf
from PIL import Image

from bench.ocr.pageset import PageSet, Paper
from deploy.local.programs import OCRMYPDF, built, installed

JOBS = 2
# one thread an engine for all: two threads on a busy core wait for each other, ten times as long
ENVIRONMENT = {**os.environ, "OMP_THREAD_LIMIT": "1"}
A4_LONG_SIDE_INCHES = 11.69
LEAST_TRUE_DPI = 100  # screens and cameras write 72 or 96 whatever the picture is
_OCRMYPDF = ("--deskew", "--rotate-pages", "--jobs", str(JOBS), "-l", "vie", "--force-ocr", "--output-type", "pdfa")
_TIMEOUT_SECONDS = 7200


@dataclass(frozen=True)
class Results:
    """What a program read, the pages of a paper in turn, and the documents it made."""

    texts: dict[Path, list[str]]
    documents: tuple[Path, ...] = ()


class Contestant(ABC):
    """One program on one set of papers, in a folder of its own; making it ready is no part of its work."""

    name: ClassVar[str]

    def __init__(self, papers: PageSet, folder: Path) -> None:
        self.papers, self.folder = papers.papers, folder
        folder.mkdir()

    @staticmethod
    @abstractmethod
    def version() -> str:
        """Return which version it is."""

    @abstractmethod
    def run(self) -> None:
        """Read everything: what is measured. A program that gives up on a file leaves no text of it."""

    @abstractmethod
    def results(self) -> Results:
        """Return what it read and made."""


class Hoso(Contestant):
    """All files in one command, as they came."""

    name = "hoso"

    @staticmethod
    def version() -> str:
        """Return which version it is."""
        return "of this tree"

    def run(self) -> None:
        """Run ``digitise``."""
        files = [str(paper.path) for paper in self.papers]
        command = [sys.executable, "-m", "services.ocr", "digitise", *files, "--out", str(self.folder)]
        _run([*command, "--jobs", str(JOBS)])

    def results(self) -> Results:
        """Return NAME.txt and NAME.pdf."""
        texts = {paper.path: _pages(self.folder / f"{paper.path.stem}.txt") for paper in self.papers}
        return Results(texts, tuple(sorted(self.folder.glob("*.pdf"))))


class Bare(Contestant):
    """The engine's own command on each page's picture, as many at once as the others work on."""

    name = "tesseract"

    @staticmethod
    def version() -> str:
        """Return which version it is."""
        return _first_line([installed("tesseract"), "--version"]).split()[1]

    def run(self) -> None:
        """Run tesseract once a page."""
        with ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(self._read, (picture for paper in self.papers for picture in paper.pictures)))

    def _read(self, picture: Path) -> None:
        _run([installed("tesseract"), str(picture), str(self.folder / picture.stem), "-l", "vie", "txt", "hocr"])

    def results(self) -> Results:
        """Return the texts."""
        return Results(
            {
                paper.path: [_text(self.folder / f"{picture.stem}.txt") for picture in paper.pictures]
                for paper in self.papers
            }
        )


class OcrMyPdf(Contestant):
    """A command a PDF; all pictures are one PDF, so that both its jobs have work."""

    name = "OCRmyPDF"

    @staticmethod
    def version() -> str:
        """Return which version it is."""
        return _first_line([str(built(OCRMYPDF.path)), "--version"])

    def __init__(self, papers: PageSet, folder: Path) -> None:
        super().__init__(papers, folder)
        self._pictures = [paper for paper in self.papers if paper.path.suffix != ".pdf"]
        self._pdfs = [paper for paper in self.papers if paper.path.suffix == ".pdf"]
        self._joined = _joined(self._pictures, folder / "pictures.pdf") if self._pictures else None

    def run(self) -> None:
        """Run ocrmypdf."""
        for source in (*(paper.path for paper in self._pdfs), *([self._joined] if self._joined else [])):
            text, target = self.folder / f"{source.stem}.txt", self.folder / f"{source.stem}-read.pdf"
            # signed files are read only when told that the signature will be void
            options = [*_OCRMYPDF, "--invalidate-digital-signatures", "--quiet", "--sidecar", str(text)]
            _run([str(built(OCRMYPDF.path)), *options, str(source), str(target)])

    def results(self) -> Results:
        """Return the side-cars, that of the pictures taken apart again."""
        texts = {paper.path: _pages(self.folder / f"{paper.path.stem}.txt") for paper in self._pdfs}
        pages = iter(_pages(self.folder / "pictures.txt"))
        for paper in self._pictures:
            texts[paper.path] = [next(pages, "") for _ in paper.pictures]
        return Results(texts, tuple(sorted(self.folder.glob("*-read.pdf"))))


CONTESTANTS: tuple[type[Contestant], ...] = (Hoso, Bare, OcrMyPdf)


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=_TIMEOUT_SECONDS
    )
    if done.returncode:
        print(f"{Path(command[0]).name} ended with {done.returncode}\n{done.stderr[-2000:]}", file=sys.stderr)


def _first_line(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return (done.stdout or done.stderr).splitlines()[0]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _pages(path: Path) -> list[str]:
    return _text(path).split("\f")


def _joined(papers: Sequence[Paper], target: Path) -> Path:
    """Write one PDF of pictures, each byte for byte and at its true size."""
    with pikepdf.new() as document:
        for paper in papers:
            one = target.with_name(f"{paper.path.stem}-one.pdf")
            _run([str(built(OCRMYPDF.folder / "bin" / "img2pdf")), *_size(paper.path), str(paper.path), "-o", str(one)])
            with pikepdf.open(one) as source:
                document.pages.extend(source.pages)
            one.unlink()
        document.save(target)
    return target


def _size(picture: Path) -> list[str]:
    """Tell img2pdf the resolution where the file does not, taking the page for A4."""
    with Image.open(picture) as image:
        if image.info.get("dpi", (0, 0))[0] >= LEAST_TRUE_DPI:
            return []
        return ["--imgsize", f"{round(max(image.size) / A4_LONG_SIDE_INCHES)}dpi"]
