"""A confidence rises with what was read, and stays 0 where nothing was."""

import pytest

from services.ocr.confidence import KNOWN, calibrated, confirmed_right, word_right, words_right
from services.ocr.fields import NAMES
from services.ocr.hocr import Box, Word

NOWHERE = Box(0, 0, 1, 1)


@pytest.mark.parametrize("name", NAMES)
def test_confidence_of_every_field_rises_with_its_score(name: str) -> None:
    rising = [calibrated(name, score / 100) for score in range(101)]
    assert rising == sorted(rising)
    assert rising[0] == 0
    assert rising[-1] == 1
    assert calibrated(name, KNOWN) > 0.99


def test_long_text_of_sure_words_is_sure_and_of_doubtful_words_is_not() -> None:
    sure, doubtful = ([Word("bố", NOWHERE, confidence)] * 25 for confidence in (96, 80))
    assert calibrated("subject", words_right(sure)) > 0.9
    assert calibrated("subject", words_right(doubtful)) < 0.3


def test_word_that_a_vocabulary_confirms_counts_as_known() -> None:
    word = Word("SỞ", NOWHERE, 40)
    assert confirmed_right([word], [True]) == KNOWN
    assert confirmed_right([word], [False]) == word_right(40)


def test_syllable_that_vietnamese_cannot_have_is_doubted() -> None:
    assert words_right([Word("muc", NOWHERE, 96)]) < 0.5 < words_right([Word("mục", NOWHERE, 96)])
