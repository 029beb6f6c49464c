"""Signs that Vietnamese papers do not have are put right; what may be meant is left alone."""

import pytest

from services.ocr.glyphs import mended
from tests.ocr.pages_of_lines import line


def reading(text: str) -> str:
    """Return what becomes of one line."""
    return mended([line(0, 0, text)])[0].text


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("QUYẾT ÐỊNH", "QUYẾT ĐỊNH"),
        ("số 4§-QÐ/TU", "số 48-QĐ/TU"),
        ("số 48§-QĐ/TU", "số 48-QĐ/TU"),
        ("§. Sở Tư pháp", "8. Sở Tư pháp"),
        ("hồi Ø7 giờ", "hồi 07 giờ"),
        ("lớp ¡0 năm", "lớp 10 năm"),
        ("Lưu: VT, NC (I1b).", "Lưu: VT, NC (11b)."),
        ("ngày l0 hằng tuần", "ngày 10 hằng tuần"),
        ("ngày II tháng 5Š năm 2026", "ngày 11 tháng 5 năm 2026"),
        ("ngày TÌ tháng l năm 2026", "ngày 11 tháng 1 năm 2026"),
        ("~ Như trên;", "- Như trên;"),
    ],
)
def test_what_cannot_be_meant(read: str, printed: str) -> None:
    assert reading(read) == printed


@pytest.mark.parametrize(
    "text", ["Điều I", "II. NỘI DUNG", "Phụ lục III", "5 ~ 7 ngày", "~", "ngày I hằng tuần", "Ll Il", "Škoda", "12b/QĐ"]
)
def test_what_is_left_alone(text: str) -> None:
    assert reading(text) == text


def test_the_raw_reading_is_kept() -> None:
    (found,) = mended([line(0, 0, "QÐ số 5")])
    assert [word.raw for word in found.words] == ["QÐ", None, None]
