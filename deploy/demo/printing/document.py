"""A document that flows down its sheets, numbered from the second one on as Decree 30 asks."""

import dataclasses
from collections.abc import Sequence

from deploy.demo.printing.fonts import FREE_SERIF, Style, Typeface
from deploy.demo.printing.typeset import Align, Block, Sheet, words_of

A4_MM = (210.0, 297.0)
BODY_LEADING = 1.3  # Decree 30/2020 asks for 1 to 1.5


@dataclasses.dataclass(frozen=True)
class Margins:
    """Margins in millimetres, within what Decree 30/2020, annex I, allows."""

    top: float = 20
    bottom: float = 20
    left: float = 30
    right: float = 18


class Document:
    """Sheets of paper and the place where the next line goes."""

    def __init__(
        self, dpi: int, *, body_pt: float = 14, margins: Margins | None = None, typeface: Typeface = FREE_SERIF
    ) -> None:
        self.dpi = dpi
        self.typeface = typeface
        self.body = Style(size_pt=body_pt)
        self.margins = margins or Margins()
        self.sheets: list[Sheet] = []
        self.y = 0.0
        self.add_sheet(numbered=False)

    @property
    def sheet(self) -> Sheet:
        """Answer the sheet that is being printed."""
        return self.sheets[-1]

    @property
    def left(self) -> float:
        """Answer where the text begins, in millimetres from the left edge."""
        return self.margins.left

    @property
    def width(self) -> float:
        """Answer the width of the text in millimetres."""
        return self.sheet.width_mm - self.margins.left - self.margins.right

    def add_sheet(self, *, landscape: bool = False, numbered: bool = True) -> None:
        """Go on at the top of a new sheet."""
        width, height = sorted(A4_MM, reverse=landscape)
        self.sheets.append(Sheet(width_mm=width, height_mm=height, dpi=self.dpi, typeface=self.typeface))
        self.y = self.margins.top
        if numbered:
            number = words_of(str(len(self.sheets)), Style(size_pt=13))
            self.sheet.set_line(number, x=self.left, y=11, width=self.width, align="centre", block=Block.BODY)

    def need(self, height_mm: float) -> None:
        """Start a new sheet unless this much room is left."""
        if self.y + height_mm > self.sheet.height_mm - self.margins.bottom:
            self.add_sheet()

    def skip(self, height_mm: float) -> None:
        """Leave some room empty."""
        self.y += height_mm

    def paragraph(
        self,
        text: str,
        *,
        style: Style | None = None,
        align: Align = "justify",
        indent: float = 10,
        after: float = 2.1,
    ) -> None:
        """Print a paragraph over the whole width, going on to new sheets as needed."""
        chosen = style or self.body
        words = words_of(text, chosen)
        lines = self.sheet.broken(words, width=self.width, indent=indent)
        height = self.sheet.mm(chosen.size_pt) * BODY_LEADING
        for index, line in enumerate(lines):
            self.need(height * (2 if index in (0, len(lines) - 2) else 1))
            last = index == len(lines) - 1
            shift = 0 if index else indent
            self.sheet.set_line(
                line,
                x=self.left + shift,
                y=self.y,
                width=self.width - shift,
                align="left" if last and align == "justify" else align,
                block=Block.BODY,
            )
            self.y += height
        self.y += after

    def centred(self, lines: Sequence[str], style: Style, *, after: float = 2) -> None:
        """Print lines as they are, each in the middle."""
        for line in lines:
            self.paragraph(line, style=style, align="centre", indent=0, after=0.3)
        self.y += after

    def middle_rule(self, width_mm: float) -> None:
        """Draw the short line under a subject."""
        middle = self.left + self.width / 2
        self.sheet.rule(middle - width_mm / 2, self.y, middle + width_mm / 2, self.y)
        self.y += 4

    def truth(self) -> str:
        """Answer the whole text, a form feed between pages."""
        return "\f".join(sheet.truth() + "\n" for sheet in self.sheets)
