"""Makes the pages and keeps them: ``python -m bench.ocr.papers.make FOLDER [DOCUMENTS [SEED]]``.

Each page is a JPEG that says its resolution, a PDF of that one JPEG, and its text, all named
``layout-document-page-condition``.
"""

import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from bench.ocr.papers.conditions import CONDITIONS, PRINT_DPI, Scanned
from bench.ocr.papers.layouts import LAYOUTS
from bench.ocr.papers.prose import Prose
from deploy.demo.printing.document import Document
from deploy.demo.printing.fonts import DEJAVU_SERIF, FREE_SERIF, NOTO_SERIF
from deploy.demo.printing.scanner import add_jpeg, jpeg
from deploy.demo.printing.typeset import Sheet

TYPEFACES = (FREE_SERIF, NOTO_SERIF, DEJAVU_SERIF)


@dataclass(frozen=True)
class MadePage:
    """One page in a folder, in one condition."""

    condition: str
    picture: Path
    truth: str

    @property
    def pdf(self) -> Path:
        """The PDF of this one page."""
        return self.picture.with_suffix(".pdf")


def sheets(
    documents: int, seed: int = 0, *, dpi: int = PRINT_DPI, layouts: Iterable[str] = LAYOUTS
) -> Iterator[tuple[str, Sheet]]:
    """Print papers, ``documents`` of each layout, and yield each sheet with a name."""
    for at, layout in enumerate(layouts):
        for number in range(documents):
            document = Document(dpi, typeface=TYPEFACES[(at + number) % len(TYPEFACES)])
            LAYOUTS[layout](document, Prose(f"{seed} {layout} {number}"))
            for page, sheet in enumerate(document.sheets, 1):
                yield f"{layout}-{number + 1}-{page}", sheet


def make(
    folder: Path,
    *,
    documents: int,
    seed: int = 0,
    conditions: Iterable[str] = CONDITIONS,
    layouts: Iterable[str] = LAYOUTS,
) -> list[MadePage]:
    """Make pages in these conditions; the same arguments make the same bytes on the same machine."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(conditions)
    pages = []
    for name, sheet in sheets(documents, seed, layouts=layouts):
        for condition in wanted:
            lot = random.Random(f"{seed} {name} {condition}")  # noqa: S311  # a lot, not a secret
            scan = CONDITIONS[condition](sheet.image, lot)
            pages.append(_kept(folder / f"{name}-{condition}.jpg", scan, condition, sheet.truth()))
    return pages


def _kept(path: Path, scan: Scanned, condition: str, truth: str) -> MadePage:
    page = MadePage(condition, path, truth)
    data = jpeg(scan.image, dpi=scan.dpi, quality=scan.quality)
    path.write_bytes(data)
    with pikepdf.new() as document:
        add_jpeg(document, data, size=scan.image.size, dpi=scan.dpi, grey=scan.image.mode == "L")
        document.save(page.pdf, deterministic_id=True)
    path.with_suffix(".gt.txt").write_text(truth + "\n", encoding="utf-8")
    return page


if __name__ == "__main__":
    made = make(
        Path(sys.argv[1]), documents=int(sys.argv[2]) if len(sys.argv) > 2 else 1, seed=int((sys.argv[3:] or ["0"])[0])
    )
    print(f"{len(made)} pages in {sys.argv[1]}")
