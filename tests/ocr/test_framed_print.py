"""What stands in a small frame or alone in the head of a page is cut out level; cells of tables are not."""

import cv2
import numpy as np
import pytest

from services.ocr.framed_print import find_framed_print, find_lone_print, head_rows
from services.ocr.pixels import Pixels, as_pixels, grey_of
from tests.ocr.drawn import BLACK, DPI, letter, table, turned_letters, write


def head(page: Pixels) -> Pixels:
    """Return what is looked at of a page."""
    return grey_of(page)[: head_rows(page)]


def framed(page: Pixels, text: str = "777777", *, left: int = 300, top: int = 100) -> None:
    """Print a text in a frame of 24 by 9 mm."""
    cv2.rectangle(page, (left, top), (left + 190, top + 72), BLACK, 3)
    write(page, text, left + 24, top + 50)


@pytest.mark.parametrize("degrees", [-8, -3, 0, 3, 8])
def test_framed_print_is_cut_out_level_upright_and_without_its_frame(degrees: float) -> None:
    page = np.full((1600, 1654, 3), 255, dtype=np.uint8)
    framed(page, left=700, top=600)
    (found,) = find_framed_print(head(turned_letters(page, degrees)), dpi=DPI)
    height, width = found.picture.shape
    ink = found.picture < 128
    upper, lower = np.array_split(ink[ink.any(axis=1)], 2)
    assert 1.6 < width / height < 3
    assert np.argwhere(ink).min() >= 8  # the white border: no frame is left in it
    assert upper.sum() > 1.3 * lower.sum()
    assert found.box.left < 790 < found.box.right
    assert found.box.top < 640 < found.box.bottom


def test_frame_beside_text_is_found_alone() -> None:
    page = letter()
    framed(page, top=60)
    (found,) = find_framed_print(head(page), dpi=DPI)
    assert found.box.bottom < 200


@pytest.mark.parametrize("top", [300, 700])
def test_cells_of_a_table_are_no_frames(top: int) -> None:
    page = table([150, 400, 700], [top, top + 60, top + 120])
    cv2.putText(page, "MAT", (200, top + 45), cv2.FONT_HERSHEY_COMPLEX, 1, 0, 2)
    assert list(find_framed_print(head(page), dpi=DPI)) == []


def test_empty_low_and_large_frames_are_left_alone() -> None:
    page = np.full((2339, 1654, 3), 255, dtype=np.uint8)
    framed(page, " ", top=100)
    framed(page, top=1800)
    cv2.rectangle(page, (700, 100), (1000, 500), BLACK, 3)  # room for a photograph
    write(page, "MAT", 800, 300)
    assert list(find_framed_print(head(page), dpi=DPI)) == []


@pytest.mark.parametrize("degrees", [-6, -2, 0, 2, 6])
def test_lone_print_is_cut_out_level_and_upright(degrees: float) -> None:
    page = np.full((1600, 1654, 3), 255, dtype=np.uint8)
    write(page, "777777", 500, 600)
    (found,) = find_lone_print(head(turned_letters(page, degrees)), dpi=DPI)
    height, width = found.picture.shape
    ink = found.picture < 128
    upper, lower = np.array_split(ink[ink.any(axis=1)], 2)
    assert 1.8 < width / height < 4
    assert upper.sum() > 1.3 * lower.sum()
    middle = ((found.box.left + found.box.right) / 2, found.box.middle)
    radians = np.deg2rad(degrees)
    across, down = 560 - 827, 588 - 800
    wanted = (
        827 + across * np.cos(radians) + down * np.sin(radians),
        800 - across * np.sin(radians) + down * np.cos(radians),
    )
    assert np.allclose(middle, wanted, atol=10)


def test_a_word_whose_letters_touch_is_lone_print_too() -> None:
    page = np.full((2339, 1654, 3), 255, dtype=np.uint8)
    write(page, "MAT", 300, 400)
    thick = as_pixels(cv2.erode(page, np.ones((3, 9), np.uint8)))
    (found,) = find_lone_print(head(thick), dpi=DPI)
    assert found.box.left < 310
    assert found.box.right > 350


def test_long_lines_what_stands_low_or_right_and_specks_are_no_lone_print() -> None:
    page = letter()
    write(page, "TOI MAT", 300, 1500)
    write(page, "TOI MAT", 1100, 120)
    cv2.circle(page, (300, 100), 6, BLACK, -1)
    assert list(find_lone_print(head(page), dpi=DPI)) == []
