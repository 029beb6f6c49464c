"""Reads number, symbol, place and date of a letterhead; what a pen filled in is asked for, not guessed.

State papers: `299/UBND-TTHC`, `42/2022/NĐ-CP`; papers of the Party: `45-KH/ĐUCS`.
"""

import dataclasses
import re
from collections.abc import Iterator, Sequence

from services.ocr.confidence import KNOWN, words_right
from services.ocr.dates import PRINTED_FROM, iso_date
from services.ocr.doc_types import abbreviated
from services.ocr.extract_letterhead import Letterhead
from services.ocr.fields import Field, field, unreadable
from services.ocr.folding import digits, fold, likeness
from services.ocr.hocr import Line, Word
from services.ocr.layer import CERTAIN
from services.ocr.layout import Page, Run, capital_height, run_of, segments
from services.ocr.offices import PLACES
from services.ocr.spelling import spelt
from services.ocr.usage import Usage

_LABEL = re.compile(r"^\W*[Ss§5][^\s:/\d]{0,3}\s*[:.;,]?\s*")
_STATE = re.compile(r"(?P<number>.*?)\s*/+\s*(?P<symbol>(?:(?:19|20)\d\d\s*/\s*)?9?[^\W\d].*)")
_PARTY = re.compile(r"(?P<number>[^/-]*?)\s*-\s*(?P<symbol>[^\W\d]{1,6}\s*/\s*\S.*)")
_CODE = re.compile(r"(?P<code>(?P<kind>[^\W\d_]+)-[^\W\d_]{2,})[\W_]*$")
_DATE = re.compile(
    r"(?P<place>.*?)[\s,.;]*ng[aàáảãạâ]y\W?\s*(?P<day>.*?)\s*th[aáàảãạ]ng\s*(?P<month>.*?)"
    r"\s*n[aăâắằ]m\s*(?P<year>\d[\d ]*\d)",
    re.IGNORECASE,
)
# A pen's digits are higher than the printed ones beside them, or off their line: on eight letters filled in
# by hand by 0.15 and more of the height, against 0.06 at most on printed ones, whatever the engine's confidence.
_TALLER, _OFF_LINE = 0.13, 0.2
_READ_FROM = 30
_JOINED_FROM = 20  # where number and symbol are one word, the symbol's Đ costs confidence
_MONTH_FROM = 75  # of a printed month that the engine gave a box as high as its line
_LABELLED_FROM, _LABEL_TALLER = 75, 1.32  # where number and label are one word, which is as high as its `ố`
# Printed numbers made one word with their symbols were at most 1.03 times as high as the label, penned ones more.
_JOINED_TALLER, _LABEL_SURE = 1.1, 60
_ROW_TALLER = 1.25  # than words of the page: rows that pens made one word were 1.35 times as high and more
_MOST_DIGITS = 6
_ONES = str.maketrans("]T", "11")  # what an engine makes of a 1 in italics; only where a number must stand
_STOPS = " ,.;_'"
_SAME_PLACE = 0.75
# where the paper writes one name in two ways, and where always in the same way
_DISAGREED, _AGREED = 0.4, 0.995
_OWN_VOTES = 2  # those of the place itself
_CAPITALS = 60  # no mark of a capital is surer than one of a small letter read with so much confidence
_CLOSING_SHARE, _LONGEST_PLACE = 0.3, 5


def number_fields(page: Page, head: Letterhead) -> Iterator[tuple[str, Field]]:
    """Yield number and symbol; the number is empty where it was written by hand, blank or unreadable."""
    if head.number_at is None:
        return
    run = run_of(page, [head.left[head.number_at]])
    label = _LABEL.match(run.text)
    at = label.end() if label else 0
    found = _parts(run.text, at)
    if found is None:
        yield "number", unreadable(run.words, page.number)
        yield from _symbol_alone(run)
        return
    yield "number", _number(run, found, usual_height=capital_height(page))
    yield "symbol", _symbol(run, found)


def _parts(text: str, at: int) -> re.Match[str] | None:
    slash, dash = text.find("/", at), text.find("-", at)
    party = -1 < dash < slash
    return (_PARTY if party else _STATE).match(text, at)


def _number(run: Run, found: re.Match[str], *, usual_height: float) -> Field:
    start, end = found.span("number")
    words = run.within(start, end)
    value = digits(found["number"].replace(" ", ""))
    if (
        not words
        or value is None
        or len(value) > _MOST_DIGITS
        or not _is_printed(run, found, usual_height=usual_height)
    ):
        return unreadable(words or run.words, run.page)
    changed = value != found["number"]
    return field(value, words, page=run.page, confidence=words_right(words) * (0.8 if changed else 1))


def _is_printed(run: Run, found: re.Match[str], *, usual_height: float) -> bool:
    """Say whether the number was printed with its symbol, not filled in by hand."""
    number, symbol = run.within(*found.span("number")), run.within(*found.span("symbol"))
    label = run.words[0]
    worst = min(word.confidence for word in number)
    if worst >= CERTAIN:
        return True
    if label in symbol:
        return worst >= PRINTED_FROM and label.box.height <= _ROW_TALLER * usual_height
    if label in number:
        return worst >= _LABELLED_FROM and label.box.height <= _LABEL_TALLER * symbol[0].box.height
    if number[-1] in symbol:
        exact = digits(found["number"].strip()) is not None and label.confidence >= _LABEL_SURE
        low = exact and number[0].box.height < _JOINED_TALLER * label.box.height
        return worst >= (_JOINED_FROM if low else PRINTED_FROM)
    return worst >= _READ_FROM and all(_stands_like(word, symbol[0], taller=0) for word in number)


def _stands_like(word: Word, printed: Word, *, taller: float) -> bool:
    """Say whether a word has the line of a printed one, and is not higher but by a share."""
    height = printed.box.height
    off = abs(word.box.bottom - printed.box.bottom)
    return word.box.height <= (1 + taller) * height and off <= _OFF_LINE * height


def _symbol(run: Run, found: re.Match[str]) -> Field:
    words = run.within(*found.span("symbol"))
    value, known = _normal_symbol(found["symbol"])
    right = words_right(words)
    return field(value, words, page=run.page, confidence=(right + 1) / 2 * KNOWN if known else right)


def _symbol_alone(run: Run) -> Iterator[tuple[str, Field]]:
    """Yield the symbol of a row whose number a pen ran into it: the longest end that begins with a kind."""
    found = _CODE.search(run.text)
    ends = (found["code"][at:] for at in range(len(found["kind"]) - 1)) if found else ()
    if symbol := next((end for end in map(_normal_symbol, ends) if end[1]), None):
        words = run.words[-1:]
        yield "symbol", field(symbol[0], words, page=run.page, confidence=words_right(words))


def _normal_symbol(symbol: str) -> tuple[str, bool]:
    """Return a symbol without spaces, its kind spelt as the decree does, and whether it names a kind."""
    tight = re.sub(r"\s*([/-])\s*", r"\1", symbol.replace("Ð", "Đ")).split(" ")[0].strip(".,;:_")
    tight = re.sub("Đ{2,}", "Đ", tight)
    parts = _without_strokes(re.split(r"([/-])", tight))
    at = 2 if parts[0].isdigit() and len(parts) > 2 else 0
    kind = abbreviated(re.sub("^9", "Q", parts[at]))  # no kind begins with a digit
    if kind:
        parts[at] = kind.abbreviation
    return "".join(parts), kind is not None


def _without_strokes(parts: list[str]) -> list[str]:
    """Drop what a pen's digits became before the part that names the kind: `XD/CT-SKHCN`."""
    strokes = len(parts) > 2 and parts[1] == "/" and not parts[0].isdigit() and abbreviated(parts[0]) is None
    return parts[2:] if strokes and abbreviated(parts[2]) else parts


def closing_date(page: Page, usage: Usage) -> Iterator[tuple[str, Field]]:
    """Yield place and date of a paper that bears them over its signatures; nothing where a pen wrote the date."""
    below = [part for part in segments(page) if part.box.top > _CLOSING_SHARE * page.height]
    for part in below:
        run = run_of(page, [part])
        found = _DATE.fullmatch(run.text.rstrip(" ./"))
        if found and found["place"] and run.text[:1].isupper() and len(found["place"].split()) <= _LONGEST_PLACE:
            date = _date(run, found)
            if date.value:
                yield "place", _place(run, found, (), usage)
                yield "date", date
                return


def date_fields(page: Page, head: Letterhead, usage: Usage) -> Iterator[tuple[str, Field]]:
    """Yield place and date of issue; the date is empty where a pen filled in a part of it."""
    for row in head.right:
        run = run_of(page, [row])
        if found := _DATE.search(run.text):
            if found["place"].strip(_STOPS):
                yield "place", _place(run, found, head.office_rows, usage)
            yield "date", _date(run, found)
            return


def _place(run: Run, found: re.Match[str], offices: Sequence[Line], usage: Usage) -> Field:
    words = run.within(found.start("place"), found.start("place") + len(found["place"].rstrip(_STOPS)))
    texts = [word.as_read.strip(_STOPS) for word in words]
    name = spelt(texts, PLACES)
    if all(name.known):
        return field(name.text, words, page=run.page, confidence=KNOWN)
    office = _in_office(texts, offices) or words
    sure = [max(pair, key=_clarity_of_marks) for pair in zip(words, office, strict=True)]
    read = tuple(word.as_read.strip(_STOPS).lower() for word in sure)
    votes = usage.votes(read)
    value, times = max(votes.items(), key=lambda vote: (vote[1], vote[0] == read), default=(read, 1))
    if len(votes) == 1 and times > _OWN_VOTES:
        right = _AGREED
    else:
        right = words_right(sure) * (1 if len(votes) < 2 else max(_DISAGREED, times / (votes.total() + 1)))
    return field(" ".join(value).title(), words, page=run.page, confidence=right)


def _clarity_of_marks(word: Word) -> float:
    """Return how far to trust the marks of a word: capitals lose them even where an engine is sure."""
    return min(word.confidence, _CAPITALS) if word.text.isupper() else word.confidence


def _in_office(texts: Sequence[str], offices: Sequence[Line]) -> Sequence[Word] | None:
    """Return the words of the office's own name that say the same place: most are named after it."""
    size, read = len(texts), fold(" ".join(texts))
    windows = [row.words[at : at + size] for row in offices for at in range(len(row.words) - size + 1)]
    alike = [(likeness(fold(" ".join(word.text for word in words)), read, _SAME_PLACE), words) for words in windows]
    best = max(alike, key=lambda pair: pair[0], default=(0.0, ()))
    return best[1] if best[0] >= _SAME_PLACE else None


def _date(run: Run, found: re.Match[str]) -> Field:
    start, end = found.start("day"), found.end("year")
    words = run.within(start, end)
    parts = [digits(found[name].strip(" .").replace(" ", "").translate(_ONES)) for name in ("day", "month", "year")]
    day, month, year = (run.within(*found.span(name)) for name in ("day", "month", "year"))
    filled = [*day, *month]
    value = iso_date(parts)
    if value is None or not _are_typed(day, month, _without_speck(year[-1], run)):
        return unreadable(words, run.page)
    return field(value, words, page=run.page, confidence=words_right(filled) * words_right(year))


def _without_speck(year: Word, run: Run) -> Word:
    """Return the year no lower than `năm` before it, which has nothing below its line: a speck may hang under it."""
    before = run.words[run.words.index(year) - 1]
    if year.box.bottom - before.box.bottom <= _OFF_LINE * before.box.height or before.box.bottom <= year.box.top:
        return year
    return dataclasses.replace(year, box=dataclasses.replace(year.box, bottom=before.box.bottom))


def _looks_typed(word: Word, year: Word) -> bool:
    """Say whether strokes read as letters are as high as the printed digits beside them and on their line."""
    return word.confidence >= _READ_FROM and _stands_like(word, year, taller=_TALLER)


def _are_typed(day: Sequence[Word], month: Sequence[Word], year: Word) -> bool:
    """Say whether day and month were printed: a pen that fills in the month fills in the day too."""
    # four printed months of one digit in 180 dates had a box as high as their line
    sure = all(word.text.isdigit() and word.confidence >= _MONTH_FROM for word in month)
    return all(_is_typed(word, year) for word in day) and (sure or all(_is_typed(word, year) for word in month))


def _is_typed(word: Word, year: Word) -> bool:
    """Say whether day or month was printed as the year was, which always is."""
    if not word.text.isdigit():
        return word.confidence >= PRINTED_FROM or (
            digits(word.text.translate(_ONES)) is not None and _looks_typed(word, year)
        )
    return word.confidence >= _READ_FROM and (word.confidence >= CERTAIN or _stands_like(word, year, taller=_TALLER))
