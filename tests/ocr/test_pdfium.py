"""PDF pages are rendered as readers show them, at 200 dpi, or less where they are enormous."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name, String
from PIL import Image, ImageChops

from services.ocr.limits import Limits
from services.ocr.pages import UnfitPaper
from services.ocr.pdfium import PdfPages
from services.ocr.pixels import as_pixels, cut
from services.ocr.prepare import MOST_PIXELS, MOST_SIDE_PIXELS, pixels_of
from services.ocr.signatures import signatures_of
from tests.ocr.signed import pdf, sign

LIMITS = Limits(pages=3, pixels=1_000_000)


def write(path: Path, sizes: Sequence[tuple[float, float]], *, encryption: pikepdf.Encryption | None = None) -> Path:
    with pikepdf.new() as pdf:
        for size in sizes:
            pdf.add_blank_page(page_size=size)
        pdf.save(path, encryption=encryption)
    return path


def test_pages_are_counted_and_rendered_at_200_dpi(tmp_path: Path) -> None:
    pages = PdfPages(write(tmp_path / "a.pdf", [(72, 144), (144, 72)]), LIMITS)
    assert pages.count == 2
    assert [pages.picture(n).image.size for n in (1, 2)] == [(200, 400), (400, 200)]


@pytest.mark.parametrize("size", [(14_400, 14_400), (3, 14_400)])
def test_an_enormous_page_is_rendered_coarser(size: tuple[float, float], tmp_path: Path) -> None:
    pixels, dpi = pixels_of(PdfPages(write(tmp_path / "a.pdf", [size]), LIMITS).picture(1))
    height, width = pixels.shape[:2]
    assert width * height <= MOST_PIXELS * 1.01
    assert max(width, height) <= MOST_SIDE_PIXELS + 1
    assert width / dpi * 72 == pytest.approx(size[0], rel=0.2)


def test_pages_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(UnfitPaper) as refusal:
        PdfPages(write(tmp_path / "a.pdf", [(72, 72)] * 4), LIMITS)
    assert refusal.value.reason == "too-many-pages"


def test_a_password_is_told_from_damage(tmp_path: Path) -> None:
    locked = write(tmp_path / "a.pdf", [(72, 72)], encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(UnfitPaper) as refusal:
        PdfPages(locked, LIMITS)
    assert refusal.value.reason == "encrypted"
    locked.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(UnfitPaper) as refusal:
        PdfPages(locked, LIMITS)
    assert refusal.value.reason == "corrupt"


def test_the_file_is_its_own_pdf(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", [(72, 72)])
    assert PdfPages(path, LIMITS).as_pdf(tmp_path) == path


def test_stamps_of_signatures_are_seen_and_their_text_is_in_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(sign(pdf(), box=(40, 50, 240, 100)))
    pages = PdfPages(path, LIMITS)
    (stamp,) = signatures_of(path)
    assert stamp.box is not None
    assert cut(as_pixels(pages.picture(1).image), stamp.box).min() < 100
    assert cut(as_pixels(pages.picture(1, stamped=False).image), stamp.box).min() == 255
    words = [word for line in pages.text(1).lines for word in line.words]
    assert [word.text for word in words[:5]] == ["Page", "1", "of", "a", "paper"]
    assert "Timestamp:" in [word.text for word in words if stamp.box.holds(word.box)]


def test_what_was_filled_into_a_form_is_seen_and_in_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    with pikepdf.open(BytesIO(pdf())) as made:
        shown = made.make_stream(b"BT /F1 12 Tf 2 4 Td (Filled in) Tj ET", Subtype=Name.Form, BBox=[0, 0, 100, 20])
        shown.Resources = made.pages[0].Resources
        field = Dictionary(
            Subtype=Name.Widget, FT=Name.Tx, T=String("a"), V=String("Filled in"), Rect=[40, 40, 140, 60]
        )
        field.F, field.AP = 4, Dictionary(N=shown)
        made.pages[0].Annots = [made.make_indirect(field)]
        made.Root.AcroForm = Dictionary(Fields=made.pages[0].Annots)
        made.save(path)
    pages = PdfPages(path, LIMITS)
    assert [line.text for line in pages.text(1).lines] == ["Page 1 of a paper", "Filled in"]
    with_form, without = pages.picture(1).image, rendered(pdf(), tmp_path)
    assert ImageChops.difference(with_form, without).getbbox() is not None


def rendered(content: bytes, folder: Path) -> Image.Image:
    path = folder / "plain.pdf"
    path.write_bytes(content)
    return PdfPages(path, LIMITS).picture(1).image


def test_no_engine_for_scripts_comes_with_pdfium() -> None:
    assert not {"V8", "XFA"} & set(pypdfium2.PDFIUM_INFO.flags)


@pytest.mark.parametrize("at", ["-500 500", "40 9000", "999999999 500", "40 -999999999"])
def test_text_off_the_page_is_no_text_of_the_page(at: str, tmp_path: Path) -> None:
    path = tmp_path / "off.pdf"
    with pikepdf.open(BytesIO(pdf())) as made:
        more = f"BT /F1 20 Tf {at} Td (nobody sees this) Tj ET BT /F1 9000 Tf 0 0 Td (X) Tj ET".encode()
        made.pages[0].contents_add(more)
        made.save(path)
    page = PdfPages(path, LIMITS).text(1)
    words = [word for line in page.lines for word in line.words]
    assert "nobody" not in [word.text for word in words]
    assert all(0 <= word.box.left < word.box.right <= page.width for word in words)
    assert all(0 <= word.box.top < word.box.bottom <= page.height for word in words)
    assert "paper" in [word.text for word in words]
