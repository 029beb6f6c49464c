"""A picture's own bytes go into the PDF where PDF can hold them; else nothing is lost that can be seen."""

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageChops

from services.ocr.images import ImagePages
from services.ocr.limits import Limits
from services.ocr.pdf.compose import compose
from services.ocr.pdf.jpeg import frame_of
from services.ocr.picture_coding import _chunks
from shared.media import GIF, JPEG, PNG, TIFF, WEBP
from tests.ocr.made_pdfs import FACTS, difference, seen

LIMITS = Limits(pages=5, pixels=1_000_000)
SIZE = (150, 100)
DPI = (200, 200)


def shades(mode: str) -> Image.Image:
    grey = Image.linear_gradient("L").resize(SIZE)
    colour = Image.merge("RGB", (grey, grey.rotate(180), Image.new("L", SIZE, 90)))
    return {"L": grey, "RGB": colour, "1": grey.convert("1"), "P": colour.quantize(40)}[mode]


def noise() -> Image.Image:
    return Image.effect_noise(SIZE, 80)


def pdf_of(image: Image.Image, kind: str, media_type: str, folder: Path, **options: Any) -> tuple[bytes, pikepdf.Pdf]:
    """Return the bytes of a picture file and the PDF that shows it."""
    content = io.BytesIO()
    image.save(content, kind, **options)
    path = folder / "picture"
    path.write_bytes(content.getvalue())
    return content.getvalue(), pikepdf.open(ImagePages(path, media_type, LIMITS).as_pdf(folder))


def picture_of(pdf: pikepdf.Pdf) -> pikepdf.Stream:
    picture = pdf.pages[0].Resources.XObject.Picture
    assert isinstance(picture, pikepdf.Stream)
    return picture


def most_different(one: Image.Image, other: Image.Image) -> int:
    return int(np.asarray(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).max())


def shown(folder: Path) -> Image.Image:
    done = compose(folder / "pictures.pdf", [], folder / "out.pdf", facts=FACTS)
    assert done.pdfa == "2b"
    return Image.fromarray(seen(folder / "out.pdf", dpi=200))


@pytest.mark.parametrize("mode", ["L", "RGB", "1", "P"])
def test_the_rows_of_a_png_are_kept(mode: str, tmp_path: Path) -> None:
    content, pdf = pdf_of(shades(mode), "PNG", PNG, tmp_path, dpi=DPI)
    with pdf:
        rows = b"".join(body for name, body in _chunks(content) if name == b"IDAT")
        assert picture_of(pdf).read_raw_bytes() == rows
    assert most_different(shown(tmp_path), shades(mode)) == 0


def test_the_strip_of_a_fax_is_kept(tmp_path: Path) -> None:
    content, pdf = pdf_of(shades("1"), "TIFF", TIFF, tmp_path, compression="group4", dpi=DPI)
    with pdf, Image.open(io.BytesIO(content)) as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        strip = content[tags[273][0] : tags[273][0] + tags[279][0]]
        assert picture_of(pdf).read_raw_bytes() == strip
    assert most_different(shown(tmp_path), shades("1")) == 0


def test_a_fax_with_its_bits_the_other_way_round_shows_the_same(tmp_path: Path) -> None:
    content = io.BytesIO()
    shades("1").save(content, "TIFF", compression="group4", dpi=DPI, tiffinfo={266: 1})
    turned = bytearray(content.getvalue())
    with Image.open(content) as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        offset, size = tags[273][0], tags[279][0]
    turned[offset : offset + size] = bytes(int(f"{byte:08b}"[::-1], 2) for byte in turned[offset : offset + size])
    place = turned.index(struct.pack("<HHI", 266, 3, 1))
    struct.pack_into("<H", turned, place + 8, 2)
    (tmp_path / "picture").write_bytes(turned)
    ImagePages(tmp_path / "picture", TIFF, LIMITS).as_pdf(tmp_path)
    assert most_different(shown(tmp_path), shades("1")) == 0


@pytest.mark.parametrize(
    ("kind", "media_type", "options", "kept"),
    [
        ("WEBP", WEBP, {"lossless": True}, "/FlateDecode"),
        ("WEBP", WEBP, {"quality": 80}, "/DCTDecode"),
        ("GIF", GIF, {}, "/FlateDecode"),
        ("TIFF", TIFF, {"compression": "tiff_lzw"}, "/FlateDecode"),
        ("TIFF", TIFF, {"compression": "jpeg"}, "/DCTDecode"),
    ],
)
def test_what_was_exact_stays_exact(
    kind: str, media_type: str, options: dict[str, Any], kept: str, tmp_path: Path
) -> None:
    image = shades("P") if kind == "GIF" else shades("RGB")
    content, pdf = pdf_of(image, kind, media_type, tmp_path, **options)
    with pdf, Image.open(io.BytesIO(content)) as original:
        picture = picture_of(pdf)
        assert picture.Filter == kept
        drawn = pikepdf.PdfImage(picture).as_pil_image()
        assert most_different(drawn, original) <= (0 if kept == "/FlateDecode" else 12)


def test_a_picture_that_would_grow_is_coded_anew(tmp_path: Path) -> None:
    grown = noise().resize((600, 400))
    _, pdf = pdf_of(grown, "WEBP", WEBP, tmp_path, lossless=True)
    with pdf:
        picture = picture_of(pdf)
        flate = io.BytesIO()
        grown.save(flate, "PNG")
        assert len(picture.read_raw_bytes()) < len(flate.getvalue())


def test_ink_becomes_light(tmp_path: Path) -> None:
    ink = Image.merge("CMYK", (*shades("RGB").split(), Image.new("L", SIZE, 30)))
    _, pdf = pdf_of(ink, "JPEG", JPEG, tmp_path, quality=95, dpi=DPI)
    with pdf:
        assert picture_of(pdf).ColorSpace == "/DeviceRGB"
    assert most_different(shown(tmp_path), ink) < 30


def test_damage_in_a_png_leaves_the_page_empty(tmp_path: Path) -> None:
    content = io.BytesIO()
    noise().save(content, "PNG")
    damaged = bytearray(content.getvalue())
    damaged[len(damaged) // 2] ^= 0xFF
    (tmp_path / "picture").write_bytes(damaged)
    with pikepdf.open(ImagePages(tmp_path / "picture", PNG, LIMITS).as_pdf(tmp_path)) as pdf:
        assert "/XObject" not in pdf.pages[0].Resources


def test_the_header_of_a_jpeg_tells_its_frame() -> None:
    for mode, components in (("L", 1), ("RGB", 3)):
        for progressive in (False, True):
            content = io.BytesIO()
            shades(mode).save(content, "JPEG", progressive=progressive, exif=b"Exif\0\0" + b"x" * 500)
            frame = frame_of(content.getvalue())
            assert frame is not None
            assert (frame.width, frame.height, frame.components, frame.common) == (*SIZE, components, True)
    assert frame_of(b"\xff\xd8\xff\xc9\x00\x0b\x08\x00\x10\x00\x10\x01").common is False  # type: ignore[union-attr]
    assert frame_of(b"\xff\xd8\xff\xda\x00\x02") is None
    assert frame_of(b"\x89PNG") is None
    assert frame_of(b"\xff\xd8" + b"\xff" * 20) is None


def test_a_page_drawn_as_a_picture_is_coded_well(tmp_path: Path) -> None:
    _, pdf = pdf_of(shades("RGB"), "JPEG", JPEG, tmp_path, dpi=DPI, quality=90)
    pdf.close()
    before = seen(tmp_path / "pictures.pdf", dpi=200)
    compose(tmp_path / "pictures.pdf", [], tmp_path / "out.pdf", facts=FACTS)
    assert difference(before, seen(tmp_path / "out.pdf", dpi=200)) == 0
