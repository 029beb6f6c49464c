"""Puts right the marks of syllables that the engine was unsure of and the law never puts side by side.

It changes marks only (``phô`` to ``phố``), never letters, and never names, numbers or symbols.
Without these gates it does harm: a table alone turns ``Giáo dục`` into ``Giao dục``.
"""

import dataclasses
import re
from collections.abc import Sequence

from services.ocr.hocr import Line, Word
from services.ocr.language.syllables import Bigrams

SURE = 95.0
LEAD = 4  # times that the winner must have been seen more often than the runner-up
SURNAMES = frozenset(
    (
        "nguyễn",
        "trần",
        "lê",
        "phạm",
        "huỳnh",
        "hoàng",
        "phan",
        "vũ",
        "võ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
        "đinh",
        "mai",
        "trịnh",
        "đoàn",
        "lương",
    )
)
NAME_WORDS = 4  # a person's name seldom has more
_SYLLABLE = re.compile(r"^([^\w]*)([^\W\d_]+)([^\w]*)$")
_CLOSED = re.compile(r"[^\w\s]$")


@dataclasses.dataclass(frozen=True)
class _Part:
    """A word taken apart: what stands before its syllable, the syllable, what stands behind."""

    head: str
    syllable: str
    tail: str


def corrected(lines: Sequence[Line], bigrams: Bigrams) -> list[Line]:
    """Return the lines, given in reading order, with doubtful marks put right; changed words keep their raw text."""
    words = [word for line in lines for word in line.words]
    for place, word in enumerate(words):
        if word.confidence < SURE and not _may_be_a_name(words, place):
            words[place] = _corrected_word(words, place, bigrams)
    fresh = iter(words)
    return [dataclasses.replace(line, words=tuple(next(fresh) for _ in line.words)) for line in lines]


def _corrected_word(words: list[Word], place: int, bigrams: Bigrams) -> Word:
    word = words[place]
    part = _parted(word.text)
    if part is None:
        return word
    before, after = _neighbours(words, place, part)
    winner = _winner(part.syllable.lower(), before, after, bigrams)
    if winner is None:
        return word
    text = part.head + _cased(winner, part.syllable) + part.tail
    return dataclasses.replace(word, text=text, raw=word.raw or word.text)


def _winner(read: str, before: str | None, after: str | None, bigrams: Bigrams) -> str | None:
    """Return the one syllable that clearly belongs between these neighbours, if the read one never was seen there."""
    if bigrams.support(before, read, after):
        return None
    seen = sorted(((bigrams.support(before, other, after), other) for other in bigrams.variants(read)), reverse=True)
    if not seen or seen[0][0] == 0:
        return None
    runner_up = seen[1][0] if len(seen) > 1 else 0
    return seen[0][1] if seen[0][0] >= LEAD * max(runner_up, 1) else None


def _neighbours(words: list[Word], place: int, part: _Part) -> tuple[str | None, str | None]:
    """Return the syllables before and after; none across punctuation, numbers and the ends of the page."""
    before = _parted(words[place - 1].text) if place and not part.head else None
    after = _parted(words[place + 1].text) if place + 1 < len(words) and not part.tail else None
    return (
        before.syllable.lower() if before and not before.tail else None,
        after.syllable.lower() if after and not after.head else None,
    )


def _may_be_a_name(words: list[Word], place: int) -> bool:
    """Say whether the word is capitalised within a sentence, or follows a surname closely."""
    part = _parted(words[place].text)
    if part is None or part.syllable.islower():
        return False
    if not part.syllable.isupper():
        return True
    near = [_parted(word.text) for word in words[max(0, place - NAME_WORDS + 1) : place + 1]]
    return any(other and other.syllable.lower() in SURNAMES for other in near)


def _parted(text: str) -> _Part | None:
    found = _SYLLABLE.match(text)
    return _Part(*found.groups()) if found else None


def _cased(syllable: str, like: str) -> str:
    return syllable.upper() if like.isupper() else syllable
