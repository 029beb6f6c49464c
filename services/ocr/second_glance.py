"""Reads by itself, once more, the print that a reading of the page left out or could not make out."""

import dataclasses
from collections.abc import Iterator, Sequence

from services.ocr.engine import Engine, Segmentation
from services.ocr.enlarging import Enlarging
from services.ocr.hocr import Box, Line, Word, around, mean_confidence
from services.ocr.pixels import Pixels, bordered, cut
from services.ocr.reading_order import split_at_gaps
from services.ocr.unread_print import find_unread_print, with_room
from services.ocr.voting import voted

ENLARGED = 1.5  # times; so the engine reads names that it does not otherwise, and the other way round
SURE = 70  # the confidence of what is taken where nothing was read
READ_FROM = 50  # words of less are seals, strokes, or print that must be read again
PENNED = 15.0  # what a pen leaves the engine sure of
SHORT_INCHES = 3.2  # as wide as a column; a word of a longer line is read again alone
BORDER_PIXELS = 12


@dataclasses.dataclass(frozen=True)
class Place:
    """A part of the page to look at again, and what was read there, if anything."""

    box: Box
    known: Line | None


def with_second_glance(
    lines: Sequence[Line], tables: Sequence[Box], picture: Pixels, engine: Engine, *, dpi: float
) -> list[Line]:
    """Return the lines of a straight page, in no order, with what a second glance makes of the print beside tables."""
    read = [word.box for line in lines for word in line.words if word.confidence >= READ_FROM]
    found = [box for box in find_unread_print(picture, (*read, *tables), dpi=dpi) if not any(map(box.holds, read))]
    doubted = [box for box in _doubted(lines, dpi=dpi) if not any(one.holds(box) for one in found)]
    places = _apart([_place(box, lines, dpi=dpi) for box in (*found, *doubted)])
    fresh = list(lines)
    for place, glances in zip(places, _glances(places, picture, engine, dpi=dpi), strict=True):
        fresh = _mended(fresh, place.known, glances) if place.known else _with_new(fresh, place.box, _new(glances))
    return fresh


def _with_new(lines: Sequence[Line], box: Box, new: Sequence[Line]) -> list[Line]:
    """Return the lines and the new ones, without the doubtful words that were read in the new ones' place."""
    if not new:
        return list(lines)
    kept = ((one, [word for word in one.words if not _is_doubted_in(box, word)]) for one in lines)
    return [*(one.of(words) if len(words) < len(one.words) else one for one, words in kept if words), *new]


def _is_doubted_in(box: Box, word: Word) -> bool:
    return word.confidence < READ_FROM and box.holds(word.box)


def _doubted(lines: Sequence[Line], *, dpi: float) -> Iterator[Box]:
    """Yield where words are in doubt beside sure ones of a short line: too little print to be found."""
    for part in (part for line in lines for part in split_at_gaps(line)):
        if _has_sure(part) and part.box.width <= SHORT_INCHES * dpi:
            yield from (word.box for word in part.words if word.confidence < READ_FROM and _is_short_word(word))


def _has_sure(part: Line) -> bool:
    """Say whether a part of a line was read at all; one without a sure word is left out as noise."""
    return any(word.confidence >= READ_FROM for word in part.words)


def _is_short_word(word: Word) -> bool:
    return sum(map(str.isalpha, word.text)) > 1 and not _has_digit(word)


def _apart(places: Sequence[Place]) -> list[Place]:
    """Return the places, each part of a line once."""
    parts = {place.known: place for place in places if place.known}
    return [*(place for place in places if place.known is None), *parts.values()]


def _place(box: Box, lines: Sequence[Line], *, dpi: float) -> Place:
    """Return what to look at where print was found: the whole part of the line if a word of it lies there."""
    parts = (part for line in lines for part in split_at_gaps(line))
    doubted = [part for part in parts if _has_sure(part) and any(box.holds(word.box) for word in part.words)]
    if not doubted:
        return Place(box, None)
    part = max(doubted, key=lambda one: one.box.width)
    if part.box.width > SHORT_INCHES * dpi:
        return Place(box, part.of([word for word in part.words if box.holds(word.box)]))
    return Place(around((box, with_room(part.box, dpi=dpi))), part)


def _glances(places: Sequence[Place], picture: Pixels, engine: Engine, *, dpi: float) -> Iterator[list[Sequence[Line]]]:
    """Yield for each place what is read there at each of two glances."""
    pictures = [bordered(cut(picture, place.box), BORDER_PIXELS) for place in places]
    sizes = [
        one.read(pictures, dpi=dpi, segmentation=Segmentation.BLOCK) if pictures else []
        for one in (engine, Enlarging(engine, ENLARGED))
    ]
    for place, *layouts in zip(places, *sizes, strict=True):
        right, down = place.box.left - BORDER_PIXELS, place.box.top - BORDER_PIXELS
        yield [[line.moved(right, down) for line in layout.lines] for layout in layouts]


def _new(glances: Sequence[Sequence[Line]]) -> list[Line]:
    """Return lines of their own where nothing was read before, if a glance is sure of them."""
    surest, *others = sorted(glances, key=lambda lines: mean_confidence(_words(lines)), reverse=True)
    sure = mean_confidence(_words(surest)) >= SURE and _says_words(_words(surest))
    return [_doubting_digits(line) for line in voted(surest, others)] if sure else []


def _doubting_digits(line: Line) -> Line:
    """Return a line whose digits may be a pen's: apart from their page nothing tells them from print."""
    words = (dataclasses.replace(one, confidence=PENNED) if _has_digit(one) else one for one in line.words)
    return dataclasses.replace(line, words=tuple(words))


def _mended(lines: Sequence[Line], known: Line, glances: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines with the words of one part of them as most of its readings have them.

    Digits are left to the page's own reading, and so is what was read for digits there: a pen's are no print,
    however surely read apart.
    """
    numbers = [word.box for word in known.words if _has_digit(word)]
    lettered = [[part for line in lines if (part := _without_numbers(line, numbers))] for lines in glances]
    words = [word for line in voted([known], lettered) for word in line.words if _is_there(word, glances)]
    return [_with(line, known, words) if known.words[0] in line.words else line for line in lines]


def _is_there(word: Word, glances: Sequence[Sequence[Line]]) -> bool:
    """Say whether a word was read surely, or something stands in its place at any glance."""
    seen = [other for lines in glances for other in _words(lines)]
    return word.confidence >= READ_FROM or not seen or any(_over(word.box, other.box) for other in seen)


def _with(line: Line, known: Line, words: Sequence[Word]) -> Line:
    rest = (word for word in line.words if word not in known.words)
    return line.of(sorted((*rest, *words), key=lambda word: word.box.left))


def _without_numbers(line: Line, places: Sequence[Box]) -> Line | None:
    words = [word for word in line.words if not _has_digit(word) and not any(_over(word.box, one) for one in places)]
    return line.of(words) if words else None


def _has_digit(word: Word) -> bool:
    return any(map(str.isdigit, word.text))


def _over(box: Box, other: Box) -> bool:
    return box.left < other.right and other.left < box.right


def _says_words(words: Sequence[Word]) -> bool:
    """Say whether there are more letters than other signs: a pen's digits are no print, however surely read."""
    signs = [sign for word in words for sign in word.text]
    return 2 * sum(map(str.isalpha, signs)) > len(signs)


def _words(lines: Sequence[Line]) -> list[Word]:
    return [word for line in lines for word in line.words]
