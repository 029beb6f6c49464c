"""How likely a value is right: from the engine's word confidences and from what else supports it."""

import bisect
from collections.abc import Iterable, Sequence

from services.ocr.folding import breaks_tone_rule
from services.ocr.hocr import Word

# How often a word of this engine confidence was right, all marks counted: (confidence, share).
_WORD_RIGHT = ((0, 0.05), (30, 0.3), (50, 0.5), (70, 0.75), (80, 0.88), (90, 0.97), (94, 0.99), (96, 0.997), (100, 1.0))
_UNSPEAKABLE = 0.3  # a syllable that Vietnamese cannot have was read wrongly, or is an abbreviation
KNOWN = 0.999  # a word that a vocabulary or the paper itself confirms


def word_right(confidence: float) -> float:
    """Return the probability that a word of this engine confidence is right."""
    at = bisect.bisect_right(_WORD_RIGHT, (confidence, 2))
    if at == len(_WORD_RIGHT):
        return 1.0
    (x0, y0), (x1, y1) = _WORD_RIGHT[max(at - 1, 0)], _WORD_RIGHT[at]
    return y0 + (y1 - y0) * (confidence - x0) / (x1 - x0)


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
