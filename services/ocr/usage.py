"""How a paper itself writes the words that stand in its head, and what that says about their reading.

Letting a paper vote on all its marks was tried and changed as much for the worse as for the better,
because an engine errs in the same way twice. So only words of the head are, where most of the
paper writes them otherwise beside the same neighbours, and the language of the law does not object.
Where the paper is silent the law alone changes marks, if it knows the word beside both neighbours.
"""

import dataclasses
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from services.ocr.folding import fold, is_upper
from services.ocr.hocr import Word
from services.ocr.language.syllables import Bigrams

PUNCTUATION = ".,;:()[]\"'“”/"
CONFIRMED = 99.0  # the confidence of a word that was read alike in two places
_AGREED = 96.0  # of one that was put right after another place
_DOUBTED = 80.0  # of one that the law never has where it has another with other marks
_TWICE = 2
# On the real letters and a hundred made ones the law was wrong only of rarer forms, or known beside one neighbour.
_LAW_LEAST, _LAW_LEAD = 30, 4
_SMALL_PRINT = 2  # its marks are read better than those of capitals
_DIGIT_IN_CODE = re.compile(r"(?<=[-/])[Il](?=\d)|(?<=\d)[Il](?=\d|$)")
_Pair = tuple[str, str]


class Usage:
    """What the sentences of a paper say."""

    def __init__(self, runs: Iterable[Sequence[Word]], bigrams: Bigrams) -> None:
        self._runs = [tuple(words) for words in runs]
        self._bigrams = bigrams
        self._followed: dict[_Pair, list[tuple[Word, Word]]] = defaultdict(list)
        for pair in itertools.chain.from_iterable(map(itertools.pairwise, self._runs)):
            self._followed[_bare(pair[0].text), _bare(pair[1].text)].append(pair)

    def written(self, words: Sequence[str]) -> tuple[str, ...] | None:
        """Return these words as the paper writes them in a sentence, not in capitals; nothing where it does not."""
        wanted = [_bare(word) for word in words]
        for run in self._runs:
            for at in range(len(run) - len(wanted) + 1):
                part = [word.as_read for word in run[at : at + len(wanted)]]
                if [_bare(text) for text in part] == wanted and not is_upper(" ".join(part)):
                    return tuple(text.strip(PUNCTUATION) for text in part)
        return None

    def votes(self, words: Sequence[str]) -> Counter[tuple[str, ...]]:
        """Count the forms, in small letters, in which a paper writes words; small print has two votes, capitals one."""
        wanted, size = [_bare(word) for word in words], len(words)
        found: Counter[tuple[str, ...]] = Counter()
        for run in self._runs:
            for at in range(len(run) - size + 1):
                part = [word.as_read.strip(PUNCTUATION) for word in run[at : at + size]]
                if [_bare(text) for text in part] == wanted:
                    found[tuple(text.lower() for text in part)] += 1 if is_upper("".join(part)) else _SMALL_PRINT
        return found

    def settled(self, words: Sequence[Word]) -> list[Word]:
        """Return words of a sentence as the rest of the paper confirms or corrects them."""
        own = {id(word) for word in words}
        clean = [_with_digits(word) for word in words]
        return [self._settled(words, at, clean[at], own) for at in range(len(words))]

    def lawful(self, words: Sequence[Word]) -> list[Word]:
        """Return words in small letters with the marks that alone the law knows between their neighbours."""
        return [self._lawful(words, at, word) for at, word in enumerate(words)]

    def _lawful(self, words: Sequence[Word], at: int, word: Word) -> Word:
        read, support = word.text.strip(PUNCTUATION), self._support(words, at)
        if not read.islower() or support[read]:
            return word
        (form, times), (_, next_times) = [*support.most_common(2), ("", 0), ("", 0)][:2]
        clear = times >= _LAW_LEAST and times >= _LAW_LEAD * next_times
        return _put_right(word, read, form) if clear and self._beside_both(words, at, form) else word

    def _beside_both(self, words: Sequence[Word], at: int, form: str) -> bool:
        """Say whether the law has a form after the word before and before the word after, where these are."""
        before, after = _neighbour(words, at, -1), _neighbour(words, at, 1)
        return all((
            before is None or self._bigrams.support(before, form, None) > 0,
            after is None or self._bigrams.support(None, form, after) > 0,
        ))  # fmt: skip

    def _settled(self, words: Sequence[Word], at: int, word: Word, own: set[int]) -> Word:
        read, support = word.text.strip(PUNCTUATION), self._support(words, at)
        forms = Counter(form.lower() for form in self._elsewhere(words, at, own))
        same = forms.pop(read.lower(), 0)
        other, times = next(iter(forms.most_common(1)), ("", 0))
        if times >= _TWICE * max(same, 1) and support[other] >= support[read.lower()]:
            return _put_right(word, read, other)
        if times > same and support[other] > support[read.lower()]:
            return _put_right(word, read, other)
        if same > times and support[read.lower()]:
            return dataclasses.replace(word, confidence=max(word.confidence, CONFIRMED))
        if (lawful := self._lawful(words, at, word)) is not word:
            return lawful
        if support.total() and not support[read.lower()]:
            return dataclasses.replace(word, confidence=min(word.confidence, _DOUBTED))
        return word

    def _support(self, words: Sequence[Word], at: int) -> Counter[str]:
        """Return how often the law has a word, and each that differs in marks only, beside the same neighbours."""
        read = words[at].text.strip(PUNCTUATION).lower()
        before, after = _neighbour(words, at, -1), _neighbour(words, at, 1)
        return +Counter({one: self._bigrams.support(before, one, after) for one in self._bigrams.variants(read)})

    def _elsewhere(self, words: Sequence[Word], at: int, own: set[int]) -> Iterator[str]:
        """Yield the forms in which a word stands beside the same neighbours elsewhere, not in capitals."""
        for start, place in ((at - 1, 1), (at, 0)):
            if not 0 <= start < len(words) - 1:
                continue
            for pair in self._followed[_bare(words[start].text), _bare(words[start + 1].text)]:
                if id(pair[place]) not in own and not is_upper(pair[place].text):
                    yield pair[place].text.strip(PUNCTUATION)


def _put_right(word: Word, read: str, meant: str) -> Word:
    text = word.text.replace(read, _cased(meant, read))
    return dataclasses.replace(word, text=text, raw=word.raw or word.text, confidence=_AGREED)


def _neighbour(words: Sequence[Word], at: int, step: int) -> str | None:
    """Return the syllable beside a word in small letters; none across punctuation, codes and ends."""
    if not 0 <= at + step < len(words):
        return None
    first, second = (words[at], words[at + step])[::step]
    if first.text[-1] in PUNCTUATION or second.text[0] in PUNCTUATION:
        return None
    beside = words[at + step].text.strip(PUNCTUATION).lower()
    return beside if beside.isalpha() else None


def _with_digits(word: Word) -> Word:
    """Return a word whose ones among digits are digits: `COVID-I9` is none."""
    text = _DIGIT_IN_CODE.sub("1", word.text)
    return word if text == word.text else dataclasses.replace(word, text=text, raw=word.raw or word.text)


def _cased(form: str, like: str) -> str:
    if like.isupper():
        return form.upper()
    return form[:1].upper() + form[1:] if like[:1].isupper() else form


def _bare(word: str) -> str:
    return fold(word.strip(PUNCTUATION))
