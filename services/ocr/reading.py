"""Reads a page once: prepared one way, its tables cell by cell."""

import dataclasses
from functools import cached_property
from typing import Literal

from services.ocr.cleaning import Flaws, cleaned, flaws
from services.ocr.engine import Engine, Segmentation
from services.ocr.hocr import Line, Word, mean_confidence
from services.ocr.pixels import Pixels, grey_of, turned
from services.ocr.ruled_tables import find_tables, without_rules
from services.ocr.straighten import skew_degrees
from services.ocr.tables_reading import ReadTable, read_tables, without_tables

UPRIGHT_CONFIDENCE = 60  # upright pages have 89 and more, turned ones 43 at most
LONG_WORD = 3  # letters; such a word is wider than high
CHANCE = 50.0  # confidence at which a letter is as likely wrong as right
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
    """What one preparation of a page gave; ``quarters`` and ``skew`` are the turns that made it upright."""

    shape: tuple[int, ...]
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
    grey, skew = _prepared(picture, dpi=dpi, options=options, otherwise=otherwise)
    grids, rules = find_tables(grey, dpi=dpi) if segmentation is Segmentation.PAGE else ([], grey)
    if not grids:
        del rules  # 4 MB, which nobody needs while the engine works
        (layout,) = engine.read([grey], dpi=dpi, segmentation=segmentation)
        return Reading(grey.shape, quarters, skew, layout.lines, ())
    page = without_rules(grey, rules)
    (layout,) = engine.read([without_tables(page, grids)], dpi=dpi, segmentation=segmentation)
    return Reading(grey.shape, quarters, skew, layout.lines, tuple(read_tables(grids, page, engine, dpi=dpi)))


def _prepared(picture: Pixels, *, dpi: float, options: ReadingOptions, otherwise: bool) -> tuple[Pixels, float]:
    """Return the page clean and straight, and its skew; it is cleaned first because turning blurs specks and noise."""
    grey = grey_of(picture)
    found = _flaws(grey, dpi=dpi, options=options)
    grey = cleaned(grey, found.others() if otherwise else found, dpi=dpi)
    skew = skew_degrees(grey)
    return (turned(grey, skew), skew) if abs(skew) >= LEAST_TURN_DEGREES else (grey, 0.0)


def _flaws(grey: Pixels, *, dpi: float, options: ReadingOptions) -> Flaws:
    if options.cleaning == "auto":
        return flaws(grey, dpi=dpi)
    everything = options.cleaning == "full"
    return Flaws(noisy=everything, uneven=everything, specked=everything)
