"""What was read on the straightened picture is found on the page as it was scanned."""

import numpy as np
import pytest

from services.ocr.hocr import Box, Layout, Line, Word, parse, written
from services.ocr.pixels import WHITE, turned
from services.ocr.placement import as_scanned

SIZE = (1654, 2339)  # A4 at 200 dpi
MILLIMETRE = 200 / 25.4


def one_line(*boxes: Box) -> Layout:
    words = tuple(Word(f"chữ{n}", box, 90 + n) for n, box in enumerate(boxes))
    whole = Box(boxes[0].left, boxes[0].top, boxes[-1].right, boxes[0].bottom)
    return Layout(*SIZE, (Line(words, whole, 30, 0, whole.bottom - 6),))


@pytest.mark.parametrize("degrees", [-3.0, 0.0, 1.25, 5.5])
def test_words_are_led_back_to_where_they_were_scanned(degrees: float) -> None:
    scanned = np.full((SIZE[1], SIZE[0]), WHITE, np.uint8)
    spots = [(200, 300), (1400, 300), (150, 2100), (1500, 2200)]
    for x, y in spots:
        scanned[y - 10 : y + 10, x - 10 : x + 10] = 0
    straight = turned(scanned, degrees)
    for x, y in spots:
        box = _spot_near(straight, degrees, x, y)
        back = as_scanned(one_line(box), degrees).words[0].box
        assert (back.left + back.right) / 2 == pytest.approx(x, abs=MILLIMETRE / 4)
        assert back.middle == pytest.approx(y, abs=MILLIMETRE / 4)


def _spot_near(straight: np.ndarray, degrees: float, x: int, y: int) -> Box:
    """Return the dark spot on the straight picture that is the one at (x, y) on the scanned one."""
    rows, columns = np.nonzero(straight < 128)
    side = (columns < SIZE[0] / 2) == (x < SIZE[0] / 2)
    half = (rows < SIZE[1] / 2) == (y < SIZE[1] / 2)
    mine = side & half
    assert mine.any(), degrees
    return Box(columns[mine].min(), rows[mine].min(), columns[mine].max() + 1, rows[mine].max() + 1)


def test_the_base_line_falls_as_the_page_lies() -> None:
    layout = as_scanned(one_line(Box(200, 300, 300, 330), Box(1200, 300, 1300, 330)), 2.0)
    (line,) = layout.lines
    first, last = line.words
    fall = last.box.bottom - first.box.bottom
    assert fall == pytest.approx(1000 * np.sin(np.radians(2.0)), abs=0.5)
    for word in (first, last):
        assert line.base_at((word.box.left + word.box.right) / 2) == pytest.approx(word.box.bottom - 6, abs=2)


def test_a_straight_page_stays_as_it_is() -> None:
    layout = one_line(Box(200, 300, 300, 330))
    assert as_scanned(layout, 0.0) is layout


def test_what_is_written_is_read_back() -> None:
    corrected = Word("nghị", Box(400, 300, 480, 330), 71.5, raw="nghi; <'\"&>")
    strange = Word("<a>&'\"", Box(500, 300, 580, 330), 90)
    line = Line((corrected, strange), Box(400, 298, 580, 332), 28.25, 0.0125, 325.5)
    layout = Layout(*SIZE, (line,))
    assert parse(written(layout, engine="tesseract 5 & more")) == layout


def test_a_page_without_words_is_written_too() -> None:
    assert parse(written(Layout(*SIZE, ()), engine="none")) == Layout(*SIZE, ())
