"""A decision of the made-up Sở Nội vụ tỉnh Hạ Vân, with a landscape annex.

The laws and decrees cited are real; every office, person, number and amount is invented.
"""

from deploy.demo.printing.decree30 import (
    HOME_AFFAIRS,
    TITLE,
    Letterhead,
    Signature,
    closing,
    letterhead,
)
from deploy.demo.printing.document import Document
from deploy.demo.printing.fonts import Style
from deploy.demo.printing.table import table


def decision(dpi: int) -> Document:
    """Print a three-page decision: two pages of articles and a landscape annex with a table."""
    document = Document(dpi)
    head = Letterhead(
        parent="UBND TỈNH HẠ VÂN",
        issuer="SỞ NỘI VỤ",
        number="457/QĐ-SNV",
        place_and_date="Hạ Vân, ngày 12 tháng 10 năm 2026",
    )
    letterhead(document, head)
    document.centred(["QUYẾT ĐỊNH"], TITLE, after=0)
    subject = [
        "Về việc trợ cấp ưu đãi hằng tháng đối với thân nhân",
        "người có công trên địa bàn tỉnh Hạ Vân, đợt 10 năm 2026",
    ]
    document.centred(subject, TITLE, after=0.5)
    document.middle_rule(52)
    document.centred(["GIÁM ĐỐC SỞ NỘI VỤ TỈNH HẠ VÂN"], TITLE, after=2)
    for ground in DECISION_GROUNDS:
        document.paragraph(f"__{ground}__")
    document.skip(1)
    document.centred(["QUYẾT ĐỊNH:"], TITLE, after=1)
    for article in DECISION_ARTICLES:
        document.paragraph(article)
    closing(
        document,
        recipients=[
            "- Như Điều 4;",
            "- UBND tỉnh (để báo cáo);",
            "- Giám đốc, các Phó Giám đốc Sở;",
            "- Cổng thông tin điện tử Sở;",
            "- Lưu: VT, NCC (05b).",
        ],
        signature=Signature(["GIÁM ĐỐC"], "Quách Đình Thung", HOME_AFFAIRS),
    )
    decision_annex(document)
    return document


DECISION_GROUNDS = (
    (
        "Căn cứ Nghị định số 131/2021/NĐ-CP ngày 30 tháng 12 năm 2021 của Chính phủ quy định chi tiết "
        "và biện pháp thi hành Pháp lệnh Ưu đãi người có công với cách mạng;"
    ),
    (
        "Căn cứ Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ về thực hiện thủ "
        "tục hành chính theo cơ chế một cửa, một cửa liên thông tại Bộ phận Một cửa và Cổng Dịch vụ "
        "công quốc gia;"
    ),
    (
        "Căn cứ Quyết định số 01/2025/QĐ-UBND ngày 01 tháng 7 năm 2025 của Ủy ban nhân dân tỉnh Hạ Vân "
        "quy định chức năng, nhiệm vụ, quyền hạn và cơ cấu tổ chức của Sở Nội vụ;"
    ),
    "Theo đề nghị của Trưởng phòng Người có công tại Tờ trình số 93/TTr-NCC ngày 08 tháng 10 năm 2026.",
)

DECISION_ARTICLES = (
    (
        "**Điều 1.** Trợ cấp ưu đãi hằng tháng đối với 06 (sáu) thân nhân người có công có tên trong "
        "danh sách kèm theo Quyết định này."
    ),
    "Mức trợ cấp: 2.055.000 đồng/người/tháng (Hai triệu không trăm năm mươi lăm nghìn đồng).",
    "Thời điểm hưởng: từ ngày 01 tháng 11 năm 2026.",
    (
        "**Điều 2.** Kinh phí thực hiện được bố trí từ nguồn ngân sách trung ương ủy quyền cho Sở Nội "
        "vụ năm 2026. Việc chi trả thực hiện qua tài khoản ngân hàng của người hưởng trước ngày 10 "
        "hằng tháng; trường hợp người hưởng không có tài khoản thì chi trả trực tiếp tại Ủy ban nhân "
        "dân cấp xã nơi người hưởng thường trú."
    ),
    (
        "**Điều 3.** Phòng Người có công có trách nhiệm lập sổ theo dõi, số hóa và lưu trữ hồ sơ của "
        "từng người hưởng; chuyển kết quả giải quyết đến Trung tâm Phục vụ hành chính công tỉnh để trả "
        "cho người nộp hồ sơ trong thời hạn 01 ngày làm việc kể từ ngày ký Quyết định này."
    ),
    (
        "Ủy ban nhân dân cấp xã thông báo cho Sở Nội vụ khi người hưởng thay đổi nơi cư trú, từ trần "
        "hoặc không còn đủ điều kiện hưởng, chậm nhất sau 05 ngày làm việc kể từ khi có thay đổi."
    ),
    (
        "**Điều 4.** Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Sở, Trưởng phòng Người "
        "có công, Trưởng phòng Kế hoạch - Tài chính, Chủ tịch Ủy ban nhân dân xã Đồi Gió, Chủ tịch Ủy "
        "ban nhân dân phường Bến Lam và các ông, bà có tên tại Điều 1 chịu trách nhiệm thi hành Quyết "
        "định này./."
    ),
)


def decision_annex(document: Document) -> None:
    """Print the decision's list on a landscape page."""
    document.add_sheet(landscape=True)
    document.centred(["DANH SÁCH THÂN NHÂN NGƯỜI CÓ CÔNG HƯỞNG TRỢ CẤP HẰNG THÁNG"], TITLE, after=0)
    document.centred(
        ["(Kèm theo Quyết định số 457/QĐ-SNV ngày 12 tháng 10 năm 2026 của Giám đốc Sở Nội vụ)"],
        Style("italic", 13),
        after=5,
    )
    table(
        document,
        widths_mm=(13, 52, 24, 42, 62, 30, 26),
        header=(
            "STT",
            "Họ và tên",
            "Năm sinh",
            "Số định danh cá nhân",
            "Nơi thường trú",
            "Mức hưởng (đồng)",
            "Hưởng từ",
        ),
        rows=ANNEX_ROWS,
        centred=(0, 2, 3, 5, 6),
    )
    document.skip(5)
    document.paragraph("__Danh sách gồm 06 người; tổng mức trợ cấp 12.330.000 đồng/tháng.__")


ANNEX_ROWS = (
    (
        "1",
        "Lương Thị Mộc",
        "1949",
        "000049000001",
        "Thôn Đầu Ghềnh, xã Đồi Gió",
        "2.055.000",
        "11/2026",
    ),
    (
        "2",
        "Hà Viết Sương",
        "1951",
        "000051000002",
        "Thôn Nà Lụa, xã Đồi Gió",
        "2.055.000",
        "11/2026",
    ),
    ("3", "Vi Thị Khuê", "1946", "000046000003", "Tổ 3, phường Bến Lam", "2.055.000", "11/2026"),
    ("4", "Đoàn Văn Triền", "1953", "000053000004", "Tổ 8, phường Bến Lam", "2.055.000", "11/2026"),
    (
        "5",
        "Nguyễn Thị Thềm",
        "1948",
        "000048000005",
        "Thôn Vọng Nguyệt, xã Đồi Gió",
        "2.055.000",
        "11/2026",
    ),
    ("6", "Phùng Hữu Ngạn", "1950", "000050000006", "Tổ 1, phường Bến Lam", "2.055.000", "11/2026"),
)
