"""Reads the head of an official document: office, number and symbol on the left, place and date on the right.

Decree 30/2020/NĐ-CP, Appendix I: boxes 1 to 4; papers of the Party have their own motto and `45-KH/ĐU`.
"""

import dataclasses
import itertools
import operator
import re
import statistics
from collections.abc import Iterator, Sequence

from services.ocr.confidence import confirmed_right
from services.ocr.extract_title import find_title
from services.ocr.fields import Field, field, unreadable
from services.ocr.folding import bare, fold, is_upper, likeness
from services.ocr.hocr import Line, Word, line_of
from services.ocr.layout import Page, across, capital_height, height_on_page, letter_height, rows, segments
from services.ocr.offices import HEADS, LEVELS, OFFICE_WORDS
from services.ocr.spelling import Spelt, begun, natural
from services.ocr.usage import PUNCTUATION, Usage

COUNTRY = "cong hoa xa hoi chu nghia viet nam"
PARTY = "dang cong san viet nam"
_ALIKE = 0.82
_GARBLED = 30
_LEAST_NAME = 2  # words; a single one stands in too many sentences
_NAME_HEIGHTS = 4  # wider than so many heights of its letters a row may be a name, not a speck
_HEAD_SHARE = 0.5  # a letterhead stands in the upper half of its page
_NUMBER_ROW = re.compile(
    r"^\W*s[o06ó][^\w/]*\s*[:.;]|^\W*s[o06]?\s?:|\d\s*[-/]\s*[a-z]{2,}|^\W*s\S{1,2}\s.*/\s*[a-z]{2,}"
    r"|^\W*s[o06]\W.*[-/]\s*[a-z]{2,}|^\W*s[o06]\S*/\s*[a-z]{2,}|^\W*s[o06]\S?\d.*[a-z]{2,}-[a-z]{2,}"
)
_ENTRY = re.compile(r"^\W*(?:so|ngay|den|chuyen)\s*[:.]")  # a row of a stamp of arrival
_V_V = re.compile(r"^\W*v\s?[/.1il]?\s?v\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Letterhead:
    """The rows of the two columns over the text, and where the text begins."""

    country: Line
    left: tuple[Line, ...]
    right: tuple[Line, ...]
    bottom: float

    @property
    def number_at(self) -> int | None:
        """Which row on the left holds number and symbol."""
        found = (at for at, row in enumerate(self.left) if at and _NUMBER_ROW.search(fold(row.text)))
        return next(found, None)

    @property
    def about_at(self) -> int | None:
        """Which row on the left begins the subject of a letter without a title (V/v)."""
        return next((at for at, row in enumerate(self.left) if _V_V.match(row.text)), None)

    @property
    def office_rows(self) -> tuple[Line, ...]:
        """The rows that name the issuing office."""
        ends = [at for at in (self.number_at, self.about_at) if at is not None]
        named = self.left[: min(ends)] if ends else self.left[:3]
        return tuple(row for row in named if is_upper(row.text) or is_garbled(row))


def find_letterhead(page: Page) -> Letterhead | None:
    """Return the letterhead of a page, or nothing where no motto of state or Party stands on it."""
    country = find_country(page)
    if country is None:
        return None
    height = capital_height(page)
    top, split = country.box.top - 2.5 * height, country.box.left - 0.4 * height
    bottom = _text_begins(page, country)
    parts = [part for part in segments(page) if top < height_on_page(part) < bottom]
    sides = [side for part in parts for side in _sides(part, split, 3 * height)]
    left = rows(part for part, is_left in sides if is_left)
    right = rows(part for part, is_left in sides if not is_left)
    return Letterhead(country, _clean(left), right, bottom)


def _sides(part: Line, split: float, reach: float) -> Iterator[tuple[Line, bool]]:
    """Yield a part with the column it belongs to; one that reaches far into both columns is cut."""
    if part.box.left > split - reach or part.box.right < split + reach:
        yield part, across(part.box) < split
        return
    left = tuple(word for word in part.words if across(word.box) < split)
    right = part.words[len(left) :]
    yield from ((line_of(words), words is left) for words in (left, right) if words)


def _clean(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Drop rules, stars and specks from rows, and what stands before the first letter or digit of a row."""
    kept = (tuple(word for word in line.words if re.search(r"[^\W_]|/|-", word.text)) for line in lines)
    begun = (tuple(itertools.dropwhile(lambda word: re.search(r"[^\W_]", word.text) is None, row)) for row in kept)
    return tuple(line_of(words) for words in begun if words)


def find_country(page: Page) -> Line | None:
    """Return the words of the country's name, or the Party's, in the upper half of the page."""
    found = [
        (likeness(fold(part.text), wanted, _ALIKE), part)
        for line in page.lines
        if line.box.top < _HEAD_SHARE * page.height
        for wanted in (COUNTRY, PARTY)
        for part in _windows(line, len(wanted.split()))
    ]
    best = max(found, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _ALIKE else None


def _windows(line: Line, size: int) -> Iterator[Line]:
    for at in range(max(1, len(line.words) - size + 1)):
        yield line_of(line.words[at : at + size])


def _text_begins(page: Page, country: Line) -> float:
    """Return the height at which the two columns end: a title, an address, or a line across both."""
    height = capital_height(page)
    below = [part for part in segments(page) if part.box.top > country.box.bottom + 0.5 * height]
    tops = [part.box.top for part in below if _ends_head(part, country, height)]
    if title := find_title(page, country.box.bottom):
        tops.append(title.line.box.top)
    return min(tops, default=_HEAD_SHARE * page.height) - 0.3 * height


def _ends_head(part: Line, country: Line, height: float) -> bool:
    if likeness(bare(part.text)[:8], "kinh gui", _ALIKE) > _ALIKE:
        return True
    crosses = part.box.left < country.box.left - 3 * height and part.box.right > country.box.left + 3 * height
    return crosses and part.box.top > country.box.bottom + 2.2 * height and not _is_head_row(part)


def _is_head_row(part: Line) -> bool:
    return "thang" in fold(part.text) and "nam" in fold(part.text)


def issuer_fields(page: Page, head: Letterhead, usage: Usage) -> Iterator[tuple[str, Field]]:
    """Yield the issuing office and the one above it, as people write them."""
    offices = list(_offices(head.office_rows))
    if offices:
        lost = is_garbled(line_of(tuple(offices[-1])))
        yield "issuer", unreadable(offices[-1], page.number) if lost else _office(page, offices[-1], usage)
    if len(offices) > 1:
        yield "issuer_parent", _office(page, [word for office in offices[:-1] for word in office], usage)


def _offices(lines: Sequence[Line]) -> Iterator[list[Word]]:
    """Group rows: one that begins with the head of an office begins a new office."""
    office: list[Word] = []
    for line in lines:
        if office and _begins_office(line, office):
            yield office
            office = []
        office += line.words
    if office:
        yield office


def is_garbled(line: Line) -> bool:
    """Say whether a row as wide as a name was read so badly that it says nothing."""
    doubtful = statistics.mean(word.confidence for word in line.words) < _GARBLED
    return doubtful and line.box.width > _NAME_HEIGHTS * letter_height(line)


def _begins_office(line: Line, above: Sequence[Word]) -> bool:
    if is_garbled(line):
        return True
    folded = tuple(bare(word.text) for word in line.words)
    if bare(above[-1].text) in ("va", "cua", "-") or any(folded[: len(level)] == level for level in LEVELS):
        return False
    return any(folded[: len(head)] == head for head in HEADS)


def _office(page: Page, words: Sequence[Word], usage: Usage) -> Field:
    texts = [word.as_read for word in words]
    name = natural(texts, OFFICE_WORDS)
    if not all(name.known):
        written = usage.written(texts)
        name = _agreed(texts, written, name) if written else _with_usage(texts, name, usage)
    return field(begun(name).text, words, page=page.number, confidence=confirmed_right(words, name.known))


def _agreed(read: Sequence[str], written: Sequence[str], name: Spelt) -> Spelt:
    """Return words as the paper writes them elsewhere, but with the marks of those that a vocabulary knows.

    Those are known too that were read alike in both places.
    """
    alike = (one.strip(PUNCTUATION).lower() == two.lower() for one, two in zip(read, written, strict=True))
    every = list(zip(written, name.words, name.known, strict=True))
    words = (own if is_known and own.lower() != form.lower() else form for form, own, is_known in every)
    return Spelt(tuple(words), tuple(map(operator.or_, alike, name.known)))


def _with_usage(texts: Sequence[str], name: Spelt, usage: Usage) -> Spelt:
    """Take the words that no vocabulary knows, mostly names of places, as most of the paper writes them."""
    words, known = list(name.words), list(name.known)
    for is_known, run in itertools.groupby(range(len(texts)), key=lambda at: name.known[at]):
        places = list(run)
        votes = usage.votes([texts[at] for at in places])
        if is_known or len(places) < _LEAST_NAME or not votes:
            continue
        ((form, times),) = votes.most_common(1)
        if times > 1:
            cased = [_capitalised_like(one, words[at]) for at, one in zip(places, form, strict=True)]
            words[places[0] : places[-1] + 1] = cased
            known[places[0] : places[-1] + 1] = [times == votes.total()] * len(places)
    return Spelt(tuple(words), tuple(known))


def _capitalised_like(form: str, like: str) -> str:
    """Return a word in small letters with a capital where another has one."""
    return form[:1].upper() + form[1:] if like[:1].isupper() else form


def about_words(head: Letterhead) -> list[Word]:
    """Return the words of a V/v subject under the number; empty where there is none."""
    at = head.about_at
    if at is None:
        return []
    block = [head.left[at]]
    for row in head.left[at + 1 :]:
        gap = row.box.top - block[-1].box.bottom
        if gap > letter_height(block[0]) or is_upper(row.text) or _ENTRY.match(fold(row.text)):
            break
        block.append(row)
    return [word for row in block for word in row.words]
