"""Letterheads and signature blocks are read down their left column, then down the right one."""

from services.ocr.reading_order import in_reading_order
from tests.ocr.pages_of_lines import line, texts

BODY = "Thực hiện nội dung các quyết định của Bộ trưởng về việc công bố thủ tục hành chính mới ban hành"


def test_a_letterhead_that_the_engine_joined_is_read_column_by_column() -> None:
    joined = [
        line(100, 100, "SỞ-NỘI-VỤ CỘNG-HÒA-XÃ-HỘI", gaps=[300]),
        line(100, 140, "Số:7/TB-SNV Độc-lập-Tự-do", gaps=[280]),
        line(100, 180, "V/v-nghỉ-lễ"),
        line(60, 300, BODY),
    ]
    found = texts(in_reading_order(joined))
    assert found == ["SỞ-NỘI-VỤ", "Số:7/TB-SNV", "V/v-nghỉ-lễ", "CỘNG-HÒA-XÃ-HỘI", "Độc-lập-Tự-do", BODY]


def test_a_signature_far_below_its_title_comes_after_the_recipients() -> None:
    block = [
        line(60, 100, BODY),
        line(60, 200, "Nơi-nhận: KT.-GIÁM-ĐỐC", gaps=[500]),
        line(60, 232, "-Như-trên; PHÓ-GIÁM-ĐỐC", gaps=[470]),
        line(60, 264, "-Lưu:-VT."),
        line(720, 400, "Đoàn-Văn-Triển"),
    ]
    found = texts(in_reading_order(block))
    right = ["KT.-GIÁM-ĐỐC", "PHÓ-GIÁM-ĐỐC", "Đoàn-Văn-Triển"]
    assert found == [BODY, "Nơi-nhận:", "-Như-trên;", "-Lưu:-VT.", *right]


def test_a_title_that_begins_higher_than_the_recipients_stays_with_its_column() -> None:
    block = [line(720, 170, "TM.-ỦY-BAN"), line(60, 205, "Nơi-nhận: CHỦ-TỊCH", gaps=[500]), line(60, 237, "-Lưu:-VT.")]
    assert texts(in_reading_order(block)) == ["Nơi-nhận:", "-Lưu:-VT.", "TM.-ỦY-BAN", "CHỦ-TỊCH"]


def test_three_who_sign_side_by_side_are_read_one_after_the_other() -> None:
    block = [
        line(60, 200, "ĐẠI-DIỆN THƯ-KÝ CHỦ-TRÌ", gaps=[200, 300]),
        line(60, 400, "Huệ", gaps=[]),
        line(360, 400, "Sương"),
        line(740, 400, "Tuyển"),
    ]
    assert texts(in_reading_order(block)) == ["ĐẠI-DIỆN", "Huệ", "THƯ-KÝ", "Sương", "CHỦ-TRÌ", "Tuyển"]


def test_a_gap_that_stands_out_among_its_line_s_gaps_parts_the_line() -> None:
    head = [
        line(100, 100, "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI", gaps=[-6, -6, -6, 24, -6, -6, -6]),
        line(100, 140, "TỈNH"),
    ]
    assert texts(in_reading_order(head)) == ["ỦY BAN NHÂN DÂN", "TỈNH", "CỘNG HÒA XÃ HỘI"]
    wide = [line(100, 100, "Căn cứ Luật Tổ chức chính quyền", gaps=[18, 18, 22, 18, 18, 18])]
    assert in_reading_order(wide) == wide


def test_running_text_keeps_its_order_and_its_lines() -> None:
    body = [line(60, 100 + 40 * place, BODY) for place in range(4)]
    assert in_reading_order(body) == body


def test_a_paragraph_under_a_letterhead_is_not_its_left_column() -> None:
    page = [line(100, 100, "SỞ-NỘI-VỤ CỘNG-HÒA", gaps=[400]), line(60, 240, "Kính-gửi:"), line(700, 280, "-Sở-Y-tế.")]
    assert texts(in_reading_order(page)) == ["SỞ-NỘI-VỤ", "CỘNG-HÒA", "Kính-gửi:", "-Sở-Y-tế."]
