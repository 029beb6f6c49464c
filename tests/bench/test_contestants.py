"""What each program read is found again, page by page, for the paper it was read on."""

from pathlib import Path

from PIL import Image

from bench.ocr.contestants import Bare, Hoso, OcrMyPdf, _size
from bench.ocr.pageset import PageSet, Paper
from deploy.local.programs import OCRMYPDF

LETTER = Path("letter.pdf")
PAPERS = PageSet("set", (Paper(LETTER, (Path("letter-1.png"), Path("letter-2.png"))),))


def test_hosos_text_is_cut_at_its_page_breaks(tmp_path: Path) -> None:
    hoso = Hoso(PAPERS, tmp_path / "hoso")
    (hoso.folder / "letter.txt").write_text("một\fhai", encoding="utf-8")
    (hoso.folder / "letter.pdf").touch()
    assert hoso.results().texts == {LETTER: ["một", "hai"]}
    assert hoso.results().documents == (hoso.folder / "letter.pdf",)


def test_a_refused_file_has_no_text(tmp_path: Path) -> None:
    hoso = Hoso(PAPERS, tmp_path / "hoso")
    assert hoso.results().texts == {LETTER: [""]}
    assert hoso.results().documents == ()


def test_tesseracts_texts_are_those_of_the_pictures_in_turn(tmp_path: Path) -> None:
    bare = Bare(PAPERS, tmp_path / "bare")
    (bare.folder / "letter-2.txt").write_text("hai\n", encoding="utf-8")
    assert bare.results().texts == {LETTER: ["", "hai\n"]}


def test_ocrmypdfs_side_car_is_cut_at_its_page_breaks(tmp_path: Path) -> None:
    theirs = OcrMyPdf(PAPERS, tmp_path / "ocrmypdf")
    (theirs.folder / "letter.txt").write_text("một\fhai", encoding="utf-8")
    (theirs.folder / "letter-read.pdf").touch()
    assert theirs.results().texts == {LETTER: ["một", "hai"]}
    assert theirs.results().documents == (theirs.folder / "letter-read.pdf",)


def test_a_picture_that_says_no_resolution_is_taken_for_a4(tmp_path: Path) -> None:
    told, untold, absurd = (tmp_path / name for name in ("told.jpg", "untold.jpg", "absurd.jpg"))
    Image.new("L", (1654, 2339)).save(told, dpi=(300, 300))
    Image.new("L", (1654, 2339)).save(untold)
    Image.new("L", (1654, 2339)).save(absurd, dpi=(72, 72))
    assert [_size(picture) for picture in (told, untold, absurd)] == [[], *[["--imgsize", "200dpi"]] * 2]


def test_ocrmypdf_and_all_it_needs_are_pinned() -> None:
    lines = OCRMYPDF.requirements.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert "ocrmypdf==17.13.0" in pins
    assert all(line.count("==") == 1 for line in pins)
