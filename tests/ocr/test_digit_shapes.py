"""A 5 and an 8 that the engine reads alike are told apart by their holes."""

import cv2
import pytest

from services.ocr.digit_shapes import told_apart
from services.ocr.hocr import Box, Line, Word
from services.ocr.pixels import Pixels, as_pixels, grey_of
from tests.ocr.drawn import paper, write

PLACE = Box(195, 270, 330, 315)


def printed(text: str) -> Pixels:
    page = paper(600, 400)
    write(page, text, 200, 300)
    return grey_of(page)


def told(read: str, picture: Pixels) -> Word:
    line = Line((Word("ngày", Box(100, 270, 180, 310), 96), Word(read, PLACE, 85)), PLACE, 30, 0, 310)
    (fresh,) = told_apart([line], picture)
    assert fresh.words[0].text == "ngày"
    return fresh.words[1]


@pytest.mark.parametrize(
    ("text", "read"), [("05", "0Š"), ("08", "0Š"), ("1857", "1Š57"), ("25.81", "2Š.81"), ("8.", "Š."), ("5.", "Š.")]
)
@pytest.mark.parametrize("blur", [0, 0.7])
def test_five_and_eight_are_told_by_their_shapes(text: str, read: str, blur: float) -> None:
    picture = as_pixels(cv2.GaussianBlur(printed(text), (0, 0), blur)) if blur else printed(text)
    word = told(read, picture)
    assert (word.text, word.as_read) == (text, read)


@pytest.mark.parametrize("read", ["05", "Škoda", "0Š1", "0Š"])
def test_what_is_no_such_number_or_cannot_be_parted_is_left(read: str) -> None:
    assert told(read, printed("0555")).text == read


@pytest.mark.parametrize(("text", "read"), [("05", "0S"), ("08", "0S"), ("8", "S"), ("5", "Š")])
def test_an_s_is_a_digit_between_the_words_of_a_date(text: str, read: str) -> None:
    words = [Word(said, Box(0, 0, 9, 9), 96) for said in ("ngày", "tháng")]
    line = Line((words[0], Word(read, PLACE, 60), words[1]), PLACE, 30, 0, 310)
    (fresh,) = told_apart([line], printed(text))
    assert fresh.text == f"ngày {text} tháng"
    assert told("S", printed("8")).text == "S"


def test_an_empty_place_says_nothing() -> None:
    assert told("0Š", printed("")).text == "0Š"
