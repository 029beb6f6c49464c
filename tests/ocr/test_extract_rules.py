"""Each rule of reading a letter, on the smallest page that shows it."""

import dataclasses

import pytest

from services.ocr.extract import extract
from services.ocr.extract_marks import urgency_mark
from services.ocr.fields import Reference
from services.ocr.hocr import Line, line_of
from tests.ocr.letters import BODY, LETTER_MM, centred, head, line, page

WIDE = "Thời gian tiếp nhận hồ sơ và trả kết quả là các ngày làm việc trong tuần"


def value(*lines: Line, name: str, red: tuple[Line, ...] = ()) -> object:
    """Return the value of a field on a page; nothing where there is none."""
    found = extract([page(*lines, red=red)]).get(name)
    return found.value if found else None


@pytest.mark.parametrize(
    ("row", "number", "symbol"),
    [
        ("Số: 12/QĐ-UBND", "12", "QĐ-UBND"),
        ("Số: 12/QÐ-UBND", "12", "QĐ-UBND"),  # eth for đ, as engines write it
        ("Só: O7/CT-UBND", "07", "CT-UBND"),
        ("Số: 42/2022/NĐ-CP", "42", "2022/NĐ-CP"),
        ("Số: 1290/SNV-VP", "1290", "SNV-VP"),
        ("Số: 45-KH/ĐUCS", "45", "KH/ĐUCS"),
        ("Số: 07/TTR-STC", "07", "TTr-STC"),
        ("Số: 07/9Đ-STC", "07", "QĐ-STC"),  # no kind begins with a digit
        ("Số4 73@QĐ-STC", None, "QĐ-STC"),
        ("Số: Ó{ICT-STC", None, "CT-STC"),
        ("SốĐ67GJGXN-STC", None, "GXN-STC"),
        ("Số: /XD/CT-STC", None, "CT-STC"),  # what a pen's digits were read as is no part of the symbol
    ],
)
def test_number_and_symbol_of_state_and_party(row: str, number: str | None, symbol: str) -> None:
    assert value(*head(number=row), *BODY, name="number") == number
    assert value(*head(number=row), *BODY, name="symbol") == symbol


@pytest.mark.parametrize("row", ["Số: /QĐ-UBND", "Số: ## /QĐ-UBND", "Số: ZZ2/QĐ-UBND", "Số4 73@QĐ-UBND"])
def test_blank_or_unreadable_number_is_asked_for_at_its_place(row: str) -> None:
    found = extract([page(*head(number=row), *BODY)])["number"]
    assert (found.value, found.confidence) == (None, 0)
    assert found.box is not None


def test_number_higher_than_print_was_written_by_hand() -> None:
    before, after = line("Số:", x=25, y=34), line("/QĐ-UBND", x=55, y=34)
    for taller, number in ((1.0, "29"), (1.3, None)):
        filled = line("29", x=40, y=34, taller=taller)
        row = line_of((*before.words, *filled.words, *after.words))
        letterhead = [*head()[:4], head()[5], row]
        assert value(*letterhead, *BODY, name="number") == number


def test_day_off_the_printed_line_was_written_by_hand() -> None:
    printed = line("Hạ Vân, ngày 12 tháng 10 năm 2026", x=115, y=34)
    by_hand = line("12", x=115 + 13 * 2.2, y=35.5)
    row = line_of((*printed.words[:3], *by_hand.words, *printed.words[4:]))
    assert value(*head()[:5], row, *BODY, name="date") is None
    assert value(*head()[:5], printed, *BODY, name="date") == "2026-10-12"


def test_month_beside_a_printed_day_is_printed_however_high_its_box() -> None:
    printed = line("Hạ Vân, ngày 12 tháng 8 năm 2026", x=115, y=34)
    for at, date in ((5, "2026-08-12"), (3, None)):
        tall = line(printed.words[at].text, x=115, y=34, taller=1.7).words[0].box
        box = dataclasses.replace(printed.words[at].box, top=tall.top)
        row = line_of(tuple(dataclasses.replace(w, box=box) if w is printed.words[at] else w for w in printed.words))
        assert value(*head()[:5], row, *BODY, name="date") == date


@pytest.mark.parametrize(
    ("row", "date"),
    [
        ("Hạ Vân, ngày 02 tháng II năm 2026", "2026-11-02"),
        ("Hạ Vân, ngày 2] tháng T0 năm 2026", "2026-10-21"),  # ones in italics
        ("Hạ Vân, ngày 05 tháng 0§ năm 2026", "2026-08-05"),
        ("Hạ Vân, ngày 1Š tháng 10 năm 2026", None),  # 15 and 18 have both been read so, and its shape said nothing
        ("Hạ Vân, ngày ')3 tháng 08 năm 2026", None),  # strokes that are no digits are not left out
    ],
)
def test_digits_read_as_letters_are_digits_where_only_a_number_stands(row: str, date: str | None) -> None:
    assert value(*head(date=row), *BODY, name="date") == date


def test_speck_under_the_year_makes_no_pen_of_the_day() -> None:
    printed = line("Hạ Vân, ngày 12 tháng 10 năm 2026", x=115, y=34)
    *before, year = printed.words
    specked = dataclasses.replace(year, box=dataclasses.replace(year.box, bottom=year.box.bottom + 10))
    assert value(*head()[:5], line_of((*before, specked)), *BODY, name="date") == "2026-10-12"


def test_number_in_one_word_with_its_symbol_is_printed_only_as_high_as_its_label() -> None:
    label = line("Số:", x=25, y=34)
    for taller, confidence, number in ((1.0, 60, "29"), (1.3, 60, None), (1.3, 90, "29")):
        joined = line("29/QĐ-UBND", x=40, y=34, taller=taller, confidence=confidence)
        row = line_of((*label.words, *joined.words))
        assert value(*head()[:4], head()[5], row, *BODY, name="number") == number


def test_row_that_a_pen_made_one_word_is_asked_for() -> None:
    for taller, number in ((1.0, "2356"), (1.4, None)):
        row = line("Số:2356/SNV-VX", x=25, y=34, taller=taller, confidence=91)
        assert value(*head()[:4], head()[5], row, *BODY, name="number") == number
        assert value(*head()[:4], head()[5], row, *BODY, name="symbol") == "SNV-VX"


def test_date_over_the_signatures_is_read_where_no_letterhead_has_one() -> None:
    country, title = centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", y=20), centred("TỜ KHAI", y=40)
    closing = line("Đồi Gió, ngày 06 tháng 10 năm 2026", x=110, y=190)
    assert value(country, title, *BODY, closing, name="date") == "2026-10-06"
    assert value(country, title, *BODY, closing, name="place") == "Đồi Gió"
    by_hand = line("Đồi Gió, ngày … tháng … năm 2026", x=110, y=190)
    assert "date" not in extract([page(country, title, *BODY, by_hand)])


def test_place_is_what_the_office_is_named_after() -> None:
    rows = (centred("VĂN PHÒNG UBND", y=20, middle=50), centred("TỈNH LŨNG CẨM", y=26, middle=50), *head()[2:5])
    read = line("Lĩng Cẩm,", x=115, y=34, confidence=30)
    date = line_of((*read.words, *line("ngày 12 tháng 10 năm 2026", x=136, y=34).words))
    assert value(*rows, date, *BODY, name="place") == "Lũng Cẩm"


def test_date_that_no_calendar_has_is_asked_for() -> None:
    assert value(*head(date="Hạ Vân, ngày 31 tháng 02 năm 2026"), *BODY, name="date") is None


def test_marks_and_case_of_the_issuer_come_back() -> None:
    poor = (centred("UY BAN NHAN DÂN", y=20, middle=50), centred("TÍNH CÀ MAU", y=26, middle=50), *head()[2:])
    assert value(*poor, *BODY, name="issuer") == "Ủy ban nhân dân tỉnh Cà Mau"
    assert value(*poor, *BODY, name="issuer_parent") is None


def test_office_under_another_has_a_parent() -> None:
    rows = (
        centred("UBND TỈNH HẠ VÂN", y=20, middle=50),
        centred("SỞ GIAO DỤC VÀ ĐÀO TẠO", y=26, middle=50),
        *head()[2:],
    )
    assert value(*rows, *BODY, name="issuer") == "Sở Giáo dục và Đào tạo"
    assert value(*rows, *BODY, name="issuer_parent") == "UBND tỉnh Hạ Vân"


def test_office_that_no_list_has_is_written_as_the_letter_writes_it() -> None:
    rows = (
        centred("UBND TỈNH HẠ VÂN", y=20, middle=50),
        centred("TRUNG TÂM GIỐNG CÂY TRỒNG", y=26, middle=50),
        *head()[2:],
    )
    body = line("Trung tâm Giống cây trồng thông báo lịch làm việc đến các xã, phường", x=30, y=90)
    assert value(*rows, body, name="issuer") == "Trung tâm Giống cây trồng"


def test_speck_before_an_office_and_marks_lost_in_a_sentence_do_no_harm() -> None:
    rows = (centred("- SỞ Y TẾ", y=20, middle=50), centred("CHI CỤC THÚ Y", y=26, middle=50), *head()[2:])
    told = line("Căn cứ đề nghị của Chỉ cục Thú y thì", x=30, y=80)
    assert value(*rows, told, *BODY, name="issuer") == "Chi cục Thú y"
    assert value(*rows, told, *BODY, name="issuer_parent") == "Sở Y tế"


def test_title_names_the_kind_and_the_lines_beneath_are_the_subject() -> None:
    lines = (
        centred("QUYÉT ĐỊNH", y=50),
        centred("Về việc kiện toàn Ban Chỉ đạo", y=57),
        centred("cải cách hành chính năm", y=63),
        centred("2026", y=69),
    )
    assert value(*head(), *lines, *BODY, name="doc_type") == "Quyết định"
    expected = "Về việc kiện toàn Ban Chỉ đạo cải cách hành chính năm 2026"
    assert value(*head(), *lines, *BODY, name="subject") == expected


def test_letter_without_a_title_has_its_subject_under_the_number() -> None:
    about = (centred("V/v khẩn trương rà soát", y=41, middle=50), centred("hồ sơ tồn đọng", y=46, middle=50))
    letter = (*head(number="Số: 9/UBND-NC"), *about, line("Kính gửi: Sở Nội vụ.", x=80, y=65), *BODY)
    assert value(*letter, name="doc_type") == "Công văn"
    assert value(*letter, name="subject") == "V/v khẩn trương rà soát hồ sơ tồn đọng"
    assert value(*letter, name="urgency") is None


@pytest.mark.parametrize(
    ("title", "kind", "subject"),
    [
        ("TỜ KHAI", "Tờ khai", "Về việc nhà ở"),
        ("TO KHAI ĐĂNG KÝ KHAI SINH", "Tờ khai", "ĐĂNG KÝ KHAI SINH"),
        ("ĐƠN", "Đơn", "Về việc nhà ở"),
        ("ĐƠN ĐỀ NGHỊ", "Đơn", "ĐỀ NGHỊ Về việc nhà ở"),
        ("DON XIN XÁC NHẬN", "Đơn", "XIN XÁC NHẬN"),
        ("GIẤY ỦY QUYỀN", "Giấy ủy quyền", "Về việc nhà ở"),
        ("GIẤY CHỨNG NHẬN", "Giấy chứng nhận", "Về việc nhà ở"),
        ("BIÊN BẢN", "Biên bản", "Về việc nhà ở"),
        ("ĐƠN VỊ TƯ VẤN", None, None),
    ],
)
def test_paper_of_a_citizen_is_what_its_title_says(title: str, kind: str | None, subject: str | None) -> None:
    country = centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", y=20)
    rows = (country, centred(title, y=40), centred("Về việc nhà ở", y=47), line("Kính gửi: UBND xã Hạ.", x=70, y=60))
    assert value(*rows, *BODY, name="doc_type") == kind
    found = value(*rows, *BODY, name="subject")
    assert found is None if subject is None else str(found).startswith(subject)


def test_title_counts_without_a_letterhead_too() -> None:
    rows = (centred("ĐƠN KHIẾU NẠI", y=40), *BODY)
    assert value(*rows, name="doc_type") == "Đơn"


def test_letter_without_number_or_office_is_no_letter_of_an_office() -> None:
    country = centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", y=20)
    rows = (country, line("Kính gửi: Ủy ban nhân dân xã Đồi Gió.", x=70, y=60))
    assert value(*rows, *BODY, name="doc_type") is None
    assert value(*head(number="Số: 9/UBND-NC"), rows[1], *BODY, name="doc_type") == "Công văn"


def test_subject_ends_with_its_parenthesis_and_before_a_paragraph() -> None:
    title = centred("GIẤY ỦY QUYỀN", y=50)
    bracketed = (title, centred("(Về việc nộp hồ sơ)", y=57), centred("BÊN ỦY QUYỀN: Bà Lương Thị Mộc", y=63))
    assert value(*head(), *bracketed, *BODY, name="subject") == "(Về việc nộp hồ sơ)"
    indented, wide = line(WIDE[5:], x=30 + 5 * LETTER_MM, y=63), line(WIDE, x=30, y=70)
    rows = (title, centred("Về việc nộp hồ sơ", y=57), indented, wide, *BODY)
    assert value(*head(), *rows, name="subject") == "Về việc nộp hồ sơ"


def test_bracket_without_its_pair_is_a_speck_in_a_subject() -> None:
    subject = centred("Về việc điều chỉnh (chủ trương", y=57)
    assert value(*head(), centred("CHỈ THỊ", y=50), subject, *BODY, name="subject") == "Về việc điều chỉnh chủ trương"


def test_words_left_of_a_subject_are_a_stamps_and_a_paragraph_is_none_of_it() -> None:
    stamp = line("TRUNG TÂM", x=12, y=57, confidence=40)
    subject = line_of((*stamp.words, *centred("Về việc thi hành án", y=57).words))
    trailing = line(WIDE[14:], x=30 + 14 * LETTER_MM, y=63)
    body = line_of((*line("CV ĐẾN", x=12, y=63, confidence=30).words, *trailing.words))
    rest = line(WIDE, x=30, y=70)
    rows = (centred("CHỈ THỊ", y=50), subject, body, rest)
    assert value(*head(), *rows, name="subject") == "Về việc thi hành án"


@pytest.mark.parametrize("dash_apart", [False, True])
def test_addressees_are_found_beside_stamps_and_behind_dashes_of_their_own(dash_apart: bool) -> None:  # noqa: FBT001
    label, stamp = line("Kính gửi:", x=80, y=65), line("HỎA TỐC", x=20, y=68)
    rows = [
        (line("-", x=90, y=70 + 5 * at), line(name, x=95, y=70 + 5 * at))
        for at, name in enumerate(("Sở Y tế;", "Sở Nội vụ."))
    ]
    listed = [part for row in rows for part in row] if dash_apart else [line_of((*a.words, *b.words)) for a, b in rows]
    assert value(*head(), label, stamp, *listed, *BODY, name="recipients") == ("Sở Y tế", "Sở Nội vụ")


def test_addressees_stand_behind_the_label_or_dashed_beneath_it() -> None:
    one = (*head(), line("Kính gửi: Sở Nội vụ.", x=80, y=65), *BODY)
    assert value(*one, name="recipients") == ("Sở Nội vụ",)
    rows = ("- Sở Nội vụ;", "- Ủy ban nhân dân", "- Công an tỉnh.")
    dashed = [line(row, x=90, y=70 + 5 * at) for at, row in enumerate(rows)]
    more = (*head(), line("Kính gửi:", x=80, y=65), *dashed, *BODY)
    assert value(*more, name="recipients") == ("Sở Nội vụ", "Ủy ban nhân dân", "Công an tỉnh")


def test_addressees_whose_label_was_not_read_are_the_dashed_rows_far_in() -> None:
    rows = [line(row, x=90, y=70 + 5 * at) for at, row in enumerate(("- Sở Nội vụ;", "- Công an tỉnh."))]
    assert value(*head(), *rows, *BODY, name="recipients") == ("Sở Nội vụ", "Công an tỉnh")
    assert value(*head(), rows[0], *BODY, name="recipients") is None
    points = [line(row, x=30, y=70 + 5 * at) for at, row in enumerate(("- Sở Nội vụ;", "- Công an tỉnh."))]
    assert value(*head(), *points, *BODY, name="recipients") is None


def test_list_of_copies_without_the_archive_is_not_sure() -> None:
    rows = [line(row, x=30, y=200 + 5 * at) for at, row in enumerate(("Nơi nhận:", "- Báo tỉnh;", "- Lưu: VT."))]
    whole, cut = (extract([page(*head(), *BODY, *some)])["copied_to"] for some in (rows, rows[:2]))
    assert (whole.value, cut.value) == (("Báo tỉnh", "Lưu: VT"), ("Báo tỉnh",))
    assert whole.confidence > 0.9
    assert cut.confidence < 0.6


def test_list_of_copies_has_the_commas_and_marks_that_the_law_knows() -> None:
    texts = ("Nơi nhận:", "- Cổng thông tin điên tử;", "- Các xã. phường;", "- UBND TP. Huế;", "- Lưu: VT.")
    rows = [line(row, x=30, y=200 + 5 * at) for at, row in enumerate(texts)]
    copies = ("Cổng thông tin điện tử", "Các xã, phường", "UBND TP. Huế", "Lưu: VT")
    assert value(*head(), *BODY, *rows, name="copied_to") == copies


@pytest.mark.parametrize("text", ["HỎA TỐC", "THƯỢNG KHẨN", "KHẨN"])
def test_urgency_is_a_mark_that_stands_alone(text: str) -> None:
    mark = centred(text, y=45, middle=45)
    found = urgency_mark(page(*head(), mark, *BODY))
    assert found is not None
    assert found.value == text
    assert value(*head(), *BODY, name="urgency", red=(mark,)) == text


@pytest.mark.parametrize("text", ["khẩn trương triển khai", "Khẩn", "KHẨN TRƯƠNG"])
def test_urgent_words_are_no_mark(text: str) -> None:
    assert urgency_mark(page(*head(), centred(text, y=45, middle=45), *BODY)) is None


@pytest.mark.parametrize(
    ("titles", "title", "modes"),
    [
        (("GIÁM ĐỐC",), "GIÁM ĐỐC", None),
        (("KT. GIAM ĐÓC", "PHÓ GIÁM ĐỐC"), "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC", ("KT.",)),
        (("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), "TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG", ("TL.",)),
        (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH", ("TM.",)),
        (("TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"), "TUQ. GIÁM ĐỐC / TRƯỞNG PHÒNG", ("TUQ.",)),
        (("Q. CHỦ TỊCH",), "Q. CHỦ TỊCH", ("Q.",)),
        (("_Q.CHỦ TỊCH",), "Q. CHỦ TỊCH", ("Q.",)),
        (("TL. CHỦ TỊCH", "CHÁNH VĂ"), "TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG", ("TL.",)),  # cut by a signature's stroke
    ],
)
def test_signer_title_and_mode(titles: tuple[str, ...], title: str, modes: tuple[str, ...] | None) -> None:
    rows = [centred(text, y=200 + 6 * at, middle=150) for at, text in enumerate(titles)]
    letter = (*head(), *BODY, *rows, centred("Nguyễn Thị Thềm", y=240, middle=150))
    assert value(*letter, name="signer_name") == "Nguyễn Thị Thềm"
    assert value(*letter, name="signer_title") == title
    assert value(*letter, name="signing_mode") == modes


def test_deputy_whose_row_a_seal_hides_is_proposed_without_certainty() -> None:
    rows = (centred("KT. CHỦ TỊCH", y=200, middle=150), centred("Giàng Seo Lềnh", y=240, middle=150))
    found = extract([page(*head(), *BODY, *rows)])["signer_title"]
    assert found.value == "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"
    assert found.confidence < 0.9


def test_seal_under_the_deputy_adds_no_title() -> None:
    texts = ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG", "PHÓ TRƯỞNG BAN")
    rows = [centred(text, y=200 + 6 * at, middle=150) for at, text in enumerate(texts)]
    letter = (*head(), *BODY, *rows, centred("Lê Văn Mộc", y=240, middle=150))
    assert value(*letter, name="signer_title") == "KT. BỘ TRƯỞNG / THỨ TRƯỞNG"


@pytest.mark.parametrize("title", ["TL. GIÁM ĐỐC", "TUQ. GIÁM ĐỐC", "TM. ỦY BAN NHÂN DÂN"])
def test_title_in_anothers_stead_is_not_sure_alone(title: str) -> None:
    rows = (centred(title, y=200, middle=150), centred("Lê Văn Mộc", y=240, middle=150))
    found = extract([page(*head(), *BODY, *rows)])["signer_title"]
    assert found.value == title
    assert found.confidence < 0.9


def test_strokes_that_look_like_a_name_do_not_sign() -> None:
    strokes = centred("Chu Son", y=220, middle=150, confidence=12)
    rows = (centred("GIÁM ĐỐC", y=200, middle=150), strokes, centred("Lê Văn Mộc", y=240, middle=150))
    assert value(*head(), *BODY, *rows, name="signer_name") == "Lê Văn Mộc"


def test_of_a_form_only_the_signature_of_who_hands_it_in_counts() -> None:
    country, title = centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", y=20), centred("TỜ KHAI", y=40)
    official = (centred("NGƯỜI TIẾP NHẬN", y=200, middle=60), centred("Lò Thị Ngần", y=240, middle=60))
    citizen = (centred("NGƯỜI KHAI", y=200, middle=150), centred("Hà Viết Sương", y=240, middle=150))
    assert value(country, title, *BODY, *official, *citizen, name="signer_name") == "Hà Viết Sương"
    assert value(country, title, *BODY, *official, *citizen, name="signer_title") == "NGƯỜI KHAI"
    assert value(country, title, *BODY, *official, name="signer_name") is None


def test_name_whose_titles_a_seal_hides_is_proposed_without_certainty() -> None:
    copies = (line("Nơi nhận:", x=30, y=200), line("- Như trên;", x=30, y=206), line("- Lưu: VT.", x=30, y=212))
    letter = (*head(), *BODY, *copies, centred("ZÑ~ TỊ€H", y=200, middle=150, confidence=20))
    found = extract([page(*letter, centred("Nguyễn Thị Thềm", y=240, middle=150))])
    assert found["signer_name"].value == "Nguyễn Thị Thềm"
    assert found["signer_name"].confidence < 0.9
    assert "signer_title" not in found
    assert value(*letter, centred("Nguyễn Thị Thềm", y=240, middle=150, confidence=40), name="signer_name") is None


def test_names_on_a_level_whose_titles_a_seal_hides_are_all_signers() -> None:
    names = (line("Vũ Thị Thềm", x=50, y=240), line("Lê Văn Mộc", x=130, y=240))
    letter = (*head(), *BODY, *names, line("Nơi nhận:", x=30, y=236))
    assert value(*letter, name="signer_name") == "Vũ Thị Thềm; Lê Văn Mộc"


def test_row_that_a_seal_makes_of_a_title_is_not_said_twice() -> None:
    rows = [centred(text, y=200 + 6 * at, middle=150) for at, text in enumerate(("GIÁM ĐỐC", "GIÁM ĐÓC"))]
    assert value(*head(), *BODY, *rows, centred("Lê Văn Mộc", y=240, middle=150), name="signer_title") == "GIÁM ĐỐC"


def test_name_that_the_paper_writes_alike_elsewhere_is_sure() -> None:
    signed = (centred("THƯ KÝ", y=200, middle=60), centred("Lê Văn Mộc", y=240, middle=60, confidence=75))
    doubtful = extract([page(*head(), *BODY, *signed)])["signer_name"]
    named = line("Thành phần: ông Lê Văn Mộc, công chức Văn hóa - Xã hội", x=30, y=104)
    sure = extract([page(*head(), *BODY, named, *signed)])["signer_name"]
    assert doubtful.value == sure.value == "Lê Văn Mộc"
    assert doubtful.confidence < 0.9 < sure.confidence


def test_two_signatures_side_by_side() -> None:
    rows = [
        *(centred(text, y=200, middle=at) for text, at in (("THƯ KÝ", 60), ("CHỦ TRÌ", 150))),
        *(centred(text, y=240, middle=at) for text, at in (("Lê Văn Mộc", 60), ("Vũ Thị Huệ", 150))),
    ]
    assert value(*head(), *BODY, *rows, name="signer_name") == "Lê Văn Mộc; Vũ Thị Huệ"
    assert value(*head(), *BODY, *rows, name="signer_title") == "THƯ KÝ; CHỦ TRÌ"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Báo cáo trước ngày 20/11/2026 để tổng hợp", ("2026-11-20",)),
        ("Gửi về Sở trước l4 giờ 00 ngày 29/10/2026", ("2026-10-29T14:00",)),
        ("Hoàn thành chậm nhất là ngày 05 tháng II năm 2026", ("2026-11-05",)),
        ("Hạn cuối: ngày 5/11/2026, quá hạn coi như không có ý kiến", ("2026-11-05",)),
        ("Gửi trước 17h00 ngày 30/10/2026", ("2026-10-30T17:00",)),
        ("Áp dụng với hồ sơ nộp trước ngày 01/7/2025", None),  # before the letter's own date
        ("Chi trả trước ngày 10 hằng tháng cho người hưởng", None),
    ],
)
def test_deadline(text: str, due: tuple[str, ...] | None) -> None:
    assert value(*head(), *BODY, line(text, x=30, y=104), name="deadlines") == due


@pytest.mark.parametrize(
    ("rows", "references"),
    [
        (("theo Nghị định số 61/2018/NĐ-CP ngày 23/4/2018",), (Reference("61/2018/NĐ-CP", "2018-04-23"),)),
        (("theo Kế hoạch số §6/KH-UBND ngày 02/02/2026",), (Reference("86/KH-UBND", "2026-02-02"),)),
        (("theo Kế hoạch số 8ó/KH-UBND ngày 02/02/2026",), (Reference("86/KH-UBND", "2026-02-02"),)),
        (("Nghị định số 61/2018/NĐ-CP",), (Reference("61/2018/NĐ-CP"),)),
        (("Quyết định số 1744/QĐ-", "BXD ngày 31/12/2025"), (Reference("1744/QĐ-BXD", "2025-12-31"),)),
        (
            ("số 1743/QĐ-BXD, 1744/QĐ-BXD ngày 31/12/2025",),
            (Reference("1743/QĐ-BXD", "2025-12-31"), Reference("1744/QĐ-BXD", "2025-12-31")),
        ),
        (("Nghị quyết số 12-NQ/TU ngày 20 tháng 11 năm 2025",), (Reference("12-NQ/TU", "2025-11-20"),)),
        (("đạt 3/4 chỉ tiêu, tăng 12/2025",), None),
    ],
)
def test_references(rows: tuple[str, ...], references: tuple[Reference, ...] | None) -> None:
    lines = [line(text, x=30, y=104 + 7 * at) for at, text in enumerate(rows)]
    assert value(*head(), *BODY, *lines, name="references") == references


def test_stamp_of_arrival_that_a_pen_filled_in_is_asked_for() -> None:
    stamp = (
        line("ĐẾN", x=12, y=52),
        line("Số: ###", x=30, y=49, confidence=40),
        line("Ngày: 2/1", x=30, y=55, confidence=50),
    )
    found = extract([page(*head(), *stamp, *BODY)])
    assert found["arrival_number"].value is None
    assert found["arrival_date"].value is None
    assert "arrival_number" not in extract([page(*head(), *BODY)])


def test_stamp_of_arrival_in_print_is_read() -> None:
    stamp = (line("ĐẾN", x=12, y=52), line("Số: 2352", x=30, y=49), line("Ngày: 21/3/2026", x=30, y=55))
    found = extract([page(*head(), *stamp, *BODY)])
    assert found["arrival_number"].value == "2352"
    assert found["arrival_date"].value == "2026-03-21"


def test_paper_without_a_letterhead_has_no_letter_fields() -> None:
    found = extract([page(line("Họ và tên: Lương Thị Mộc", x=30, y=40))])
    assert set(found) == {"page_count"}
    assert extract([]) == {}
