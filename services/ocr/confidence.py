"""How likely a value is right: from the engine's word confidences and from what else supports it.

Words are rated first, values by the product of their words; then what such a product was worth on
papers with a known truth is read from a table. A fit of 2026-11 on 270 made papers (`bench.ocr.fields`,
seeds 1000 to 1119 and 2000 to 2149, FreeSerif) and 22 readings of the real letters with two engines,
pooled so that shares rise, and kept below the observed ones where those rest on few values; lowered after
220 more in three typefaces and five conditions (seeds 7000 to 7219): of names from 0.5 to 0.9 24 of 30 were
right, from 0.9 to 0.97 all 71, of lists below 0.6 19 of 32 and from there to 0.8 all 51, of codes from 0.3 to
0.7 all 35. Papers kept aside say in `bench.ocr.fields` what it holds.
"""

import bisect
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from services.ocr.folding import breaks_tone_rule
from services.ocr.hocr import Word

# How often a word of this engine confidence was right, all marks counted: (confidence, share).
_WORD_RIGHT = ((0, 0.05), (30, 0.3), (50, 0.5), (70, 0.75), (80, 0.88), (90, 0.97), (94, 0.99), (96, 0.997), (100, 1.0))
_UNSPEAKABLE = 0.3  # a syllable that Vietnamese cannot have was read wrongly, or is an abbreviation
KNOWN = 0.999  # a word that a vocabulary or the paper itself confirms
Curve = tuple[tuple[float, float], ...]

_CODE: Curve = ((0, 0.1), (0.15, 0.5), (0.3, 0.92), (0.5, 0.95), (0.7, 0.965), (0.9, 0.985), (0.97, 0.995), (1, 1))
_NAME: Curve = ((0, 0.15), (0.3, 0.6), (0.5, 0.75), (0.6, 0.8), (0.8, 0.86), (0.9, 0.96), (0.97, 0.994), (1, 1))
_TEXT: Curve = ((0, 0.1), (0.3, 0.35), (0.6, 0.7), (0.7, 0.88), (0.8, 0.94), (0.9, 0.975), (0.97, 0.995), (1, 1))
_LIST: Curve = ((0, 0.1), (0.15, 0.4), (0.3, 0.7), (0.5, 0.82), (0.6, 0.94), (0.8, 0.98), (0.97, 0.997), (1, 1))
_CURVES: Mapping[str, Curve] = MappingProxyType({
    **dict.fromkeys(("number", "symbol", "date", "arrival_number", "arrival_date"), _CODE),
    **dict.fromkeys(("recipients", "copied_to", "references"), _LIST),
    "subject": _TEXT,
})  # fmt: skip


def calibrated(name: str, score: float) -> float:
    """Return how often values of a field that scored so were right, from 0 to 1; 0 stays what was not read."""
    return round(_along(_CURVES.get(name, _NAME), score), 3) if score else 0.0


def word_right(confidence: float) -> float:
    """Return the probability that a word of this engine confidence is right."""
    return _along(_WORD_RIGHT, confidence)


def _along(curve: Curve, x: float) -> float:
    """Return the height of a curve, between its points in straight lines."""
    at = bisect.bisect_right(curve, (x, 2))
    if at == len(curve):
        return 1.0
    (x0, y0), (x1, y1) = curve[max(at - 1, 0)], curve[at]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def words_right(words: Iterable[Word]) -> float:
    """Return the probability that all of these words are right."""
    total = 1.0
    for word in words:
        total *= word_right(word.confidence) * (_UNSPEAKABLE if breaks_tone_rule(word.text) else 1)
    return total


def confirmed_right(words: Sequence[Word], known: Sequence[bool]) -> float:
    """Return the same, where a vocabulary confirms some of the words."""
    total = 1.0
    for word, is_known in zip(words, known, strict=True):
        total *= KNOWN if is_known else words_right([word])
    return total
