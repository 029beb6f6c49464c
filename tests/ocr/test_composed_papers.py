"""Whole papers, made and real: their documents are valid, show what they showed, and keep the scanner's own bytes."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from deploy.demo.make_specimens import FOLDER as SPECIMENS
from deploy.local.verapdf import invalid
from services.ocr.images import ImagePages
from services.ocr.limits import Limits
from services.ocr.pages import UnfitPaper
from services.ocr.pdf.compose import compose
from services.ocr.pdf.plans import Composed, PagePlan
from services.ocr.pdfium import PdfPages
from services.ocr.pipeline import open_pages
from services.ocr.redraw import redraw
from tests.ocr.made_pdfs import FACTS, layout, line, poppler_words, qpdf_complaints, seen, text_of

# Pillow warns of damage it can live with
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
LIMITS = Limits(pages=100, pixels=100_000_000)
PICTURES = (".jpg", ".png", ".tif", ".tiff", ".gif", ".pdf")
PLAN = PagePlan(layout(line("tìm", "thấy")), drop_text=True)
WELL_CODED = {"/DCTDecode", "/CCITTFaxDecode", "/JBIG2Decode"}


def composed(original: Path, folder: Path, plan: PagePlan = PLAN) -> tuple[Path, Composed]:
    """Compose a paper, each of its pages after one plan; raises ``UnfitPaper``."""
    source = open_pages(original, LIMITS)
    target = folder / f"{original.name}.pdf"
    draw = partial(redraw, source)
    size = original.stat().st_size
    plans = [plan] * source.count
    return target, compose(source.as_pdf(folder), plans, target, facts=FACTS, redraw=draw, input_bytes=size)


def papers(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.iterdir() if path.suffix in PICTURES)


def coded_streams(pdf: Path) -> set[bytes]:
    """Return the pictures of a PDF that a scanner coded."""
    with pikepdf.open(pdf) as document:
        streams = [found for found in document.objects if isinstance(found, pikepdf.Stream)]
        return {s.read_raw_bytes() for s in streams if str(s.get("/Filter", "")) in WELL_CODED}


def lost(before: np.ndarray, after: np.ndarray) -> float:
    """Return the share of a page's ink that is paper now."""
    dark, pale = before.min(axis=2) < 100, after.min(axis=2) > 220
    return float((dark & pale).sum() / max(1, dark.sum()))


def test_the_specimens_become_archived_documents(tmp_path: Path) -> None:
    targets = []
    for original in papers(SPECIMENS):
        target, told = composed(original, tmp_path)
        assert (told.pdfa, told.reasons, told.redrawn_pages) == ("2b", (), ()), original.name
        words = [[word for word, _ in page] for page in poppler_words(target)]
        assert words == [["tìm", "thấy"]] * len(words)
        targets.append(target)
        if original.suffix == ".jpg":
            assert original.read_bytes() in coded_streams(target)
    assert len(targets) == 7
    assert invalid(targets) == {}
    assert qpdf_complaints(*targets) == {}


@pytest.mark.scans
def test_every_paper_that_can_be_opened_becomes_a_valid_document(scans_folder: Path, tmp_path: Path) -> None:
    targets, unfit = [], {}
    for original in papers(*(scans_folder / name for name in ("letters", "awkward", "barcodes"))):
        try:
            target, told = composed(original, tmp_path)
        except UnfitPaper as error:
            unfit[original.name] = error.reason
            continue
        assert told.pdfa == "2b", (original.name, told)
        targets.append(target)
    assert invalid(targets) == {}
    assert qpdf_complaints(*targets) == {}
    assert len(targets) > 40
    assert unfit.keys() <= {
        "ocrmypdf_invalid.pdf", "paperless_password-is-test.pdf", "pillow_decompression_bomb.gif", "qpdf_bad1.pdf",
        "qpdf_pages-loop.pdf", "zero_byte.pdf", "pillow_truncated_jpeg.jpg",
    }  # fmt: skip


@pytest.mark.scans
@pytest.mark.parametrize("kind", ["letters", "barcodes"])
def test_nothing_that_could_be_seen_is_lost(kind: str, scans_folder: Path, tmp_path: Path) -> None:
    for original in papers(scans_folder / kind):
        if original.suffix != ".pdf":
            continue
        target, _ = composed(original, tmp_path)
        for number in range(1, min(PdfPages(original, LIMITS).count, 4) + 1):
            before, after = (seen(pdf, number, dpi=80, forms=pdf == original) for pdf in (original, target))
            assert before.shape == after.shape, original.name
            assert lost(before, after) < 0.002, (original.name, number)


@pytest.mark.scans
def test_the_scanners_own_bytes_are_kept(scans_folder: Path, tmp_path: Path) -> None:
    signed = ("qd209_baclieu_scan_sig", "qd339_dienbien_scan_dataurl_prefix", "qd440_haiphong_scan_300dpi")
    for name in ("ct07_quangngai_ccitt_cvden_stamp", "cv299_quangngai_hoatoc", *signed):
        original = scans_folder / "letters" / f"{name}.pdf"
        target, told = composed(original, tmp_path)
        assert coded_streams(original) <= coded_streams(target), name
        assert told.reasons == (), name


@pytest.mark.scans
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("qd339_dienbien_scan_dataurl_prefix", "Ký bởi: UBND tỉnh Điện Biên"),
        ("qd209_baclieu_scan_sig", "Cơ quan: Uỷ ban nhân"),
        ("ct07_quangngai_ccitt_cvden_stamp", "ttcbth@quangngai.gov.vn"),
    ],
)
def test_the_stamps_of_signatures_can_be_searched(name: str, said: str, scans_folder: Path, tmp_path: Path) -> None:
    target, _ = composed(scans_folder / "letters" / f"{name}.pdf", tmp_path)
    assert said in " ".join(word for word, _ in poppler_words(target)[0])


@pytest.mark.scans
def test_the_invisible_garbage_of_an_english_engine_is_gone(scans_folder: Path, tmp_path: Path) -> None:
    target, told = composed(scans_folder / "letters" / "qd308_tayninh_garbage_textlayer.pdf", tmp_path)
    assert (told.pdfa, told.redrawn_pages) == ("2b", ())
    assert all("UY BAN" not in text_of(target, number) for number in range(1, 11))
    with pikepdf.open(target) as pdf, pdf.open_outline() as outline:
        assert outline.root


@pytest.mark.scans
def test_a_turned_and_crooked_photograph_is_placed_and_not_coded_again(scans_folder: Path, tmp_path: Path) -> None:
    original = scans_folder / "letters" / "vietsample2_rotated_g4.tif"
    plain, _ = composed(original, tmp_path)
    streams = coded_streams(plain)
    straight, told = composed(original, tmp_path, PagePlan(rotation=270, skew_degrees=1.3))
    assert coded_streams(straight) == streams
    assert told.pdfa == "2b"


def test_the_pages_of_a_picture_file_without_a_layer_are_drawn_without_text(tmp_path: Path) -> None:
    drawn = redraw(ImagePages(SPECIMENS / "to-khai.jpg", "image/jpeg", LIMITS), 1)
    assert drawn.layout is None
    assert drawn.jpeg.startswith(b"\xff\xd8")
