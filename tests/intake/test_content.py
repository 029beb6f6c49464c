"""A file is judged by its content, and nothing in it is decoded."""

import hashlib
import io
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from services.intake.content import judge
from services.intake.files import Judged, Limits
from services.intake.refusals import FileRefused, Refusal
from shared.media import JUNK_BYTES
from shared.packages import DOCX, ODT
from tests.ci import SCANS
from tests.intake.office import LIMITS, pdf, picture
from tests.shared.test_media import DOCX_PARTS, ODT_PARTS, package

HEIC = Path(__file__).parents[1] / "ocr" / "pictures" / "corners.heic"

AWKWARD = {
    "jpeg_named.pdf": "image/jpeg",
    "ocrmypdf_blank.pdf": "application/pdf",
    "ocrmypdf_cardinal.pdf": "application/pdf",
    "ocrmypdf_ccitt.pdf": "application/pdf",
    "ocrmypdf_cmyk.pdf": "application/pdf",
    "ocrmypdf_enormous.pdf": "application/pdf",  # its pages are bounded when they are drawn
    "ocrmypdf_invalid.pdf": Refusal.CORRUPT,
    "ocrmypdf_jbig2.pdf": "application/pdf",
    "ocrmypdf_rotated_skew.pdf": "application/pdf",
    "paperless_invalid_pdf.pdf": "application/pdf",  # four junk bytes before the header
    "paperless_multi-page-images-alpha.tiff": "image/tiff",
    "paperless_password-is-test.pdf": Refusal.ENCRYPTED,
    "paperless_signed.pdf": "application/pdf",  # encrypted, and opens without a password
    "paperless_simple-no-dpi.png": "image/png",
    "pdfjs_doc_actions.pdf": "application/pdf",
    "pillow_decompression_bomb.gif": Refusal.TOO_MANY_PIXELS,
    "pillow_hopper_orientation_6.jpg": "image/jpeg",
    "pillow_multipage_single_frame_loop.tiff": "image/tiff",
    "pillow_pil_sample_cmyk.jpg": "image/jpeg",
    "pillow_truncated_jpeg.jpg": "image/jpeg",  # what is there can be read: OCR judges its pixels
    "pyhanko_minimal-two-fields-signed-twice.pdf": "application/pdf",
    "pyhanko_pades-lta-dss-indirect-arrs-test.pdf": "application/pdf",
    "qpdf_bad1.pdf": Refusal.UNSUPPORTED,
    "qpdf_pages-loop.pdf": Refusal.CORRUPT,
    "tess_phototest.gold.txt": Refusal.UNSUPPORTED,
    "tess_phototest.tif": "image/tiff",
    "verapdf_pdfa2b_pass.pdf": "application/pdf",
    "zero_byte.pdf": Refusal.EMPTY,
}


def verdict(content: bytes, name: str = "scan", limits: Limits = LIMITS) -> str:
    """Return the media type of a file that is taken, or why it is refused."""
    try:
        return judge(io.BytesIO(content), name, limits).media_type
    except FileRefused as error:
        return error.refusal


@pytest.mark.scans
@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_files_of_real_life(name: str) -> None:
    path = SCANS / "awkward" / name
    if not path.exists():
        pytest.skip("needs ../shared/scans, which is not here")
    assert verdict(path.read_bytes(), name) == AWKWARD[name]


@pytest.mark.scans
def test_no_awkward_file_is_forgotten() -> None:
    if not SCANS.is_dir():
        pytest.skip("needs ../shared/scans, which is not here")
    assert {path.name for path in (SCANS / "awkward").iterdir()} == set(AWKWARD)


def test_what_is_taken_is_measured() -> None:
    content = picture()
    judged = judge(io.BytesIO(content), "scan.pdf", LIMITS)
    facts = Judged(judged.stream, "image/png", True, len(content), hashlib.sha256(content).hexdigest())  # noqa: FBT003
    assert judged == facts


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "GIF"])
def test_pictures_are_taken(kind: str) -> None:
    assert verdict(picture(kind=kind)) == f"image/{kind.lower()}"


def test_photographs_of_telephones_are_taken() -> None:
    few = Limits(size_bytes=LIMITS.size_bytes, pixels=120 * 80 - 1, pages=LIMITS.pages)
    content = HEIC.read_bytes()
    assert verdict(content) == "image/heic"
    assert verdict(content, limits=few) == Refusal.TOO_MANY_PIXELS
    assert verdict(content[:300]) == Refusal.CORRUPT


@pytest.mark.parametrize(("parts", "media_type"), [(DOCX_PARTS, DOCX), (ODT_PARTS, ODT)])
def test_text_documents_are_taken(parts: dict[str, str], media_type: str) -> None:
    assert verdict(package(parts)) == media_type
    assert verdict(package({**parts, "picture.bmp": bytes(3_000_000)})) == Refusal.TOO_LARGE
    assert verdict(package(parts)[:-9]) == Refusal.CORRUPT


@pytest.mark.parametrize("kind", ["WEBP", "GIF"])
def test_pictures_that_move_are_one_page_and_their_canvas_counts(kind: str) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "white")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    assert verdict(out.getvalue(), limits=Limits(LIMITS.size_bytes, 60_000, 1)) == f"image/{kind.lower()}"
    assert verdict(out.getvalue(), limits=Limits(LIMITS.size_bytes, 59_999, 1)) == Refusal.TOO_MANY_PIXELS


def test_a_pdf_is_taken() -> None:
    assert verdict(pdf()) == "application/pdf"


def test_junk_before_the_header_is_borne_as_far_as_readers_look() -> None:
    assert verdict(b"j" * 21 + pdf()) == "application/pdf"
    assert verdict(b"j" * JUNK_BYTES + pdf()) == "application/pdf"
    assert verdict(b"j" * (JUNK_BYTES + 1) + pdf()) == Refusal.UNSUPPORTED


def test_a_password_is_refused_and_an_empty_one_is_none() -> None:
    assert verdict(pdf(password="secret")) == Refusal.ENCRYPTED
    assert verdict(pdf(password="")) == "application/pdf"


def test_a_file_of_no_bytes_is_refused() -> None:
    assert verdict(b"") == Refusal.EMPTY


def test_a_file_that_is_too_large_is_read_no_further() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.given_bytes = 0

        def readable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0) -> int:
            return offset

        def read(self, size: int = -1) -> bytes:
            self.given_bytes += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(FileRefused) as caught:
        judge(endless, "scan", LIMITS)  # type: ignore[arg-type]  # as much of a file as is asked for
    assert caught.value.refusal is Refusal.TOO_LARGE
    assert endless.given_bytes < LIMITS.size_bytes + 1_000_000


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%%EOF\n",
        b"\x89PNG\r\n\x1a\nxx",
        b"\xff\xd8\xff",
        b"II*\x00",
        b"GIF89a",
        b"RIFF\x04\0\0\0WEBP",
        b"PK\x03\x04docx",
    ],
)
def test_a_header_alone_is_no_file(content: bytes) -> None:
    assert verdict(content) == Refusal.CORRUPT


@pytest.mark.parametrize("content", [b"MZ\x90\x00", package({"a": "b"}), b"<html>%PD", b"RIFF\0\0\0\0WAVE", b"hello"])
def test_other_types_are_not_taken(content: bytes) -> None:
    assert verdict(content) == Refusal.UNSUPPORTED


def test_a_pdf_without_pages_is_no_paper() -> None:
    assert verdict(pdf(0)) == Refusal.CORRUPT


def test_too_many_pages_are_refused() -> None:
    assert verdict(pdf(LIMITS.pages)) == "application/pdf"
    assert verdict(pdf(LIMITS.pages + 1)) == Refusal.TOO_MANY_PAGES


def tiff(pages: int) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("1", (8, 8)) for _ in range(pages)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def test_the_pages_of_a_tiff_count() -> None:
    assert verdict(tiff(LIMITS.pages)) == "image/tiff"
    assert verdict(tiff(LIMITS.pages + 1)) == Refusal.TOO_MANY_PAGES


def test_a_bomb_is_refused_by_its_header() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    bomb += b"\x00\x00\x00\x00IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    before = time.process_time()
    assert verdict(bomb) == Refusal.TOO_MANY_PIXELS
    assert time.process_time() - before < 0.5


def test_a_later_page_of_a_tiff_can_be_too_large(tmp_path: Path) -> None:
    out = tmp_path / "two.tif"
    frames = [Image.new("1", (8, 8)), Image.new("1", (3000, 3000))]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    few = Limits(size_bytes=LIMITS.size_bytes, pixels=3000 * 3000 - 1, pages=LIMITS.pages)
    assert verdict(out.read_bytes(), limits=few) == Refusal.TOO_MANY_PIXELS
