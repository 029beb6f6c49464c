"""The composed document shows what the original showed, and every word can be found where it is printed."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from services.ocr.compose import compose
from services.ocr.font import Characters
from services.ocr.hocr import Box, Layout, Line, Word
from services.ocr.limits import Limits
from services.ocr.pages import UnfitPaper
from services.ocr.pdfium import PdfPages
from services.ocr.placement import Placed

LIMITS = Limits(pages=10, pixels=1_000_000)
LETTER = (612, 792)


def line(*words: str, top: float = 100, left: float = 100, size: float = 40, gap: float = 20) -> Line:
    """Return a line of words, each as wide as it is long, with a gap between them."""
    placed, at = [], left
    for word in words:
        width = len(word) * size / 2
        placed.append(Word(word, Box(at, top, at + width, top + size), 90))
        at += width + gap
    return Line(tuple(placed), Box(left, top, at, top + size), size, 0, top + size * 0.8)


def layout(*lines: Line, size: tuple[float, float] = (1700, 2200)) -> Layout:
    return Layout(*size, lines)


def placed(*lines: Line, size: tuple[float, float] = (1700, 2200)) -> Placed:
    return Placed(layout(*lines, size=size))


def write(path: Path, *, boxes: Sequence[Sequence[float]] = ((0, 0, *LETTER),), **page_keys: object) -> Path:
    """Write a PDF with one page for each media box, a grey square in its lower left corner."""
    with pikepdf.new() as pdf:
        for box in boxes:
            page = pdf.add_blank_page(page_size=LETTER)
            page.MediaBox = pikepdf.Array(list(box))
            page.contents_add(b"0.5 g %g %g 50 50 re f" % (box[0], box[1]))
            for name, value in page_keys.items():
                page[f"/{name}"] = value
        pdf.save(path, deterministic_id=True)
    return path


def found(pdf: Path, word: str, number: int = 1) -> tuple[float, float, float, float]:
    """Return where a reader finds a word: left, top, right, bottom as shares of the page as it is seen."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[number - 1]
        place = page.get_textpage().search(word).get_next()
        assert place is not None, f"{word} is not found"
        index, count = place
        boxes = [page.get_textpage().get_charbox(index + n, loose=True) for n in range(count)]
        left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
        bottom, top = min(b[1] for b in boxes), max(b[3] for b in boxes)
        return _as_seen(page, (left, bottom, right, top))


def _as_seen(page: pypdfium2.PdfPage, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = page.get_bbox()
    corners = [((x - x0) / (x1 - x0), (y1 - y) / (y1 - y0)) for x, y in (box[:2], box[2:])]
    (a, b), (c, d) = (_turned(page.get_rotation(), x, y) for x, y in corners)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _turned(rotation: int, x: float, y: float) -> tuple[float, float]:
    return {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[rotation]


def text_of(pdf: Path, number: int = 1) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[number - 1].get_textpage().get_text_range())


@pytest.mark.parametrize("rotation", [0, 90, 180, 270, -90])
@pytest.mark.parametrize("origin", [(0, 0), (-30, 50)])
def test_a_word_is_found_where_it_is_printed(rotation: int, origin: tuple[int, int], tmp_path: Path) -> None:
    x, y = origin
    source = write(tmp_path / "in.pdf", boxes=[(x, y, x + 612, y + 792)], Rotate=rotation)
    size = (1700, 2200) if rotation % 180 == 0 else (2200, 1700)
    page = layout(line("Quyết", "định", top=300, left=400), size=size)
    compose(source, lambda _: Placed(page), tmp_path / "out.pdf")
    box = page.words[1].box
    expected = (box.left / size[0], box.top / size[1], box.right / size[0], box.bottom / size[1])
    assert found(tmp_path / "out.pdf", "định") == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("before", [0, 90])
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_found_turned_is_turned_and_its_words_with_it(rotation: int, before: int, tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", Rotate=before)
    size = (1700, 2200) if (rotation + before) % 180 == 0 else (2200, 1700)
    page = layout(line("Quyết", "định", top=300, left=400), size=size)
    compose(source, lambda _: Placed(page, rotation), tmp_path / "out.pdf")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert int(pdf.pages[0].rotation) % 360 == (rotation + before) % 360
    box = page.words[1].box
    expected = (box.left / size[0], box.top / size[1], box.right / size[0], box.bottom / size[1])
    assert found(tmp_path / "out.pdf", "định") == pytest.approx(expected, abs=0.01)


def test_the_crop_box_is_the_page(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", CropBox=pikepdf.Array([100, 200, 400, 600]))
    compose(source, lambda _: placed(line("dấu", top=500, left=500), size=(1000, 1000)), tmp_path / "out.pdf")
    left, top, *_ = found(tmp_path / "out.pdf", "dấu")
    assert (left, top) == pytest.approx((0.5, 0.5), abs=0.02)


def test_words_that_touch_stay_apart_and_lines_stay_in_order(tmp_path: Path) -> None:
    lines = [line("Độc", "lập", "Tự", "do", gap=0), line("Hạnh", "phúc", top=200, gap=-3)]
    compose(write(tmp_path / "in.pdf"), lambda _: placed(*lines), tmp_path / "out.pdf")
    assert text_of(tmp_path / "out.pdf").split() == ["Độc", "lập", "Tự", "do", "Hạnh", "phúc"]


def test_every_character_comes_back(tmp_path: Path) -> None:
    words = ["ẮẰẲẴẶắằẳẵặ", "ỐỒỔỖỘơờởỡợ", "ưừửữựđĐ", "№§€", "𝒳", "()\\<>"]
    # more characters than one section of a CMap may hold
    words.append("".join(chr(0x1E00 + n) for n in range(120)))
    compose(write(tmp_path / "in.pdf"), lambda _: placed(line(*words, size=10)), tmp_path / "out.pdf")
    assert text_of(tmp_path / "out.pdf").split() == words


def test_nothing_can_be_seen_of_the_text(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    compose(source, lambda _: placed(line("Cộng", "hòa")), tmp_path / "out.pdf")
    before, after = (PdfPages(path, LIMITS).picture(1).image for path in (source, tmp_path / "out.pdf"))
    assert before.getbbox() is not None
    assert ImageChops.difference(before, after).getbbox() is None


def test_what_a_page_showed_is_kept_byte_for_byte(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    compose(source, lambda _: placed(line("một")), tmp_path / "out.pdf")
    with pikepdf.open(source) as before, pikepdf.open(tmp_path / "out.pdf") as after:
        kept = before.pages[0].Contents[0].read_bytes()
        assert kept in [stream.read_bytes() for stream in after.pages[0].Contents]
        assert after.check_pdf_syntax() == []


def test_each_page_gets_its_own_text_and_a_failed_one_none(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", boxes=[(0, 0, *LETTER)] * 3)
    layouts = {1: placed(line("một")), 3: placed(line("ba"))}
    compose(source, layouts.get, tmp_path / "out.pdf")
    assert [text_of(tmp_path / "out.pdf", n).strip() for n in (1, 2, 3)] == ["một", "", "ba"]


def test_inherited_resources_stay_in_force(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", boxes=[(0, 0, *LETTER)] * 2)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        state = pikepdf.Dictionary(ExtGState=pikepdf.Dictionary(Half=pikepdf.Dictionary(ca=0.5)))
        pdf.Root.Pages.Resources = state
        for page in pdf.pages:
            del page["/Resources"]
        pdf.save(source)
    compose(source, lambda _: placed(line("một")), tmp_path / "out.pdf")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert all({"/ExtGState", "/Font"} <= set(page.resources.keys()) for page in pdf.pages)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    for name in ("one.pdf", "two.pdf"):
        compose(source, lambda _: placed(line("giống", "nhau")), tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_a_file_that_opens_without_a_password_is_kept_without_encryption(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    with pikepdf.open(source) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="chủ", user=""))
    compose(tmp_path / "locked.pdf", lambda _: placed(line("mở")), tmp_path / "out.pdf")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert not pdf.is_encrypted
    assert text_of(tmp_path / "out.pdf").strip() == "mở"


def test_junk_before_the_header_does_no_harm(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    source.write_bytes(b"\x75\xab\x5a\x6a" * 5 + b"x" + source.read_bytes())
    assert PdfPages(source, LIMITS).count == 1
    compose(source, lambda _: placed(line("chữ")), tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")
    assert text_of(tmp_path / "out.pdf").strip() == "chữ"


def test_a_file_too_damaged_to_copy_is_unfit(tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    with pytest.raises(UnfitPaper) as refusal:
        compose(tmp_path / "in.pdf", lambda _: None, tmp_path / "out.pdf")
    assert refusal.value.reason == "corrupt"


def test_a_skewed_line_is_followed_by_level_words(tmp_path: Path) -> None:
    skewed = line("xuống", "dốc", "dần", gap=300)
    skewed = Line(skewed.words, skewed.box, skewed.height, 0.05, skewed.base)
    compose(write(tmp_path / "in.pdf"), lambda _: placed(skewed), tmp_path / "out.pdf")
    _, first, *_ = found(tmp_path / "out.pdf", "xuống")
    _, last, *_ = found(tmp_path / "out.pdf", "dần")
    distance = (skewed.words[2].box.left - skewed.words[0].box.left) * 0.05 / 2200
    assert last - first == pytest.approx(distance, abs=0.002)


def test_codes_are_given_out_once_for_each_character() -> None:
    characters = Characters()
    assert characters.encode("aba") == b"\0\1\0\2\0\1"
    assert characters.encode("cb") == b"\0\3\0\2"
    assert characters.glyphs() == b"\0\0" + b"\0\1" * 3
    assert b"<0003> <0063>" in characters.to_unicode()


def test_a_made_picture_page_carries_its_text_too(tmp_path: Path) -> None:
    picture = BytesIO()
    Image.new("RGB", (850, 1100), "white").save(picture, "PDF", resolution=100)
    (tmp_path / "in.pdf").write_bytes(picture.getvalue())
    compose(tmp_path / "in.pdf", lambda _: placed(line("ảnh", top=1000, left=1000)), tmp_path / "out.pdf")
    left, top, *_ = found(tmp_path / "out.pdf", "ảnh")
    assert (left, top) == pytest.approx((1000 / 1700, 1000 / 2200), abs=0.01)
