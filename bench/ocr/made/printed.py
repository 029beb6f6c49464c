"""Prints a drawn letter after Decree 30, and remembers where every word was set."""

import datetime as dt
import random

from bench.ocr.made.letter import Letter
from deploy.demo.printing.decree30 import COUNTRY, MOTTO, TITLE, Row, Signature, column, rule_under, sign
from deploy.demo.printing.document import Document
from deploy.demo.printing.fonts import FREE_SERIF, PEN, Style, Typeface
from deploy.demo.printing.typeset import LEADING, MM_PER_INCH, PT_PER_INCH, Block, Sheet, plain, words_of
from deploy.demo.printing.typeset import Word as Typed
from services.ocr.hocr import Box, Word, line_of
from services.ocr.layout import Page

DPI = 200
RED = (206, 38, 48)
CLEAR, PENNED = 96.0, 35.0  # what an engine is sure of, and what a pen leaves it unsure of
PEN_MM = 0.38
_SPLIT = 0.42
# the strokes of each digit, on a grid of 4 by 6
_STROKES = {
    "0": "10 30 40 45 36 16 05 02 10", "1": "02 20 26", "2": "02 10 30 41 43 06 46", "3": "00 30 41 33 13 33 44 36 06",
    "4": "20 03 43 33 30 36", "5": "40 00 03 33 45 26 06", "6": "30 02 05 16 36 44 33 03", "7": "00 40 16",
    "8": "20 01 42 45 26 05 41 20", "9": "41 20 02 23 41 35 16",
}  # fmt: skip


class RecordingSheet(Sheet):
    """A sheet that remembers the box of each word it sets, line by line."""

    def __init__(self, *, width_mm: float, height_mm: float, dpi: int, typeface: Typeface = FREE_SERIF) -> None:
        super().__init__(width_mm=width_mm, height_mm=height_mm, dpi=dpi, typeface=typeface)
        self.set: list[list[Word]] = [[]]

    def set_line(self, words: list[Typed], **where: object) -> None:
        """Print one line and begin a new one in the record."""
        super().set_line(words, **where)  # type: ignore[arg-type]  # passed on as it came
        self.set.append([])

    def _set_word(self, word: Typed, x: float, baseline: float) -> None:
        super()._set_word(word, x, baseline)
        size = max(style.size_pt for _, style in word) * MM_PER_INCH / PT_PER_INCH
        box = (x, baseline - 0.7 * size, x + self.width(word), baseline + 0.2 * size)
        self.set[-1].append(Word(plain([word]), Box(*(edge * self.dpi / MM_PER_INCH for edge in box)), CLEAR))


class RecordingDocument(Document):
    """A document on recording sheets."""

    def add_sheet(self, *, landscape: bool = False, numbered: bool = True) -> None:
        """Go on at the top of a new sheet."""
        super().add_sheet(landscape=landscape, numbered=False)
        old = self.sheets.pop()
        size = {"width_mm": old.width_mm, "height_mm": old.height_mm}
        self.sheets.append(RecordingSheet(**size, dpi=old.dpi, typeface=old.typeface))
        if numbered:
            number = words_of(str(len(self.sheets)), Style(size_pt=13))
            self.sheet.set_line(number, x=self.left, y=11, width=self.width, align="centre", block=Block.BODY)

    def pages(self) -> list[Page]:
        """Return what was set, as a perfect engine would have read it."""
        recorded = [sheet for sheet in self.sheets if isinstance(sheet, RecordingSheet)]
        return [_page(number, sheet) for number, sheet in enumerate(recorded, 1)]


def _page(number: int, sheet: RecordingSheet) -> Page:
    lines = tuple(line_of(tuple(words)) for words in sheet.set if words)
    return Page(number, sheet.image.width, sheet.image.height, sheet.dpi, lines)


def printed(letter: Letter, seed: int = 0, *, dpi: int = DPI, typeface: Typeface = FREE_SERIF) -> RecordingDocument:
    """Print a letter."""
    document = RecordingDocument(dpi, typeface=typeface)
    _head(document, letter, random.Random(seed))  # noqa: S311  # a drawing, not a secret
    if letter.kind != "Công văn":
        document.centred([letter.kind.upper()], TITLE, after=0)
        subject = document.sheet.broken(words_of(letter.subject, TITLE), width=130)
        document.centred([plain(line) for line in subject], TITLE, after=0.5)
        document.middle_rule(45)
    if letter.authority:
        lines = document.sheet.broken(words_of(letter.authority, TITLE), width=140)
        document.centred([plain(line) for line in lines], TITLE, after=2)
    _address(document, letter)
    for paragraph in _paragraphs(letter):
        document.paragraph(paragraph)
    _closing(document, letter)
    return document


def _head(document: RecordingDocument, letter: Letter, lot: random.Random) -> None:
    split, start, x = document.width * _SPLIT, document.y, document.left
    *above, own = letter.office.rows
    left = [*((row, Style(size_pt=12)) for row in above), (own, Style("bold", 12))]
    column(document, left, x=x - 4, width=split, block=Block.LEFT)
    bottom = _number(document, letter, x=x - 4, width=split, lot=lot)
    if letter.kind == "Công văn":
        lines = document.sheet.broken(words_of(letter.subject, Style(size_pt=12)), width=split)
        about = [(plain(line), Style(size_pt=12)) for line in lines]
        bottom = column(document, about, x=x - 4, width=split, block=Block.LEFT)
    document.y = start
    _right(document, letter, x=x + split + 2, width=document.width - split, lot=lot)
    document.y = max(bottom, document.y)
    _marks(document, letter, lot)
    document.y += 6


def _right(document: RecordingDocument, letter: Letter, *, x: float, width: float, lot: random.Random) -> None:
    start = document.y
    rows: list[Row] = [("ĐẢNG CỘNG SẢN VIỆT NAM", Style("bold", 13))]
    if not letter.party:
        rows = [(COUNTRY, Style("bold", 12)), (MOTTO, Style("bold", 13))]
    column(document, rows, x=x, width=width, block=Block.RIGHT)
    rule_under(document, row=rows[-1], x=x, width=width, y=start + 6 * len(rows), share=1)
    document.y += 2
    day, month, year = letter.date.day, letter.date.month, letter.date.year
    if not letter.penned:
        said = f"{letter.office.place}, ngày {day:02d} tháng {_month(letter.date)} năm {year}"
        column(document, [(said, Style("italic", 13))], x=x, width=width, block=Block.RIGHT)
        return
    said = f"{letter.office.place}, ngày {'~' * 3} tháng {month:02d} năm {year}".replace("~", "\u00a0\u00a0")
    _filled(document, said, f"{day}", x=x, width=width, style=Style("italic", 13), lot=lot)


def _month(day: dt.date) -> str:
    return str(day.month) if day.month > 2 else f"{day.month:02d}"  # Decree 30: a nought before 1 and 2 only


def _number(document: RecordingDocument, letter: Letter, *, x: float, width: float, lot: random.Random) -> float:
    joint = "-" if letter.party else "/"
    document.y += 2
    if not letter.penned:
        said = f"Số: {letter.number}{joint}{letter.code}"
        return column(document, [(said, Style(size_pt=13))], x=x, width=width, block=Block.LEFT)
    said = f"Số: ~~~~ {joint}{letter.code}".replace("~", "\u00a0\u00a0")
    _filled(document, said, letter.number, x=x, width=width, style=Style(size_pt=13), lot=lot)
    return document.y


def _filled(
    document: RecordingDocument, said: str, value: str, *, x: float, width: float, style: Style, lot: random.Random
) -> None:
    """Print a row with a gap of hard spaces and write a value into the gap by hand."""
    column(document, [(said, style)], x=x, width=width, block=Block.LEFT)
    sheet = document.sheet
    assert isinstance(sheet, RecordingSheet)
    words = next(line for line in reversed(sheet.set) if line)
    gap = next(at for at, word in enumerate(words) if "\u00a0" in word.text)
    box = words[gap].box
    words[gap] = Word("#" * len(value), box, PENNED)
    _write(sheet, value, box, lot)


def _write(sheet: Sheet, value: str, box: Box, lot: random.Random) -> None:
    size = box.height * 1.1
    x = box.left + (box.right - box.left - len(value) * size * 0.62) / 2
    for digit in value:
        grid = [
            (int(p[0]) + lot.uniform(-0.5, 0.5), int(p[1]) + lot.uniform(-0.5, 0.5)) for p in _STROKES[digit].split()
        ]
        points = [(x + across * size / 8, box.top + down * size / 6) for across, down in grid]
        sheet.pen.line(points, fill=PEN, width=round(PEN_MM / MM_PER_INCH * sheet.dpi), joint="curve")
        x += size * 0.62


def _marks(document: RecordingDocument, letter: Letter, lot: random.Random) -> None:
    """Stamp the urgency mark, and the box of the office that received the letter."""
    if letter.urgency:
        document.y += 2
        row = [(letter.urgency, Style("bold", 14, RED))]
        column(document, row, x=document.left + 6, width=40, block=Block.LEFT)
    if letter.stamped:
        document.y += 9
        top = document.y
        column(document, [("ĐẾN", Style("bold", 13))], x=document.left - 5, width=18, block=Block.LEFT)
        document.y = top - 4
        for label, value in (("Số:", str(lot.randint(100, 999))), ("Ngày:", f"{lot.randint(10, 28)}")):
            said = f"{label} ~~~~~".replace("~", "\u00a0\u00a0")
            _filled(document, said, value, x=document.left + 16, width=35, style=Style(size_pt=11), lot=lot)
        document.y += 3


def _address(document: RecordingDocument, letter: Letter) -> None:
    if len(letter.addressees) == 1:
        document.paragraph(f"Kính gửi: {letter.addressees[0]}.", align="centre", indent=0)
    elif letter.addressees:
        document.paragraph("Kính gửi:", align="left", indent=40, after=1)
        for at, name in enumerate(letter.addressees, 1):
            end = "." if at == len(letter.addressees) else ";"
            document.paragraph(f"- {name}{end}", align="left", indent=48, after=1)
    document.skip(3)


def _paragraphs(letter: Letter) -> list[str]:
    cited = []
    for at, (what, symbol, date) in enumerate(letter.grounds):
        day = dt.date.fromisoformat(date)
        form = f"{day:%d/%m/%Y}" if at % 2 else f"{day.day:02d} tháng {_month(day)} năm {day.year}"
        cited.append(f"{what} {symbol} ngày {form}")
    own = f"Căn cứ {'; '.join(cited)}, {letter.office.name} thông tin đến các cơ quan, đơn vị như sau:"
    numbered = (f"{at}. {text}" for at, text in enumerate(letter.paragraphs, 1))
    return [own, *numbered, "Trên đây là nội dung để thực hiện./."]


def _closing(document: RecordingDocument, letter: Letter) -> None:
    document.need(75)
    document.skip(3)
    start, split = document.y, document.width * 0.46
    if len(letter.signatories) > 1:
        width = document.width / len(letter.signatories)
        for at, one in enumerate(letter.signatories):
            document.y = start
            _sign(document, one.titles, one.name, x=document.left + at * width, width=width)
        start = document.y + 4
    else:
        one = letter.signatories[0]
        _sign(document, one.titles, one.name, x=document.left + split, width=document.width - split)
    document.y = start
    for at, line in enumerate(["Nơi nhận:", *(f"- {copy};" for copy in letter.copies)]):
        style = Style(size_pt=11) if at else Style("bold italic", 12)
        words = words_of(line, style)
        document.sheet.set_line(words, x=document.left, y=document.y, width=split, align="left", block=Block.RECIPIENTS)
        document.y += document.sheet.mm(style.size_pt) * LEADING


def _sign(document: RecordingDocument, titles: tuple[str, ...], name: str, *, x: float, width: float) -> None:
    sign(document, Signature(titles, name, ("ỦY BAN NHÂN DÂN", "TỈNH HẠ VÂN")), x=x, width=width)
