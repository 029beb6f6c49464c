"""Gives names in capitals their marks and their case back, from a vocabulary."""

import dataclasses
from collections.abc import Mapping, Sequence

from services.ocr.folding import fold, is_syllable, likeness

_LONGEST = 9
_LONG, _NEAR = 4, 0.93
_Vocabulary = Mapping[tuple[str, ...], str]


@dataclasses.dataclass(frozen=True, slots=True)
class Spelt:
    """Words as they are meant, and which of them the vocabulary knows."""

    words: tuple[str, ...]
    known: tuple[bool, ...]

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(self.words)


def spelt(words: Sequence[str], vocabulary: _Vocabulary) -> Spelt:
    """Replace the longest phrases that the vocabulary knows, and leave the rest as read."""
    out: list[str] = []
    known: list[bool] = []
    at = 0
    while at < len(words):
        size = _match(words, at, vocabulary)
        if size:
            phrase = str(_phrase(words[at : at + size], vocabulary)).split()
            out += [meant + _tail(read, meant) for meant, read in zip(phrase, words[at : at + size], strict=True)]
        else:
            out.append(words[at])
        known += [bool(size)] * (size or 1)
        at += size or 1
    return Spelt(tuple(out), tuple(known))


def _match(words: Sequence[str], at: int, vocabulary: _Vocabulary) -> int:
    longest = min(_LONGEST, len(words) - at)
    sizes = range(longest, 0, -1)
    return next((size for size in sizes if _fits(_phrase(words[at : at + size], vocabulary), at)), 0)


def _fits(phrase: str | None, at: int) -> bool:
    """Say whether a phrase may stand here: the one-word head of an office (`Đội`) begins a name only."""
    return phrase is not None and (at == 0 or " " in phrase or phrase.islower())


def _phrase(words: Sequence[str], vocabulary: _Vocabulary) -> str | None:
    """Return the phrase these words are; a long one may be a letter off, as no other is so near."""
    key = _key(words)
    if key in vocabulary or len(key) < _LONG:
        return vocabulary.get(key)
    read = " ".join(key)
    near = [known for known in vocabulary if len(known) == len(key) and likeness(read, " ".join(known), _NEAR) >= _NEAR]
    return vocabulary[near[0]] if len(near) == 1 else None


def _key(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(word).rstrip(",;:.") for word in words)


def _tail(read: str, meant: str) -> str:
    return read[-1] if read[-1] in ",;" and not meant.endswith(",") else ""


def natural(words: Sequence[str], vocabulary: _Vocabulary) -> Spelt:
    """Write an office's name in capitals as people write it in a sentence."""
    found = spelt(words, vocabulary)
    cased = [word if known else _capitalised(word) for word, known in zip(found.words, found.known, strict=True)]
    return begun(Spelt(tuple(cased), found.known))


def begun(name: Spelt) -> Spelt:
    """Return a name whose first letter is a capital."""
    return Spelt((name.words[0][:1].upper() + name.words[0][1:], *name.words[1:]), name.known) if name.words else name


def _capitalised(word: str) -> str:
    return word[:1].upper() + word[1:].lower() if is_syllable(word.strip(",;:.-")) else word
