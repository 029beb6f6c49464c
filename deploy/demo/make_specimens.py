"""Makes the project's own specimens: scans of official documents with invented content.

    python -m deploy.demo.make_specimens [FOLDER]

The same machine makes the same bytes each time; other versions of the fonts or of Pillow draw
other pixels of the same text.
"""

import dataclasses
import json
import pathlib
import sys
from collections.abc import Callable

import pikepdf
import PIL
from PIL import Image

from deploy.demo.printing import citizen_papers, fonts, office_papers, scanner
from deploy.demo.printing.decision import decision
from deploy.demo.printing.document import Document
from deploy.demo.printing.minutes import minutes
from deploy.demo.printing.scanner import Scan

FOLDER = pathlib.Path(__file__).with_name("specimens")
MADE_WITH = "made-with.json"
COLOUR_DPI = 200
BITONAL_DPI = 300

Encode = Callable[[list[Image.Image]], bytes]


@dataclasses.dataclass(frozen=True)
class Specimen:
    """One file: what is printed, how it was scanned, how it is stored."""

    name: str
    printed: Callable[[int], Document]
    scans: tuple[Scan, ...]
    encode: Encode
    dpi: int = COLOUR_DPI


def as_pdf(pages: list[Image.Image]) -> bytes:
    """Store pages as a PDF of colour JPEGs."""
    return scanner.pdf(pages, dpi=COLOUR_DPI)


def as_tiff(pages: list[Image.Image]) -> bytes:
    """Store pages as one bitonal TIFF."""
    return scanner.tiff(pages, dpi=BITONAL_DPI)


def as_jpeg(pages: list[Image.Image]) -> bytes:
    """Store the only page as a colour JPEG."""
    return scanner.jpeg(pages[0], dpi=COLOUR_DPI)


def as_png(pages: list[Image.Image]) -> bytes:
    """Store the only page as a colour PNG."""
    return scanner.png(pages[0], dpi=COLOUR_DPI)


SPECIMENS = (
    Specimen(
        "quyet-dinh-457.pdf",
        decision,
        (Scan(), Scan(skew_degrees=-0.8), Scan()),
        as_pdf,
    ),
    Specimen("cong-van-1290.jpg", office_papers.official_letter, (Scan(skew_degrees=1.2),), as_jpeg),
    Specimen(
        "thong-bao-88.jpg",
        office_papers.notice,
        (Scan(skew_degrees=2, grain=22, shade=70, seed=88),),
        as_jpeg,
    ),
    Specimen("giay-xac-nhan-215.png", office_papers.confirmation, (Scan(),), as_png),
    Specimen(
        "bien-ban-07.tif",
        minutes,
        (Scan(), Scan(skew_degrees=0.8)),
        as_tiff,
        BITONAL_DPI,
    ),
    Specimen("to-khai.jpg", citizen_papers.declaration, (Scan(skew_degrees=-0.9, shade=56),), as_jpeg),
    Specimen("giay-uy-quyen.jpg", citizen_papers.authorisation, (Scan(grain=12, seed=312),), as_jpeg),
)


def make(specimen: Specimen, folder: pathlib.Path) -> None:
    """Write one specimen and, beside it, the text that stands on it."""
    document = specimen.printed(specimen.dpi)
    pages = [scanner.scanned(sheet.image, scan) for sheet, scan in zip(document.sheets, specimen.scans, strict=True)]
    path = folder / specimen.name
    path.write_bytes(specimen.encode(pages))
    path.with_suffix(".gt.txt").write_text(document.truth(), encoding="utf-8")


def made_with() -> dict[str, str]:
    """Name what the bytes depend on besides this code."""
    return {
        "fonts_sha256": fonts.fingerprint(),
        "pikepdf": pikepdf.__version__,
        "pillow": PIL.__version__,
    }


def main(folder: pathlib.Path) -> None:
    """Write all specimens into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for specimen in SPECIMENS:
        make(specimen, folder)
    (folder / MADE_WITH).write_text(json.dumps(made_with(), indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
