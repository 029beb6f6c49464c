"""Reads one page as a clerk does: upright, straight, clean, tables by their cells, columns in turn."""

import dataclasses
from collections.abc import Iterator, Sequence
from functools import cached_property

from services.ocr.blank import is_blank
from services.ocr.cleaning import cleaned, flaws
from services.ocr.correction import corrected
from services.ocr.engine import Engine, Segmentation
from services.ocr.framed_print import find_framed_print
from services.ocr.hocr import Layout, Line, Word, mean_confidence
from services.ocr.language.syllables import Bigrams
from services.ocr.pixels import Pixels, grey_of, quarter_turned, scaled, turned, turned_box
from services.ocr.reading_order import in_reading_order
from services.ocr.red_print import RedPrint, find_red_print, has_red_print
from services.ocr.ruled_tables import find_tables, without_rules
from services.ocr.straighten import skew_degrees
from services.ocr.tables_reading import ReadTable, read_tables, without_tables

UPRIGHT_CONFIDENCE = 60  # upright pages have 89 and more, turned ones 43 at most
CONTENT_CONFIDENCE = 80  # below it a second attempt is worth its time
APART_CONFIDENCE = 70
ORIENTATION_DPI = 150  # at 100 dpi the engine is wrong one time in eight
NOISE_CONFIDENCE = 50  # seals and signatures are read as words of less
LONG_WORD = 3  # letters; such a word is wider than high
CHANCE = 50.0  # confidence at which a letter is as likely wrong as right


@dataclasses.dataclass(frozen=True)
class ReadPage:
    """A page as read; boxes are pixels of the picture turned by ``quarters``, then by ``skew_degrees``.

    Both turns are counter-clockwise. ``confidence`` is that of all the engine read, from 0 to 100.
    """

    width: int
    height: int
    parts: tuple[Line | ReadTable, ...] = ()
    quarters: int = 0
    skew_degrees: float = 0.0
    confidence: float = 0.0
    blank: bool = False
    attempts: int = 0

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in reading order, those of tables cell by cell."""
        return tuple(line for part in self.parts for line in ([part] if isinstance(part, Line) else part.lines))

    @property
    def tables(self) -> tuple[ReadTable, ...]:
        """The ruled tables from the top of the page down."""
        return tuple(part for part in self.parts if isinstance(part, ReadTable))

    @property
    def text(self) -> str:
        """One printed line a line; rows of tables with a tab between their cells."""
        return "\n".join(part.text for part in self.parts)

    @property
    def layout(self) -> Layout:
        """The lines as one layout."""
        return Layout(self.width, self.height, self.lines)


@dataclasses.dataclass(frozen=True)
class _Attempt:
    """What one preparation of a page gave."""

    shape: tuple[int, ...]
    skew: float
    lines: tuple[Line, ...]
    tables: tuple[ReadTable, ...]

    @cached_property
    def words(self) -> list[Word]:
        lines = (*self.lines, *(line for table in self.tables for line in table.lines))
        return [word for line in lines for word in line.words]

    @property
    def confidence(self) -> float:
        return mean_confidence(self.words)

    @property
    def sideways(self) -> bool:
        """Whether most words run up or down the page: the engine reads those well, but not in order."""
        long = [word.box for word in self.words if len(word.text) >= LONG_WORD]
        return 2 * sum(box.height > box.width for box in long) > len(long)

    @property
    def doubtful(self) -> bool:
        """Whether the page may lie turned."""
        return self.sideways or self.confidence < UPRIGHT_CONFIDENCE

    @property
    def worth(self) -> float:
        """How many letters it read, the doubtful ones counting little and the wrong ones against it."""
        letters = sum(len(word.text) * (word.confidence - CHANCE) for word in self.words)
        return letters / 2 if self.sideways else letters


class PageReader:
    """Reads pages with one engine."""

    def __init__(self, engine: Engine, bigrams: Bigrams) -> None:
        self._engine = engine
        self._bigrams = bigrams

    def read(self, picture: Pixels, *, dpi: float) -> ReadPage:
        """Read a grey or RGB picture; raises what the engine raises."""
        height, width = picture.shape[:2]
        if is_blank(picture, dpi=dpi):
            return ReadPage(width, height, blank=True)
        quarters, attempts = 0, [self._attempt(picture, dpi=dpi)]
        if attempts[0].doubtful and (turn := self._turn(picture, dpi=dpi)):
            attempts.append(self._attempt(quarter_turned(picture, turn), dpi=dpi))
            if attempts[1].worth > attempts[0].worth:
                quarters, picture = turn, quarter_turned(picture, turn)
        best = max(attempts, key=lambda attempt: attempt.worth)
        if best.confidence < CONTENT_CONFIDENCE:
            attempts.append(self._attempt(picture, dpi=dpi, otherwise=True))
            best = max(best, attempts[-1], key=lambda attempt: attempt.worth)
        return self._page(best, picture, quarters, dpi=dpi, attempts=len(attempts))

    def _attempt(self, picture: Pixels, *, dpi: float, otherwise: bool = False) -> _Attempt:
        grey = grey_of(picture)
        found = flaws(grey, dpi=dpi)
        grey = cleaned(grey, found.others() if otherwise else found, dpi=dpi)  # turning would blur specks and noise
        skew = skew_degrees(grey)
        grey = turned(grey, skew) if skew else grey
        grids, rules = find_tables(grey, dpi=dpi)
        if not grids:
            (layout,) = self._engine.read([grey], dpi=dpi, segmentation=Segmentation.PAGE)
            return _Attempt(grey.shape, skew, layout.lines, ())
        page = without_rules(grey, rules)
        rest = without_tables(page, grids)
        (layout,) = self._engine.read([rest], dpi=dpi, segmentation=Segmentation.PAGE)
        return _Attempt(grey.shape, skew, layout.lines, tuple(read_tables(grids, page, self._engine, dpi=dpi)))

    def _turn(self, picture: Pixels, *, dpi: float) -> int:
        return self._engine.quarters(scaled(grey_of(picture), ORIENTATION_DPI / dpi), dpi=ORIENTATION_DPI)

    def _page(self, best: _Attempt, picture: Pixels, quarters: int, *, dpi: float, attempts: int) -> ReadPage:
        framed = list(self._framed_lines(picture, best.skew, dpi=dpi))
        plain = [line for line in best.lines if not any(frame.box.holds(line.box) for frame in framed)]
        lines = [*without_noise(plain), *framed, *self._red_lines(picture, best.skew, dpi=dpi)]
        parts = tuple(_parts(lines, best.tables))
        fresh = iter(corrected([line for part in parts for line in _lines(part)], self._bigrams))
        return ReadPage(
            best.shape[1],
            best.shape[0],
            tuple(_with_lines(part, fresh) for part in parts),
            quarters=quarters,
            skew_degrees=best.skew,
            confidence=best.confidence,
            attempts=attempts,
        )

    def _framed_lines(self, picture: Pixels, skew: float, *, dpi: float) -> Iterator[Line]:
        """Yield the lines in small frames in the head, which the engine takes for pictures."""
        grey = grey_of(picture)
        yield from self._apart(list(find_framed_print(turned(grey, skew) if skew else grey, dpi=dpi)), dpi=dpi)

    def _red_lines(self, picture: Pixels, skew: float, *, dpi: float) -> Iterator[Line]:
        """Yield the lines printed in red, each as wide and high as its print."""
        if picture.ndim == 2 or not has_red_print(picture):
            return
        found = list(find_red_print(picture, dpi=dpi))
        straight = [dataclasses.replace(red, box=turned_box(red.box, skew, picture)) for red in found]
        yield from self._apart(straight, dpi=dpi)

    def _apart(self, found: Sequence[RedPrint], *, dpi: float) -> Iterator[Line]:
        """Yield what is read in pictures cut out of the page, where it is read surely."""
        layouts = self._engine.read([one.picture for one in found], dpi=dpi, segmentation=Segmentation.BLOCK)
        for one, layout in zip(found, layouts, strict=True):
            if layout.confidence >= APART_CONFIDENCE:
                words = tuple(dataclasses.replace(word, box=one.box) for word in layout.words)
                yield Line(words, one.box, one.box.height, 0, one.box.bottom)


def without_noise(lines: Sequence[Line]) -> list[Line]:
    """Return the lines but those in which no word is sure: seals, signatures, stains."""
    return [line for line in lines if any(word.confidence >= NOISE_CONFIDENCE for word in line.words)]


def _parts(lines: Sequence[Line], tables: Sequence[ReadTable]) -> Iterator[Line | ReadTable]:
    """Yield lines in reading order, each table where it stands."""
    rest = list(lines)
    for table in tables:
        above = [line for line in rest if line.box.middle < table.box.top]
        rest = [line for line in rest if line.box.middle >= table.box.top]
        yield from in_reading_order(above)
        yield table
    yield from in_reading_order(rest)


def _lines(part: Line | ReadTable) -> Sequence[Line]:
    return (part,) if isinstance(part, Line) else part.lines


def _with_lines(part: Line | ReadTable, fresh: Iterator[Line]) -> Line | ReadTable:
    if isinstance(part, Line):
        return next(fresh)
    cells = (dataclasses.replace(cell, lines=tuple(next(fresh) for _ in cell.lines)) for cell in part.cells)
    return dataclasses.replace(part, cells=tuple(cells))
