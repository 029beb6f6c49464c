"""Makes pages from a drawing in text: each row is placed where a test says, in millimetres."""

from services.ocr.hocr import Box, Line, Word, line_of
from services.ocr.layout import Page

DPI = 200
MM = DPI / 25.4
HEIGHT_MM, LETTER_MM = 3.2, 2.2


def line(text: str, *, x: float, y: float, confidence: float = 96, taller: float = 1) -> Line:
    """Return a line that begins x millimetres from the left and stands at y."""
    words, at = [], x
    for word in text.split(" "):
        width = len(word) * LETTER_MM
        box = Box(at * MM, (y - HEIGHT_MM * (taller - 1)) * MM, (at + width) * MM, (y + HEIGHT_MM) * MM)
        words.append(Word(word, box, confidence))
        at += width + LETTER_MM
    return line_of(tuple(words))


def centred(text: str, *, y: float, middle: float = 110, confidence: float = 96) -> Line:
    """Return a line in the middle of the text."""
    width = len(text) * LETTER_MM
    return line(text, x=middle - width / 2, y=y, confidence=confidence)


def page(*lines: Line, number: int = 1, red: tuple[Line, ...] = ()) -> Page:
    """Return an A4 page with these lines."""
    return Page(number, 210 * MM, 297 * MM, DPI, lines, red)


def head(*, number: str = "Số: 12/QĐ-UBND", date: str = "Hạ Vân, ngày 12 tháng 10 năm 2026") -> tuple[Line, ...]:
    """Return the letterhead of a province, with another number or date row."""
    return (
        centred("ỦY BAN NHÂN DÂN", y=20, middle=50),
        centred("TỈNH HẠ VÂN", y=26, middle=50),
        centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", y=20, middle=147),
        centred("Độc lập - Tự do - Hạnh phúc", y=26, middle=147),
        centred(number, y=34, middle=50),
        centred(date, y=34, middle=147),
    )


BODY = (
    line("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015 thì", x=30, y=90),
    line("các cơ quan, đơn vị có trách nhiệm thi hành Quyết định này theo quy định./.", x=30, y=97),
)
