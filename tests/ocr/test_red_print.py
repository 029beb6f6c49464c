"""Marks printed in red are cut out level, whatever their angle; seals are not print."""

import cv2
import numpy as np
import pytest

from services.ocr.red_print import find_red_print, has_red_print
from tests.ocr.drawn import BLACK, DPI, RED, letter, paper, turned_letters, write


@pytest.mark.parametrize("degrees", [0, 12, 40])
def test_a_framed_mark_is_cut_out_level_and_without_its_frame(degrees: float) -> None:
    page = paper(1600, 1600)
    write(page, "HOA TOC", 720, 800, colour=RED)
    cv2.rectangle(page, (690, 750), (920, 830), RED, 4)
    (found,) = find_red_print(turned_letters(page, degrees), dpi=DPI)
    height, width = found.picture.shape
    ink = np.argwhere(found.picture < 128)
    assert 3 < width / height < 7
    assert ink.min() >= 8  # the white border: no frame is left in it
    assert found.box.left < 800 < found.box.right


@pytest.mark.parametrize("degrees", [-12, -3, 0, 3, 12, 40])
def test_a_mark_is_never_cut_out_upside_down(degrees: float) -> None:
    page = paper(1600, 1600)
    write(page, "777777", 720, 800, colour=RED)
    (found,) = find_red_print(turned_letters(page, degrees), dpi=DPI)
    upper, lower = np.array_split(found.picture < 128, 2)
    assert upper.sum() > 1.3 * lower.sum()


def test_red_beside_black_text_is_found_alone() -> None:
    page = letter()
    write(page, "HOA TOC", 1300, 150, colour=RED)
    (found,) = find_red_print(page, dpi=DPI)
    assert found.box.bottom < 200


@pytest.mark.parametrize("alone", [True, False])
def test_letters_that_touch_are_print_too(alone: bool) -> None:  # noqa: FBT001
    page = paper()
    for stroke in range(7 if alone else 9):
        cv2.rectangle(page, (300 + 20 * stroke, 300), (309 + 20 * stroke, 330), RED, -1)
    cv2.line(page, (300, 315), (425, 315), RED, 4)  # the first seven are one part, 13 mm wide or more
    (found,) = find_red_print(page, dpi=DPI)
    assert found.box.left <= 300
    assert found.box.right >= (425 if alone else 465)


def test_a_round_seal_is_no_print() -> None:
    page = paper()
    cv2.circle(page, (800, 800), 140, RED, 4)
    for turn in range(12):
        x, y = 800 + round(105 * np.cos(turn * np.pi / 6)), 800 + round(105 * np.sin(turn * np.pi / 6))
        cv2.putText(page, "A", (x - 10, y + 10), cv2.FONT_HERSHEY_COMPLEX, 0.8, RED, 2)
    assert list(find_red_print(page, dpi=DPI)) == []


def test_a_page_without_red_is_not_looked_at() -> None:
    page = letter()
    assert not has_red_print(page)
    write(page, "MAT", 200, 120, colour=RED)
    assert has_red_print(page)
    write(page, "MAT", 200, 120, colour=BLACK)
    assert not has_red_print(page)
