"""A mark of secrecy stops a paper, and nothing that only looks like one does."""

import pickle

import pytest

from services.ocr.extract_marks import is_secret, secrecy_mark
from services.ocr.hocr import Line, line_of
from services.ocr.layout import Page
from tests.ocr.letters import BODY, centred, head, line, page


def marked(text: str, *, x: float = 35, y: float = 45, confidence: float = 92) -> Page:
    """Return a letter with a text standing alone under its number."""
    return page(*head(), line(text, x=x, y=y, confidence=confidence), *BODY)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("MẬT", "MẬT"),
        ("TỐI MẬT", "TỐI MẬT"),
        ("TUYỆT MẬT", "TUYỆT MẬT"),
        ("TÔI MẠT", "TỐI MẬT"),  # marks lost, as capitals lose them
        ("TUYẾT MẬT", "TUYỆT MẬT"),
        ("TUYỆI MẬT", "TUYỆT MẬT"),
        ("TốI MẬT", "TỐI MẬT"),
        ("| MẬT |", "MẬT"),  # a frame
        ("[MẬT]", "MẬT"),
        ("TUYỆT MẬT| _", "TUYỆT MẬT"),
        ("M Ậ T", "MẬT"),
        ("T Ố I M Ậ T", "TỐI MẬT"),
        ("TUYỆTMẬT", "TUYỆT MẬT"),
        ("MẬT KHẨN", "MẬT"),
        ("HỎA TỐC - TỐI MẬT", "TỐI MẬT"),
        ("ĐỘ MẬT: TỐI MẬT", "TỐI MẬT"),
        ("Độ mật: Mật", "MẬT"),
    ],
)
def test_mark_that_stands_alone_makes_a_page_secret(text: str, mark: str) -> None:
    found = secrecy_mark(marked(text))
    assert found is not None
    assert found.value == mark
    assert found.box is not None
    assert is_secret(marked(text))


@pytest.mark.parametrize(
    "text",
    [
        "Mật",  # a given name, a heading of a list
        "mật",
        "BÍ MẬT",
        "BẢO MẬT",
        "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "DANH MỤC BÍ MẬT NHÀ NƯỚC ĐỘ TỐI MẬT",
        "TRẦN VĂN MẬT",
        "XÃ MẬT SƠN",
        "ĐỘ MẬT:",
        "Độ mật: Thường",
        "MẬT ONG",
        "KHẨN",
        "bảo vệ bí mật nhà nước; tài liệu mật được quản lý theo quy định",
    ],
)
def test_what_only_speaks_of_secrets_is_no_mark(text: str) -> None:
    assert not is_secret(marked(text))


def test_mark_may_stand_beside_the_text_of_the_other_column() -> None:
    row = line_of((*line("MẬT", x=40, y=42).words, *line("Hạ Vân, ngày 12 tháng 10", x=115, y=42).words))
    assert is_secret(page(*head()[:5], row, *BODY))


def test_mark_may_stand_near_before_who_is_addressed() -> None:
    row = line_of((*line("TUYỆT MẬT", x=36, y=45).words, *line("Kính gửi:", x=60, y=45).words))
    assert is_secret(page(*head(), row, *BODY))
    row = line_of((*line("TUYỆT MẬT", x=36, y=45).words, *line("là gì", x=58, y=45).words))
    assert not is_secret(page(*head(), row, *BODY))
    row = line_of((*line("MẬT", x=36, y=45).words, *line("ĐỘ", x=47, y=45).words))
    assert not is_secret(page(*head(), row, *BODY))


def test_name_set_apart_in_a_form_is_no_mark() -> None:
    for between_mm in (6, 12):
        row = line_of((*line("NGUYỄN VĂN", x=30, y=60).words, *line("MẬT", x=52 + between_mm, y=60).words))
        assert not is_secret(page(*head(), row, *BODY))


def test_title_broken_before_its_last_word_is_no_mark() -> None:
    rows = (centred("VỀ CÔNG TÁC BẢO VỆ BÍ", y=50), centred("MẬT", y=55))
    assert not is_secret(page(*head(), *rows, *BODY))
    assert is_secret(page(*head(), centred("QUYẾT ĐỊNH", y=50), centred("MẬT", y=55), *BODY))


def test_mark_below_the_head_is_none() -> None:
    assert not is_secret(marked("MẬT", y=200))


def test_red_print_comes_last_and_its_words_share_one_box() -> None:
    words = line("TỐI MẬT", x=35, y=45).words
    box = line_of(words).box
    red = Line(tuple(type(word)(word.text, box, 92) for word in words), box, box.height, 0, box.bottom)
    assert is_secret(page(*head(), *BODY, red))
    assert is_secret(page(*head(), *BODY, red=(red,)))


def test_page_without_a_letterhead_may_be_secret_too() -> None:
    assert is_secret(page(line("TỐI MẬT", x=30, y=20), *BODY))
    assert not is_secret(page())


def test_page_can_be_asked_in_another_process() -> None:
    assert is_secret(pickle.loads(pickle.dumps(marked("MẬT"))))  # noqa: S301  # our own bytes
