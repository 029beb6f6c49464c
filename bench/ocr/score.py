"""Counts the errors of a reading against what a person reads on the same page."""

import collections
import dataclasses
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True)
class Errors:
    """Edits needed, out of how many units of the truth."""

    edits: int
    units: int

    @property
    def rate(self) -> float:
        """The share of the truth that is wrong; nothing to read is read without error."""
        return self.edits / self.units if self.units else float(self.edits > 0)

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(self.edits + other.edits, self.units + other.units)


@dataclasses.dataclass(frozen=True)
class Score:
    """How far a reading is from the truth, three ways.

    ``line`` looks each printed line up at its best place in the reading, so order costs nothing
    and neither does what was read too much; ``character`` and ``word`` compare all of the text
    in reading order.
    """

    line: Errors
    character: Errors
    word: Errors

    def __add__(self, other: "Score") -> "Score":
        return Score(self.line + other.line, self.character + other.character, self.word + other.word)


NOTHING = Score(Errors(0, 0), Errors(0, 0), Errors(0, 0))


def score(truth: str, reading: str) -> Score:
    """Compare a page's reading with its truth, one printed line a line, in reading order."""
    lines = [plain(line) for line in truth.splitlines() if plain(line)]
    whole, read = " ".join(lines), plain(reading)
    return Score(
        line=line_errors(lines, read),
        character=Errors(distance(codes(whole), codes(read)), len(whole)),
        word=_word_errors(whole.split(), read.split()),
    )


def plain(text: str) -> str:
    """Return the text in NFC with every run of white space made one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def line_errors(lines: Sequence[str], reading: str) -> Errors:
    """Count the edits of each line to its best place in the reading."""
    read = codes(reading)
    edits = sum(infix_distance(codes(line), read) for line in lines)
    return Errors(edits, sum(map(len, lines)))


def infix_distance(needle: NDArray[np.int64], hay: NDArray[np.int64]) -> int:
    """Return the exact edit distance of ``needle`` to the nearest part of ``hay`` (Sellers 1980)."""
    return int(_last_row(needle, hay, np.zeros(len(hay) + 1, dtype=np.int64)).min())


def distance(left: NDArray[np.int64], right: NDArray[np.int64]) -> int:
    """Return the edit distance of two whole sequences (Levenshtein)."""
    return int(_last_row(left, right, np.arange(len(right) + 1))[-1])


def rows(needle: NDArray[np.int64], hay: NDArray[np.int64], first: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the table of edits a row at a time: a running minimum stands for the insertions."""
    row, columns = first, np.arange(len(hay) + 1)
    yield row
    for symbol in needle:
        kept_or_changed = row[:-1] + (hay != symbol)
        best = np.concatenate((row[:1] + 1, np.minimum(kept_or_changed, row[1:] + 1)))
        row = np.minimum.accumulate(best - columns) + columns
        yield row


def _last_row(needle: NDArray[np.int64], hay: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    return collections.deque(rows(needle, hay, first), maxlen=1)[0]


def codes(text: str) -> NDArray[np.int64]:
    return np.fromiter(map(ord, text), dtype=np.int64, count=len(text))


def _word_errors(truth: Sequence[str], reading: Sequence[str]) -> Errors:
    numbers: dict[str, int] = {}
    as_numbers = [
        np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)
        for words in (truth, reading)
    ]
    return Errors(distance(*as_numbers), len(truth))
