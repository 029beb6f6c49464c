"""Specks are taken off a page that is full of them; the dots of letters stay."""

import numpy as np

from services.ocr.pixels import Pixels, grey_of
from services.ocr.specks import is_specked, without_specks
from tests.ocr.drawn import DPI, letter, paper, write


def specked(page: Pixels) -> Pixels:
    """Return the page with one speck in each square of 40 pixels."""
    chance = np.random.default_rng(3)
    grey = grey_of(page).copy()
    for top in range(0, grey.shape[0] - 40, 40):
        for left in range(0, grey.shape[1] - 40, 40):
            down, across = chance.integers(0, 38, 2)
            grey[top + down : top + down + 2, left + across : left + across + 2] = 90
    return grey


def test_a_page_of_print_is_not_specked() -> None:
    assert not is_specked(grey_of(letter()), dpi=DPI)
    assert not is_specked(grey_of(paper()), dpi=DPI)


def test_specks_are_found_and_taken_off() -> None:
    page = specked(letter())
    assert is_specked(page, dpi=DPI)
    assert not is_specked(without_specks(page, dpi=DPI), dpi=DPI)


def test_print_stays_with_its_dots() -> None:
    page = paper()
    write(page, "i.i.i.i.i", 200, 300)
    before = grey_of(page)
    after = without_specks(specked(page), dpi=DPI)
    dots = before[270:310, 190:420] < 100
    assert (after[270:310, 190:420][dots] < 160).mean() > 0.97
    far = np.ones_like(before, dtype=bool)
    far[250:320, 180:430] = False
    assert (after[far] > 200).mean() > 0.999
