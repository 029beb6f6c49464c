"""Reads number, symbol, place and date of a letterhead; what a pen filled in is asked for, not guessed.

State papers: `299/UBND-TTHC`, `42/2022/NĐ-CP`; papers of the Party: `45-KH/ĐUCS`.
"""

import re
from collections.abc import Iterator, Sequence

from services.ocr.confidence import KNOWN, words_right
from services.ocr.dates import PRINTED_FROM, iso_date
from services.ocr.doc_types import abbreviated
from services.ocr.extract_letterhead import Letterhead
from services.ocr.fields import Field, field, unreadable
from services.ocr.folding import digits, fold
from services.ocr.hocr import Line, Word
from services.ocr.layer import CERTAIN
from services.ocr.layout import Page, Run, run_of
from services.ocr.offices import PLACES
from services.ocr.spelling import spelt

_LABEL = re.compile(r"^\W*[Ss§5][^\s:/\d]{0,3}\s*[:.;,]?\s*")
_STATE = re.compile(r"(?P<number>.*?)\s*/\s*(?P<symbol>(?:(?:19|20)\d\d\s*/\s*)?[^\W\d].*)")
_PARTY = re.compile(r"(?P<number>[^/-]*?)\s*-\s*(?P<symbol>[^\W\d]{1,6}\s*/\s*\S.*)")
_DATE = re.compile(
    r"(?P<place>.*?)[\s,.;]*ng[aàáảãạâ]y\W?\s*(?P<day>.*?)\s*th[aáàảãạ]ng\s*(?P<month>.*?)"
    r"\s*n[aăâắằ]m\s*(?P<year>\d[\d ]*\d)",
    re.IGNORECASE,
)
# A pen's digits are higher than the printed ones beside them, or off their line: on eight letters filled in
# by hand by 0.15 and more of the height, against 0.06 at most on printed ones, whatever the engine's confidence.
_TALLER, _OFF_LINE = 0.13, 0.2
_READ_FROM = 30
_JOINED_FROM = 40  # where number and symbol are one word, the symbol's Đ costs confidence
_MOST_DIGITS = 6


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
        return
    yield "number", _number(run, found)
    yield "symbol", _symbol(run, found)


def _parts(text: str, at: int) -> re.Match[str] | None:
    slash, dash = text.find("/", at), text.find("-", at)
    party = -1 < dash < slash
    return (_PARTY if party else _STATE).match(text, at)


def _number(run: Run, found: re.Match[str]) -> Field:
    start, end = found.span("number")
    words = run.within(start, end)
    value = digits(found["number"].replace(" ", ""))
    if not words or value is None or len(value) > _MOST_DIGITS or not _is_printed(run, found):
        return unreadable(words or run.words, run.page)
    changed = value != found["number"]
    return field(value, words, page=run.page, confidence=words_right(words) * (0.8 if changed else 1))


def _is_printed(run: Run, found: re.Match[str]) -> bool:
    """Say whether the number was printed with its symbol, not filled in by hand."""
    number, symbol = run.within(*found.span("number")), run.within(*found.span("symbol"))
    label = run.words[0]
    worst = min(word.confidence for word in number)
    if worst >= CERTAIN:
        return True
    if label in number:
        return worst >= PRINTED_FROM
    if number[-1] in symbol:
        exact = found["number"].strip().isdigit()
        low = exact and number[0].box.height < 1.1 * label.box.height
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


def _normal_symbol(symbol: str) -> tuple[str, bool]:
    """Return a symbol without spaces, its kind spelt as the decree does, and whether it names a kind."""
    tight = re.sub(r"\s*([/-])\s*", r"\1", symbol.replace("Ð", "Đ")).split(" ")[0].strip(".,;:_")
    tight = re.sub("Đ{2,}", "Đ", tight)
    parts = re.split(r"([/-])", tight)
    at = 2 if parts[0].isdigit() and len(parts) > 2 else 0
    kind = abbreviated(parts[at])
    if kind:
        parts[at] = kind.abbreviation
    return "".join(parts), kind is not None


def date_fields(page: Page, head: Letterhead) -> Iterator[tuple[str, Field]]:
    """Yield place and date of issue; the date is empty where a pen filled in a part of it."""
    for row in head.right:
        run = run_of(page, [row])
        if found := _DATE.search(run.text):
            if found["place"].strip(" ,.;_'"):
                yield "place", _place(run, found, head.office_rows)
            yield "date", _date(run, found)
            return


def _place(run: Run, found: re.Match[str], offices: Sequence[Line]) -> Field:
    words = run.within(found.start("place"), found.start("place") + len(found["place"].rstrip(" ,.;")))
    texts = [word.text.strip(" ,.;_") for word in words]
    name = spelt(texts, PLACES)
    if all(name.known):
        return field(name.text, words, page=run.page, confidence=KNOWN)
    own = {fold(word.text): word for row in offices for word in row.words}
    twice = [own.get(fold(text), word) for text, word in zip(texts, words, strict=True)]
    sure = [max(pair, key=lambda word: word.confidence) for pair in zip(words, twice, strict=True)]
    value = " ".join(word.text.strip(" ,.;_").title() for word in sure)
    return field(value, words, page=run.page, confidence=words_right(sure))


def _date(run: Run, found: re.Match[str]) -> Field:
    start, end = found.start("day"), found.end("year")
    words = run.within(start, end)
    parts = [digits(re.sub(r"\W", "", found[name])) for name in ("day", "month", "year")]
    filled = [word for name in ("day", "month") for word in run.within(*found.span(name))]
    year = run.within(*found.span("year"))
    value = iso_date(parts)
    if value is None or not all(_is_typed(word, year[-1]) for word in filled):
        return unreadable(words, run.page)
    return field(value, words, page=run.page, confidence=words_right(filled) * words_right(year))


def _is_typed(word: Word, year: Word) -> bool:
    """Say whether day or month was printed as the year was, which always is."""
    if not word.text.isdigit():
        return word.confidence >= PRINTED_FROM
    return word.confidence >= _READ_FROM and (word.confidence >= CERTAIN or _stands_like(word, year, taller=_TALLER))
