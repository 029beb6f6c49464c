"""The command line: files in, three files out for each, and exit codes that mean something."""

import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from services.ocr.command import Exit, digitise_files


def page(path: Path, text: str) -> Path:
    """Write a picture of one line of large print."""
    image = Image.new("L", (700, 160), "white")
    ImageDraw.Draw(image).text((40, 50), text, fill="black", font=ImageFont.load_default(56))
    image.save(path, dpi=(200, 200))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_each_file_becomes_a_document_a_text_and_facts(tmp_path: Path, out: Path) -> None:
    files = [page(tmp_path / "ĐƠN xin.png", "TRANG 12"), page(tmp_path / "b.tif", "TRANG BAN 34")]
    assert digitise_files(files, out, jobs=2) is Exit.DONE
    assert (out / "ĐƠN xin.txt").read_text(encoding="utf-8") == "TRANG 12"
    facts = json.loads((out / "b.json").read_text(encoding="utf-8"))
    assert (facts["source"]["name"], facts["source"]["media_type"]) == ("b.tif", "image/tiff")
    assert (facts["pages"][0]["words"], facts["verdict"], list(facts["fields"])) == (3, "digitised", ["page_count"])
    with pypdfium2.PdfDocument(out / "b.pdf") as document:
        assert document[0].get_textpage().get_text_range().split() == ["TRANG", "BAN", "34"]
    assert len(list(out.iterdir())) == 6


def test_asked_why_it_says_so_for_each_page(tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("L", (700, 900), "white").save(tmp_path / "blank.png", dpi=(100, 100))
    files = [page(tmp_path / "a.png", "TRANG 12"), tmp_path / "blank.png"]
    assert digitise_files(files, out, jobs=1, explain_pages=True) is Exit.DONE
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  trang / page 1: ")]
    assert len(said) == 2
    assert any(
        "recognised" in line and "a picture, which has no text" in line and "2 từ / words" in line for line in said
    )
    assert any("trang trắng / blank" in line for line in said)


def test_pages_of_a_text_are_parted_by_form_feeds(tmp_path: Path, out: Path) -> None:
    pages = [Image.open(page(tmp_path / f"{n}.png", f"TRANG {n}{n}")) for n in (1, 2)]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:], dpi=(200, 200))
    assert digitise_files([tmp_path / "two.tif"], out, jobs=2) is Exit.DONE
    assert (out / "two.txt").read_text() == "TRANG 11\fTRANG 22"


def test_refused_files_do_not_hold_up_the_others(tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "letter.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    files = [
        *(tmp_path / name for name in ("empty.pdf", "letter.doc", "locked.pdf")),
        page(tmp_path / "a.png", "TRANG 1"),
    ]
    assert digitise_files(files, out, jobs=1) is Exit.SOME_REFUSED
    said = capsys.readouterr()
    assert said.out.splitlines() == [f"{tmp_path}/a.png -> {out}/a.pdf: 1 pages, 2 words, digitised"]
    for name, reason in (("empty.pdf", "empty"), ("letter.doc", "unsupported-type"), ("locked.pdf", "encrypted")):
        assert any(name in line and f"({reason})" in line for line in said.err.splitlines())
    assert "tệp rỗng / the file is empty" in said.err
    assert {path.name for path in out.iterdir()} == {"a.pdf", "a.txt", "a.json"}


def test_no_output_overwrites_another_or_an_input(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    files = [
        page(tmp_path / "a.png", "MOT 1"),
        page(tmp_path / "a.tif", "HAI 2"),
        page(tmp_path / "sub" / "a.png", "BA 3"),
        tmp_path / "b.pdf",
    ]
    Image.open(files[0]).save(files[3], resolution=200)
    before = files[3].read_bytes()
    assert digitise_files(files, tmp_path, jobs=2) is Exit.DONE
    assert [(tmp_path / f"{name}.txt").read_text() for name in ("a", "a-2", "a-3", "b-2")] == [
        "MOT 1",
        "HAI 2",
        "BA 3",
        "MOT 1",
    ]
    assert files[3].read_bytes() == before


def test_a_file_that_is_not_there_stops_everything_before_it_begins(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [page(tmp_path / "a.png", "TRANG 1"), tmp_path / "none.pdf"]
    assert digitise_files(files, out, jobs=1) is Exit.FAILED
    assert "none.pdf: không có tệp này / no such file" in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").touch()
    assert digitise_files([page(tmp_path / "a.png", "TRANG 1")], tmp_path / "out", jobs=1) is Exit.FAILED
    assert capsys.readouterr().err.startswith("digitise: ")


@pytest.mark.parametrize(
    ("arguments", "code"), [(["digitise"], 1), (["digitise", "a.pdf"], 1), (["fly"], 1), (["digitise", "--help"], 0)]
)
def test_usage_errors_end_with_1_because_2_means_refused(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "services.ocr", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code
    assert "usage: python -m services.ocr" in done.stderr + done.stdout
