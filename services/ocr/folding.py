"""Compares Vietnamese text the way a poor scan forces us to: without marks, without case."""

import difflib
import functools
import re
import unicodedata

_DIGIT_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "Ø": "0", "l": "1", "I": "1", "|": "1", "ı": "1", "§": "8"})
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_LETTERS = re.compile(r"[^\W\d_]")
# Onset, nucleus and coda of a folded syllable; an abbreviation such as "ubnd" has no such form.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|th|tr|ph|kh|gh|gi|ch|qu|[bcdghklmnpqrstvx])?"
    r"(?:uye|ieu|yeu|oai|oay|uoi|uou|uay|ie|ye|ia|ua|uo|ue|uy|uya|uyu|oa|oe|oo|ai|ay|au|ao|eo|eu|iu|oi|ui|uu|[aeiouy])"
    r"(?:ng|nh|ch|[cmnpt])?"
)
_STOP_CODA = re.compile(r"(?:ch|[cpt])$")
_RISING, _HEAVY = "\u0301", "\u0323"


@functools.lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the text in small letters without marks; đ counts as d."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("ð", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def bare(text: str) -> str:
    """Return the folded text without punctuation at its ends."""
    return _EDGES.sub("", fold(text))


@functools.lru_cache(maxsize=65536)
def likeness(read: str, wanted: str, least: float = 0.0) -> float:
    """Say from 0 to 1 how alike two folded texts are; 0 as soon as that is seen to be below ``least``."""
    matcher = difflib.SequenceMatcher(None, read, wanted, autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    return matcher.ratio()


def digits(text: str) -> str | None:
    """Return the number a word stands for where only a number can stand: `II` is 11; nothing for other text."""
    turned = text.translate(_DIGIT_LOOKALIKES)
    return turned if turned.isascii() and turned.isdigit() else None


def is_upper(text: str) -> bool:
    """Say whether nearly all letters are capitals; an engine drops one now and then."""
    letters = _LETTERS.findall(text)
    return len(letters) > 1 and sum(map(str.isupper, letters)) >= 0.8 * len(letters)


def is_syllable(word: str) -> bool:
    """Say whether a word has the form of one Vietnamese syllable; abbreviations have not."""
    return _SYLLABLE.fullmatch(fold(word)) is not None


def breaks_tone_rule(word: str) -> bool:
    """Say whether a syllable ends in a stop without the tone such a syllable must bear (sắc or nặng)."""
    if not is_syllable(word) or not _STOP_CODA.search(fold(word)):
        return False
    return not {_RISING, _HEAVY} & set(unicodedata.normalize("NFD", word))
