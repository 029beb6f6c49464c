"""What citizens of the made-up tỉnh Hạ Vân hand in; every person, number and place is invented."""

from deploy.demo.printing.decree30 import COMMUNE, Signature, national_heading, signatures
from deploy.demo.printing.document import Document, Margins
from deploy.demo.printing.fonts import Style

TITLE = Style("bold", 15)
LEADER_INK = (150, 150, 155)


def declaration(dpi: int) -> Document:
    """Print a form that an applicant filled in with a blue pen."""
    document = Document(dpi, body_pt=13, margins=Margins(top=16, bottom=14, left=28))
    national_heading(document)
    document.centred(["TỜ KHAI"], TITLE, after=0)
    document.centred(["Đề nghị trợ giúp xã hội đột xuất về hỗ trợ sửa chữa nhà ở"], Style("bold", 13), after=3)
    document.centred(["Kính gửi: Ủy ban nhân dân xã Đồi Gió, tỉnh Hạ Vân"], Style(size_pt=13), after=3)
    for heading, fields in DECLARATION_FIELDS:
        document.paragraph(f"**{heading}**", indent=0, after=1)
        for label, value in fields:
            field(document, label, value)
        document.skip(1)
    document.paragraph(
        "Tôi xin cam đoan những nội dung kê khai trên đây là đúng sự thật và chịu trách nhiệm "
        "trước pháp luật về lời khai của mình."
    )
    document.skip(2)
    signatures(
        document,
        [
            Signature(["NGƯỜI TIẾP NHẬN", "(Ký, ghi rõ họ tên)"], "Lò Thị Ngần"),
            Signature(["NGƯỜI KHAI", "(Ký, ghi rõ họ tên)"], "Hà Viết Sương"),
        ],
    )
    return document


def field(document: Document, label: str, value: str) -> None:
    """Print a label and its filled-in value over a dotted line."""
    document.paragraph(f"{label} {{{{{value}}}}}", indent=0, align="left", after=1.7)
    sheet, y = document.sheet, document.y - 1.3
    start = document.left + sheet.line_width([[(label + " ", document.body)]])
    x = start
    while x < document.left + document.width:
        sheet.rule(x, y, x + 0.15, y, weight_mm=0.13, ink=LEADER_INK)
        x += 1.4


DECLARATION_FIELDS = (
    (
        "I. THÔNG TIN CHỦ HỘ",
        (
            ("1. Họ và tên:", "HÀ VIẾT SƯƠNG"),
            ("2. Ngày, tháng, năm sinh:", "09/5/1951"),
            ("3. Giới tính:", "Nam"),
            ("4. Dân tộc:", "Tày"),
            ("5. Số định danh cá nhân:", "000051000002"),
            ("6. Ngày cấp:", "11/3/2023"),
            ("7. Nơi thường trú:", "Thôn Nà Lụa, xã Đồi Gió, tỉnh Hạ Vân"),
            ("8. Số điện thoại:", "0000 000 098"),
        ),
    ),
    (
        "II. TÌNH TRẠNG NHÀ Ở",
        (
            ("9. Loại nhà:", "Nhà cấp 4, mái tôn, xây dựng năm 2009"),
            ("10. Ngày bị thiệt hại:", "22/9/2026"),
            ("11. Nguyên nhân:", "Dông lốc làm tốc mái và nứt tường hồi"),
            ("12. Diện tích hư hỏng:", "38 m2"),
            ("13. Ước thiệt hại:", "41.500.000 đồng"),
        ),
    ),
    (
        "III. NỘI DUNG ĐỀ NGHỊ",
        (
            ("14. Mức hỗ trợ đề nghị:", "20.000.000 đồng"),
            ("15. Hình thức nhận:", "Chuyển khoản"),
            ("16. Giấy tờ kèm theo:", "Biên bản xác minh số 07/BB-TXM, ảnh chụp nhà ở"),
            ("17. Nơi nhận kết quả:", "Trung tâm Phục vụ hành chính công xã Đồi Gió"),
        ),
    ),
)


def authorisation(dpi: int) -> Document:
    """Print a citizen's authorisation, certified by the commune's People's Committee."""
    document = Document(dpi, body_pt=13, margins=Margins(left=28))
    national_heading(document)
    document.centred(["GIẤY ỦY QUYỀN"], TITLE, after=0)
    document.centred(
        ["(Về việc nộp hồ sơ và nhận kết quả giải quyết thủ tục hành chính)"],
        Style("italic", 13),
        after=3,
    )
    for text in AUTHORISATION_TEXT:
        document.paragraph(text)
    document.paragraph("__Đồi Gió, ngày 06 tháng 10 năm 2026__", align="left", indent=94, after=2)
    signatures(
        document,
        [
            Signature(["BÊN ĐƯỢC ỦY QUYỀN", "(Ký, ghi rõ họ tên)"], "Hoàng Thị Sen Cạn"),
            Signature(["BÊN ỦY QUYỀN", "(Ký, ghi rõ họ tên)"], "Lương Thị Mộc"),
        ],
    )
    document.skip(3)
    document.paragraph("**XÁC NHẬN CỦA ỦY BAN NHÂN DÂN XÃ ĐỒI GIÓ**", indent=0, after=1)
    document.paragraph(
        "Xác nhận chữ ký trên là của bà Lương Thị Mộc và bà Hoàng Thị Sen Cạn, đã ký trước mặt "
        "công chức tiếp nhận; số chứng thực 0312, quyển số 02/2026.",
        after=1,
    )
    signatures(
        document,
        [
            Signature(["NGƯỜI TIẾP NHẬN"], "Lò Thị Ngần"),
            Signature(["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "Giàng Seo Lềnh", COMMUNE),
        ],
    )
    return document


AUTHORISATION_TEXT = (
    (
        "**BÊN ỦY QUYỀN:** Bà Lương Thị Mộc, sinh ngày 14 tháng 02 năm 1949; số định danh cá nhân "
        "000049000001; nơi thường trú: Thôn Đầu Ghềnh, xã Đồi Gió, tỉnh Hạ Vân."
    ),
    (
        "**BÊN ĐƯỢC ỦY QUYỀN:** Bà Hoàng Thị Sen Cạn, sinh ngày 01 tháng 6 năm 1974; số định danh cá "
        "nhân 000074000007; nơi thường trú: Thôn Đầu Ghềnh, xã Đồi Gió, tỉnh Hạ Vân; quan hệ: con gái."
    ),
    (
        "**NỘI DUNG ỦY QUYỀN:** Bên được ủy quyền thay mặt bên ủy quyền nộp hồ sơ đề nghị giải quyết "
        "trợ cấp ưu đãi hằng tháng đối với thân nhân người có công, ký nhận giấy hẹn, bổ sung giấy tờ "
        "khi được yêu cầu và nhận kết quả tại Trung tâm Phục vụ hành chính công xã Đồi Gió."
    ),
    "**THỜI HẠN:** Kể từ ngày ký đến khi có kết quả, nhưng không quá ngày 31 tháng 12 năm 2026.",
    "Hai bên đã đọc lại, hiểu rõ quyền, nghĩa vụ của mình và cùng ký tên dưới đây.",
)
