"""The boxes of an official document after Decree 30/2020, annex I, and the seals of its offices."""

import dataclasses
from collections.abc import Sequence

from deploy.demo.printing import marks
from deploy.demo.printing.document import Document
from deploy.demo.printing.fonts import Style
from deploy.demo.printing.typeset import LEADING, Block, words_of

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
TITLE = Style("bold", 14)
HOME_AFFAIRS = ("SỞ NỘI VỤ", "TỈNH HẠ VÂN")
COMMUNE = ("ỦY BAN NHÂN DÂN XÃ ĐỒI GIÓ", "TỈNH HẠ VÂN")
CENTRE = ("VĂN PHÒNG ỦY BAN NHÂN DÂN", "TRUNG TÂM PVHCC")
LEFT_SHARE = 0.42
SIGNING_ROOM_MM = 31
SEAL_MM = 32

Row = tuple[str, Style]


@dataclasses.dataclass(frozen=True)
class Letterhead:
    """What stands at the top of a document that an office issues."""

    parent: str
    issuer: str
    number: str
    place_and_date: str
    subject: Sequence[str] = ()


@dataclasses.dataclass(frozen=True)
class Signature:
    """Who signs, how, and under which seal; no seal texts means a private person."""

    titles: Sequence[str]
    name: str
    seal: tuple[str, str] | None = None


def letterhead(document: Document, head: Letterhead) -> None:
    """Print the issuing office on the left, country, motto, place and date on the right."""
    split = document.width * LEFT_SHARE
    left: list[Row] = [
        (head.parent, Style(size_pt=12)),
        (head.issuer, Style("bold", 12)),
        ("", Style(size_pt=5)),
        (f"Số: {head.number}", Style(size_pt=13)),
        *((line, Style(size_pt=12)) for line in head.subject),
    ]
    right: list[Row] = [
        (COUNTRY, Style("bold", 12)),
        (MOTTO, Style("bold", 13)),
        ("", Style(size_pt=5)),
        (head.place_and_date, Style("italic", 13)),
    ]
    start, x = document.y, document.left
    bottom = column(document, left, x=x - 4, width=split, block=Block.LEFT)
    rule_under(document, row=left[1], x=x - 4, width=split, y=start + 10.6, share=0.4)
    document.y = start
    width = document.width - split
    column(document, right, x=x + split + 2, width=width, block=Block.RIGHT)
    rule_under(document, row=right[1], x=x + split + 2, width=width, y=start + 11.2, share=1)
    document.y = max(bottom, document.y) + 6


def national_heading(document: Document) -> None:
    """Print country and motto in the middle, as on a paper that a citizen writes."""
    rows: list[Row] = [(COUNTRY, Style("bold", 13)), (MOTTO, Style("bold", 14))]
    start = document.y
    column(document, rows, x=document.left, width=document.width, block=Block.RIGHT)
    rule_under(document, row=rows[1], x=document.left, width=document.width, y=start + 12, share=1)
    document.y += 5


def column(document: Document, rows: Sequence[Row], *, x: float, width: float, block: Block) -> float:
    """Print rows centred in a column from the current height and answer where they end."""
    for text, style in rows:
        if text:
            document.sheet.set_line(words_of(text, style), x=x, y=document.y, width=width, align="centre", block=block)
        document.y += document.sheet.mm(style.size_pt) * LEADING
    return document.y


def rule_under(document: Document, *, row: Row, x: float, width: float, y: float, share: float) -> None:
    """Draw the rule that closes a heading, a share of the heading's own width."""
    half = document.sheet.line_width(words_of(*row)) * share / 2
    middle = x + width / 2
    document.sheet.rule(middle - half, y, middle + half, y)


def closing(document: Document, *, recipients: Sequence[str], signature: Signature) -> None:
    """Print the recipients on the left and the sealed signature on the right, kept together."""
    document.need(SIGNING_ROOM_MM + 26)
    document.skip(3)
    start = document.y
    split = document.width * 0.46
    sign(document, signature, x=document.left + split, width=document.width - split)
    bottom, document.y = document.y, start
    for index, line in enumerate(["Nơi nhận:", *recipients]):
        style = Style(size_pt=11) if index else Style("bold italic", 12)
        document.sheet.set_line(
            words_of(line, style),
            x=document.left,
            y=document.y,
            width=split,
            align="left",
            block=Block.RECIPIENTS,
        )
        document.y += document.sheet.mm(style.size_pt) * LEADING
    document.y = max(bottom, document.y)


def signatures(document: Document, people: Sequence[Signature]) -> None:
    """Print several signatures side by side, each in a column of its own."""
    document.need(SIGNING_ROOM_MM + 20)
    start, width = document.y, document.width / len(people)
    for index, person in enumerate(people):
        document.y = start
        sign(document, person, x=document.left + index * width, width=width)


def sign(document: Document, signature: Signature, *, x: float, width: float) -> None:
    """Print titles, signature, seal and name in a column."""
    titles = [(line, title_style(line)) for line in signature.titles]
    top = column(document, titles, x=x, width=width, block=Block.SIGNATURE)
    document.y = top + SIGNING_ROOM_MM
    name = [(signature.name, Style("bold", 14))]
    column(document, name, x=x, width=width, block=Block.SIGNATURE)
    middle = (x + width / 2, top + SIGNING_ROOM_MM / 2 - 0.5)
    marks.scribble(document.sheet, signature.name, middle=middle)
    if signature.seal:
        marks.seal(
            document.sheet,
            texts=signature.seal,
            middle=(middle[0] - SEAL_MM * 0.55, middle[1]),
            diameter_mm=SEAL_MM,
        )


def title_style(line: str) -> Style:
    """Set a title in bold capitals, a remark such as `(Ký, ghi rõ họ tên)` in italics."""
    return Style("italic", 12) if line.startswith("(") else Style("bold", 13)
