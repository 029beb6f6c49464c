"""PDF pages are rendered as readers show them, at 200 dpi, or less where they are enormous."""

from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest

from services.ocr.limits import Limits
from services.ocr.pages import UnfitPaper
from services.ocr.pdfium import PdfPages
from services.ocr.prepare import MOST_PIXELS, MOST_SIDE_PIXELS, pixels_of

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
