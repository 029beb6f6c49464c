"""Reads who signed, as what, and in whose stead (TM., KT., TL., TUQ., Q.).

Decree 30/2020/NĐ-CP, Appendix I, boxes 7a to 7c: titles in capitals, room for the signature, the name.
"""

import dataclasses
import math
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence

from services.ocr.confidence import KNOWN, words_right
from services.ocr.fields import Field, field, unreadable
from services.ocr.folding import bare, fold, is_syllable, is_upper, likeness
from services.ocr.hocr import Line, Word
from services.ocr.layout import Page, across, segments
from services.ocr.offices import DECLARANTS, DEPUTIES, TITLE_WORDS, TITLES
from services.ocr.spelling import spelt
from services.ocr.usage import Usage

MODES = ("TM.", "KT.", "TL.", "TUQ.", "Q.")
_MODE = re.compile(r"^[\W_]*(TM|KT|TL|TUQ|Q|T/M|K/T|T/L)\s*[.,:]\s*", re.IGNORECASE)
_STEADS = ("TM. ", "TL. ", "TUQ. ")  # who signs so says in the next row as what; where none is, a seal hides it
_ROOM_MM = 75  # from the last title down to the name
_WORDS_OF_A_NAME = range(2, 7)
_ALIKE, _CLEARLY_ALIKE = 0.78, 0.9
_MEANT = 0.85
_INFERRED = 0.5
_INCOMPLETE = 0.05
_CLEAR = 80
_OWN_VOTES = 2  # those of the name over which the titles stand
_LEVEL_MM = 12  # titles may stand so much higher than the label of the copies


@dataclasses.dataclass(frozen=True, slots=True)
class Signature:
    """A name and the rows of titles above it; a seal may hide either."""

    page: int
    name: Line | None
    titles: tuple[Line, ...]

    @property
    def name_words(self) -> tuple[Word, ...]:
        """The words of the name; none where it is hidden."""
        return self.name.words if self.name else ()

    @property
    def left(self) -> float:
        """Where it begins from the left."""
        return (self.name or self.titles[0]).box.left


def find_signatures(page: Page) -> list[Signature]:
    """Return the signatures of a page from left to right."""
    parts = segments(page)
    titles = [part for part in parts if is_title(part)]
    signed = [Signature(page.number, name, _titles_over(page, name, titles)) for name in filter(is_name, parts)]
    best = {one.titles: one for one in sorted(signed, key=_clarity) if one.titles}
    return sorted(declared(list(best.values())) or best.values(), key=lambda one: one.left)


def declared(signatures: Sequence[Signature]) -> list[Signature]:
    """Return the signatures of those who hand a paper in."""
    return [one for one in signatures if any(map(_is_declarant, one.titles))]


def find_half_hidden(page: Page, label: Line) -> list[Signature]:
    """Return what a seal left of the signature in the right column beside a list of copies: titles, or the names."""
    right = [part for part in segments(page) if across(part.box) > page.width / 2]
    level = [part for part in right if part.box.bottom > label.box.top - page.pixels(_LEVEL_MM)]
    titles = tuple(sorted(filter(is_title, level), key=lambda part: part.box.top))
    if titles:
        return [Signature(page.number, None, titles)]
    last = max(filter(_is_clear_name, level), key=lambda part: part.box.top, default=None)
    if last is None:
        return []
    beside = (part for part in segments(page) if abs(part.box.middle - last.box.middle) < last.box.height)
    return [Signature(page.number, part, ()) for part in filter(_is_clear_name, beside)]  # of minutes two sign


def _is_clear_name(part: Line) -> bool:
    return is_name(part) and min(word.confidence for word in part.words) >= _CLEAR


def _is_declarant(title: Line) -> bool:
    """Say whether a title is that of who hands a paper in: then others who sign receive or certify it."""
    return title_of(title) in DECLARANTS


def _clarity(signature: Signature) -> float:
    """Return how surely a name was read: strokes of a signature may look like one, and stand under its titles."""
    return statistics.mean(word.confidence for word in signature.name_words)


def is_name(part: Line) -> bool:
    """Say whether a segment is a person's name: two to six syllables, each with a capital."""
    words = [word.text.strip(".,") for word in part.words]
    if len(words) not in _WORDS_OF_A_NAME or is_upper(part.text):
        return False
    return all(word.istitle() and is_syllable(word) for word in words)


def is_title(part: Line) -> bool:
    """Say whether a segment is a row of titles over a signature."""
    return is_upper(part.text) and (_MODE.match(part.text) is not None or title_of(part) is not None)


def title_of(part: Line) -> str | None:
    """Return the title nearest to what was read, in its proper marks; nothing where none is near."""
    read = bare(_MODE.sub("", part.text))
    if begun := _begun(read):
        return begun
    best = max(TITLES, key=lambda title: likeness(read, fold(title), _ALIKE))
    if likeness(read, fold(best), _ALIKE) >= _ALIKE:
        return best
    known = spelt([word.text for word in part.words], TITLE_WORDS)
    begins = next((title for title in TITLES if read.startswith(fold(title))), None)
    return known.text if begins else None


def _begun(read: str) -> str | None:
    """Return the only title that begins with what was read, at least a word and a part of the next; a stroke cut it."""
    whole = [title for title in TITLES if fold(title).startswith(read)]
    return whole[0] if len(whole) == 1 and len(read.split()) > 1 else None


def _titles_over(page: Page, name: Line, titles: Sequence[Line]) -> tuple[Line, ...]:
    """Return the rows of titles above a name, in its column."""
    near = [
        title
        for title in titles
        if 0 < name.box.top - title.box.bottom < page.pixels(_ROOM_MM)
        and abs(across(title.box) - across(name.box)) < 0.11 * page.width
    ]
    return tuple(sorted(near, key=lambda title: title.box.top))


def signature_fields(signatures: Sequence[Signature], usage: Usage) -> Iterator[tuple[str, Field]]:
    """Yield names, titles and signing modes; several signatures are joined from left to right."""
    if not signatures:
        return
    page = signatures[0].page
    words = [word for one in signatures for title in one.titles for word in title.words]
    names = [word for one in signatures for word in one.name_words]
    right = math.prod(_name_right(one, usage) for one in signatures) * (1 if words else _INFERRED)
    name = field(_joined(map(_name, signatures)), names, page=page, confidence=right) if names else None
    yield "signer_name", name or unreadable(words, page)
    if not words:
        return
    spoken = [_titles(one) for one in signatures]
    right = min(likely for _, likely in spoken)
    yield "signer_title", field(_joined(text for text, _ in spoken), words, page=page, confidence=right)
    if modes := tuple(mode for one in signatures for mode in _modes(one)):
        yield "signing_mode", field(modes, words, page=page, confidence=KNOWN)


def _joined(values: Iterable[str]) -> str:
    return "; ".join(values)


def _name(signature: Signature) -> str:
    return " ".join(word.as_read.strip(".,") for word in signature.name_words)


def _name_right(signature: Signature, usage: Usage) -> float:
    """Return how likely a name is right: surely where the paper writes it in the same way elsewhere."""
    votes = usage.votes([word.as_read for word in signature.name_words])
    if len(votes) == 1 and votes.total() > _OWN_VOTES:
        return KNOWN
    return words_right(signature.name_words)


def _modes(signature: Signature) -> Iterator[str]:
    for title in signature.titles:
        if found := _MODE.match(title.text):
            yield found[1].upper().replace("/", "") + "."


def _titles(signature: Signature) -> tuple[str, float]:
    """Return the titles, one after the other, and how likely they are right; one row says who signs KT."""
    spoken = [_spoken(title) for title in signature.titles]
    texts = list(dict.fromkeys(text for text, _ in spoken))  # a seal beneath a row may look like that row again
    texts = texts[: next((at + 2 for at, text in enumerate(texts) if text.startswith("KT. ")), len(texts))]
    likely = min(likely for _, likely in spoken)
    if texts[-1].startswith("KT. "):
        # only a head's deputy may sign KT. (Decree 30/2020, Art. 13): a seal hides the row that says so
        deputy = DEPUTIES.get(texts[-1].removeprefix("KT. "))
        return " / ".join([*texts, *([deputy] if deputy else [])]), min(likely, _INFERRED)
    return " / ".join(texts), min(likely, _INCOMPLETE) if texts[-1].startswith(_STEADS) else likely


def _spoken(title: Line) -> tuple[str, float]:
    mode = _MODE.match(title.text)
    prefix = mode[1].upper().replace("/", "") + ". " if mode else ""
    read = title.text[mode.end() :] if mode else title.text
    words: list[Word] = list(title.words)
    for known in TITLES:
        if bare(read) == fold(known):
            return prefix + known, KNOWN
    found = spelt(read.split(), TITLE_WORDS)
    if all(found.known):
        return prefix + found.text, KNOWN
    near = title_of(title)
    if near in DEPUTIES or near in DEPUTIES.values():
        clear = likeness(bare(read), fold(str(near)), _CLEARLY_ALIKE) >= _CLEARLY_ALIKE
        return prefix + str(near), _MEANT if clear else _INFERRED
    return prefix + found.text, words_right(words)
