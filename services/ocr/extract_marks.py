"""Finds the marks of urgency and of secrecy that are stamped or printed in a document's head.

Decree 30/2020/NĐ-CP, Appendix I, boxes 10a and 10b; Law on the Protection of State Secrets
29/2018/QH14, Art. 8: three degrees, Tuyệt mật, Tối mật, Mật. A mark stands alone: `khẩn trương` in
a subject or `bí mật` in a sentence is none.
"""

from collections.abc import Iterator, Sequence

from services.ocr.confidence import KNOWN
from services.ocr.fields import Field, field
from services.ocr.folding import bare, likeness
from services.ocr.hocr import Line, Word
from services.ocr.layout import Page, capital_height, cut, segments

_HEAD_SHARE = 0.45
_URGENCY = {
    ("hoa", "toc"): "HỎA TỐC", ("hoa", "toc", "hen", "gio"): "HỎA TỐC HẸN GIỜ", ("thuong", "khan"): "THƯỢNG KHẨN",
    ("khan",): "KHẨN",
}  # fmt: skip
_SECRECY = {("tuyet", "mat"): "TUYỆT MẬT", ("toi", "mat"): "TỐI MẬT", ("mat",): "MẬT"}
_MARKS = {**_URGENCY, **_SECRECY}
_LABELS = (("do", "mat"), ("do", "khan"))
_GLUED = {"".join(mark): mark for mark in _MARKS if len(mark) > 1}  # letters set apart lose the gap between words
_LONGEST = max(map(len, _MARKS))
# A name of a person or a phrase may end in such a word: what stands near before it on its row belongs to it.
_NEAR_MM = 15
_BROKEN_AFTER = frozenset({"bi", "bao"})  # `BẢO VỆ BÍ` / `MẬT` is a title over two rows
_GAP_IN_HEIGHTS = 1.2  # between a mark and small print after it, as columns are no nearer than 1.6
_ROW_HEIGHTS = 2.0
_CAPITALS = 0.6
_PAIR, _ALIKE = 2, 0.66
_SURE = 60  # the engine's confidence in what stands beside a mark; frames and stains are read as words of less


def urgency_mark(page: Page) -> Field | None:
    """Return the mark of urgency in the head of a page."""
    return _mark(page, _URGENCY)


def secrecy_mark(page: Page) -> Field | None:
    """Return the mark of secrecy in the head of a page: such a paper must not be digitised."""
    return _mark(page, _SECRECY)


def is_secret(page: Page) -> bool:
    """Say whether a page bears a mark of secrecy; one page is enough to refuse the paper."""
    return secrecy_mark(page) is not None


def _mark(page: Page, wanted: dict[tuple[str, ...], str]) -> Field | None:
    for part in _head(page):
        for meant, words in _marks_of(part):
            if meant in wanted.values() and _stands_alone(page, part):
                said = " ".join(word.text for word in words)
                return field(meant, words, page=page.number, confidence=KNOWN if said == meant else 0.95)
    return None


def _head(page: Page) -> list[Line]:
    """Return what stands apart in the head, in black or red; a stamp may stand beside any line."""
    parts = (*page.red, *segments(page), *_before_small_print(page))
    return [part for part in parts if part.box.middle < _HEAD_SHARE * page.height]


def _before_small_print(page: Page) -> Iterator[Line]:
    """Yield what stands near before small print: a mark comes nearer to `Kính gửi` than columns to each other."""
    widest = _GAP_IN_HEIGHTS * capital_height(page)
    for part in segments(page):
        first, *rest = cut(part, widest)
        if rest and not _in_capitals(rest[0].words):  # `MẬT  ĐỘ` is a word
            yield first


def _marks_of(part: Line) -> list[tuple[str, Sequence[Word]]]:
    """Return the marks that a part consists of, with their words; none where it says anything else."""
    words = [word for word in part.words if bare(word.text).strip("_")]
    labelled = tuple(bare(word.text) for word in words[:2]) in _LABELS
    rest = words[2:] if labelled else words
    if not labelled and not _in_capitals(rest):
        return []
    return list(_split(_spelt_out(rest))) if rest else []


def _in_capitals(words: Sequence[Word]) -> bool:
    """Say whether words are in capitals; of so few letters an engine may see one or two small."""
    letters = [letter for word in words for letter in word.text if letter.isalpha()]
    return sum(map(str.isupper, letters)) >= _CAPITALS * len(letters) > 0


def _spelt_out(words: Sequence[Word]) -> list[tuple[str, Sequence[Word]]]:
    """Return folded words; letters set apart (`M Ậ T`) are one word."""
    if len(words) > 1 and all(len(bare(word.text)) == 1 for word in words):
        return [("".join(bare(word.text) for word in words), words)]
    return [(bare(word.text), [word]) for word in words]


def _split(words: Sequence[tuple[str, Sequence[Word]]]) -> Iterator[tuple[str, Sequence[Word]]]:
    """Yield one mark after the other; nothing at all where a word belongs to none."""
    found, at = [], 0
    while at < len(words):
        sizes = range(min(_LONGEST, len(words) - at), 0, -1)
        size, meant = next(((size, meant) for size in sizes if (meant := _meant(words[at : at + size]))), (0, ""))
        if not size:
            return
        found.append((meant, [word for _, read in words[at : at + size] for word in read]))
        at += size
    yield from found


def _meant(words: Sequence[tuple[str, Sequence[Word]]]) -> str | None:
    """Return the mark these words are; of two, the first may be a letter off, as no other pair is so near."""
    key = tuple(text for text, _ in words)
    key = _GLUED.get(key[0], key) if len(key) == 1 else key
    near = (mark for mark in _MARKS if len(mark) == len(key) == _PAIR and mark[1] == key[1])
    alike = (mark for mark in near if likeness(key[0], mark[0]) >= _ALIKE)
    return _MARKS.get(key) or next((_MARKS[mark] for mark in alike), None)


def _stands_alone(page: Page, mark: Line) -> bool:
    """Say whether nothing near before a mark, on its row or at the end of the row above, goes on in it."""
    return not any(_goes_on(page, part, mark) for part in segments(page) if part is not mark)


def _goes_on(page: Page, part: Line, mark: Line) -> bool:
    if not any(len(bare(word.text)) > 1 and word.confidence >= _SURE for word in part.words):
        return False
    height = min(mark.box.height, part.box.height)
    beside = abs(part.box.middle - mark.box.middle) < 0.5 * height
    if beside and 0 <= mark.box.left - part.box.right < page.pixels(_NEAR_MM):
        return True
    above = 0 < mark.box.middle - part.box.middle < _ROW_HEIGHTS * height
    return above and bare(part.words[-1].text) in _BROKEN_AFTER
