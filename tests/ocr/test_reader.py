"""A page is read again only when the first reading is bad, and the better reading wins."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import cv2
import numpy as np
import pytest

from services.ocr.engine import Segmentation
from services.ocr.hocr import Box, Layout, Line
from services.ocr.language.syllables import Bigrams
from services.ocr.pixels import Pixels, as_pixels
from services.ocr.reader import PageReader
from services.ocr.reading import ReadingOptions
from services.ocr.tables_reading import BORDER_PIXELS
from tests.ocr.drawn import BLACK, DPI, RED, letter, paper, table, turned_letters, write
from tests.ocr.pages_of_lines import line

NO_BIGRAMS = Bigrams([])


class ScriptedEngine:
    """Reads what its script says of a picture, and remembers what it was given."""

    def __init__(
        self, script: Callable[[Pixels], tuple[str, float]], *, quarters: int = 0, runs_down: bool = False
    ) -> None:
        self._script = script
        self._quarters = quarters
        self._runs_down = runs_down
        self.given: list[tuple[Segmentation, tuple[int, ...]]] = []

    def read(self, pictures: Sequence[Pixels], *, dpi: float, segmentation: Segmentation) -> list[Layout]:
        assert dpi == DPI
        return [self._read(picture, segmentation) for picture in pictures]

    def _read(self, picture: Pixels, segmentation: Segmentation) -> Layout:
        self.given.append((segmentation, picture.shape))
        text, confidence = self._script(picture)
        lines: tuple[Line, ...] = (line(BORDER_PIXELS, BORDER_PIXELS, text, confidence=confidence),) if text else ()
        if self._runs_down and picture.shape[0] < picture.shape[1]:
            lines = tuple(one.of([replace(word, box=Box(0, 0, 20, 90)) for word in one.words]) for one in lines)
        return Layout(picture.shape[1], picture.shape[0], lines)

    def quarters(self, picture: Pixels, *, dpi: float) -> int:
        assert dpi == 150
        assert max(picture.shape) == 1754
        return self._quarters


def reader(engine: ScriptedEngine) -> PageReader:
    return PageReader(engine, NO_BIGRAMS)


def test_a_good_page_is_read_once() -> None:
    engine = ScriptedEngine(lambda _: ("Độc lập - Tự do - Hạnh phúc", 93))
    page = reader(engine).read(letter(), dpi=DPI)
    assert (page.text, page.attempts, page.quarters, page.confidence) == ("Độc lập - Tự do - Hạnh phúc", 1, 0, 93)
    assert engine.given == [(Segmentation.PAGE, (2339, 1654))]


def test_a_blank_page_is_not_read() -> None:
    engine = ScriptedEngine(lambda _: ("never", 99))
    page = reader(engine).read(paper(), dpi=DPI)
    assert page.blank
    assert (page.text, engine.given) == ("", [])


def test_a_turned_page_is_turned_and_read_again() -> None:
    upright = np.ascontiguousarray(np.rot90(letter()))
    engine = ScriptedEngine(lambda picture: ("text", 95) if picture.shape[0] > 2000 else ("xxxx", 30), quarters=3)
    page = reader(engine).read(upright, dpi=DPI)
    assert (page.text, page.quarters, page.attempts, page.width) == (
        "text",
        3,
        1,
        1654,
    )  # its lines were seen to run down


def test_a_page_that_was_read_well_but_sideways_is_turned() -> None:
    little = paper()
    write(little, "hoso", 800, 900)  # too little to see which way its lines run
    upright = np.ascontiguousarray(np.rot90(little))
    seen = {(2339, 1654): ("text", 93.0), (1654, 2339): ("text", 95.0)}
    engine = ScriptedEngine(lambda picture: seen.get(picture.shape, ("", 0)), quarters=3, runs_down=True)
    page = reader(engine).read(upright, dpi=DPI)
    assert (page.text, page.quarters, page.attempts, page.width) == ("text", 3, 2, 1654)


@pytest.mark.parametrize("told", [0, 2])
def test_a_page_seen_to_lie_sideways_is_tried_both_ways_where_nobody_knows_which(told: int) -> None:
    sideways = np.ascontiguousarray(np.rot90(letter()))
    seen: list[Pixels] = []

    def script(picture: Pixels) -> tuple[str, float]:
        seen.append(picture)
        return ("text", 95) if len(seen) == 2 else ("xxxx", 30)

    page = reader(ScriptedEngine(script, quarters=told)).read(sideways, dpi=DPI)
    assert (page.text, page.quarters, page.attempts) == ("text", 3, 2)


def test_a_page_upside_down_is_turned() -> None:
    page = letter()
    page[150:230] = 255

    def script(picture: Pixels) -> tuple[str, float]:
        return ("text", 95) if picture[150:230].min() > 200 else ("xxxx", 30)

    read = reader(ScriptedEngine(script, quarters=2)).read(np.ascontiguousarray(np.rot90(page, 2)), dpi=DPI)
    assert (read.text, read.quarters, read.attempts) == ("text", 2, 2)


def test_a_turn_somebody_gives_is_clockwise_and_is_the_only_one() -> None:
    engine = ScriptedEngine(lambda picture: (f"{picture.shape[1]}", 55), quarters=2)
    page = reader(engine).read(np.ascontiguousarray(np.rot90(letter())), dpi=DPI, options=ReadingOptions(rotation=90))
    assert (page.text, page.quarters, page.attempts) == ("1654", 3, 2)  # and once prepared otherwise


@pytest.mark.parametrize("name", ["block", "sparse"])
def test_a_page_is_segmented_as_somebody_wants(name: Literal["block", "sparse"]) -> None:
    engine = ScriptedEngine(lambda _: ("text", 95))
    page = as_pixels(cv2.cvtColor(table([150, 800, 1500], [400, 460, 520]), cv2.COLOR_GRAY2RGB))
    reader(engine).read(page, dpi=DPI, options=ReadingOptions(segmentation=name))
    assert engine.given == [(Segmentation[name.upper()], (1200, 1654))]


@pytest.mark.parametrize(("cleaning", "shade_is_left"), [("none", True), ("full", False)])
def test_a_page_is_cleaned_as_somebody_wants(cleaning: Literal["none", "full"], *, shade_is_left: bool) -> None:
    page = letter()
    page[:] = page * 0.8
    shades: list[int] = []

    def script(picture: Pixels) -> tuple[str, float]:
        shades.append(int(np.median(picture)))
        return "text", 30

    reader(ScriptedEngine(script)).read(page, dpi=DPI, options=ReadingOptions(cleaning=cleaning))
    assert [shade < 255 for shade in shades] == [shade_is_left]


def test_a_page_somebody_wants_read_is_read_though_it_looks_blank() -> None:
    page = reader(ScriptedEngine(lambda _: ("faint", 80))).read(paper(), dpi=DPI, options=ReadingOptions(rotation=0))
    assert (page.text, page.blank) == ("faint", False)


def test_a_wrong_idea_of_orientation_is_dropped() -> None:
    engine = ScriptedEngine(lambda picture: ("text", 55) if picture.shape[0] > 2000 else ("xxxx", 30), quarters=1)
    page = reader(engine).read(letter(), dpi=DPI)
    assert (page.text, page.quarters, page.attempts) == ("text", 0, 3)


def test_a_doubtful_page_is_prepared_otherwise_and_the_better_reading_wins() -> None:
    page = letter()
    page[::2] -= np.minimum(page[::2], 60)
    clean: list[float] = []

    def script(picture: Pixels) -> tuple[str, float]:
        clean.append(float(picture.std()))
        return ("first", 70) if len(clean) == 1 else ("second", 75)

    read = reader(ScriptedEngine(script)).read(page, dpi=DPI)
    assert (read.text, read.attempts) == ("second", 2)
    assert clean[0] != clean[1]


def test_the_skew_is_taken_off_and_told() -> None:
    read = reader(ScriptedEngine(lambda _: ("text", 95))).read(turned_letters(letter(), 1.5), dpi=DPI)
    assert abs(read.skew_degrees + 1.5) <= 0.1


def test_tables_are_read_by_their_cells_between_the_lines_round_them() -> None:
    page = as_pixels(cv2.cvtColor(table([150, 800, 1500], [400, 460, 520]), cv2.COLOR_GRAY2RGB))
    for left, foot, text in [(200, 440, "No"), (900, 440, "Name"), (900, 500, "Lan")]:
        write(page, text, left, foot)
    engine = ScriptedEngine(lambda picture: ("above", 96) if picture.shape[0] > 1000 else (f"w{picture.shape[1]}", 91))
    read = reader(engine).read(page, dpi=DPI)
    (found,) = read.tables
    cells = [cell.text for cell in found.cells]
    assert cells[2] == ""  # an empty cell is not read
    assert read.text == f"above\n{cells[0]}\t{cells[1]}\n\t{cells[3]}"
    assert [mode for mode, _ in engine.given] == [Segmentation.PAGE] + 3 * [Segmentation.BLOCK]
    first = found.cells[0]
    assert first.cell.box.holds(first.lines[0].words[0].box)  # boxes are places on the page


def test_red_print_is_read_apart_and_only_where_it_is_sure() -> None:
    page = letter()
    write(page, "HOA TOC", 1300, 130, colour=RED)
    sure = ScriptedEngine(lambda picture: ("text", 95) if picture.shape[0] == 2339 else ("HỎA TỐC", 90))
    read = reader(sure).read(page, dpi=DPI)
    assert sorted(line.text for line in read.lines) == ["HỎA TỐC", "text"]
    assert [line.text for line in read.red] == ["HỎA TỐC"]
    assert read.red[0] in read.lines
    unsure = ScriptedEngine(lambda picture: ("text", 95) if picture.shape[0] == 2339 else ("HỎA TỐC", 40))
    assert reader(unsure).read(page, dpi=DPI).text == "text"


def test_print_in_a_frame_is_read_apart_instead_of_what_the_engine_made_of_it() -> None:
    page = paper()
    cv2.rectangle(page, (300, 200), (490, 272), BLACK, 3)
    write(page, "MAT", 330, 250)
    garbled = line(320, 220, "[dol]", confidence=60)

    class Framed(ScriptedEngine):
        def _read(self, picture: Pixels, segmentation: Segmentation) -> Layout:
            read = super()._read(picture, segmentation)
            return replace(read, lines=(*read.lines, garbled)) if segmentation is Segmentation.PAGE else read

    engine = Framed(lambda picture: ("above", 95) if picture.shape[0] == 2339 else ("MẬT", 92))
    read = reader(engine).read(page, dpi=DPI)
    assert sorted(one.text for one in read.lines) == ["MẬT", "above"]
    mark = next(one for one in read.lines if one.text == "MẬT")
    assert 290 < mark.box.left < mark.box.right < 500


class MisreadingEngine(ScriptedEngine):
    """Makes something else of the lone word on a page, and reads it where it is cut out."""

    def __init__(self, on_page: str, confidence: float, *, alone: str) -> None:
        super().__init__(lambda picture: (alone, 92) if picture.shape[0] < 2339 else ("", 0))
        after = line(700, 385, "Kính gửi:").words
        whole = Box(296, 370, 490, 410)  # whatever it makes of the word, its box is that of the print
        words = [replace(word, box=whole) for word in line(310, 385, on_page, confidence=confidence).words]
        self._row = replace(line(310, 385, on_page), words=(*words, *after))

    def _read(self, picture: Pixels, segmentation: Segmentation) -> Layout:
        read = super()._read(picture, segmentation)
        text = line(150, 620, "hoso reads the papers of citizens")
        return replace(read, lines=(self._row, text)) if segmentation is Segmentation.PAGE else read


def with_a_lone_word() -> Pixels:
    page = paper()
    write(page, "TOI MAT", 300, 400)
    return page


def test_a_lone_word_in_the_head_that_was_not_read_surely_is_read_apart() -> None:
    read = reader(MisreadingEngine('"`', 55, alone="TỐI MẬT")).read(with_a_lone_word(), dpi=DPI)
    assert [one.text for one in read.lines] == ["TỐI MẬT", "Kính gửi:", "hoso reads the papers of citizens"]
    assert 290 < read.lines[0].box.left < read.lines[0].box.right < 480


def test_a_lone_word_that_was_read_surely_is_not_read_again() -> None:
    engine = MisreadingEngine("MẠT", 90, alone="MẬT")
    assert reader(engine).read(with_a_lone_word(), dpi=DPI).lines[0].text == "MẠT"
    assert [mode for mode, _ in engine.given] == [Segmentation.PAGE]


@pytest.mark.parametrize("alone", ["mật", "MẬT 12", "~"])
def test_what_turns_out_to_be_no_word_in_capitals_is_left_as_it_was_read(alone: str) -> None:
    read = reader(MisreadingEngine("Số:", 55, alone=alone)).read(with_a_lone_word(), dpi=DPI)
    assert read.lines[0].text == "Số:"


def test_print_cut_out_is_read_once_more_enlarged_where_it_is_doubtful() -> None:
    page = letter()
    write(page, "HOA TOC", 1300, 130, colour=RED)
    widths: list[int] = []

    def script(picture: Pixels) -> tuple[str, float]:
        if picture.shape[0] == 2339:
            return "text", 95
        widths.append(picture.shape[1])
        return ("'HỎA TỐC", 69) if len(widths) == 1 else ("HỎA TỐC", 90)

    assert [one.text for one in reader(ScriptedEngine(script)).read(page, dpi=DPI).red] == ["HỎA TỐC"]
    assert widths[1] == round(1.5 * widths[0])


def test_lines_in_which_no_word_is_sure_are_left_out_but_count_as_doubt() -> None:
    engine = ScriptedEngine(lambda _: ("~^ /", 20))
    read = reader(engine).read(letter(), dpi=DPI)
    assert (read.text, read.confidence) == ("", 20)
