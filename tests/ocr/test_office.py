"""Documents of word processors become PDFs that carry their text and their fonts."""

import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pikepdf
import pytest

from services.ocr.judge import judge
from services.ocr.limits import Limits
from services.ocr.office import PROGRAM, to_pdf
from services.ocr.pages import UnfitPaper
from services.ocr.pdfium import PdfPages
from services.ocr.reasons import explain
from shared.packages import DOCX, ODT
from tests.shared.test_media import DOCX_PARTS, package

LIMITS = Limits(pages=10, pixels=10**8)
TEXT = "Đơn đề nghị cấp bản sao trích lục"
ODT_PARTS = {
    "mimetype": ODT,
    "content.xml": (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f"<office:body><office:text><text:p>{TEXT}</text:p></office:text></office:body></office:document-content>"
    ),
    "META-INF/manifest.xml": (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    ),
}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATED = "http://schemas.openxmlformats.org/package/2006"
WORD_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{RELATED}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{RELATED}/relationships"><Relationship Id="r1" Target="word/document.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "word/document.xml": (
        f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:rPr><w:rFonts w:ascii="Times New Roman Italic" '
        f'w:hAnsi="Times New Roman Italic"/></w:rPr><w:t>{TEXT}</w:t></w:r></w:p></w:body></w:document>'
    ),
}
needs_office = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="libreoffice-writer-nogui is not installed")


def fonts_of(path: Path) -> dict[str, bool]:
    """Return the fonts of a PDF's first page, and whether each lies in the file."""
    with pikepdf.open(path) as pdf:
        fonts = pdf.pages[0].Resources.Font
        return {str(font.BaseFont): "/FontDescriptor" in font and embedded(font) for font in fonts.values()}


def embedded(font: pikepdf.Object) -> bool:
    return any(key in font.FontDescriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


@needs_office
@pytest.mark.parametrize(("parts", "media_type"), [(WORD_PARTS, DOCX), (ODT_PARTS, ODT)])
def test_a_document_becomes_a_pdf_with_its_text_and_fonts(
    parts: dict[str, str], media_type: str, tmp_path: Path
) -> None:
    path = tmp_path / "original"
    path.write_bytes(package(parts))
    made = to_pdf(path, tmp_path, media_type=media_type, timeout_seconds=120)
    assert (judge(path, LIMITS).media_type, judge(path, LIMITS).to_convert) == (media_type, True)
    assert judge(made, LIMITS).pdfa == "2b"
    assert [line.text for line in PdfPages(made, LIMITS).text(1).lines] == [TEXT]
    assert set(fonts_of(made).values()) == {True}
    assert {entry.name for entry in tmp_path.iterdir()} == {"original", made.name}


@needs_office
@pytest.mark.skipif(shutil.which("fc-match") is None, reason="fontconfig's fc-match is not installed")
def test_faces_that_word_calls_fonts_are_set_in_their_family(tmp_path: Path) -> None:
    path = tmp_path / "original"
    path.write_bytes(package(WORD_PARTS))
    asked = ["fc-match", "-f", "%{postscriptname}", "Times New Roman"]
    family = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.partition("-")[0]
    fonts = fonts_of(to_pdf(path, tmp_path, media_type=DOCX, timeout_seconds=120))
    assert any(family in font for font in fonts)


def test_without_the_program_the_answer_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnfitPaper) as refusal:
        to_pdf(tmp_path / "a", tmp_path, media_type=DOCX, timeout_seconds=1)
    assert refusal.value.reason == "no-office-converter"
    assert "libreoffice-writer-nogui" in explain(refusal.value.reason)


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put another program in LibreOffice's place."""
    file = folder / PROGRAM
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_a_program_that_does_not_end_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "original").write_bytes(package(DOCX_PARTS))
    program(tmp_path, f"sleep 300 & echo $! > {tmp_path}/child; wait", monkeypatch)
    with pytest.raises(UnfitPaper) as refusal:
        to_pdf(tmp_path / "original", tmp_path, media_type=DOCX, timeout_seconds=2)
    assert refusal.value.reason == "conversion-timeout"
    assert gone(int((tmp_path / "child").read_text()))


def gone(pid: int) -> bool:
    """Wait until a process is no more, ten seconds at most."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_program_that_makes_nothing_has_met_a_broken_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "original").write_bytes(b"")
    program(tmp_path, "exit 0", monkeypatch)
    with pytest.raises(UnfitPaper) as refusal:
        to_pdf(tmp_path / "original", tmp_path, media_type=DOCX, timeout_seconds=20)
    assert refusal.value.reason == "corrupt"


def test_macros_are_said(tmp_path: Path) -> None:
    path = tmp_path / "original"
    with zipfile.ZipFile(path, "w") as made:
        for name, content in {**DOCX_PARTS, "word/vbaProject.bin": "x"}.items():
            made.writestr(name, content)
    assert judge(path, LIMITS).active == ("macros",)


@needs_office
@pytest.mark.scans
def test_the_source_of_a_real_decision_has_the_pages_of_its_scan(scans_folder: Path, tmp_path: Path) -> None:
    path = scans_folder / "letters" / "qd440_haiphong_word_source.docx"
    made = to_pdf(path, tmp_path, media_type=DOCX, timeout_seconds=120)
    pages = PdfPages(made, LIMITS)
    text = "\n".join(line.text for number in range(1, pages.count + 1) for line in pages.text(number).lines)
    assert pages.count == 3
    assert "lĩnh vực giáo dục và đào tạo trên địa bàn thành phố Hải Phòng" in text
