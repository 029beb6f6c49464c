"""Vietnamese syllables, and how often one follows another in the language of the law."""

import functools
import gzip
import importlib.resources
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

TABLE = "bigrams.tsv.gz"
_BITS = 16  # more syllables than Vietnamese has
_BREAK = re.compile(r"[^\w\s]|\d|_")


def bare(text: str) -> str:
    """Return the lower-case letters without their marks: ``Đường`` becomes ``duong``."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def count_bigrams(texts: Iterable[str]) -> Counter[tuple[str, str]]:
    """Count the pairs of neighbouring syllables; digits and punctuation part neighbours."""
    counts: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for run in _BREAK.split(unicodedata.normalize("NFC", text).lower()):
            syllables = run.split()
            counts.update(itertools.pairwise(syllables))
    return counts


def dump(counts: Mapping[tuple[str, str], int]) -> bytes:
    """Return the table as compressed text, the same bytes for the same counts."""
    rows = "".join(f"{first}\t{second}\t{count}\n" for (first, second), count in sorted(counts.items()))
    return gzip.compress(rows.encode(), mtime=0)


class Bigrams:
    """How often one syllable follows another, and which syllables differ in their marks only.

    The pairs lie in arrays of numbers: as a mapping of pairs of texts they took 14 MB in each process.
    """

    def __init__(self, counts: Iterable[tuple[str, str, int]]) -> None:
        """Take each pair once, with how often it was seen."""
        numbers: dict[str, int] = {}
        rows = ((numbers.setdefault(a, len(numbers)), numbers.setdefault(b, len(numbers)), n) for a, b, n in counts)
        table: NDArray[np.int64] = np.fromiter(itertools.chain.from_iterable(rows), dtype=np.int64).reshape(-1, 3)
        pairs = table[:, 0] << _BITS | table[:, 1]
        order = pairs.argsort()
        self._numbers = numbers
        self._pairs = pairs[order].astype(np.uint32)
        self._counts = table[order, 2].astype(np.uint32)
        self._by_bare = _by_bare(numbers)

    def support(self, before: str | None, syllable: str, after: str | None) -> int:
        """Return how often the syllable was seen next to these neighbours."""
        return (self._seen(before, syllable) if before else 0) + (self._seen(syllable, after) if after else 0)

    def _seen(self, first: str, second: str) -> int:
        left, right = self._numbers.get(first), self._numbers.get(second)
        if left is None or right is None:
            return 0
        pair = left << _BITS | right
        place = int(self._pairs.searchsorted(np.uint32(pair)))
        return int(self._counts[place]) if place < len(self._pairs) and self._pairs[place] == pair else 0

    def variants(self, syllable: str) -> tuple[str, ...]:
        """Return the known syllables with the same letters, whatever their marks."""
        return self._by_bare.get(bare(syllable), ())


def _by_bare(syllables: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for syllable in syllables:
        letters = bare(syllable)
        found[letters] = (*found.get(letters, ()), syllable)
    return found


@functools.cache
def legal_bigrams() -> Bigrams:
    """Return the table that ships with the program; ``README.md`` beside it says where it comes from."""
    with importlib.resources.files(__package__).joinpath(TABLE).open("rb") as packed, gzip.open(packed, "rt") as rows:
        return Bigrams((first, second, int(count)) for first, second, count in map(str.split, rows))
