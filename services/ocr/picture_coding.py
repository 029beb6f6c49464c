"""How the picture of a page is stored in a PDF: as it came where PDF can hold that, else coded without visible loss."""

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from PIL.TiffImagePlugin import (
    COMPRESSION,
    FILLORDER,
    PHOTOMETRIC_INTERPRETATION,
    ROWSPERSTRIP,
    STRIPBYTECOUNTS,
    STRIPOFFSETS,
)  # fmt: skip

from services.ocr.pdf.jpeg import frame_of
from services.ocr.pdf.picture_pdf import Encoded, PicturePage

Plain = Callable[[Image.Image], Image.Image]

_ORIENTATION = 0x0112
_JPEG_SCAN, _JPEG_END = b"\xff\xda", b"\xff\xd9"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_GREY, _PNG_RGB, _PNG_PALETTE = 0, 2, 3
_LOSSLESS_WEBP = b"VP8L"
_GROUP4, _GROUP4_TAG, _GROUP4_OPTIONS = "group4", 4, 293
_BITS_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
# no step of it shows on print, and no colour bleeds from seals into letters; a lossy source only
_JPEG_QUALITY, _FULL_COLOUR = 90, 0
_MOST_OF_INPUT = 1.1


def coded_page(image: Image.Image, path: Path, *, dpi: float, plain: Plain) -> PicturePage:
    """Return a page that shows a picture of a file, opened but not yet decoded.

    ``plain`` turns any picture into one in grey or RGB without transparency. Raises what Pillow
    raises on damage.
    """
    kept = _kept(image, path)
    if kept is not None:
        return PicturePage(kept, dpi, orientation=image.getexif().get(_ORIENTATION, 1))
    share = path.stat().st_size / getattr(image, "n_frames", 1)
    return PicturePage(_encoded(image, plain, lossy=_is_lossy(image, path), share_bytes=share), dpi)


def drawn_page(image: Image.Image, dpi: float) -> PicturePage:
    """Return a page that shows a picture in grey or RGB which is in no file as it is."""
    return PicturePage(Encoded.jpeg(jpeg(image), image.size, image.mode), dpi)


def jpeg(image: Image.Image) -> bytes:
    """Return a picture in grey or RGB as a JPEG."""
    content = BytesIO()
    image.save(content, "JPEG", quality=_JPEG_QUALITY, subsampling=_FULL_COLOUR)
    return content.getvalue()


def _kept(image: Image.Image, path: Path) -> Encoded | None:
    """Return the picture's own bytes; None where PDF cannot hold them."""
    if image.format in ("JPEG", "MPO"):
        return _kept_jpeg(path.read_bytes(), image.size, image.mode)
    if image.format == "PNG" and not image.has_transparency_data:
        return _kept_png(path.read_bytes())
    if image.format == "TIFF" and image.mode == "1":
        return _kept_strip(image, path)
    return None


def _kept_jpeg(content: bytes, size: tuple[int, int], mode: str) -> Encoded | None:
    frame = frame_of(content)
    if frame is None or not frame.common or (frame.width, frame.height) != size or not _is_whole(content):
        return None
    return Encoded.jpeg(content, size, mode) if {"L": 1, "RGB": 3}.get(mode) == frame.components else None


def _is_whole(content: bytes) -> bool:
    """Say whether a JPEG comes to its end; one inside it, a small preview, ends before the picture begins."""
    return content.rfind(_JPEG_END) > content.rfind(_JPEG_SCAN)


def _kept_png(content: bytes) -> Encoded | None:
    """Return the compressed rows of a PNG: Flate with PNG predictors, as PDF takes them."""
    chunks = list(_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR":
        return None
    width, height, depth, colour, _, _, interlaced = struct.unpack(">2I5B", chunks[0][1])
    if interlaced or colour not in (_PNG_GREY, _PNG_RGB, _PNG_PALETTE):
        return None
    rows = b"".join(body for name, body in chunks if name == b"IDAT")
    palette = next((body for name, body in chunks if name == b"PLTE"), None) if colour == _PNG_PALETTE else None
    mode = "RGB" if colour == _PNG_RGB else "L"
    return Encoded.flate(rows, (width, height), mode, depth=depth, palette=palette)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a PNG; raises ``ValueError`` where one is damaged."""
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(png):
        (size,) = struct.unpack_from(">I", png, at)
        body = png[at + 8 : at + 8 + size]
        if png[at + 8 + size : at + 12 + size] != struct.pack(">I", zlib.crc32(png[at + 4 : at + 8 + size])):
            raise ValueError("damaged chunk")
        yield png[at + 4 : at + 8], body
        at += size + 12


def _kept_strip(image: Image.Image, path: Path) -> Encoded | None:
    """Return the fax strip of a TIFF page that is in one piece."""
    tags = image.tag_v2  # type: ignore[attr-defined]  # a TIFF has them
    offsets, sizes = tags.get(STRIPOFFSETS, ()), tags.get(STRIPBYTECOUNTS, ())
    if tags.get(COMPRESSION) != _GROUP4_TAG or tags.get(_GROUP4_OPTIONS, 0) or len(offsets) != 1 or len(sizes) != 1:
        return None
    with path.open("rb") as file:
        file.seek(offsets[0])
        content = file.read(sizes[0])
    if tags.get(FILLORDER, 1) == 2:
        content = content.translate(_BITS_REVERSED)
    return Encoded.group4(content, image.size, black_is_one=tags.get(PHOTOMETRIC_INTERPRETATION) == 1)


def _is_lossy(image: Image.Image, path: Path) -> bool:
    if image.format == "WEBP":
        with path.open("rb") as file:
            return _LOSSLESS_WEBP not in file.read(64)
    return image.format not in ("PNG", "TIFF", "GIF") or image.info.get("compression") in ("jpeg", "tiff_jpeg")


def _encoded(image: Image.Image, plain: Plain, *, lossy: bool, share_bytes: float) -> Encoded:
    upright = ImageOps.exif_transpose(image)
    if upright.mode == "1":
        return _group4(upright)
    picture = upright if upright.mode == "P" and not upright.has_transparency_data else plain(upright)
    exact = None if lossy else _exact(picture)
    if exact is not None and len(exact.content) <= _MOST_OF_INPUT * share_bytes:
        return exact
    picture = plain(picture)
    near = Encoded.jpeg(jpeg(picture), picture.size, picture.mode)
    return near if exact is None or len(near.content) < len(exact.content) else exact


def _exact(image: Image.Image) -> Encoded | None:
    content = BytesIO()
    image.save(content, "PNG")
    return _kept_png(content.getvalue())


def _group4(image: Image.Image) -> Encoded:
    content = BytesIO()
    image.save(content, "TIFF", compression=_GROUP4, tiffinfo={ROWSPERSTRIP: image.height})
    with Image.open(BytesIO(content.getvalue()), formats=["TIFF"]) as written:
        tags = written.tag_v2  # type: ignore[attr-defined]  # a TIFF has them
        (offset,), (size,) = tags[STRIPOFFSETS], tags[STRIPBYTECOUNTS]
        black_is_one = tags[PHOTOMETRIC_INTERPRETATION] == 1
        assert tags[COMPRESSION] == _GROUP4_TAG
    return Encoded.group4(content.getvalue()[offset : offset + size], image.size, black_is_one=black_is_one)
