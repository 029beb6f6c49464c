"""What composing costs and how well its text is found: ``python -m bench.ocr.compose FOLDER [FILE...]``.

Pages are read once and kept in the folder, so that composing alone can be measured again; the
documents stay there too. Without files: the real letters.
"""

import math
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from xml.etree import ElementTree as ET

from bench.ocr.letters import LETTERS
from deploy.local.verapdf import invalid
from services.ocr.facts import Checkpoint, PageFacts
from services.ocr.hocr import Box, Layout, Word, parse
from services.ocr.limits import Limits
from services.ocr.pages import UnfitPaper
from services.ocr.pdfium import PdfPages
from services.ocr.pipeline import local_workshop
from services.ocr.settings import OcrSettings
from services.ocr.steps import Composed, Examined, layout_file
from services.ocr.workshop import LocalWorkshop

NEAR_MM = 2.0
MM_PER_POINT = 25.4 / 72
LIMITS = Limits(pages=1000, pixels=200_000_000)
_HEAD = f"{'file':40}{'pages':>6}{'CPU s/page':>11}{'size':>7} {'pdfa':5}{'qpdf':5}"
_MORE = f"{'words':>7}{'poppler':>9}{'pdfium':>8} notes"


@dataclass(frozen=True)
class Found:
    """Words that should be found in a document, and how many two readers find within 2 mm of their place."""

    words: int
    poppler: int
    pdfium: int


class Paper:
    """A paper, its pages read, in a folder of its own."""

    def __init__(self, original: Path, folder: Path, workshop: LocalWorkshop) -> None:
        self.original = original
        self._folder = folder / original.name
        self._workshop = workshop
        self._folder.mkdir(parents=True, exist_ok=True)
        self._examined = workshop.examine(original, self._folder)
        self._pages = [self._read(self._examined, n) for n in range(1, self._examined.count + 1)]

    def _read(self, examined: Examined, number: int) -> PageFacts:
        kept = self._folder / f"{number}.json"
        if not kept.exists():
            kept.write_text(self._workshop.read(examined, number, self._folder).model_dump_json())
        return Checkpoint.model_validate_json(kept.read_text()).page

    def composed(self) -> tuple[Composed, float]:
        """Return the document and the seconds of CPU it took."""
        begin = process_time()
        composed = self._workshop.compose(self._examined, self._pages, {}, self._folder)
        return composed, process_time() - begin

    @property
    def pages(self) -> Sequence[PageFacts]:
        """What is known of each page."""
        return self._pages

    def layout(self, number: int) -> Layout:
        """Return what was read on a page."""
        return parse(layout_file(self._folder, number).read_bytes())

    def found(self, document: Path) -> Found:
        """Count the words that are found where they stand."""
        wanted = [self._wanted(page, size) for page, size in zip(self._pages, page_sizes(document), strict=True)]
        pages = PdfPages(document, LIMITS)
        by_pdfium = [_in_points(pages, number) for number in range(1, pages.count + 1)]
        return Found(
            sum(map(len, wanted)),
            sum(map(_count_near, wanted, poppler_words(document))),
            sum(map(_count_near, wanted, by_pdfium)),
        )

    def _wanted(self, page: PageFacts, size: tuple[float, float]) -> list[Word]:
        layout = self.layout(page.number)
        return [] if not layout.lines else words_in_points(layout, page.skew_degrees, size)


def words_in_points(layout: Layout, skew_degrees: float, size: tuple[float, float]) -> list[Word]:
    """Return the words of a layout with their boxes in points on the composed page, which the skew made larger."""
    radians = math.radians(abs(skew_degrees))
    unit = size[0] / (layout.width * math.cos(radians) + layout.height * math.sin(radians))
    right, down = ((whole - unit * part) / 2 for whole, part in zip(size, (layout.width, layout.height), strict=True))
    return [Word(word.text, _scaled(word.box, unit).moved(right, down), 0) for word in layout.words]


def _scaled(box: Box, factor: float) -> Box:
    return Box(box.left * factor, box.top * factor, box.right * factor, box.bottom * factor)


def _in_points(pages: PdfPages, number: int) -> list[Word]:
    page = pages.layer(number).page
    return [Word(w.text, _scaled(w.box, 72 / page.dpi), 0) for line in page.lines for w in line.words]


def page_sizes(document: Path) -> list[tuple[float, float]]:
    """Return the width and height of each page as poppler sees it, in points."""
    return [(float(page.attrib["width"]), float(page.attrib["height"])) for page in _poppler_pages(document)]


def poppler_words(document: Path) -> list[list[Word]]:
    """Return the words poppler finds on each page, boxes in points."""
    return [[_poppler_word(word) for word in page] for page in _poppler_pages(document)]


def _poppler_word(word: ET.Element) -> Word:
    left, top, right, bottom = (float(word.attrib[key]) for key in ("xMin", "yMin", "xMax", "yMax"))
    return Word(word.text or "", Box(left, top, right, bottom), 0)


def _poppler_pages(document: Path) -> Iterator[ET.Element]:
    done = subprocess.run(["pdftotext", "-bbox", str(document), "-"], capture_output=True, text=True, check=True)
    root = ET.fromstring(re.sub(r"[\x00-\x08\x0b-\x1f]", "", done.stdout))  # noqa: S314  # poppler's own output
    return (element for element in root.iter() if element.tag.endswith("}page"))


def _count_near(wanted: Sequence[Word], found: Sequence[Word]) -> int:
    by_text: dict[str, list[Box]] = {}
    for word in found:
        by_text.setdefault(_bare(word.text), []).append(word.box)
    return sum(any(_near(word.box, box) for box in by_text.get(_bare(word.text), [])) for word in wanted)


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _near(one: Box, other: Box) -> bool:
    apart = math.hypot((one.left + one.right - other.left - other.right) / 2, one.middle - other.middle)
    return apart * MM_PER_POINT <= NEAR_MM


def _row(paper: Paper, composed: Composed, seconds: float) -> str:
    document = composed.document
    assert document is not None
    share = document.stat().st_size / paper.original.stat().st_size
    qpdf = subprocess.run(["qpdf", "--check", str(document)], capture_output=True, check=False).returncode
    found = paper.found(document)
    words = max(found.words, 1)
    told = f"{paper.original.name:40.40}{len(paper.pages):6}{seconds / len(paper.pages):11.3f}{share:7.2f}"
    checked = f" {composed.pdfa or '-':5}{'ok' if qpdf == 0 else 'bad':5}"
    return (
        f"{told}{checked}{found.words:7}{found.poppler / words:9.2%}{found.pdfium / words:8.2%} {composed.note or ''}"
    )


def main(folder: Path, originals: Sequence[Path]) -> None:
    """Print the table."""
    workshop = local_workshop(OcrSettings())
    documents: list[Path] = []
    print(_HEAD + _MORE)
    for original in originals:
        try:
            paper = Paper(original, folder, workshop)
        except UnfitPaper as error:
            print(f"{original.name:40.40} {error.reason}")
            continue
        composed, seconds = paper.composed()
        if composed.document is None:
            print(f"{original.name:40.40} {composed.note}")
            continue
        documents.append(composed.document)
        print(_row(paper, composed, seconds), flush=True)
    for document, rules in invalid(documents).items():
        print(f"veraPDF: {document.parent.name}: {rules}")


if __name__ == "__main__":
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    letters = sorted(path for path in LETTERS.iterdir() if path.suffix in (".pdf", ".jpg", ".tif"))
    main(kept, [Path(name) for name in sys.argv[2:]] or letters)
