"""A page's own text is used where it says what is seen, and read anew where it does not."""

from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name

from services.ocr.hocr import Box, Line, Word, line_of
from services.ocr.layer import CERTAIN, Glyph, TextLayer, lines_of
from services.ocr.layer_quality import layer_verdict
from services.ocr.layout import Page
from services.ocr.limits import Limits
from services.ocr.pages import PageFailed
from services.ocr.pdfium import PdfPages
from services.ocr.pixels import Pixels, as_pixels, grey_of

LIMITS = Limits(pages=5, pixels=1_000_000)
WIDTH, HEIGHT, DPI = 1654, 2339, 200.0
VIETNAMESE = """Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015, theo đề nghị của Giám đốc Sở
Tài nguyên và Môi trường tại Tờ trình số 12/TTr-STNMT, quyết định công nhận kết quả thực hiện nhiệm vụ được giao"""
ENGLISH = """The applicant shall submit one certified copy of the contract together with this form, and keep
the receipt until the office has returned the original documents to the person named in the third section"""
NUMBERS = " ".join(str(n * 7919) for n in range(40))
# what an English engine made of the same kind of page, what fonts of the nineties leave, a font without its map
GARBAGE = """Can ctr Luft T6 chirc chinh quydn dia phuong ngdy 19 th6ng 6 ndm 2015, theo dA nghi cria Gi6m d6c Sd
Tdi nguy6n vi M6i trudng tai To trinh s6 12, quy6t dinh c6ng nhAn k6t qui thuc hi6n nhi6m vu dugc giao"""
TCVN3 = """C¨n cø LuËt Tæ chøc chÝnh quyÒn ®Þa ph¬ng ngµy 19 th¸ng 6 n¨m 2015, theo ®Ò nghÞ cña Gi¸m ®èc Së Tµi
nguyªn vµ M«i trêng t¹i Tê tr×nh sè 12, quyÕt ®Þnh c«ng nhËn kÕt qu¶ thùc hiÖn nhiÖm vô ®îc giao"""
VNI = """Caên cöù Luaät Toå chöùc chính quyeàn ñòa phöông ngaøy 19 thaùng 6 naêm 2015, theo ñeà nghò cuûa Giaùm ñoác
Sôû Taøi nguyeân vaø Moâi tröôøng taïi Tôø trình soá 12, quyeát ñònh coâng nhaän keát quaû thöïc hieän nhieäm vuï"""
SHIFTED = "".join(chr(ord(letter) - 29) if letter.isascii() and letter.isalpha() else letter for letter in ENGLISH)
PRIVATE = "".join(chr(0xF000 + ord(letter)) if letter.isascii() and letter.isalpha() else letter for letter in ENGLISH)


def lines(text: str, *, top: int = 200) -> tuple[Line, ...]:
    """Set the words of a text in lines of eight."""
    words = text.split()
    rows = [words[at : at + 8] for at in range(0, len(words), 8)]
    return tuple(line_of(set_line(row, down=top + 60 * number)) for number, row in enumerate(rows))


def set_line(words: list[str], *, down: int) -> list[Word]:
    placed, left = [], 200
    for word in words:
        placed.append(Word(word, Box(left, down, left + 18 * len(word), down + 30), CERTAIN))
        left += 18 * len(word) + 18
    return placed


def layer(text: str, *, hidden: float = 0.0, pictures: float = 0.0, top: int = 200) -> TextLayer:
    return TextLayer(Page(1, WIDTH, HEIGHT, DPI, lines(text, top=top)), hidden, pictures)


def printed(*layers: TextLayer) -> Pixels:
    """Return a page on which there is something like a letter for every letter of some texts."""
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for one in layers:
        for word in (word for line in one.page.lines for word in line.words):
            for at in range(len(word.text)):
                x, y = round(word.box.left) + 18 * at, round(word.box.top)
                cv2.rectangle(page, (x + 2, y + 2), (x + 12, y + 28), 0, 3)
    return as_pixels(page)


@pytest.mark.parametrize("text", [VIETNAMESE, ENGLISH, NUMBERS, "3"])
def test_text_that_is_painted_where_the_ink_is_is_used_in_whatever_language(text: str) -> None:
    verdict = layer_verdict(layer(text), printed(layer(text)))
    assert (verdict.usable, verdict.reason) == (True, None)
    assert verdict.measures.covered > 0.95


@pytest.mark.parametrize(
    ("text", "reason"),
    [(TCVN3, "wrong-encoding"), (VNI, "wrong-encoding"), (SHIFTED, "wrong-encoding"), (PRIVATE, "undecodable")],
)
def test_text_whose_letters_mean_no_letters_is_not_used(text: str, reason: str) -> None:
    verdict = layer_verdict(layer(text), printed(layer(text)))
    assert (verdict.usable, verdict.reason) == (False, reason)


@pytest.mark.parametrize(("hidden", "pictures"), [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
@pytest.mark.parametrize(
    ("text", "reason"),
    [(VIETNAMESE, None), (GARBAGE, "not-vietnamese"), (ENGLISH, "not-vietnamese"), (NUMBERS, "not-vietnamese")],
)
def test_of_another_recogniser_good_vietnamese_is_taken_only(
    text: str, reason: str | None, hidden: float, pictures: float
) -> None:
    verdict = layer_verdict(layer(text, hidden=hidden, pictures=pictures), printed(layer(text)))
    assert (verdict.usable, verdict.reason) == (reason is None, reason)


def test_a_stamp_on_a_scan_is_no_text_layer() -> None:
    stamp = layer("Người ký: Sở Thử Nghiệm Thời gian ký: 19.02.2025 07:55:14 +07:00", pictures=1.0)
    body = layer(VIETNAMESE * 4, top=500)
    assert layer_verdict(stamp, printed(stamp, body)).reason == "ink-not-covered"


def test_hidden_words_must_lie_on_the_ink() -> None:
    body = layer(VIETNAMESE, hidden=1.0)
    apart = layer(VIETNAMESE, hidden=1.0, top=1400)
    both = TextLayer(Page(1, WIDTH, HEIGHT, DPI, body.page.lines + apart.page.lines * 3), 1.0, 1.0)
    assert layer_verdict(both, printed(body)).reason == "off-ink"
    assert layer_verdict(apart, printed(body)).reason == "ink-not-covered"


def test_rules_and_drawings_are_no_ink_of_letters() -> None:
    text = layer(VIETNAMESE)
    page = printed(text)
    for down in range(800, 2000, 100):
        cv2.line(page, (200, down), (1400, down), 0, 4)
    cv2.circle(page, (800, 1400), 300, 0, 12)
    assert layer_verdict(text, page).usable


def test_no_text_and_a_picture_of_another_size() -> None:
    assert layer_verdict(layer(""), printed()).reason == "no-text"
    text = layer(VIETNAMESE)
    small = as_pixels(cv2.resize(printed(text), (WIDTH // 3, HEIGHT // 3), interpolation=cv2.INTER_AREA))
    assert layer_verdict(text, small).usable


def made(folder: Path, *, mode: int = 0, rotate: int = 0, picture: tuple[float, ...] | None = None) -> PdfPages:
    """Return a PDF of one page with a word in some rendering mode, over a picture in a form where one is asked for."""
    path = folder / "made.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(360, 720))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary())
        content = b"BT /F1 36 Tf %d Tr 72 600 Td (Hello) Tj ET" % mode
        if picture:
            page.Resources.XObject.Fm = form_with_picture(pdf, picture)
            content = b"/Fm Do " + content
        page.Contents, page.Rotate, page.CropBox = pdf.make_stream(content), rotate, [36, 0, 360, 720]
        pdf.save(path)
    return PdfPages(path, LIMITS)


def form_with_picture(pdf: pikepdf.Pdf, size: tuple[float, ...]) -> pikepdf.Stream:
    grey = pdf.make_stream(
        bytes(4), Subtype=Name.Image, Width=2, Height=2, ColorSpace=Name.DeviceGray, BitsPerComponent=8
    )
    return pdf.make_stream(
        b"q %f 0 0 %f 0 0 cm /Im Do Q" % size,
        Subtype=Name.Form,
        BBox=[0, 0, 1000, 1000],
        Matrix=[2, 0, 0, 2, 36, 0],
        Resources=Dictionary(XObject=Dictionary(Im=grey)),
    )


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_of_a_layer_are_pixels_of_the_cropped_and_turned_picture(rotate: int, tmp_path: Path) -> None:
    pages = made(tmp_path, rotate=rotate)
    found, picture = pages.layer(1).page, pages.picture(1).image
    assert [found.width, found.height] == list(picture.size)
    (word,) = [word for line in found.lines for word in line.words]
    ink = grey_of(as_pixels(picture)) < 128
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = (word.box.left, word.box.top, word.box.right, word.box.bottom)
    assert word.text == "Hello"
    assert box == pytest.approx((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1), abs=2)


@pytest.mark.parametrize(("mode", "hidden"), [(0, 0), (1, 0), (3, 1), (7, 1)])
def test_what_is_not_painted_is_hidden(mode: int, hidden: float, tmp_path: Path) -> None:
    assert made(tmp_path, mode=mode).layer(1).hidden == hidden


@pytest.mark.parametrize(("picture", "share"), [(None, 0), ((162.0, 360.0), 1), ((162.0, 90.0), 0.25)])
def test_the_largest_picture_is_found_in_forms_too(
    picture: tuple[float, float] | None, share: float, tmp_path: Path
) -> None:
    assert made(tmp_path, picture=picture).layer(1).pictures == pytest.approx(share, abs=0.01)


def test_a_picture_that_is_too_large_spoils_its_page_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(72, 72))
        large = pdf.make_stream(b"", Subtype=Name.Image, Width=1001, Height=1000, ColorSpace=Name.DeviceGray)
        large.BitsPerComponent = 1
        page.Resources = Dictionary(XObject=Dictionary(Im=large))
        page.Contents = pdf.make_stream(b"72 0 0 72 0 0 cm /Im Do")
        pdf.add_blank_page(page_size=(72, 72))
        pdf.save(path)
    pages = PdfPages(path, LIMITS)
    with pytest.raises(PageFailed) as failure:
        pages.picture(1)
    assert failure.value.reason == "too-many-pixels"
    assert pages.picture(2).image.size == (200, 200)


STAMPED = {"ink-not-covered", "no-text"}  # a stamp on the first page and nothing on the others
SCANNED = {
    "qd209_baclieu_scan_sig.pdf": STAMPED,
    "qd308_tayninh_garbage_textlayer.pdf": {"not-vietnamese"},
    "qd339_dienbien_scan_dataurl_prefix.pdf": STAMPED,
    "cv299_quangngai_hoatoc.pdf": STAMPED,
    "ct07_quangngai_ccitt_cvden_stamp.pdf": STAMPED,
}
BORN_DIGITAL = ["qd86_botuphap_borndigital.pdf", "qd246_camau_borndigital_unsigned.pdf", "qd120_bgtvt_72p_forms.pdf"]


def reasons(path: Path) -> list[str | None]:
    pages = PdfPages(path, Limits(pages=100, pixels=10**8))
    numbers = range(1, pages.count + 1)
    return [layer_verdict(pages.layer(n), grey_of(as_pixels(pages.picture(n).image))).reason for n in numbers]


@pytest.mark.scans
@pytest.mark.parametrize("name", SCANNED)
def test_no_scan_keeps_its_layer(name: str, scans_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes((content := (scans_folder / "letters" / name).read_bytes())[content.index(b"%PDF-") :])
    assert set(reasons(path)) == SCANNED[name]


@pytest.mark.scans
@pytest.mark.parametrize("name", BORN_DIGITAL)
def test_every_page_that_was_born_digital_keeps_its_layer(name: str, scans_folder: Path) -> None:
    found = reasons(scans_folder / "letters" / name)
    if name.startswith("qd86"):
        assert found.pop() == "no-text"  # its second page is blank
    assert set(found) == {None}


def test_characters_that_nothing_can_hold_are_replaced_and_halves_joined() -> None:
    box = Box(0, 0, 5, 5)
    glyphs = [Glyph(letter, box) for letter in ("\ud83d", "\ude00", "\ud800", "x", "\x01")]
    assert [word.text for line in lines_of(glyphs) for word in line.words] == ["\U0001f600\ufffdx\ufffd"]
