"""Vietnamese syllables, and how often one follows another in the language of the law."""

import functools
import gzip
import importlib.resources
import itertools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

TABLE = "bigrams.tsv.gz"
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
    """How often one syllable follows another, and which syllables differ in their marks only."""

    def __init__(self, counts: Mapping[tuple[str, str], int]) -> None:
        self._counts = counts
        self._by_bare: dict[str, set[str]] = defaultdict(set)
        for syllable in {syllable for pair in counts for syllable in pair}:
            self._by_bare[bare(syllable)].add(syllable)

    def support(self, before: str | None, syllable: str, after: str | None) -> int:
        """Return how often the syllable was seen next to these neighbours."""
        seen = self._counts.get
        return (seen((before, syllable), 0) if before else 0) + (seen((syllable, after), 0) if after else 0)

    def variants(self, syllable: str) -> set[str]:
        """Return the known syllables with the same letters, whatever their marks."""
        return self._by_bare.get(bare(syllable), set())


@functools.cache
def legal_bigrams() -> Bigrams:
    """Return the table that ships with the program; ``README.md`` beside it says where it comes from."""
    packed = importlib.resources.files(__package__).joinpath(TABLE).read_bytes()
    return Bigrams(dict(_rows(gzip.decompress(packed).decode())))


def _rows(table: str) -> Iterator[tuple[tuple[str, str], int]]:
    for row in table.splitlines():
        first, second, count = row.split("\t")
        yield (first, second), int(count)
