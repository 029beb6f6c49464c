"""Scans to measure with: the project's own specimens, and files made of them."""

import os
from pathlib import Path

import pikepdf
from PIL import Image

SPECIMENS = Path(__file__).parents[1] / "deploy" / "demo" / "specimens"
ONE_PAGE = SPECIMENS / "cong-van-1290.jpg"


def unique_jpeg(number: int) -> bytes:
    """Return the one-page specimen with an end of its own: another file, the same picture."""
    return ONE_PAGE.read_bytes() + number.to_bytes(8, "big") + os.urandom(8)


def long_pdf(path: Path, pages: int) -> Path:
    """Write a scanned PDF of ``pages`` A4 pages at 200 dpi, the one-page specimen again and again."""
    with Image.open(ONE_PAGE) as image:
        width, height = image.size
    with pikepdf.new() as document:
        for _ in range(pages):
            _add_page(document, width, height)
        document.save(path)
    return path


def _add_page(document: pikepdf.Pdf, width: int, height: int) -> None:
    document.add_blank_page(page_size=(width * 72 / 200, height * 72 / 200))
    page = document.pages[-1]
    image = pikepdf.Stream(
        document,
        ONE_PAGE.read_bytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    name = page.add_resource(image, pikepdf.Name.XObject)
    placed = f"q {page.mediabox[2]} 0 0 {page.mediabox[3]} 0 0 cm {name} Do Q"
    page.Contents = document.make_stream(placed.encode())
