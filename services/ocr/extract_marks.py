"""Finds the marks of urgency and of secrecy that are stamped or printed in a document's head.

Decree 30/2020/NĐ-CP, Appendix I, boxes 10a and 10b. A mark stands alone: `khẩn trương` in a
subject or `bí mật` in a sentence is none.
"""

import re
from collections.abc import Iterable

from services.ocr.confidence import KNOWN
from services.ocr.fields import Field, field
from services.ocr.folding import bare, is_upper
from services.ocr.hocr import Line
from services.ocr.layout import Page, segments

_HEAD_SHARE = 0.45
_URGENCY = {"hoa toc": "HỎA TỐC", "hoa toc hen gio": "HỎA TỐC HẸN GIỜ", "thuong khan": "THƯỢNG KHẨN", "khan": "KHẨN"}
_SECRECY = {"tuyet mat": "TUYỆT MẬT", "toi mat": "TỐI MẬT", "mat": "MẬT"}
_LABEL = re.compile(r"^do (mat|khan)\W+")


def urgency_mark(page: Page) -> Field | None:
    """Return the mark of urgency in the head of a page."""
    return _mark(page, _URGENCY)


def secrecy_mark(page: Page) -> Field | None:
    """Return the mark of secrecy in the head of a page: such a paper must not be digitised."""
    return _mark(page, _SECRECY)


def _mark(page: Page, marks: dict[str, str]) -> Field | None:
    for part in _head(page):
        meant = marks.get(_LABEL.sub("", " ".join(filter(None, (bare(word.text) for word in part.words)))))
        if meant and is_upper(part.text):
            return field(meant, part.words, page=page.number, confidence=KNOWN if part.text == meant else 0.95)
    return None


def _head(page: Page) -> Iterable[Line]:
    """Return what stands apart in the head, in black or red; a stamp may stand beside any line."""
    return (part for part in (*page.red, *segments(page)) if part.box.middle < _HEAD_SHARE * page.height)
