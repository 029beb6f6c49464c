"""A report as an XLSX sheet laid out like its form; the one door to openpyxl."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from services.registry.figures.report import Column, Report, Row

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")  # Quốc hiệu, Tiêu ngữ (NĐ 30/2020)
SHEETS = ("Tổng hợp", "Theo đơn vị")

_FACE = "Times New Roman"
_THIN = Side(style="thin")
_BOXED = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center")
_GREY = PatternFill("solid", fgColor="E7E6E6")
_PALE = PatternFill("solid", fgColor="F2F2F2")
# 42A is Vietnamese: 1.234,5 whatever language the program speaks (LibreOffice; Excel takes the machine's)
# and _- is a little room before the border, which LibreOffice forgets of an indent
_FORMATS = {"count": "[$-42A]#,##0_-", "money": "[$-42A]#,##0_-", "ratio": "[$-42A]0.00%_-"}
_WIDTHS = {"number": 6.0, "label": 38.0, "count": 11.5, "money": 15.0, "ratio": 12.0}
_INDENTS = {"total": 0, "unit": 0, "group": 0, "line": 1}
_A4 = "9"


def as_xlsx(report: Report) -> bytes:
    """Return a workbook with a sheet for all together and, where there is one, a sheet by unit."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in zip(SHEETS, report.tables, strict=False):
        _Page(book.create_sheet(name), report).draw(rows)
    book.properties.creator = "hoso"
    book.properties.title = report.form.title.vi
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class _Page:
    """A sheet that is filled from the top down."""

    sheet: Worksheet
    report: Report
    row: int = 0

    def draw(self, rows: Sequence[Row]) -> None:
        columns = self.report.form.columns
        for position, column in enumerate(columns, start=1):
            self.sheet.column_dimensions[get_column_letter(position)].width = _WIDTHS[column.kind]
        self._letterhead(columns)
        self._title(columns)
        first = self._headings(columns)
        for row in rows:
            self._line(columns, row)
        self._notes(columns)
        self._signatures(columns)
        self._set_up_print(columns, first)

    def _letterhead(self, columns: Sequence[Column]) -> None:
        form, middle = self.report.form, _middle(columns)
        left = [form.form_number, form.issued_with, f"Đơn vị báo cáo: {self.report.scope_name}"]
        right = [*NATION, "―――――――――――"]
        for number, (one, other) in enumerate(zip([t for t in left if t] + [""] * 3, right, strict=False)):
            row = self._next(height=_height(one, middle[0], columns) if number == 2 else 17)
            issued = one == form.issued_with
            self._text(row, 1, middle[0], one, bold=not issued, italic=issued, align=_LEFT)
            self._text(row, middle[1], len(columns), other, bold=True, size=12 if number == 0 else 13)

    def _title(self, columns: Sequence[Column]) -> None:
        width, report = len(columns), self.report
        self._next(height=8)
        title = report.form.title.vi
        self._text(self._next(height=_height(title, width, columns, size=15)), 1, width, title, bold=True, size=15)
        period = f"Kỳ báo cáo: từ ngày {_day(report.first_day)} đến ngày {_day(report.last_day)}"
        self._text(self._next(height=18), 1, width, period, italic=True, size=13)
        self._text(self._next(height=18), 1, width, report.form.measure, italic=True, align=_RIGHT)

    def _headings(self, columns: Sequence[Column]) -> tuple[int, int]:
        """Draw the rows of headings and the row of column numbers; return the first and the last of them."""
        depth = max(len(column.vi) for column in columns)
        top = self.row + 1
        for level in range(depth):
            self._next(height=30 if level == depth - 1 else 21)
        for box in _boxes(columns, depth):
            self._box(top, box)
        numbers = self._next(height=30)
        for position, column in enumerate(columns, start=1):
            cell = self._cell(numbers, position, column.number, italic=True, align=_CENTRED, size=9)
            cell.border = _BOXED
        return top, numbers

    def _box(self, top: int, box: "_Box") -> None:
        for row in range(top + box.top, top + box.bottom + 1):
            for column in range(box.left, box.right + 1):
                cell = self.sheet.cell(row, column)
                cell.border, cell.fill = _BOXED, _GREY
        self._text(top + box.top, box.left, box.right, box.text, bold=True, last_row=top + box.bottom, size=10)

    def _line(self, columns: Sequence[Column], row: Row) -> None:
        strong = row.style != "line"
        text = row.label.upper() if row.style == "unit" else row.label
        line = self._next(height=3 + 15.0 * ceil(len(text) * (1.12 if strong else 1.0) / 42))
        for position, column in enumerate(columns, start=1):
            cell = self._cell(line, position, _shown(row, column), bold=strong, align=_alignment(row, column))
            cell.border = _BOXED
            cell.number_format = _FORMATS.get(column.kind, "General")
            if strong:
                cell.fill = _GREY if row.style == "total" else _PALE

    def _notes(self, columns: Sequence[Column]) -> None:
        width = len(columns)
        self._next(height=6)
        notes = [*self.report.form.notes, *self.report.notes]
        for number, note in enumerate(notes):
            text = f"Ghi chú: {note.vi}" if number == 0 else note.vi
            row = self._next(height=_height(text, width, columns, size=9))
            self._text(row, 1, width, text, italic=True, size=9, align=_LEFT)

    def _signatures(self, columns: Sequence[Column]) -> None:
        signatures, width = self.report.form.signatures, len(columns)
        if not signatures:
            return
        self._next(height=10)
        spans = _spans(width, columns, len(signatures))
        place = self._next(height=18)
        self._text(place, spans[-1][0], spans[-1][1], "………, ngày …… tháng …… năm ………", italic=True)
        names, below = self._next(height=18), self._next(height=17)
        for number, (title, (left, right)) in enumerate(zip(signatures, spans, strict=True)):
            self._text(names, left, right, title, bold=True)
            how = "(Ký, đóng dấu, ghi rõ họ tên)" if number == len(signatures) - 1 else "(Ký, ghi rõ họ tên)"
            self._text(below, left, right, how, italic=True)
        self._next(height=60)

    def _set_up_print(self, columns: Sequence[Column], headings: tuple[int, int]) -> None:
        sheet, (first, last) = self.sheet, headings
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom, margins.footer = 0.6, 0.7, 0.35
        sheet.print_title_rows = f"{first}:{last}"
        sheet.print_area = f"A1:{get_column_letter(len(columns))}{self.row}"
        sheet.freeze_panes = sheet.cell(last + 1, 3).coordinate
        sheet.oddFooter = HeaderFooterItem(right=_HeaderFooterPart("Trang &P/&N", font=_FACE))
        sheet.sheet_view.showGridLines = False

    def _next(self, *, height: float) -> int:
        self.row += 1
        self.sheet.row_dimensions[self.row].height = height
        return self.row

    def _cell(
        self,
        row: int,
        column: int,
        value: object,
        *,
        bold: bool = False,
        italic: bool = False,
        size: int = 11,
        align: Alignment,
    ) -> Cell:
        cell = self.sheet.cell(row, column)
        assert isinstance(cell, Cell)  # no part of a merged range yet
        cell.value = value  # type: ignore[assignment]  # text, a number or nothing
        if isinstance(value, str):
            cell.data_type = "s"  # what begins like a formula stays text
        cell.font, cell.alignment = Font(name=_FACE, size=size, bold=bold, italic=italic), align
        return cell

    def _text(
        self,
        row: int,
        left: int,
        right: int,
        text: str,
        *,
        last_row: int | None = None,
        bold: bool = False,
        italic: bool = False,
        size: int = 11,
        align: Alignment = _CENTRED,
    ) -> None:
        """Write a text over some columns (and rows), as one cell."""
        self._cell(row, left, text, bold=bold, italic=italic, size=size, align=align)
        if right > left or (last_row or row) > row:
            self.sheet.merge_cells(start_row=row, start_column=left, end_row=last_row or row, end_column=right)


@dataclass(frozen=True)
class _Box:
    """A heading over some columns and rows; rows count from 0."""

    text: str
    left: int
    right: int
    top: int
    bottom: int


def _boxes(columns: Sequence[Column], depth: int) -> Iterable[_Box]:
    """Return the headings as boxes: a group over its columns, a column's own down to the last row."""
    for level in range(depth):
        position = 0
        while position < len(columns):
            path = columns[position].vi[: level + 1]
            right = position
            while right + 1 < len(columns) and columns[right + 1].vi[: level + 1] == path:
                right += 1
            if len(path) == level + 1:
                own = len(columns[position].vi) == level + 1
                yield _Box(path[-1], position + 1, right + 1, level, depth - 1 if own else level)
            position = right + 1


def _shown(row: Row, column: Column) -> object:
    if column.kind == "number":
        return row.number
    return row.label if column.kind == "label" else row.values.get(column.key)


def _alignment(row: Row, column: Column) -> Alignment:
    if column.kind == "label":
        centred = row.style == "total"
        return _CENTRED if centred else _indented(_INDENTS[row.style])
    return _CENTRED if column.kind == "number" else _RIGHT


def _indented(steps: int) -> Alignment:
    return Alignment(horizontal="left", vertical="center", wrap_text=True, indent=steps)


def _middle(columns: Sequence[Column]) -> tuple[int, int]:
    """Return where the left half of the page ends and the right half begins."""
    widths = [_WIDTHS[column.kind] for column in columns]
    left = max(2, next(n for n in range(1, len(widths) + 1) if sum(widths[:n]) >= sum(widths) * 0.48))
    return left, left + 1


def _spans(width: int, columns: Sequence[Column], count: int) -> list[tuple[int, int]]:
    middle = _middle(columns)
    return [(1, middle[0]), (middle[1], width)] if count == 2 else [(1, width)] * count


def _height(text: str, width: int, columns: Sequence[Column], *, size: int = 11) -> float:
    """Return the height a text needs over the first columns: programs do not fit merged cells themselves."""
    letters = sum(_WIDTHS[column.kind] for column in columns[:width]) * 11 / size * 1.05
    return (size * 1.45) * max(1, ceil(len(text) / letters))


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
