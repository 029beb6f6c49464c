"""Pages are made straight and clean where they need it, and left alone where they do not."""

import numpy as np
import pytest
from PIL import Image

from services.ocr.blank import is_blank
from services.ocr.cleaning import Flaws, cleaned, flaws
from services.ocr.pages import Picture
from services.ocr.pixels import Pixels, as_pixels, grey_of, quarter_turned
from services.ocr.prepare import pixels_of
from services.ocr.straighten import lies_sideways, skew_degrees
from tests.ocr.drawn import DPI, RED, letter, paper, table, turned_letters, write


@pytest.mark.parametrize("degrees", [0, 0.3, -1.25, 3.4, -5.6])
def test_skew_is_found_to_a_tenth_of_a_degree(degrees: float) -> None:
    assert skew_degrees(grey_of(turned_letters(letter(), degrees))) == pytest.approx(-degrees, abs=0.1)


def test_an_empty_page_is_straight() -> None:
    assert skew_degrees(grey_of(paper())) == 0


def annex() -> Pixels:
    """Return a grey page that is a table of many narrow columns with little in them."""
    page = table(list(range(100, 1600, 150)), [100, 500, 1100])
    for column in range(9):
        for row in (140, 540):
            write(page, "hoso", 120 + 150 * column, row + 60)
    return page


@pytest.mark.parametrize("page", [grey_of(letter()), annex()])
def test_what_lies_sideways_is_told_from_what_stands_even_in_a_table_with_more_upright_rules(page: Pixels) -> None:
    assert not lies_sideways(page, dpi=DPI)
    assert lies_sideways(quarter_turned(page, 1), dpi=DPI)


def noisy(page: Pixels) -> Pixels:
    return np.clip(page + np.random.default_rng(5).normal(0, 15, page.shape), 0, 255).astype(np.uint8)


def shaded(page: Pixels) -> Pixels:
    light = np.linspace(1, 0.5, page.shape[1])
    return (page * light[None, :]).astype(np.uint8)


def test_a_clean_page_has_no_flaws_and_stays_as_it_is() -> None:
    page = grey_of(letter())
    assert flaws(page, dpi=DPI) == Flaws(noisy=False, uneven=False)
    assert cleaned(page, flaws(page, dpi=DPI), dpi=DPI) is page


def test_noise_is_found_and_taken_off() -> None:
    page = noisy(grey_of(letter()))
    assert flaws(page, dpi=DPI) == Flaws(noisy=True, uneven=False)
    assert flaws(cleaned(page, flaws(page, dpi=DPI), dpi=DPI), dpi=DPI).noisy is False


def test_uneven_light_is_found_and_made_even() -> None:
    page = shaded(grey_of(letter()))
    assert flaws(page, dpi=DPI).uneven
    assert not flaws(cleaned(page, flaws(page, dpi=DPI), dpi=DPI), dpi=DPI).uneven


@pytest.mark.parametrize(("noise", "light"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_second_attempt_prepares_otherwise(noise: bool, light: bool) -> None:  # noqa: FBT001  # pytest names them
    first = Flaws(noisy=noise, uneven=light)
    assert first.others() != first


def test_a_few_letters_are_enough_not_to_be_blank() -> None:
    page = paper()
    assert is_blank(page, dpi=DPI)
    write(page, "No 7", 800, 200)
    assert not is_blank(page, dpi=DPI)


def test_a_seal_that_shines_through_leaves_a_page_blank() -> None:
    page = paper()
    write(page, "UBND", 800, 900, colour=(150, 20, 40))
    assert is_blank(page, dpi=DPI)
    assert not is_blank(grey_of(page), dpi=DPI)  # without colour nobody can tell


def test_faint_print_from_the_back_leaves_a_page_blank() -> None:
    page = paper()
    write(page, "UBND", 800, 900, colour=(200, 200, 200))
    assert is_blank(page, dpi=DPI)


def test_black_edges_of_the_scanner_are_no_ink() -> None:
    page = paper()
    page[:40] = 0
    assert is_blank(page, dpi=DPI)


@pytest.mark.parametrize(("mode", "shape"), [("L", (400, 300)), ("RGB", (400, 300, 3))])
def test_pictures_of_every_mode_come_at_200_dpi(mode: str, shape: tuple[int, ...]) -> None:
    pixels, dpi = pixels_of(Picture(as_pixels(Image.new(mode, (150, 200))), 100))
    assert (pixels.shape, dpi) == (shape, 200)


def test_a_picture_at_its_resolution_is_not_touched() -> None:
    page = noisy(letter())
    assert np.array_equal(pixels_of(Picture(page, 200))[0], page)


def test_a_picture_that_is_nearly_at_its_resolution_is_not_touched() -> None:
    page = noisy(letter())
    pixels, dpi = pixels_of(Picture(page, 201.5))
    assert (pixels.shape, dpi) == ((2339, 1654, 3), 201.5)
    assert pixels_of(Picture(page, 220))[0].shape == (2126, 1504, 3)


def test_red_ink_is_as_bright_as_paper() -> None:
    page = paper()
    write(page, "UBND", 800, 900, colour=RED)
    assert grey_of(page).min() > 200
