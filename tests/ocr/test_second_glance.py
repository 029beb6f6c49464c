"""Print that a reading left out or doubted is cut out and read by itself; strokes and a pen's digits are not taken."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import pytest

from services.ocr.engine import Segmentation
from services.ocr.enlarging import Enlarging
from services.ocr.hocr import Box, Layout, Line, Word
from services.ocr.pixels import Pixels, grey_of
from services.ocr.second_glance import BORDER_PIXELS, with_second_glance
from services.ocr.unread_print import find_unread_print
from tests.ocr.drawn import BLACK, DPI, letter, paper, write
from tests.ocr.pages_of_lines import line, texts

NAME = Box(1000, 1370, 1180, 1410)  # where ``signed`` prints it


class GlancingEngine:
    """Says what it is told to of each picture, by how large it is."""

    def __init__(self, *says: tuple[str, float]) -> None:
        self._says = says
        self.heights: list[int] = []

    def read(self, pictures: Sequence[Pixels], *, dpi: float, segmentation: Segmentation) -> list[Layout]:
        assert (dpi, segmentation) == (DPI, Segmentation.BLOCK)
        return [self._read(picture) for picture in pictures]

    def _read(self, picture: Pixels) -> Layout:
        text, confidence = self._says[min(len(self.heights), len(self._says) - 1)]
        times = picture.shape[0] / self.heights[0] if self.heights else 1
        self.heights.append(picture.shape[0])
        lines = (line(BORDER_PIXELS, BORDER_PIXELS, text, confidence=confidence).scaled(times),) if text else ()
        return Layout(picture.shape[1], picture.shape[0], lines)

    def quarters(self, picture: Pixels, *, dpi: float) -> int:
        raise AssertionError


def signed() -> Pixels:
    page = paper()
    write(page, "hoso reads", 150, 400)
    write(page, "Nguyen An", 1000, 1400)
    return grey_of(page)


def read_words(*, name: str = "", confidence: float = 30) -> list[Line]:
    first = Line((Word("hoso reads", Box(145, 370, 360, 410), 95),), Box(145, 370, 360, 410), 30, 0, 400)
    if not name:
        return [first]
    second = line(940, 1375, f"Ông: {name}", confidence=confidence)
    return [first, replace(second, words=(replace(second.words[0], confidence=96), *second.words[1:]))]


def test_print_that_was_not_read_is_found_and_read_print_is_not() -> None:
    (found,) = find_unread_print(signed(), [Box(145, 370, 360, 410)], dpi=DPI)
    assert found.holds(NAME)
    assert found.width < NAME.width + 40


def test_rings_rules_and_specks_are_no_print() -> None:
    page = paper()
    cv2.circle(page, (800, 1000), 140, BLACK, 4)
    cv2.line(page, (200, 500), (700, 500), BLACK, 2)
    write(page, "~", 400, 1500)
    assert find_unread_print(grey_of(page), [], dpi=DPI) == []


def test_a_page_with_unread_print_all_over_is_left_alone() -> None:
    assert find_unread_print(grey_of(letter()), [], dpi=DPI) == []


def test_a_line_that_was_left_out_is_read_and_stands_where_it_is_printed() -> None:
    engine = GlancingEngine(("Nguyễn An", 92))
    (first, fresh) = with_second_glance(read_words(), [], signed(), engine, dpi=DPI)
    assert (first.text, fresh.text) == ("hoso reads", "Nguyễn An")
    assert abs(fresh.box.left - NAME.left) < 15
    assert abs(fresh.box.top - NAME.top) < 15
    assert engine.heights[1] == round(1.5 * engine.heights[0])


@pytest.mark.parametrize("says", [("Nguyễn An", 60), ("~ Ƶ", 80), ("25/8", 97), ("", 0)])
def test_what_is_unsure_or_a_pens_is_left_out(says: tuple[str, float]) -> None:
    assert texts(with_second_glance(read_words(), [], signed(), GlancingEngine(says), dpi=DPI)) == ["hoso reads"]


def test_digits_in_a_line_that_was_left_out_may_be_a_pens() -> None:
    fresh = with_second_glance(read_words(), [], signed(), GlancingEngine(("Lưu: VT (05b)", 92)), dpi=DPI)[1]
    assert [word.confidence for word in fresh.words] == [92, 92, 15]


def test_a_name_that_two_glances_read_differently_is_not_sure() -> None:
    engine = GlancingEngine(("Nguyễn An", 92), ("Nguyên An", 88))
    fresh = with_second_glance(read_words(), [], signed(), engine, dpi=DPI)[1]
    assert (fresh.text, [word.confidence for word in fresh.words]) == ("Nguyễn An", [70, 92])


def test_doubtful_words_are_put_right_in_their_line() -> None:
    engine = GlancingEngine(("Ông: Nguyễn An", 92))
    fresh = with_second_glance(read_words(name="Nguyên AÑ"), [], signed(), engine, dpi=DPI)
    assert texts(fresh) == ["hoso reads", "Ông: Nguyễn An"]


def test_digits_are_left_to_the_pages_reading() -> None:
    engine = GlancingEngine(("Ông: 2026 An", 97))
    assert texts(with_second_glance(read_words(name="2O2G AÑ"), [], signed(), engine, dpi=DPI))[1] == "Ông: 2O2G An"


def test_what_was_read_for_a_pens_digits_is_left() -> None:
    engine = GlancingEngine(("Ông: Sốkkk An", 97))
    assert texts(with_second_glance(read_words(name="Số:†4 AÑ"), [], signed(), engine, dpi=DPI))[1] == "Ông: Số:†4 An"


def test_a_short_word_in_doubt_beside_a_sure_one_is_looked_at_though_its_print_is_too_little_to_be_found() -> None:
    engine = GlancingEngine(("hoso NC;", 90))
    first, doubted = line(150, 375, "hoso").words[0], line(210, 375, "NG;", confidence=45).words[0]
    row = replace(line(150, 375, "hoso NG;"), words=(first, doubted))
    name = line(1000, 1375, "Nguyen An Nguyen")
    assert texts(with_second_glance([row, name], [], signed(), engine, dpi=DPI))[0] == "hoso NC;"


def test_a_doubtful_word_that_no_glance_sees_is_dropped() -> None:
    engine = GlancingEngine(("Ông: Nguyễn An", 92))
    fresh = with_second_glance(read_words(name="Nguyễn An chư"), [], signed(), engine, dpi=DPI)
    assert fresh[1].text == "Ông: Nguyễn An"


def test_tables_are_not_looked_at_again() -> None:
    engine = GlancingEngine(("Nguyễn An", 92))
    assert len(with_second_glance(read_words(), [NAME], signed(), engine, dpi=DPI)) == 1
    assert engine.heights == []


def test_an_enlarging_engine_answers_in_pixels_of_what_it_was_given() -> None:
    layout = Layout(300, 150, (line(30, 60, "An"),))

    class Large(GlancingEngine):
        def _read(self, picture: Pixels) -> Layout:
            return layout if picture.shape == (150, 300) else replace(layout, lines=())

    (read,) = Enlarging(Large(("", 0)), 1.5).read([grey_of(paper(200, 100))], dpi=DPI, segmentation=Segmentation.BLOCK)
    assert (read.width, read.height) == (200, 100)
    assert read.lines[0].box == Box(20, 40, 36, 56)
    assert read.lines[0].words[0].box == read.lines[0].box
