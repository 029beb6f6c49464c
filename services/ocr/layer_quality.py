"""Whether a page's own text may be used instead of reading the page.

It may where it says what is seen. Of text that is painted that is so if it lies on the page's ink and
its letters mean letters; whatever language it is in, nobody reads it better. Text that is not painted,
or lies over a picture of the page, was put there by some recogniser: it must be good Vietnamese too.
Bounds were set on 39 real files (2026-11); ``bench/ocr/layers.py`` prints the measures.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

import cv2
import numpy as np

from services.ocr.hocr import Box, Word
from services.ocr.language.syllables import legal_bigrams
from services.ocr.layer import TextLayer
from services.ocr.layout import Page
from services.ocr.pixels import Pixels, as_pixels, scaled

INK_DPI = 100.0
LEAST_CONTRAST = 60
SPECK_INCHES, LETTER_INCHES, RULE_INCHES = 0.025, 0.6, 0.03
LEAST_COVERED = 0.75  # of the ink of letters: born-digital pages have 0.87 and more, a stamp on a scan 0.03
LEAST_ON_INK = 0.7  # of the words
INKED = 0.04  # of a word's box
MOST_UNDECODED = 0.05  # of the characters
MOST_FOREIGN = 0.25  # of the words: letters with marks in words that are no Vietnamese
LEAST_VOICED = 0.5  # of longer words: those with a vowel
LEAST_KNOWN = 0.75  # of the words of letters
LEAST_MARKED = 0.15  # of the letters; Vietnamese print has 0.25 to 0.3, an English engine leaves 0.002
MOST_HIDDEN = 0.5  # of the letters
SCAN = 0.8  # a picture over so much of the page is the page
FEW_WORDS = 12  # of letters: fewer say nothing about their language
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_NO_LETTERS = ("Co", "Cn", "Cc", "Cs")
_PARTS = re.compile(r"[\W\d_]+")
_VOWELS = re.compile(r"[aeiouy]", re.IGNORECASE)


@dataclass(frozen=True)
class Measures:
    """What was measured of a text layer: its words, and shares from 0 to 1.

    ``known`` are syllables of Vietnamese among the words of letters, ``marked`` the letters beyond
    ASCII, ``foreign`` the words that have such letters and are no Vietnamese, ``voiced`` the words with
    a vowel, ``undecoded`` the characters that stand for nothing; ``covered`` is the ink of letters that
    lies in the words' boxes, ``on_ink`` the words that have ink in theirs.
    """

    words: int
    lettered: int
    known: float
    marked: float
    foreign: float
    voiced: float
    undecoded: float
    covered: float
    on_ink: float
    hidden: float
    pictures: float

    @property
    def recognised(self) -> bool:
        """Whether the text was put there by a recogniser: nobody sees it, or it lies over a picture of the page."""
        return self.hidden > MOST_HIDDEN or self.pictures > SCAN

    @property
    def telling(self) -> bool:
        """Whether there is enough text to tell its language by."""
        return self.lettered >= FEW_WORDS

    @property
    def vietnamese(self) -> bool:
        """Whether it is written in good Vietnamese."""
        return self.telling and self.known >= LEAST_KNOWN and self.marked >= LEAST_MARKED


@dataclass(frozen=True)
class LayerVerdict:
    """Whether a page's text layer is used, why not, and what was measured.

    Reasons: ``no-text``, ``undecodable``, ``wrong-encoding``, ``ink-not-covered``, ``off-ink``,
    ``not-vietnamese``.
    """

    usable: bool
    reason: str | None
    measures: Measures


def layer_verdict(layer: TextLayer, grey: Pixels) -> LayerVerdict:
    """Judge a page's text layer by itself and by a grey picture of the whole upright page, of any size."""
    words = [word for line in layer.page.lines for word in line.words]
    texts = [word.text for word in words]
    covered, on_ink = _on_the_page(layer.page, words, grey)
    measures = Measures(
        words=len(words),
        **_language(texts),
        undecoded=_undecoded(texts),
        covered=covered,
        on_ink=on_ink,
        hidden=layer.hidden,
        pictures=layer.pictures,
    )
    reason = _reason(measures)
    return LayerVerdict(usable=reason is None, reason=reason, measures=measures)


def _reason(of: Measures) -> str | None:
    strange = of.foreign > MOST_FOREIGN or of.voiced < LEAST_VOICED
    checks = (
        ("no-text", of.words == 0),
        ("undecodable", of.undecoded > MOST_UNDECODED),
        ("ink-not-covered", of.covered < LEAST_COVERED),
        ("wrong-encoding", of.telling and not of.vietnamese and strange),
        ("off-ink", of.recognised and of.on_ink < LEAST_ON_INK),
        ("not-vietnamese", of.recognised and not of.vietnamese),
    )
    return next((reason for reason, holds in checks if holds), None)


def _on_the_page(page: Page, words: Sequence[Word], grey: Pixels) -> tuple[float, float]:
    """Return which share of the ink of letters the words cover, and which share of the words lies on ink."""
    ink = _ink(grey, factor=INK_DPI / page.dpi * page.width / grey.shape[1])
    boxes = [_scaled(word.box, ink.shape[1] / page.width, ink.shape[0] / page.height) for word in words]
    mask = np.zeros_like(ink)
    for left, top, right, bottom in boxes:
        cv2.rectangle(mask, (left - 1, top - 1), (right, bottom), 255, cv2.FILLED)
    total = cv2.countNonZero(ink)
    covered = cv2.countNonZero(cv2.bitwise_and(ink, mask)) / total if total else 1.0
    inked = [_is_inked(ink, box) for box in boxes]
    return covered, _share(inked)


def _scaled(box: Box, across: float, down: float) -> tuple[int, int, int, int]:
    return round(box.left * across), round(box.top * down), round(box.right * across), round(box.bottom * down)


def _is_inked(ink: Pixels, box: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = (max(0, side) for side in box)
    part = ink[top : max(bottom, top + 1), left : max(right, left + 1)]
    return part.size > 0 and cv2.countNonZero(part) >= INKED * part.size


def _ink(grey: Pixels, *, factor: float) -> Pixels:
    """Return the page at some 100 dpi, 255 where there is ink that may be of letters: no rules, specks or pictures."""
    small = scaled(grey, factor) if factor < 1 else grey
    limit = max(0, int(np.percentile(small[::2, ::2], 60)) - LEAST_CONTRAST)
    ink = as_pixels(cv2.threshold(small, limit, 255, cv2.THRESH_BINARY_INV)[1])
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = stats[:, cv2.CC_STAT_WIDTH] / INK_DPI, stats[:, cv2.CC_STAT_HEIGHT] / INK_DPI
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    fits = (longer > SPECK_INCHES) & (height < LETTER_INCHES) & ~((shorter <= RULE_INCHES) & (longer > LETTER_INCHES))
    fits[0] = False
    return as_pixels(fits[labels]) * np.uint8(255)


class _Language(TypedDict):
    lettered: int
    known: float
    marked: float
    foreign: float
    voiced: float


def _language(texts: Sequence[str]) -> _Language:
    bare = [word for text in texts if any(map(str.isalpha, word := _EDGES.sub("", text)))]
    lettered = [word for word in bare if word.isalpha()]
    letters = [letter for word in bare for letter in word if letter.isalpha()]
    return _Language(
        lettered=len(lettered),
        known=_share(map(is_known, lettered)),
        marked=_share(not letter.isascii() for letter in letters),
        foreign=_share(not word.isascii() and not all(map(is_known, _PARTS.split(word))) for word in bare),
        voiced=_share((_VOWELS.search(_unmarked(word)) is not None for word in lettered if len(word) > 2), none=1.0),
    )


def _share(hits: Iterable[bool], *, none: float = 0.0) -> float:
    """Return which share of some answers is yes; ``none`` where there are no answers."""
    answers = list(hits)
    return sum(answers) / len(answers) if answers else none


@functools.lru_cache(maxsize=65_536)
def is_known(word: str) -> bool:
    """Say whether a word is a syllable of the language of the law, its marks and all."""
    syllable = word.lower()
    return not syllable or syllable in legal_bigrams().variants(syllable)


@functools.lru_cache(maxsize=65_536)
def _unmarked(word: str) -> str:
    return unicodedata.normalize("NFD", word)


def _undecoded(texts: Sequence[str]) -> float:
    """Return the share of characters that stand for nothing: replaced, private, unassigned, control."""
    return _share(letter == "\ufffd" or unicodedata.category(letter) in _NO_LETTERS for letter in "".join(texts))
