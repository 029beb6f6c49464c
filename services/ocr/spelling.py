"""Gives names in capitals their marks and their case back, from a vocabulary and from the paper itself."""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.ocr.confidence import word_right
from services.ocr.folding import breaks_tone_rule, fold, is_syllable, is_upper, likeness
from services.ocr.hocr import Word

_LONGEST = 9
_LONG, _NEAR = 4, 0.93
_Vocabulary = Mapping[tuple[str, ...], str]
_SURE = 95  # above this the engine errs less than the neighbours mislead
_PUNCTUATION = ".,;:()[]\"'“”/"


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
    near = [known for known in vocabulary if len(known) == len(key) and likeness(read, " ".join(known)) >= _NEAR]
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


class Usage:
    """How a paper itself writes each word beside each neighbour: a witness of lost marks.

    The same engine errs in the same way twice, so a word is mended only where it was read with
    doubt and the paper writes it otherwise at least twice as surely elsewhere.
    """

    def __init__(self, runs: Iterable[Sequence[Word]]) -> None:
        self._seen: defaultdict[_Context, list[tuple[Word, str]]] = defaultdict(list)
        self._runs = [tuple(words) for words in runs]
        for words in self._runs:
            for word, contexts in _contexts(words):
                for context in contexts:
                    self._seen[context].append((word, _form(word)))

    def written(self, words: Sequence[str]) -> tuple[str, ...] | None:
        """Return these words as the paper writes them in a sentence, not in capitals; nothing where it does not."""
        wanted = [fold(word.strip(_PUNCTUATION)) for word in words]
        for run in self._runs:
            for at in range(len(run) - len(wanted) + 1):
                part = run[at : at + len(wanted)]
                alike = [fold(_form(word)) for word in part] == wanted
                if alike and not is_upper(" ".join(word.text for word in part)):
                    return tuple(word.text.strip(_PUNCTUATION) for word in part)
        return None

    def mended(self, words: Sequence[Word]) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Return the words with marks as the paper writes them elsewhere, and how often each was met elsewhere."""
        found = [self._mended(word, contexts) for word, contexts in _contexts(words)]
        return tuple(form for form, _ in found), tuple(count for _, count in found)

    def _mended(self, word: Word, contexts: Sequence["_Context"]) -> tuple[str, int]:
        others = {
            id(other): (other, form) for context in contexts for other, form in self._seen[context] if other is not word
        }
        weights: Counter[str] = Counter()
        for other, form in others.values():
            weights[form] += word_right(other.confidence)  # type: ignore[assignment]  # counts what is not whole, too
        own = _form(word)
        alike = sum(form == own for _, form in others.values())
        best, weight = max(weights.items(), key=lambda pair: pair[1], default=(own, 0))
        doubted = word.confidence < _SURE or breaks_tone_rule(own)
        if best == own or not doubted or weight < 2 * (weights[own] + _own_weight(word, own)):
            return word.text, alike
        return _in_case_of(word.text, best), sum(form == best for _, form in others.values())


_Context = tuple[str, str, bool]


def _own_weight(word: Word, form: str) -> float:
    return 0.1 if breaks_tone_rule(form) else word_right(word.confidence)


def _form(word: Word) -> str:
    return word.text.lower().strip(_PUNCTUATION)


def _contexts(words: Sequence[Word]) -> Iterator[tuple[Word, list[_Context]]]:
    """Yield each word with its contexts: itself folded, beside the word before and beside the word after."""
    folded = [fold(_form(word)) for word in words]
    for at, word in enumerate(words):
        before = [(folded[at], folded[at - 1], False)] if at else []
        after = [(folded[at], folded[at + 1], True)] if at + 1 < len(words) else []
        yield word, before + after


def _in_case_of(read: str, form: str) -> str:
    """Write a form with the capitals and the punctuation of what was read."""
    start = len(read) - len(read.lstrip(_PUNCTUATION))
    kept = read.strip(_PUNCTUATION)
    cased = (
        form.upper()
        if kept.isupper() and len(kept) > 1
        else form[:1].upper() + form[1:]
        if kept[:1].isupper()
        else form
    )
    return read[:start] + cased + read[start + len(kept) :]
