"""Counts the marks of secrecy that are found on made letters, and the letters wrongly taken for secret.

python -m bench.ocr.secrecy [COUNT]
"""

import itertools
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bench.ocr.fields import read
from bench.ocr.made.letter import draw
from bench.ocr.made.printed import RED, RecordingDocument, printed
from bench.ocr.papers.conditions import CONDITIONS, PRINT_DPI
from deploy.demo.printing.fonts import TONER, Ink, load
from deploy.demo.printing.typeset import MM_PER_INCH, PT_PER_INCH
from services.ocr.extract_letterhead import find_letterhead
from services.ocr.extract_marks import secrecy_mark
from services.ocr.pipeline import page_engine
from services.ocr.settings import OcrSettings

TEXTS = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
SIZE_PT, ROOM_PX = 14, 36
LEFT_MM, LINE_PX = 32, 5


@dataclass(frozen=True)
class Mark:
    """A stamp: what it says, in which ink, in a frame or not, how far from level."""

    text: str
    ink: Ink
    framed: bool
    degrees: float

    def __str__(self) -> str:
        ink = "red" if self.ink == RED else "black"
        return f"{self.text}, {ink}{', framed' if self.framed else ''}, {self.degrees:+g} degrees"


MARKS = tuple(itertools.starmap(Mark, itertools.product(TEXTS, (RED, TONER), (True, False), (0, 2, -4, 6))))


def stamped(document: RecordingDocument, mark: Mark) -> Image.Image:
    """Return the first sheet with a mark under what stands on the left of its head."""
    head = find_letterhead(document.pages()[0])
    assert head is not None
    tile, sheet = _tile(mark), document.sheets[0].image.copy()
    corner = (round(LEFT_MM / MM_PER_INCH * PRINT_DPI), round(head.left[-1].box.bottom) - ROOM_PX // 3)
    sheet.paste(mark.ink, (*corner, corner[0] + tile.width, corner[1] + tile.height), tile)
    return sheet


def _tile(mark: Mark) -> Image.Image:
    font = load("bold", SIZE_PT / PT_PER_INCH * PRINT_DPI)
    width, height = int(font.getlength(mark.text)), 2 * SIZE_PT / PT_PER_INCH * PRINT_DPI
    tile = Image.new("L", (width + 2 * ROOM_PX, round(height) + 2 * ROOM_PX), 0)
    pen = ImageDraw.Draw(tile)
    pen.text((ROOM_PX, ROOM_PX + 0.65 * height), mark.text, 255, font=font, anchor="ls")
    if mark.framed:
        pen.rectangle(
            (4, ROOM_PX - 4, width + 2 * ROOM_PX - 5, ROOM_PX + round(0.93 * height)), outline=255, width=LINE_PX
        )
    return tile.rotate(mark.degrees, Image.Resampling.BICUBIC, expand=True)


def measure(count: int) -> Iterator[str]:
    """Yield what was missed and what was found where nothing is, and the sums."""
    engine, ways, missed, wrong = page_engine(OcrSettings()), tuple(CONDITIONS.items()), 0, 0
    for seed in range(count):
        mark, (name, scan) = MARKS[seed % len(MARKS)], ways[seed // 3 % len(ways)]
        document = printed(draw(seed), seed, dpi=PRINT_DPI)
        for sheet, wanted in ((stamped(document, mark), mark.text), (document.sheets[0].image, None)):
            page = scan(sheet, random.Random(seed))  # noqa: S311  # a lot, not a secret
            found = secrecy_mark(read(page.image, 1, engine, dpi=page.dpi))
            if (found.value if found else None) != wanted:
                missed, wrong = missed + bool(wanted), wrong + (wanted is None)
                yield f"letter {seed}, {name}, {mark if wanted else 'no mark'}: {found.value if found else 'nothing'}"
    yield f"marks: {count - missed} of {count} found; letters without: {wrong} of {count} taken for secret"


if __name__ == "__main__":
    for said in measure(int(sys.argv[1]) if len(sys.argv) > 1 else len(MARKS)):
        print(said, flush=True)
