"""Reads one page as a clerk does: upright, straight, clean, tables by their cells, columns in turn."""

import dataclasses
from collections.abc import Iterator, Sequence

from services.ocr.blank import is_blank
from services.ocr.correction import corrected
from services.ocr.digit_shapes import told_apart
from services.ocr.engine import Engine, Segmentation
from services.ocr.framed_print import find_framed_print, find_lone_print, head_rows
from services.ocr.glyphs import mended
from services.ocr.hocr import Box, Layout, Line, mean_confidence
from services.ocr.language.syllables import Bigrams
from services.ocr.pixels import Pixels, PixelsUnfit, grey_of, quarter_turned, scaled, turned, turned_box
from services.ocr.reading import Reading, ReadingOptions, read_once
from services.ocr.reading_order import in_reading_order
from services.ocr.red_print import RedPrint, find_red_print, has_red_print
from services.ocr.second_glance import with_second_glance
from services.ocr.straighten import lies_sideways
from services.ocr.tables_reading import ReadTable

CONTENT_CONFIDENCE = 80  # below it a second attempt is worth its time
APART_CONFIDENCE = 70
RED_GLANCES = (1, 1.5)  # how large; smoothly enlarged, ragged letters lose what looks like an apostrophe
ORIENTATION_DPI = 150  # at 100 dpi the engine is wrong one time in eight
NOISE_CONFIDENCE = 50  # seals and signatures are read as words of less
LEAST_SIDE_PIXELS = 3  # the engine refuses thinner pictures
AS_USUAL = ReadingOptions()


@dataclasses.dataclass(frozen=True)
class ReadPage:
    """A page as read; boxes are pixels of the picture turned by ``quarters``, then by ``skew_degrees``.

    Both turns are counter-clockwise. ``confidence`` is that of all the engine read, from 0 to 100.
    ``red`` are those of the lines that are printed in red: marks and arrival stamps.
    """

    width: int
    height: int
    parts: tuple[Line | ReadTable, ...] = ()
    quarters: int = 0
    skew_degrees: float = 0.0
    confidence: float = 0.0
    blank: bool = False
    attempts: int = 0
    red: tuple[Line, ...] = ()

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


class PageReader:
    """Reads pages with one engine."""

    def __init__(self, engine: Engine, bigrams: Bigrams) -> None:
        self._engine = engine
        self._bigrams = bigrams

    def read(self, picture: Pixels, *, dpi: float, options: ReadingOptions = AS_USUAL) -> ReadPage:
        """Read a grey or RGB picture.

        Raises what the engine raises, and ``PixelsUnfit`` for a picture too thin to have anything on it.
        """
        height, width = picture.shape[:2]
        if min(height, width) < LEAST_SIDE_PIXELS:
            raise PixelsUnfit(f"{width} by {height} pixels are no page")
        if options == AS_USUAL and is_blank(picture, dpi=dpi):
            return ReadPage(width, height, blank=True)
        readings = list(self._readings(picture, dpi=dpi, options=options))
        best = max(readings, key=lambda reading: reading.worth)
        whole = self._completed(best, dpi=dpi) if options.segmentation == "page" else best
        return self._page(whole, picture, dpi=dpi, attempts=len(readings))

    def marks(self, picture: Pixels, *, dpi: float) -> tuple[Line, ...]:
        """Return only what is printed in red or in small frames on an upright page: marks and stamps."""
        return (*self._red_lines(picture, 0, dpi=dpi), *self._framed_lines(_head(grey_of(picture), 0), dpi=dpi))

    def _readings(self, picture: Pixels, *, dpi: float, options: ReadingOptions) -> Iterator[Reading]:
        """Yield readings until one is good enough or nothing is left to try."""
        best: Reading | None = None
        for quarters in self._turns(picture, dpi=dpi, options=options):
            reading = self._reading(picture, dpi=dpi, quarters=quarters, options=options)
            yield reading
            best = reading if best is None or reading.worth > best.worth else best
            if not reading.doubtful:
                break
        if best is not None and best.confidence < CONTENT_CONFIDENCE and options.cleaning == "auto":
            yield self._reading(picture, dpi=dpi, quarters=best.quarters, options=options, otherwise=True)

    def _turns(self, picture: Pixels, *, dpi: float, options: ReadingOptions) -> Iterator[int]:
        """Yield the turns that may make the page upright, the likeliest first; the engine is asked where it must be."""
        if options.quarters is not None:
            yield options.quarters
        elif lies_sideways(grey_of(picture), dpi=dpi):
            first = self._turn(picture, dpi=dpi)
            yield from (first, (first + 2) % 4, 0) if first % 2 else (1, 3, 0)
        else:
            yield 0
            if turn := self._turn(picture, dpi=dpi):
                yield turn

    def _reading(
        self, picture: Pixels, *, dpi: float, quarters: int, options: ReadingOptions, otherwise: bool = False
    ) -> Reading:
        upright = quarter_turned(picture, quarters) if quarters else picture
        return read_once(self._engine, upright, dpi=dpi, quarters=quarters, options=options, otherwise=otherwise)

    def _turn(self, picture: Pixels, *, dpi: float) -> int:
        return self._engine.quarters(scaled(grey_of(picture), ORIENTATION_DPI / dpi), dpi=ORIENTATION_DPI)

    def _completed(self, reading: Reading, *, dpi: float) -> Reading:
        """Return a reading with what a second glance makes of the print that it left out or was unsure of."""
        tables = [table.box for table in reading.tables]
        lines = with_second_glance(reading.lines, tables, reading.picture, self._engine, dpi=dpi)
        return dataclasses.replace(reading, lines=tuple(lines))

    def _page(self, best: Reading, picture: Pixels, *, dpi: float, attempts: int) -> ReadPage:
        upright = quarter_turned(picture, best.quarters) if best.quarters else picture
        red = list(self._red_lines(upright, best.skew, dpi=dpi))
        head = _head(grey_of(upright), best.skew)
        framed = list(self._framed_lines(head, dpi=dpi))
        lone = [one for one in self._lone_lines(head, best, dpi=dpi) if not _is_held(one, framed)]
        plain = _beside([line for line in best.lines if not _is_held(line, framed)], lone)
        seen = told_apart(without_noise(list(plain)), best.picture)
        parts = tuple(_parts([*seen, *framed, *lone, *red], best.tables))
        lines = mended([line for part in parts for line in _lines(part)])
        fresh = iter(corrected(lines, self._bigrams))
        parts = tuple(_with_lines(part, fresh) for part in parts)
        marked = {line.box for line in red}
        return ReadPage(
            best.picture.shape[1],
            best.picture.shape[0],
            parts,
            quarters=best.quarters,
            skew_degrees=best.skew,
            confidence=best.confidence,
            attempts=attempts,
            red=tuple(part for part in parts if isinstance(part, Line) and part.box in marked),
        )

    def _red_lines(self, picture: Pixels, skew: float, *, dpi: float) -> Iterator[Line]:
        """Yield the lines printed in red, each as wide and high as its print."""
        if picture.ndim == 2 or not has_red_print(picture):
            return
        found = list(find_red_print(picture, dpi=dpi))
        straight = [dataclasses.replace(red, box=turned_box(red.box, skew, picture)) for red in found]
        yield from self._apart(straight, dpi=dpi, glances=RED_GLANCES)

    def _framed_lines(self, head: Pixels, *, dpi: float) -> Iterator[Line]:
        """Yield the lines in small frames in the head, which the engine takes for pictures."""
        yield from self._apart(list(find_framed_print(head, dpi=dpi)), dpi=dpi)

    def _lone_lines(self, head: Pixels, best: Reading, *, dpi: float) -> Iterator[Line]:
        """Yield the lone lines in capitals in the head that were not read surely with the page."""
        doubtful = [one for one in find_lone_print(head, dpi=dpi) if not _is_known(one.box, best)]
        yield from (line for line in self._apart(doubtful, dpi=dpi) if _in_capitals(line))

    def _apart(self, found: Sequence[RedPrint], *, dpi: float, glances: Sequence[float] = (1,)) -> Iterator[Line]:
        """Yield what is read in pictures cut out of the page, where it is read surely at one of the glances."""
        rest = list(found)
        for factor in glances:
            pictures = [scaled(one.picture, factor) if factor != 1 else one.picture for one in rest]
            layouts = self._engine.read(pictures, dpi=dpi, segmentation=Segmentation.BLOCK) if rest else []
            sure = [layout.confidence >= APART_CONFIDENCE for layout in layouts]
            yield from (
                _line_at(one.box, layout) for one, layout, is_sure in zip(rest, layouts, sure, strict=True) if is_sure
            )
            rest = [one for one, is_sure in zip(rest, sure, strict=True) if not is_sure]


def _head(grey: Pixels, skew: float) -> Pixels:
    """Return the head of a page, straight."""
    rows = head_rows(grey)
    return turned(grey, skew, rows=rows) if skew else grey[:rows]


def _line_at(box: Box, layout: Layout) -> Line:
    """Return all that was read in a picture cut out of the page as one line that fills its place."""
    words = tuple(dataclasses.replace(word, box=box) for word in layout.words)
    return Line(words, box, box.height, 0, box.bottom)


def _is_held(line: Line, others: Sequence[Line]) -> bool:
    return any(other.box.holds(line.box) for other in others)


def _beside(lines: Sequence[Line], others: Sequence[Line]) -> Iterator[Line]:
    """Yield lines without those of their words that stand in the places of others."""
    for line in lines:
        words = [word for word in line.words if not any(other.box.holds(word.box) for other in others)]
        if words:
            yield line if len(words) == len(line.words) else line.of(words)


def _is_known(box: Box, reading: Reading) -> bool:
    """Say whether what stands in a box was read surely, or as part of a table."""
    held = [word for word in reading.words if box.holds(word.box)]
    inside = any(table.box.holds(box) for table in reading.tables)
    return inside or mean_confidence(held) >= APART_CONFIDENCE


def _in_capitals(line: Line) -> bool:
    """Say whether a line is nothing but words in capitals."""
    return all(word.text.isalpha() and word.text.isupper() for word in line.words)


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
