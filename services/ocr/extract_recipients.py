"""Reads to whom a paper is addressed (Kính gửi) and who gets copies (Nơi nhận).

Decree 30/2020/NĐ-CP, Appendix I, boxes 9a and 9b.
"""

import dataclasses
import itertools
import re
from collections.abc import Iterator, Sequence

from services.ocr.confidence import words_right
from services.ocr.fields import Field, field
from services.ocr.folding import bare, fold, likeness
from services.ocr.hocr import Line, Word, line_of
from services.ocr.layout import Page, capital_height, height_on_page, segments
from services.ocr.usage import Usage

_ADDRESS = "kinh gui"
_COPIES = "noi nhan"
_ALIKE = 0.8
_DASH = re.compile(r"^[-–—~+•*ˆ=_]{1,2}$|^[-–—](?=\w)")
_FILED = re.compile(r"^\W*luu\b")
_END = " .;,:/"
_STOPPED = re.compile(r"[^\W\d_]{2,}\.$")
_UNFILED = 0.1
_DASH_HEIGHTS = 3
_LIST_SHARE = (0.3, 0.5)  # of the page: an address begins further in and ends higher, as no list of the text does
_PITCH_MM, _INDENT_MM = 11, 6  # rows of a list of copies: one that was not read may lie between two


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One recipient: the words that name it."""

    words: tuple[Word, ...]


def address_block(page: Page) -> list[Line]:
    """Return the rows of the address: `Kính gửi:` with what follows in its line, and the dashed rows below."""
    parts = sorted(_parts(page), key=lambda part: part.box.top)
    start = next((at for at, part in enumerate(parts) if _starts(part, _ADDRESS)), None)
    if start is None:
        return _unlabelled(page, parts)
    label, height = parts[start], capital_height(page)
    below = [part for part in parts if height_on_page(part) > label.box.bottom and bare(part.text)]
    return [_after_label(label), *_dashed(below, label.box.bottom, height=height)]


def _unlabelled(page: Page, parts: Sequence[Line]) -> list[Line]:
    """Return the first dashed rows, two or more, that begin far in from the left: their label was not read."""
    low, far = _LIST_SHARE[1] * page.height, _LIST_SHARE[0] * page.width
    inner = [part for part in parts if part.box.left > far and part.box.top < low and bare(part.text)]
    first = next((at for at, part in enumerate(inner) if _is_dashed(part)), None)
    if first is None:
        return []
    block = list(_dashed(inner[first:], inner[first].box.top, height=capital_height(page)))
    return block if sum(map(_is_dashed, block)) > 1 else []


def _parts(page: Page) -> list[Line]:
    """Return the segments of a page, a dash that stands as a line of its own joined to what it begins."""
    parts, reach = segments(page), _DASH_HEIGHTS * capital_height(page)
    dashes = [part for part in parts if not bare(part.text) and _is_dashed(part)]
    begun = {part: dash for dash in dashes if (part := _begun_by(dash, parts, reach))}
    joined = set(begun.values())
    rest = (part for part in parts if part not in joined)
    return [line_of((*begun[part].words, *part.words)) if part in begun else part for part in rest]


def _begun_by(dash: Line, parts: Sequence[Line], reach: float) -> Line | None:
    """Return the part that stands close to the right of a dash."""
    beside = (part for part in parts if part.box.top < dash.box.middle < part.box.bottom and bare(part.text))
    return next((part for part in beside if 0 <= part.box.left - dash.box.right < reach), None)


def _starts(part: Line, label: str) -> bool:
    words = part.words[:2]
    return (
        len(words) == len(label.split())
        and likeness(bare(" ".join(word.text for word in words)), label, _ALIKE) >= _ALIKE
    )


def _after_label(label: Line) -> Line:
    """Keep the words after the label; the label itself where nothing follows."""
    return line_of(label.words[2:] or label.words[:2])


def _dashed(lines: Sequence[Line], top: float, *, height: float) -> Iterator[Line]:
    """Yield the dashed rows close under a height and those that continue one, indented; stamps beside are none."""
    first = next((line for line in lines if _is_dashed(line)), None)
    indent = first.box.left if first else 0.0
    bottom, begun = top, False
    for line in (line for line in lines if line.box.left > indent - height):
        begun = begun or line is first
        continues = begun and line.box.left > indent + 0.3 * height
        if line.box.top - bottom > 1.6 * height or not (_is_dashed(line) or continues):
            return
        bottom = line.box.bottom
        yield line


def _is_dashed(line: Line) -> bool:
    return _DASH.match(line.words[0].text) is not None


def recipients(page: Page, usage: Usage) -> Field | None:
    """Return the offices and people a paper is addressed to."""
    block = address_block(page)
    if not block:
        return None
    items = _items([row for row in block if not _starts(row, _ADDRESS)])
    return _listed(page, items, usage)


def copies_label(page: Page) -> Line | None:
    """Return the words `Nơi nhận:` on the left of a page."""
    return next((part for part in segments(page) if _starts(part, _COPIES) and part.box.left < 0.45 * page.width), None)


def copies_block(page: Page) -> list[Line]:
    """Return the rows under `Nơi nhận:`, down to the one that says where the paper is filed (Lưu)."""
    parts = [part for part in _parts(page) if part.box.left < 0.45 * page.width]
    lines = sorted(parts, key=height_on_page)
    label = next((at for at, line in enumerate(lines) if _starts(line, _COPIES)), None)
    if label is not None:
        return list(_near(page, lines[label + 1 :], lines[label]))
    filed = [at for at, line in enumerate(lines) if _FILED.match(fold(line.text))]
    return list(_near(page, lines[filed[-1] :: -1], lines[filed[-1]]))[::-1] if filed else []


def _near(page: Page, lines: Sequence[Line], first: Line) -> Iterator[Line]:
    """Yield the rows next to the first one, close to each other and to its left edge, up to the last of the list."""
    above = first
    for line in lines:
        if abs(height_on_page(line) - height_on_page(above)) > page.pixels(_PITCH_MM):
            return
        if abs(line.box.left - first.box.left) > page.pixels(_INDENT_MM):
            continue
        yield line
        above = line
        if line is not first and _FILED.match(fold(line.text)):
            return


def copied_to(page: Page, usage: Usage) -> Field | None:
    """Return who gets copies, the archive included."""
    block = copies_block(page)
    found = _listed(page, _items(block), usage)
    if found is None or any(_FILED.match(fold(line.text)) for line in block):
        return found
    return dataclasses.replace(found, confidence=found.confidence * _UNFILED)  # the archive is in every list


def _items(lines: Sequence[Line]) -> list[Item]:
    """Join continued rows and drop dashes; without dashes each `;` ends a recipient."""
    items: list[list[Word]] = []
    for line in lines:
        dashed = _is_dashed(line)
        if dashed or not items:
            items.append([])
        for word in line.words[1:] if dashed and len(line.words[0].text) < 3 else line.words:
            items[-1].append(word)
            if word.text.endswith(";"):
                items.append([])
    return [Item(tuple(words)) for words in items if any(bare(word.text) for word in words)]


def _listed(page: Page, items: Sequence[Item], usage: Usage) -> Field | None:
    if not items:
        return None
    lawful = [usage.lawful(item.words) for item in items]
    names = tuple(map(_name, lawful))
    words = [word for item in lawful for word in item]
    return field(names, words, page=page.number, confidence=words_right(words))


def _name(words: Sequence[Word]) -> str:
    texts = [word.text for word in words]
    for at, (text, after) in enumerate(itertools.pairwise(texts)):
        if _STOPPED.match(text) and text.islower() and after.islower():
            texts[at] = text[:-1] + ","  # no sentence ends within a name, and an abbreviation is short or in capitals
    return " ".join(texts).lstrip("-–").strip(_END)
