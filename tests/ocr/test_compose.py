"""The composed document shows what the original showed, and every word can be found where it is printed."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from services.ocr.hocr import Box, Layout, Line, Word
from services.ocr.pages import UnfitPaper
from services.ocr.pdf.compose import compose
from services.ocr.pdf.font import Characters
from services.ocr.pdf.plans import PagePlan
from services.ocr.pixels import turned
from tests.ocr.made_pdfs import FACTS, LETTER, difference, found, layout, line, poppler_words, seen, text_of, write

MM_OF_A4 = (1 / 210, 1 / 297)


def with_words(*lines: Line) -> list[PagePlan]:
    return [PagePlan(layout(*lines))]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [0, 90, 180, -90, 405])
@pytest.mark.parametrize("origin", [(0, 0), (-30, 50)])
def test_a_word_is_found_where_it_is_printed(
    rotation: int, rotate: int, origin: tuple[int, int], tmp_path: Path
) -> None:
    x, y = origin
    source = write(tmp_path / "in.pdf", boxes=[(x, y, x + 612, y + 792)], Rotate=rotate)
    size = (1700, 2200) if (rotation + rotate // 90 * 90) % 180 == 0 else (2200, 1700)
    page = layout(line("Quyết", "định", top=300, left=400), size=size)
    compose(source, [PagePlan(page, rotation)], tmp_path / "out.pdf", facts=FACTS)
    box = page.words[1].box
    expected = (box.left / size[0], box.top / size[1], box.right / size[0], box.bottom / size[1])
    assert found(tmp_path / "out.pdf", "định") == pytest.approx(expected, abs=0.01)
    (by_poppler,) = [place for text, place in poppler_words(tmp_path / "out.pdf")[0] if text == "định"]
    assert by_poppler == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [0, 90])
def test_a_page_found_turned_is_shown_upright(rotation: int, rotate: int, tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", Rotate=rotate)
    compose(source, [PagePlan(rotation=rotation)], tmp_path / "out.pdf", facts=FACTS)
    upright = np.rot90(seen(source), -rotation // 90)
    assert difference(upright, seen(tmp_path / "out.pdf")) < 0.2


@pytest.mark.parametrize("degrees", [-3.0, 1.25, 5.5])
@pytest.mark.parametrize("rotate", [0, 90])
def test_words_of_a_crooked_page_stand_over_their_print(degrees: float, rotate: int, tmp_path: Path) -> None:
    content = b" ".join(b"0 g %d %d 30 12 re f" % spot for spot in [(72, 80), (500, 90), (90, 700), (480, 690)])
    source = write(tmp_path / "in.pdf", content, Rotate=rotate)
    straight = turned(seen(source, dpi=144)[:, :, 0].copy(), degrees)
    words = [Word(f"chữ{n}", box, 90) for n, box in enumerate(spots(straight))]
    assert len(words) == 4
    lines = tuple(
        Line((word,), word.box, word.box.height, 0, word.box.bottom - 0.2 * word.box.height) for word in words
    )
    plan = PagePlan(Layout(straight.shape[1], straight.shape[0], lines), skew_degrees=degrees)
    compose(source, [plan], tmp_path / "out.pdf", facts=FACTS)
    shown = seen(tmp_path / "out.pdf", dpi=144)[:, :, 0]
    height, width = shown.shape
    assert len(spots(shown)) == 4, "no corner is lost"
    places = [found(tmp_path / "out.pdf", word.text) for word in words]
    for (left, top, right, bottom), box in zip(places, spots(shown), strict=True):
        middle = ((left + right) / 2 * width, (top + bottom) / 2 * height)
        assert middle == pytest.approx(((box.left + box.right) / 2, box.middle), abs=3)


def spots(picture: np.ndarray) -> list[Box]:
    """Return the black spots on a page, one in each quarter at most, top left first."""
    found_spots = []
    middle_y, middle_x = picture.shape[0] // 2, picture.shape[1] // 2
    for top, left in ((0, 0), (0, middle_x), (middle_y, 0), (middle_y, middle_x)):
        rows, columns = np.nonzero(picture[top : top + middle_y, left : left + middle_x] < 60)
        if len(rows):
            found_spots.append(
                Box(left + columns.min(), top + rows.min(), left + columns.max() + 1, top + rows.max() + 1)
            )
    return found_spots


def test_the_crop_box_is_the_page(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", CropBox=Array([100, 200, 400, 600]))
    plan = PagePlan(layout(line("dấu", top=500, left=500), size=(1000, 1000)))
    compose(source, [plan], tmp_path / "out.pdf", facts=FACTS)
    left, top, *_ = found(tmp_path / "out.pdf", "dấu")
    assert (left, top) == pytest.approx((0.5, 0.5), abs=0.02)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert [float(n) for n in pdf.pages[0].mediabox] == [0, 0, 300, 400]


def test_a_page_in_larger_units_keeps_its_true_size(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", UserUnit=2.5)
    compose(source, with_words(line("lớn")), tmp_path / "out.pdf", facts=FACTS)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert [float(n) for n in pdf.pages[0].mediabox] == [0, 0, 1530, 1980]
        assert "/UserUnit" not in pdf.pages[0]


def test_words_that_touch_stay_apart_and_lines_stay_in_order(tmp_path: Path) -> None:
    lines = [line("Độc", "lập", "Tự", "do", gap=0), line("Hạnh", "phúc", top=200, gap=-3)]
    compose(write(tmp_path / "in.pdf"), with_words(*lines), tmp_path / "out.pdf", facts=FACTS)
    expected = ["Độc", "lập", "Tự", "do", "Hạnh", "phúc"]
    assert text_of(tmp_path / "out.pdf").split() == expected
    assert [word for word, _ in poppler_words(tmp_path / "out.pdf")[0]] == expected


def test_every_character_comes_back(tmp_path: Path) -> None:
    words = ["ẮẰẲẴẶắằẳẵặ", "ỐỒỔỖỘơờởỡợ", "ưừửữựđĐ", "№§€", "𝒳", "()\\<>"]
    # more characters than one section of a CMap may hold
    words.append("".join(chr(0x1E00 + n) for n in range(120)))
    compose(write(tmp_path / "in.pdf"), with_words(line(*words, size=10)), tmp_path / "out.pdf", facts=FACTS)
    assert text_of(tmp_path / "out.pdf").split() == words


def test_text_is_composed_whatever_the_layout_says(tmp_path: Path) -> None:
    loose = unicodedata.normalize("NFD", "Quyết")
    compose(write(tmp_path / "in.pdf"), with_words(line(loose)), tmp_path / "out.pdf", facts=FACTS)
    assert text_of(tmp_path / "out.pdf").strip() == "Quyết"


def test_nothing_can_be_seen_of_the_text(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    compose(source, with_words(line("Cộng", "hòa")), tmp_path / "out.pdf", facts=FACTS)
    assert seen(source).min() < 255
    assert difference(seen(source), seen(tmp_path / "out.pdf")) == 0


def test_what_needs_no_change_is_kept_byte_for_byte(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", b"1 0 0 rg 9 9 9 9 re f")
    compose(source, [], tmp_path / "out.pdf", facts=FACTS)
    with pikepdf.open(source) as before, pikepdf.open(tmp_path / "out.pdf") as after:
        assert [s.read_bytes() for s in before.pages[0].Contents] == [s.read_bytes() for s in after.pages[0].Contents]


def test_each_page_gets_its_own_text_and_one_without_a_plan_none(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", boxes=[(0, 0, *LETTER)] * 4)
    plans = [*with_words(line("một")), PagePlan(), *with_words(line("ba"))]
    compose(source, plans, tmp_path / "out.pdf", facts=FACTS)
    assert [text_of(tmp_path / "out.pdf", n).strip() for n in (1, 2, 3, 4)] == ["một", "", "ba", ""]


def test_inherited_resources_stay_in_force(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", b"/Half gs 0 g 100 100 200 200 re f", boxes=[(0, 0, *LETTER)] * 2)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.Root.Pages.Resources = Dictionary(ExtGState=Dictionary(Half=Dictionary(ca=0.5)))
        for page in pdf.pages:
            del page["/Resources"]
        pdf.save(source)
    compose(source, with_words(line("một")), tmp_path / "out.pdf", facts=FACTS)
    assert [difference(seen(source, n), seen(tmp_path / "out.pdf", n)) for n in (1, 2)] == [0, 0]


_COMPOSE = """
import sys, pickle
from pathlib import Path
from services.ocr.pdf.compose import compose
source, target, rest = Path(sys.argv[1]), Path(sys.argv[2]), bytes.fromhex(sys.argv[3])
plans, facts = pickle.loads(rest)
compose(source, plans, target, facts=facts)
"""


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    import pickle  # noqa: PLC0415  # what another process gets is what the runner of children sends

    source = write(tmp_path / "in.pdf", boxes=[(0, 0, *LETTER)] * 2)
    told = pickle.dumps((with_words(line("giống", "nhau")), FACTS)).hex()
    for name in ("one.pdf", "two.pdf"):
        subprocess.run([sys.executable, "-c", _COMPOSE, source, tmp_path / name, told], check=True)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_a_file_that_opens_without_a_password_is_kept_without_encryption(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    with pikepdf.open(source) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="chủ", user=""))
        pdf.save(tmp_path / "shut.pdf", encryption=pikepdf.Encryption(owner="chủ", user="khách"))
    compose(tmp_path / "locked.pdf", with_words(line("mở")), tmp_path / "out.pdf", facts=FACTS)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert not pdf.is_encrypted
    assert text_of(tmp_path / "out.pdf").strip() == "mở"
    with pytest.raises(UnfitPaper) as refusal:
        compose(tmp_path / "shut.pdf", [], tmp_path / "out.pdf", facts=FACTS)
    assert refusal.value.reason == "encrypted"


def test_junk_before_the_header_does_no_harm(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    source.write_bytes(b"\x75\xab\x5a\x6a" * 5 + b"x" + source.read_bytes())
    compose(source, with_words(line("chữ")), tmp_path / "out.pdf", facts=FACTS)
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert text_of(tmp_path / "out.pdf").strip() == "chữ"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF\n", b"%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj"])
def test_a_file_too_damaged_to_copy_is_unfit(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(content)
    with pytest.raises(UnfitPaper) as refusal:
        compose(tmp_path / "in.pdf", [], tmp_path / "out.pdf", facts=FACTS)
    assert refusal.value.reason == "corrupt"


def test_the_outline_stays_and_nothing_active_does(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", boxes=[(0, 0, *LETTER)] * 3)
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pages = [page.obj for page in pdf.pages]
        pdf.Root.Dests = Dictionary(Cu=Array([pages[2], Name.Fit]))
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), script])))
        pdf.Root.OpenAction = script
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("x"))
        pages[0].AA = Dictionary(O=script)
        pages[0].Annots = Array([Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=script)])
        pdf.attachments["thư.txt"] = b"attached"
        with pdf.open_outline() as outline:
            chapter = OutlineItem("Chương I", 1)
            chapter.children.append(OutlineItem("Điều 1", Name.Cu))
            outline.root.extend([chapter, OutlineItem("Chạy", action=script)])
        pdf.save(source)
    compose(source, [PagePlan(rotation=90)], tmp_path / "out.pdf", facts=FACTS)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        with pdf.open_outline() as outline:
            first, second = outline.root
            (inner,) = first.children
        assert [item.title for item in (first, inner, second)] == ["Chương I", "Điều 1", "Chạy"]
        targets = [item.destination for item in (first, inner)]
        assert [target[0].objgen for target in targets if isinstance(target, Array)] == [
            pdf.pages[n].obj.objgen for n in (1, 2)
        ]
        assert set(pdf.Root.keys()) == {"/Type", "/Pages", "/Outlines", "/Metadata", "/OutputIntents", "/Lang"}
    written = (tmp_path / "out.pdf").read_bytes()
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        pdf.save(tmp_path / "plain.pdf", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    for name in (b"JavaScript", b"/AA", b"/Annots", b"EmbeddedFile", b"AcroForm"):
        assert name not in written + (tmp_path / "plain.pdf").read_bytes()


def test_an_outline_that_goes_round_in_circles_ends(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        item = pdf.make_indirect(Dictionary(Title=String("vòng")))
        item.Next = item.First = item
        pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item))
        pdf.save(source)
    compose(source, [], tmp_path / "out.pdf", facts=FACTS)
    with pikepdf.open(tmp_path / "out.pdf") as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["vòng"]


def with_stamp(source: Path, *, flags: int = 4, content: bytes = b"1 0 0 rg 0 0 100 40 re f") -> Path:
    """Add a signature's stamp to the first page."""
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        look = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 40]))
        stamp = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("Ký"), F=flags,
            Rect=Array([300, 100, 400, 140]), AP=Dictionary(N=look), P=pdf.pages[0].obj,
        )  # fmt: skip
        pdf.pages[0].Annots = Array([pdf.make_indirect(stamp)])
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.pages[0].Annots[0]]), SigFlags=3)
        pdf.save(source)
    return source


@pytest.mark.parametrize("rotate", [0, 90])
def test_the_stamp_of_a_signature_stays_to_be_seen(rotate: int, tmp_path: Path) -> None:
    source = with_stamp(write(tmp_path / "in.pdf", Rotate=rotate))
    compose(source, with_words(line("chữ")), tmp_path / "out.pdf", facts=FACTS)
    red = (seen(tmp_path / "out.pdf") == (255, 0, 0)).all(axis=2)
    assert red.sum() == pytest.approx(100 * 40, rel=0.05)
    assert difference(seen(source, forms=True), seen(tmp_path / "out.pdf")) < 0.1


def test_what_an_annotation_hides_stays_hidden(tmp_path: Path) -> None:
    source = with_stamp(write(tmp_path / "in.pdf"), flags=2)
    compose(source, [], tmp_path / "out.pdf", facts=FACTS)
    assert difference(seen(write(tmp_path / "bare.pdf")), seen(tmp_path / "out.pdf")) == 0


def test_invisible_text_goes_where_the_plan_says_so(tmp_path: Path) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    content = b"q BT /F1 20 Tf 3 Tr 72 600 Td (GARBAGE) Tj T* (MORE) ' ET Q BT /F1 20 Tf 72 500 Td (seen) Tj ET"
    source = write(tmp_path / "in.pdf", content, resources=Dictionary(Font=Dictionary(F1=font)))
    plan = PagePlan(layout(line("đúng")), drop_text=True)
    compose(source, [plan], tmp_path / "out.pdf", facts=FACTS)
    assert set(text_of(tmp_path / "out.pdf").split()) == {"đúng", "seen"}
    assert difference(seen(source), seen(tmp_path / "out.pdf")) == 0


def test_text_that_clips_goes_only_where_nothing_comes_after_it(tmp_path: Path) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    content = b"q BT /F1 60 Tf 7 Tr 72 600 Td (CLIP) Tj ET 1 0 0 rg 0 0 600 800 re f Q"
    content += b" q BT /F1 9 Tf 7 Tr (LAST) Tj ET Q"
    source = write(tmp_path / "in.pdf", content, resources=Dictionary(Font=Dictionary(F1=font)))
    compose(source, [PagePlan(drop_text=True)], tmp_path / "out.pdf", facts=FACTS)
    assert text_of(tmp_path / "out.pdf").split() == ["CLIP"]
    assert difference(seen(source), seen(tmp_path / "out.pdf")) == 0


def test_the_document_says_what_it_is_twice_the_same(tmp_path: Path) -> None:
    done = compose(write(tmp_path / "in.pdf"), [], tmp_path / "out.pdf", facts=FACTS)
    assert done.pdfa == "2b"
    assert done.size_bytes == (tmp_path / "out.pdf").stat().st_size
    with pikepdf.open(tmp_path / "out.pdf") as pdf, pdf.open_metadata() as told:
        assert told.pdfa_status == "2B"
        assert (told["dc:title"], told["dc:description"]) == (FACTS.title, FACTS.subject)
        assert told["xmp:CreateDate"] == told["xmp:ModifyDate"] == "2026-03-02T08:30:00+07:00"
        assert list(told["dc:language"]) == ["vi"]
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert str(pdf.docinfo.Title) == FACTS.title
        assert str(pdf.docinfo.CreationDate) == "D:20260302083000+07'00'"


def test_a_document_that_grew_says_so(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf")
    grown = compose(source, [], tmp_path / "out.pdf", facts=FACTS)
    share = (tmp_path / "out.pdf").stat().st_size / source.stat().st_size
    assert grown.reasons == (f"larger-than-input: {share:.2f}",)
    assert compose(source, [], tmp_path / "out.pdf", facts=FACTS, input_bytes=10_000).reasons == ()


def test_a_skewed_line_is_followed_by_level_words(tmp_path: Path) -> None:
    skewed = line("xuống", "dốc", "dần", gap=300)
    skewed = Line(skewed.words, skewed.box, skewed.height, 0.05, skewed.base)
    compose(write(tmp_path / "in.pdf"), with_words(skewed), tmp_path / "out.pdf", facts=FACTS)
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
