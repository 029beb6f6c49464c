"""Puts right signs that Vietnamese papers do not have and the engine's Latin model takes for others.

Only what cannot be meant: the Icelandic Eth for ``Đ``, a section sign within a number, letters that look
like a one beside digits or for the day and month of a date, a tilde that begins an item of a list.
"""

import dataclasses
import re
from collections.abc import Sequence

from services.ocr.hocr import Line, Word

_ETH = str.maketrans("Ðð", "Đđ")
_STRANGE = {"§": "8", "Ø": "0", "¡": "1"}
_TWIN = re.compile("(8)§|(5)Š|(0)Ø|(1)¡")  # one digit read twice
_STRANGE_DIGIT = re.compile(r"(?<=\d)[§Ø¡]|[§Ø¡](?=\d)|^[§Ø¡](?=[.,;:)]*$)")
_NUMBER = re.compile(r"^(\(?)([\dIl|]*\d[\dIl|]*)((?:b\))?[.,;:)/]*)$")
_ONES = str.maketrans("IlTÌÍì|", "1111111")
_ONES_ALONE = re.compile("^[IlTÌÍì|]{1,2}$")
_DATE_PARTS = {("ngày", "tháng"), ("tháng", "năm")}
_TILDE, _BULLET = "~", "-"


def mended(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with such signs put right; changed words keep their raw text."""
    return [dataclasses.replace(line, words=tuple(_mended_words(line.words))) for line in lines]


def _mended_words(words: Sequence[Word]) -> list[Word]:
    texts = [word.text for word in words]
    fresh = [_mended_text(texts, place) for place in range(len(texts))]
    return [word if word.text == text else _changed(word, text) for word, text in zip(words, fresh, strict=True)]


def _changed(word: Word, text: str) -> Word:
    return dataclasses.replace(word, text=text, raw=word.raw or word.text)


def _mended_text(texts: Sequence[str], place: int) -> str:
    text = texts[place]
    if text == _TILDE and place == 0 and len(texts) > 1:
        return _BULLET
    if _ONES_ALONE.match(text) and is_part_of_date(texts, place):
        return text.translate(_ONES)
    text = _TWIN.sub(lambda found: found.group()[0], text.translate(_ETH))
    text = _STRANGE_DIGIT.sub(lambda found: _STRANGE[found.group()], text)
    number = _NUMBER.match(text)
    return number[1] + number[2].translate(_ONES) + number[3] if number else text


def is_part_of_date(texts: Sequence[str], place: int) -> bool:
    """Say whether the word stands between ``ngày`` and ``tháng``, or ``tháng`` and ``năm``."""
    if not 0 < place < len(texts) - 1:
        return False
    return (texts[place - 1].lower(), texts[place + 1].lower()) in _DATE_PARTS
