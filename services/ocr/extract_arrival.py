"""Finds the stamp that an office presses on what it receives: ĐẾN, number, date.

Decree 30/2020/NĐ-CP, Appendix IV. A pen fills it in, so its values are mostly to be asked for.
"""

import re
from collections.abc import Iterator, Sequence

from services.ocr.confidence import words_right
from services.ocr.dates import PRINTED_FROM, iso_date
from services.ocr.fields import Field, field, unreadable
from services.ocr.folding import digits, fold
from services.ocr.hocr import Box, Line, Word, around, line_of
from services.ocr.layout import Page, inside, rows, segments

_STAMP = re.compile(r"^\W*(?:(?:cong van|cv|van ban)\W+)?den\W*$")
_NUMBER = re.compile(r"^\W*s[o06]\W*(?P<value>.*)$")
_DATE = re.compile(r"^\W*ngay\W*(?P<value>.*)$")
_DATE_PARTS = re.compile(r"(\w{1,2})\W+(?:thang\W+)?(\w{1,2})\W+(?:nam\W+)?(\w{2,4})\W*$")
_FIELD_MM = (60, 11)  # how far number and date stand from the word ĐẾN, across and down
_HEAD_SHARE = 0.5


def arrival_fields(page: Page) -> Iterator[tuple[str, Field]]:
    """Yield number and date of arrival; empty where a stamp stands whose pen cannot be read."""
    stamp = find_stamp(page)
    if stamp is None:
        return
    entries = _entries(page, stamp)
    yield "arrival_number", _value(page, stamp, entries, _NUMBER)
    yield "arrival_date", _value(page, stamp, entries, _DATE)


def find_stamp(page: Page) -> Line | None:
    """Return the word ĐẾN of a stamp: it stands alone, in capitals, in the upper half of the page."""
    parts = [part for part in (*page.red, *segments(page)) if part.box.bottom < _HEAD_SHARE * page.height]
    return next((part for part in parts if part.text.isupper() and _STAMP.match(fold(part.text))), None)


def _entries(page: Page, stamp: Line) -> tuple[Line, ...]:
    """Return the rows right of the word and as high as the stamp."""
    across, down = (page.pixels(length) for length in _FIELD_MM)
    box = Box(stamp.box.left, stamp.box.top - down, stamp.box.right + across, stamp.box.bottom + down)
    found = (*inside(page, box), *(line for line in page.red if box.holds(line.box)))
    apart = (tuple(word for word in line.words if not stamp.box.holds(word.box)) for line in found)
    return rows(line_of(words) for words in apart if words)


def _value(page: Page, stamp: Line, entries: Sequence[Line], wanted: re.Pattern[str]) -> Field:
    for row in entries:
        if found := wanted.match(fold(row.text)):
            value = _number(found["value"]) if wanted is _NUMBER else _date(found["value"])
            if value and _printed(row.words):
                return field(value, row.words, page=page.number, confidence=words_right(row.words))
            return unreadable(row.words, page.number)
    place = around([stamp.box, *(row.box for row in entries)])
    return Field(None, stamp.text, page.number, place, 0)


def _printed(words: Sequence[Word]) -> bool:
    return min(word.confidence for word in words) >= PRINTED_FROM


def _number(text: str) -> str | None:
    return digits(re.sub(r"\W", "", text))


def _date(text: str) -> str | None:
    found = _DATE_PARTS.search(text)
    if not found:
        return None
    year = digits(found[3])
    return iso_date([digits(found[1]), digits(found[2]), f"20{year}" if year and len(year) == 2 else year])
