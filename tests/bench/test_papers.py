"""Made pages carry just the text that their truth says, and are the same whenever they are made."""

import random
import unicodedata
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops

from bench.ocr.papers.conditions import CONDITIONS
from bench.ocr.papers.layouts import LAYOUTS
from bench.ocr.papers.make import TYPEFACES, make, sheets
from bench.ocr.papers.prose import GROUNDS, SENTENCES, Prose
from deploy.demo.printing.document import A4_MM, Document
from deploy.demo.printing.fonts import FACES, Typeface, load
from deploy.demo.printing.typeset import MM_PER_INCH, Sheet, Word, plain

LETTERS = [*"ăâêôơưđĂÂÊÔƠƯĐ", *map(chr, range(0x1EA0, 0x1EFA))]
NO_LETTER = "\U0010fffe"


@pytest.fixture(autouse=True)
def _faces() -> None:
    """Skip where a typeface is not installed."""
    if absent := [name for typeface in TYPEFACES for name in typeface.missing()]:
        pytest.skip(f"{', '.join(absent)} missing: make setup-servers installs the fonts")


def spoken(sheet: Sheet) -> Counter[str]:
    return Counter(sheet.truth().split())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_truth_of_a_paper_is_what_was_set(layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: dict[int, Counter[str]] = {}
    draw = Sheet._set_word

    def recorded(sheet: Sheet, word: Word, x: float, baseline: float) -> None:
        drawn.setdefault(id(sheet), Counter())[plain([word])] += 1
        draw(sheet, word, x, baseline)

    monkeypatch.setattr(Sheet, "_set_word", recorded)
    document = Document(50)
    LAYOUTS[layout](document, Prose("a seed"))
    assert len(document.sheets) >= 2
    assert [spoken(sheet) for sheet in document.sheets] == [drawn[id(sheet)] for sheet in document.sheets]
    assert unicodedata.is_normalized("NFC", document.truth())


def test_everything_set_stays_on_the_paper() -> None:
    """No line is cut off at an edge: the margin that no printer prints is empty."""
    for name, sheet in sheets(3, seed=1, dpi=60):
        inked = ImageChops.invert(sheet.image.convert("L")).getbbox()
        assert inked is not None
        margin = sheet.px(5)
        assert min(inked[0], inked[1]) > margin, name
        assert inked[2] < sheet.image.width - margin, name
        assert inked[3] < sheet.image.height - margin, name


def test_columns_of_the_head_do_not_run_into_each_other() -> None:
    document = Document(50)
    LAYOUTS["quyet-dinh"](document, Prose("a seed"))
    truth = document.sheets[0].truth().splitlines()
    assert truth[0].startswith("UBND TỈNH")
    assert truth[2].startswith("Số: ")
    assert truth[3:5] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    signed = document.sheets[-1].truth().splitlines()
    assert signed[-2] == "GIÁM ĐỐC"
    assert signed.index("Nơi nhận:") < signed.index("GIÁM ĐỐC")


def test_the_annex_is_a_landscape_table_whose_rows_come_one_after_the_other() -> None:
    document = Document(50)
    LAYOUTS["phu-luc"](document, Prose("a seed"))
    assert all(sheet.width_mm > sheet.height_mm for sheet in document.sheets)
    lines = document.truth().splitlines()
    heading = lines.index("STT")
    assert lines[heading : heading + 4] == ["STT", "Tên công trình", "Địa điểm", "Nội dung thực hiện"]
    rows = [lines.index(str(number)) for number in range(1, 6)]
    assert rows == sorted(rows)


def test_another_seed_is_another_text_and_the_same_seed_the_same() -> None:
    first, again, other = (
        ["\n".join(sheet.truth() for _, sheet in sheets(1, seed, dpi=40, layouts=["dang", "phu-luc"]))]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_sentences_leave_no_slot_open() -> None:
    prose = Prose("a seed")
    for said in (*SENTENCES, *GROUNDS):
        assert not {"{", "}"} & set(prose.filled(said))


@pytest.mark.parametrize("typeface", TYPEFACES, ids=lambda typeface: typeface.package)
def test_every_face_has_all_letters_of_vietnamese(typeface: Typeface) -> None:
    for face in FACES:
        font = load(face, 40, typeface)
        missing = bytes(font.getmask(NO_LETTER))
        assert [letter for letter in LETTERS if bytes(font.getmask(letter)) == missing] == []


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_is_the_same_with_the_same_lot_and_true_to_size(condition: str) -> None:
    _, sheet = next(sheets(1))
    lots = map(random.Random, (7, 7, 8))
    first, again, other = (CONDITIONS[condition](sheet.image, lot) for lot in lots)
    assert (first.image.tobytes(), first.dpi) == (again.image.tobytes(), again.dpi)
    if condition != "clean":
        assert first.image.tobytes() != other.image.tobytes()
    sides_mm = sorted(side * MM_PER_INCH / first.dpi for side in first.image.size)
    assert sides_mm == pytest.approx(sorted(A4_MM), abs=0.2)


def test_pages_are_kept_as_pictures_that_say_their_resolution_and_as_pdfs_of_the_same_bytes(tmp_path: Path) -> None:
    pages = make(tmp_path, documents=1, conditions=["office", "poor"], layouts=["phu-luc"])
    assert [page.condition for page in pages] == ["office", "poor"] * 2
    for page in pages:
        with Image.open(page.picture) as image:
            dpi, size = image.info["dpi"][0], image.size
        with pikepdf.open(page.pdf) as document:
            (sheet,) = document.pages
            assert sheet.get_images()["/Scan"].read_raw_bytes() == page.picture.read_bytes()
            assert [float(side) for side in sheet.mediabox[2:]] == pytest.approx(
                [side * 72 / dpi for side in size], abs=0.01
            )
        assert page.picture.with_suffix(".gt.txt").read_text(encoding="utf-8") == f"{page.truth}\n"
