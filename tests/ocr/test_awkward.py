"""Damaged, hostile and unusual files of real life: each gives what its row in the scans' README says."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from services.ocr.images import ImagePages
from services.ocr.judge import Judgement, judge
from services.ocr.layer_quality import layer_verdict
from services.ocr.limits import Limits
from services.ocr.pages import Picture, UnfitPaper
from services.ocr.pdfium import PdfPages
from services.ocr.pixels import as_pixels, grey_of
from services.ocr.signatures import signatures_of
from shared.media import JPEG, PDF, PNG, TIFF

LIMITS = Limits(pages=2000, pixels=100_000_000, passwords=("test",))
A4 = (1654, 2339)
LETTER = (1700, 2200)
# what Pillow says of damage it then reads past
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@dataclass(frozen=True)
class Given:
    """What a file gives: its type and pages, why that is no plain case, and its first page's size in pixels."""

    media_type: str
    pages: int
    size: tuple[int, int]
    reasons: tuple[str, ...] = ()
    layer: str | None = None
    page_reason: str | None = None
    signatures: int = 0


AWKWARD: dict[str, Given | str] = {
    "jpeg_named.pdf": Given(JPEG, 1, (750, 1069), ("name-mismatch",)),
    "ocrmypdf_blank.pdf": Given(PDF, 1, LETTER, layer="no-text"),
    "ocrmypdf_cardinal.pdf": Given(PDF, 4, LETTER, layer="no-text"),
    "ocrmypdf_ccitt.pdf": Given(PDF, 1, LETTER, layer="no-text"),
    "ocrmypdf_cmyk.pdf": Given(PDF, 1, (600, 600), layer="off-ink"),
    "ocrmypdf_enormous.pdf": Given(PDF, 1, (6000, 6000), layer="no-text"),
    "ocrmypdf_invalid.pdf": "corrupt",
    "ocrmypdf_jbig2.pdf": Given(PDF, 1, LETTER, ("declares-pdfa:2b",), layer="no-text"),
    "ocrmypdf_rotated_skew.pdf": Given(PDF, 1, LETTER, layer="no-text"),
    "paperless_invalid_pdf.pdf": Given(PDF, 2, LETTER, ("junk-before-pdf:4",)),
    "paperless_multi-page-images-alpha.tiff": Given(TIFF, 3, (2476, 3204)),
    "paperless_password-is-test.pdf": Given(PDF, 1, A4, ("password-opened",)),
    "paperless_signed.pdf": Given(PDF, 1, LETTER, ("signed", "encrypted-for-all"), "ink-not-covered", signatures=1),
    "paperless_simple-no-dpi.png": Given(PNG, 1, (517, 147)),
    "pdfjs_doc_actions.pdf": Given(PDF, 3, LETTER, ("active-content:javascript",), layer="no-text"),
    "pillow_decompression_bomb.gif": "too-many-pixels",
    "pillow_hopper_orientation_6.jpg": Given(JPEG, 1, (128, 128)),
    "pillow_multipage_single_frame_loop.tiff": Given(TIFF, 1, (10, 10)),
    "pillow_pil_sample_cmyk.jpg": Given(JPEG, 1, (100, 100)),
    "pillow_truncated_jpeg.jpg": Given(JPEG, 1, (100, 100), page_reason="picture-truncated"),
    "pyhanko_minimal-two-fields-signed-twice.pdf": Given(PDF, 1, (834, 400), ("signed",), signatures=2),
    "pyhanko_pades-lta-dss-indirect-arrs-test.pdf": Given(
        PDF, 1, (834, 400), ("signed",), "ink-not-covered", signatures=2
    ),
    "qpdf_bad1.pdf": "unsupported-type",
    "qpdf_pages-loop.pdf": "corrupt",
    "tess_phototest.gold.txt": "unsupported-type",
    "tess_phototest.tif": Given(TIFF, 1, (640, 480)),
    "verapdf_pdfa2b_pass.pdf": Given(PDF, 1, (1389, 1389), ("declares-pdfa:2b",), layer="no-text"),
    "zero_byte.pdf": "empty",
}
SIGNED_LETTERS = {
    "ct07_quangngai_ccitt_cvden_stamp.pdf": 1,
    "cv299_quangngai_hoatoc.pdf": 2,
    "qd120_bgtvt_72p_forms.pdf": 4,
    "qd209_baclieu_scan_sig.pdf": 1,
    "qd308_tayninh_garbage_textlayer.pdf": 1,
    "qd339_dienbien_scan_dataurl_prefix.pdf": 1,
    "qd440_haiphong_scan_300dpi.pdf": 1,
    "qd86_botuphap_borndigital.pdf": 2,
}


def judged(path: Path, folder: Path) -> Judgement:
    return judge(path, LIMITS, folder=folder, name=path.name)


def source(of: Judgement) -> PdfPages | ImagePages:
    return PdfPages(of.readable, LIMITS) if of.media_type == PDF else ImagePages(of.readable, of.media_type, LIMITS)


def given(path: Path, folder: Path) -> Given | str:
    """Return what a file gives, or why it is refused."""
    try:
        found = judged(path, folder)
    except UnfitPaper as error:
        return error.reason
    pages = source(found)
    picture = pages.picture(1)
    assert pages.count == found.pages
    signatures = signatures_of(found.verifiable) if found.signed else ()
    assert all(one.bottom_line for one in signatures)
    size = picture.image.size
    layer = _layer(pages, picture)
    return Given(found.media_type, found.pages, size, found.reasons, layer, picture.reason, len(signatures))


def _layer(pages: PdfPages | ImagePages, picture: Picture) -> str | None:
    if isinstance(pages, ImagePages):
        return None
    return layer_verdict(pages.layer(1), grey_of(as_pixels(picture.image))).reason


@pytest.mark.scans
@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_file_gives_what_it_should(name: str, scans_folder: Path, tmp_path: Path) -> None:
    assert given(scans_folder / "awkward" / name, tmp_path) == AWKWARD[name]


@pytest.mark.scans
def test_no_awkward_file_is_forgotten(scans_folder: Path) -> None:
    assert {path.name for path in (scans_folder / "awkward").iterdir()} == set(AWKWARD)


@pytest.mark.scans
def test_without_its_password_a_locked_file_is_refused(scans_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnfitPaper) as refusal:
        judge(scans_folder / "awkward" / "paperless_password-is-test.pdf", Limits(10, 10**8), folder=tmp_path)
    assert refusal.value.reason == "encrypted"


@pytest.mark.scans
@pytest.mark.parametrize("name", SIGNED_LETTERS)
def test_signed_letters_stay_as_they_are_and_verify(name: str, scans_folder: Path, tmp_path: Path) -> None:
    path = scans_folder / "letters" / name
    before = hashlib.sha256(path.read_bytes()).digest()
    found = judged(path, tmp_path)
    signatures = signatures_of(found.verifiable)
    assert found.signed
    assert len(signatures) == SIGNED_LETTERS[name]
    assert {one.bottom_line for one in signatures} == {True}
    assert signatures[-1].coverage == "entire-file"
    assert all(one.signer and one.page and one.box for one in signatures)
    assert hashlib.sha256(path.read_bytes()).digest() == before


@pytest.mark.scans
def test_pictures_are_turned_once_and_their_colours_are_theirs(scans_folder: Path) -> None:
    awkward = scans_folder / "awkward"
    turned = ImagePages(awkward / "pillow_hopper_orientation_6.jpg", JPEG, LIMITS).picture(1).image
    with Image.open(awkward / "pillow_hopper_orientation_6.jpg") as stored:
        assert ImageChops.difference(turned, stored.transpose(Image.Transpose.ROTATE_270)).getbbox() is None
    cmyk = ImagePages(awkward / "pillow_pil_sample_cmyk.jpg", JPEG, LIMITS).picture(1).image
    red, green, blue = cmyk.getpixel((0, 0))  # type: ignore[misc]  # an RGB picture
    assert red > 200
    assert max(green, blue) < 60
    assert mean(cmyk, (95, 95, 100, 100)) < 30
    alpha = ImagePages(awkward / "paperless_multi-page-images-alpha.tiff", TIFF, LIMITS).picture(3).image
    assert mean(alpha, (0, 0, 100, 100)) > 250


def mean(image: Image.Image, box: tuple[int, int, int, int]) -> float:
    return float(as_pixels(image.convert("L").crop(box)).mean())
