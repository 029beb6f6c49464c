"""Several readings of one page vote on its words."""

from dataclasses import replace

import pytest

from services.ocr.hocr import Box, Line
from services.ocr.voting import CONTESTED, DISPUTED, voted
from tests.ocr.pages_of_lines import line


def read(text: str, *confidences: float, top: float = 100) -> list[Line]:
    """Return a reading of one line, its words as sure as said."""
    printed = line(100, top, text)
    words = [replace(word, confidence=sure) for word, sure in zip(printed.words, confidences, strict=True)]
    return [replace(printed, words=tuple(words))]


def said(lines: list[Line]) -> list[str]:
    return [one.text for one in lines]


def test_two_readings_outvote_a_surer_one() -> None:
    (voted_line,) = voted(read("nhiêm vụ", 97, 96), [read("nhiệm vụ", 80, 96), read("nhiệm vụ", 85, 96)])
    assert voted_line.text == "nhiệm vụ"
    assert [word.confidence for word in voted_line.words] == [85, 96]


def test_of_two_readings_the_surer_is_taken_and_less_trusted() -> None:
    (voted_line,) = voted(read("Cầm", 60), [read("Cẩm", 96)])
    assert (voted_line.text, voted_line.words[0].confidence) == ("Cẩm", DISPUTED)


def test_what_is_contested_is_not_sure() -> None:
    (voted_line,) = voted(read("Cẩm", 97), [read("Cẩm", 97), read("Cầm", 60)])
    assert (voted_line.text, voted_line.words[0].confidence) == ("Cẩm", CONTESTED)


@pytest.mark.parametrize(
    ("first", "other", "confidence", "wanted"),
    [
        ("phường:", "phường;", 60, "phường;"),
        ("2026.", "2026,", 90, "2026,"),
        ("phường:", "phường;", 40, "phường:"),  # a speck
        ("xã;", "xã:", 97, "xã;"),
        ("5.", "5,", 96, "5."),  # the number of an item
        ("như", "nhu,", 60, "như"),
    ],
)
def test_a_tail_that_a_reading_is_sure_of_is_believed(first: str, other: str, confidence: float, wanted: str) -> None:
    assert said(voted(read(first, 97), [read(other, confidence), read(first, 97)])) == [wanted]


def test_words_that_were_read_in_parts_are_compared_as_a_whole() -> None:
    parts = read("I I", 40, 50)
    whole = [replace(parts[0], words=(replace(parts[0].words[0], text="11", box=parts[0].box, confidence=80),))]
    assert said(voted(parts, [whole, whole])) == ["11"]
    assert said(voted(whole, [parts])) == ["11"]


def test_other_lines_have_no_vote_even_where_boxes_reach_into_them() -> None:
    above = read("tỉnh; lưu", 97, 97, top=70)
    tall = [replace(above[0], box=Box(100, 70, 300, 130))]
    assert said(voted(read("- Lưu:", 60, 60), [tall, tall])) == ["- Lưu:"]


def test_what_only_others_read_is_left_out_and_what_only_the_first_read_stays() -> None:
    assert said(voted(read("Lưu:", 90), [read("Lưu: ~", 90, 30), []])) == ["Lưu:"]
    assert said(voted([*read("Lưu:", 90), *read("Số:", 90, top=300)], [read("Lưu:", 90)])) == ["Lưu:", "Số:"]


def test_words_stand_where_the_first_reading_has_them() -> None:
    higher = [one.moved(0, 4) for one in read("980/NQ", 92)]
    (voted_line,) = voted(read("980/NQ", 60), [higher])
    assert voted_line.words[0].confidence == 92
    assert voted_line.words[0].box == read("980/NQ", 60)[0].words[0].box
