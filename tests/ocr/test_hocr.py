"""hOCR is read into lines and words in NFC, whatever the engine leaves out."""

import pytest

from services.ocr.hocr import Box, Layout, Line, Word, parse, written
from services.ocr.pages import PageFailed

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/x.dtd">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><body>'
    '<div class="ocr_page" title=\'image "a b.pgm"; bbox 0 0 800 600\'>'
)
TAIL = "</div></body></html>"


def hocr(body: str) -> bytes:
    return (HEAD + body + TAIL).encode()


def test_words_come_with_boxes_and_confidences() -> None:
    page = parse(
        hocr(
            "<span class='ocr_header' title='bbox 10 20 300 60; baseline 0.01 -9; x_size 33.5; x_descenders 8'>"
            "<span class='ocrx_word' title='bbox 10 20 90 60; x_wconf 96'><strong>SO\u0302\u0301</strong></span>"
            "<span class='ocrx_word' title='bbox 100 20 300 60; x_wconf 12'>&lt;1&amp;2&gt;</span></span>"
        )
    )
    assert (page.width, page.height) == (800, 600)
    (line,) = page.lines
    assert [word.text for word in line.words] == ["SỐ", "<1&2>"]
    assert [word.confidence for word in line.words] == [96, 12]
    assert line.words[1].box == Box(100, 20, 300, 60)
    assert line.height == 33.5
    assert line.base_at(10) == 51
    assert line.base_at(110) == pytest.approx(52)


def test_a_line_without_a_base_line_stands_on_its_box() -> None:
    word = "<span class='ocrx_word' title='bbox 0 0 9 9; x_wconf 50'>a</span>"
    (line,) = parse(hocr(f"<span class='ocr_line' title='bbox 0 0 50 40'>{word}</span>")).lines
    assert (line.height, line.base_at(25)) == (40, 40)


def test_lines_and_words_of_nothing_are_left_out() -> None:
    blank = "<span class='ocrx_word' title='bbox 0 0 9 9; x_wconf 95'> </span>"
    assert parse(hocr(f"<span class='ocr_line' title='bbox 0 0 50 40'>{blank}</span>")).lines == ()


@pytest.mark.parametrize(
    "content", [b"", b"<html>", hocr("").replace(b"ocr_page", b"x"), hocr("").replace(b"800", b"wide")]
)
def test_anything_else_fails_the_page(content: bytes) -> None:
    with pytest.raises(PageFailed) as failure:
        parse(content)
    assert failure.value.reason == "layout-unreadable"


def test_what_is_written_is_read_back() -> None:
    corrected = Word("nghị", Box(400, 300, 480, 330), 71.5, raw="nghi; <'\"&>")
    strange = Word("<a>&'\"", Box(500, 300, 580, 330), 90)
    line = Line((corrected, strange), Box(400, 298, 580, 332), 28.25, 0.0125, 325.5)
    layout = Layout(1654, 2339, (line,))
    assert parse(written(layout, engine="tesseract 5 & more")) == layout


def test_a_page_without_words_is_written_too() -> None:
    assert parse(written(Layout(1654, 2339, ()), engine="none")) == Layout(1654, 2339, ())


@pytest.mark.parametrize("strange", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe"])
def test_what_xml_cannot_hold_is_replaced_and_the_rest_read_back(strange: str) -> None:
    word = Word(f"a{strange}b", Box(1, 2, 3, 4), 90, raw=f"{strange}c")
    layout = Layout(10, 10, (Line((word,), Box(1, 2, 3, 4), 2, 0, 4),))
    (back,) = parse(written(layout, engine="e")).words
    assert (back.text, back.raw) == ("a\ufffdb", "\ufffdc")
