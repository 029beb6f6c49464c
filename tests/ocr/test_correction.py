"""Only doubtful marks are put right: never names, numbers, symbols, or what may well be meant."""

import pytest

from services.ocr.correction import corrected
from services.ocr.language.syllables import Bigrams, bare, count_bigrams, dump, legal_bigrams
from tests.ocr.pages_of_lines import line

TABLE = Bigrams([("thành", "phố", 40), ("thành", "phó", 2), ("văn", "bản", 90), ("của", "phố", 8), ("của", "phó", 7)])


def reading(text: str, *, confidence: float = 80) -> str:
    """Return what becomes of one line."""
    return corrected([line(0, 0, text, confidence=confidence)], TABLE)[0].text


def test_a_doubtful_mark_is_put_right_and_the_raw_reading_is_kept() -> None:
    (found,) = corrected([line(0, 0, "(thành phô)", confidence=80)], TABLE)
    assert found.text == "(thành phố)"
    assert [word.raw for word in found.words] == [None, "phô)"]


def test_capitals_stay_capitals() -> None:
    assert reading("THÀNH PHÔ") == "THÀNH PHỐ"


@pytest.mark.parametrize(
    "text",
    [
        "thành phó",  # seen before, if seldom
        "của phô",  # nobody knows which of two
        "thành phôi",  # other letters
        "thành, phô",  # punctuation parts neighbours
        "thành Phô",  # a name within a sentence
        "NGUYỄN VĂN BÀN",  # a name in capitals
        "thành 25/phô",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert reading(text) == text


def test_what_the_engine_is_sure_of_is_left_alone() -> None:
    assert reading("thành phô", confidence=96) == "thành phô"


def test_neighbours_are_found_across_lines() -> None:
    lines = corrected([line(0, 0, "thành"), line(0, 40, "phô", confidence=80)], TABLE)
    assert lines[1].text == "phố"


def test_counts_stop_at_punctuation_and_digits() -> None:
    assert count_bigrams(["Bộ luật, lao động 2019 này. Bộ luật"]) == {("bộ", "luật"): 2, ("lao", "động"): 1}


def test_the_same_counts_are_kept_as_the_same_bytes() -> None:
    assert dump({("b", "a"): 1, ("a", "b"): 2}) == dump({("a", "b"): 2, ("b", "a"): 1})


def test_bare_letters_have_no_marks() -> None:
    assert bare("Đường") == "duong"


def test_the_table_that_ships_knows_the_language_of_the_law() -> None:
    table = legal_bigrams()
    assert table.support("quyết", "định", None) > 1000
    assert table.support("quyêt", "định", None) == 0
    assert {"phố", "phó", "phổ"} <= set(table.variants("phô"))
