"""Finds the title that names a document's kind, and the subject beneath it.

Decree 30/2020/NĐ-CP, Appendix I, box 5: 5a a title with its subject in the middle, 5b `V/v …` under
the number of a letter (công văn), which has no title.
"""

import dataclasses
import itertools
import re
import statistics
from collections.abc import Sequence

from services.ocr.confidence import words_right
from services.ocr.doc_types import DocType, titled
from services.ocr.fields import Field, field
from services.ocr.folding import bare, fold, is_upper
from services.ocr.hocr import Line, Word, line_of
from services.ocr.layout import (
    Page,
    across,
    capital_height,
    height_on_page,
    is_centred,
    letter_height,
    rows,
    segments,
    text_span,
)
from services.ocr.usage import Usage

_OFF_MIDDLE = 0.027  # of the page: less than half the indent that begins a paragraph
_INDENT_MM, _EDGE_MM = 6, 2.5
_STAMPED = 75
_TITLE_SHARE = 0.65  # no title stands lower on its page
_BODY = re.compile(
    r"^\W*(can cu|thuc hien|kinh gui|theo de nghi|xet de nghi|xet to trinh|dieu \d|phan thu|hom nay|thi hanh|"
    r"[0-9ivx]{1,3}[.,)]|[a-d]\))\b"
)
_ABOUT = re.compile(r"^v\S{0,2} vi[eê]c$")
_SPECK = re.compile(r"[|\\~^_{}<>=«»§¬*]|^\W+$")
_DOUBTED = 80


@dataclasses.dataclass(frozen=True, slots=True)
class Title:
    """A title: the kind it names, its line, and what more stands in that line."""

    kind: DocType
    line: Line
    rest: tuple[Word, ...] = ()

    @property
    def middle(self) -> float:
        """Where the middle of the whole line is, from left to right."""
        return across(line_of((*self.line.words, *self.rest)).box)


def find_title(page: Page, top: float) -> Title | None:
    """Return the first line in capitals below a height that names a kind of document."""
    candidates = [part for part in segments(page) if top < part.box.top < _TITLE_SHARE * page.height]
    for part in sorted(candidates, key=lambda part: part.box.top):
        if (title := _title(part)) and is_centred(page, part, 0.09):
            return title
    return None


def _title(part: Line) -> Title | None:
    words = [word for word in part.words if bare(word.text)]
    found = titled(" ".join(bare(word.text) for word in words))
    if not found or not is_upper(part.text) or part.text.rstrip().endswith(":"):
        return None
    kind, count = found
    return Title(kind, line_of(tuple(words[:count])), tuple(words[count:]))


def subject_words(page: Page, title: Title) -> list[Word]:
    """Return the words of the subject: the lines in the middle under the title, up to the first that is none."""
    height = capital_height(page)
    block: list[Line] = []
    above = title.line
    for row in _rows_below(page, title):
        gap = row.box.top - above.box.bottom
        if gap > (1.1 if block else 2.2) * height or _ends_subject(row, block) or _begins_paragraph(page, row, title):
            break
        block.append(row)
        above = row
    return [*title.rest, *(word for row in block for word in row.words)]


def _rows_below(page: Page, title: Title) -> Sequence[Line]:
    """Return the rows under the title, in its middle; what stands at their side, such as a stamp, is left out."""
    middle, edge = title.middle, text_span(page)[1] - page.pixels(_EDGE_MM)
    below = [part for part in segments(page) if height_on_page(part) > title.line.box.bottom]
    tallest = 2.5 * capital_height(page)
    level = [part for part in below if letter_height(part) < tallest]
    near = ((part, _about_middle(part, middle, _OFF_MIDDLE * page.width)) for part in level)
    # what is left of a line that a stamp begins, and goes to the right edge, is a paragraph's
    return rows(row for part, row in near if row and (row is part or row.box.right < edge))


def _about_middle(part: Line, middle: float, tolerance: float) -> Line | None:
    """Return a line that stands about a middle, without badly read words before it that a stamp left there."""
    for at in range(len(part.words)):
        rest = line_of(part.words[at:]) if at else part
        stands = abs(across(rest.box) - middle) < tolerance
        if stands and (at == 0 or statistics.mean(word.confidence for word in part.words[:at]) < _STAMPED):
            return rest
    return None


def _begins_paragraph(page: Page, row: Line, title: Title) -> bool:
    """Say whether a row goes to the right edge of the text and stands off the middle, as one does that is indented."""
    off = across(row.box) - title.middle
    return off > page.pixels(_INDENT_MM / 2) and row.box.right > text_span(page)[1] - page.pixels(_EDGE_MM)


def _ends_subject(row: Line, block: Sequence[Line]) -> bool:
    if not any(letter.isalnum() for letter in row.text) or _BODY.match(fold(row.text)):
        return True
    if block and block[0].text.startswith("(") and block[-1].text.rstrip(" .").endswith(")"):
        return True
    if is_upper(row.text):
        return bool(block) and not is_upper(block[-1].text)
    return bool(block) and is_upper(block[-1].text)


def subject_field(page: Page, words: Sequence[Word], usage: Usage) -> Field | None:
    """Return the subject in one line, its opening formula as it must be."""
    kept = usage.settled(_without_specks(words))
    if not kept:
        return None
    text = " ".join(_opened([word.text for word in kept])).rstrip(" .,;/")
    if ")" not in text:  # a speck before a word looks like a bracket
        text = text.replace("(", "")
    return field(text[:1].upper() + text[1:], kept, page=page.number, confidence=words_right(kept))


def _without_specks(words: Sequence[Word]) -> list[Word]:
    """Drop what a stamp or a rule left at either end."""
    kept = list(itertools.dropwhile(_is_speck, words))
    kept.reverse()
    kept = list(itertools.dropwhile(_is_speck, kept))
    kept.reverse()
    return kept


def _is_speck(word: Word) -> bool:
    return word.confidence < _DOUBTED and _SPECK.search(word.text) is not None


def _opened(forms: Sequence[str]) -> Sequence[str]:
    """Return the words with `Về việc` where only its marks were lost."""
    return ("Về", "việc", *forms[2:]) if _ABOUT.match(fold(" ".join(forms[:2]))) else forms
