"""Reads a page once: prepared one way, its tables cell by cell."""

import dataclasses
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from services.ocr.cleaning import Flaws, cleaned, flaws
from services.ocr.engine import Engine, Segmentation
from services.ocr.enlarging import Enlarging
from services.ocr.hocr import Line, Word, mean_confidence
from services.ocr.pixels import Pixels, grey_of, turned
from services.ocr.ruled_tables import Grid, find_tables, without_rules
from services.ocr.straighten import skew_degrees
from services.ocr.tables_reading import ReadCell, ReadTable, read_tables, without_tables
from services.ocr.voting import voted

UPRIGHT_CONFIDENCE = 60  # upright pages have 89 and more, turned ones 43 at most
LONG_WORD = 3  # letters; such a word is wider than high
CHANCE = 50.0  # confidence at which a letter is as likely wrong as right
ENLARGED = 1.5  # times, for a second look at a specked page
LEAST_TURN_DEGREES = 0.1  # less is no crookedness the engine would mind

_SEGMENTATIONS = {"page": Segmentation.PAGE, "block": Segmentation.BLOCK, "sparse": Segmentation.SPARSE}


@dataclasses.dataclass(frozen=True)
class ReadingOptions:
    """How somebody wants a page read; ``rotation`` is degrees clockwise, found out where it is not given."""

    rotation: Literal[0, 90, 180, 270] | None = None
    segmentation: Literal["page", "block", "sparse"] = "page"
    cleaning: Literal["auto", "none", "full"] = "auto"

    @property
    def quarters(self) -> int | None:
        """The rotation in quarters of a circle counter-clockwise."""
        return None if self.rotation is None else -self.rotation // 90 % 4


@dataclasses.dataclass(frozen=True)
class Reading:
    """What one preparation of a page gave, and its picture, made upright by ``quarters`` and ``skew``."""

    picture: Pixels
    quarters: int
    skew: float
    lines: tuple[Line, ...]
    tables: tuple[ReadTable, ...]

    @cached_property
    def words(self) -> list[Word]:
        """All words, those of the tables last."""
        lines = (*self.lines, *(line for table in self.tables for line in table.lines))
        return [word for line in lines for word in line.words]

    @property
    def confidence(self) -> float:
        """The mean confidence of all words."""
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


def read_once(
    engine: Engine, picture: Pixels, *, dpi: float, quarters: int, options: ReadingOptions, otherwise: bool = False
) -> Reading:
    """Read a picture turned already by ``quarters``, cleaned as it needs or, a second time, otherwise."""
    segmentation = _SEGMENTATIONS[options.segmentation]
    grey = grey_of(picture)
    found = _flaws(grey, dpi=dpi, options=options)
    # it is cleaned first because turning blurs specks and noise
    clean = cleaned(grey, found.others() if otherwise else found, dpi=dpi)
    skew = _skew(clean)
    straight = turned(clean, skew) if skew else clean
    tables = find_tables(straight, dpi=dpi) if segmentation is Segmentation.PAGE else None
    look = Look(engine, straight, *(tables or ([], straight)), dpi, segmentation)
    first = look.reading(quarters, skew)
    if not found.specked or otherwise or first.doubtful:
        return first
    uncleaned = dataclasses.replace(look, picture=turned(grey, skew) if skew else grey)
    enlarged = dataclasses.replace(look, engine=Enlarging(engine, ENLARGED))
    return _agreed(first, [other.reading(quarters, skew) for other in (enlarged, uncleaned)])


@dataclasses.dataclass(frozen=True)
class Look:
    """One look at a straight page whose tables and ruling lines are known."""

    engine: Engine
    picture: Pixels
    grids: Sequence[Grid]
    rules: Pixels
    dpi: float
    segmentation: Segmentation

    def reading(self, quarters: int, skew: float) -> Reading:
        """Read what it sees."""
        page = without_rules(self.picture, self.rules) if self.grids else self.picture
        rest = without_tables(page, self.grids) if self.grids else page
        (layout,) = self.engine.read([rest], dpi=self.dpi, segmentation=self.segmentation)
        tables = read_tables(self.grids, page, self.engine, dpi=self.dpi) if self.grids else ()
        return Reading(self.picture, quarters, skew, layout.lines, tuple(tables))


def _agreed(first: Reading, others: Sequence[Reading]) -> Reading:
    """Return the first of several readings of a page, each word as most of them have it."""
    lines = voted(first.lines, [other.lines for other in others])
    tables = (_agreed_table(table, [other.tables[at] for other in others]) for at, table in enumerate(first.tables))
    return dataclasses.replace(first, lines=tuple(lines), tables=tuple(tables))


def _agreed_table(first: ReadTable, others: Sequence[ReadTable]) -> ReadTable:
    cells = (_agreed_cell(cell, [other.cells[at] for other in others]) for at, cell in enumerate(first.cells))
    return dataclasses.replace(first, cells=tuple(cells))


def _agreed_cell(first: ReadCell, others: Sequence[ReadCell]) -> ReadCell:
    return dataclasses.replace(first, lines=tuple(voted(first.lines, [other.lines for other in others])))


def _skew(clean: Pixels) -> float:
    skew = skew_degrees(clean)
    return skew if abs(skew) >= LEAST_TURN_DEGREES else 0.0


def _flaws(grey: Pixels, *, dpi: float, options: ReadingOptions) -> Flaws:
    if options.cleaning == "auto":
        return flaws(grey, dpi=dpi)
    everything = options.cleaning == "full"
    return Flaws(noisy=everything, uneven=everything, specked=everything)
