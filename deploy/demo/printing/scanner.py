"""Turns printed sheets into what a scanner delivers: tinted, uneven, skewed, noisy, compressed."""

import dataclasses
import io
import random

import pikepdf
from PIL import Image, ImageChops, ImageFilter

PAPER = (252, 251, 247)
LIGHT_STEPS = 64
WHITE_FROM = 150


@dataclasses.dataclass(frozen=True)
class Scan:
    """How badly one page was scanned; the default is a clean page on a good scanner."""

    skew_degrees: float = 0
    grain: int = 0
    shade: int = 0
    seed: int = 0


def scanned(sheet: Image.Image, scan: Scan) -> Image.Image:
    """Answer the page as the scanner saw it."""
    page = ImageChops.multiply(sheet, Image.new("RGB", sheet.size, PAPER))
    if scan.skew_degrees:
        page = page.rotate(scan.skew_degrees, Image.Resampling.BICUBIC, fillcolor=PAPER)
    page = page.filter(ImageFilter.GaussianBlur(0.45))
    if scan.shade:
        page = ImageChops.multiply(page, light(page.size, scan))
    if scan.grain:
        page = ImageChops.subtract(page, grain(page.size, scan))
    return page


def light(size: tuple[int, int], scan: Scan) -> Image.Image:
    """Answer light that fades softly towards the spine on the left and the foot of the page."""
    fall = bytearray()
    for y in range(LIGHT_STEPS):
        for x in range(LIGHT_STEPS):
            left = max(0.0, 0.4 - x / LIGHT_STEPS) / 0.4
            foot = max(0.0, y / LIGHT_STEPS - 0.7) / 0.3
            fall.append(round(255 - scan.shade * (0.7 * left**2 + 0.3 * foot**2)))
    small = Image.frombytes("L", (LIGHT_STEPS, LIGHT_STEPS), bytes(fall))
    return small.resize(size, Image.Resampling.BICUBIC).convert("RGB")


def grain(size: tuple[int, int], scan: Scan) -> Image.Image:
    """Answer soft dark specks, up to the scan's grain; Pillow's own noise cannot be seeded."""
    half = (size[0] // 2, size[1] // 2)
    rng = random.Random(scan.seed)  # noqa: S311  # paper, not a secret
    noise = Image.frombytes("L", half, rng.randbytes(half[0] * half[1]))
    specks = noise.point(lambda value: max(0, value - 128) * scan.grain // 127)
    return specks.resize(size, Image.Resampling.BILINEAR).convert("RGB")


def jpeg(page: Image.Image, *, dpi: int, quality: int = 80) -> bytes:
    """Answer a JPEG that says its resolution."""
    out = io.BytesIO()
    page.save(out, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def png(page: Image.Image, *, dpi: int) -> bytes:
    """Answer a colour PNG that says its resolution."""
    out = io.BytesIO()
    page.save(out, "PNG", dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def tiff(pages: list[Image.Image], *, dpi: int) -> bytes:
    """Answer one bitonal TIFF of all pages, CCITT group 4."""
    bitonal = [page.convert("L").point(lambda v: 255 * (v > WHITE_FROM)).convert("1") for page in pages]
    out = io.BytesIO()
    bitonal[0].save(
        out,
        "TIFF",
        compression="group4",
        dpi=(dpi, dpi),
        save_all=True,
        append_images=bitonal[1:],
    )
    return out.getvalue()


def pdf(pages: list[Image.Image], *, dpi: int, quality: int = 80) -> bytes:
    """Answer a PDF with one JPEG a page and no text layer, the same bytes each time."""
    document = pikepdf.new()
    for page in pages:
        add_page(document, page, dpi=dpi, quality=quality)
    out = io.BytesIO()
    document.save(out, deterministic_id=True, min_version="1.4")
    return out.getvalue()


def add_page(document: pikepdf.Pdf, page: Image.Image, *, dpi: int, quality: int) -> None:
    """Append one page that shows a JPEG of a picture at its true size."""
    add_jpeg(document, jpeg(page, dpi=dpi, quality=quality), size=page.size, dpi=dpi)


def add_jpeg(document: pikepdf.Pdf, data: bytes, *, size: tuple[int, int], dpi: int, grey: bool = False) -> None:
    """Append one page that shows a JPEG, byte for byte, at its true size."""
    image = pikepdf.Stream(document, data)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = *size, 8
    image.ColorSpace = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
    image.Filter = pikepdf.Name.DCTDecode
    width, height = (round(side * 72 / dpi, 2) for side in size)
    document.add_blank_page(page_size=(width, height))
    sheet = document.pages[-1]
    sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
    sheet.Contents = pikepdf.Stream(document, f"q {width} 0 0 {height} 0 0 cm /Scan Do Q".encode())
