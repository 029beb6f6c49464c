"""Minutes of a visit, set down by the made-up xã Đồi Gió; everything in them is invented."""

from deploy.demo.printing.decree30 import (
    COMMUNE,
    TITLE,
    Letterhead,
    Signature,
    letterhead,
    signatures,
)
from deploy.demo.printing.document import Document


def minutes(dpi: int) -> Document:
    """Print two-page minutes of a visit, signed by three people."""
    document = Document(dpi)
    head = Letterhead(
        parent="UBND XÃ ĐỒI GIÓ",
        issuer="TỔ XÁC MINH",
        number="07/BB-TXM",
        place_and_date="Đồi Gió, ngày 28 tháng 9 năm 2026",
    )
    letterhead(document, head)
    document.centred(["BIÊN BẢN"], TITLE, after=0)
    document.centred(["Xác minh hiện trạng nhà ở của hộ đề nghị", "trợ giúp xã hội đột xuất"], TITLE, after=0.5)
    document.middle_rule(34)
    for text in MINUTES_TEXT:
        document.paragraph(text)
    document.skip(4)
    signatures(
        document,
        [
            Signature(["ĐẠI DIỆN HỘ"], "Hà Viết Sương"),
            Signature(["THƯ KÝ"], "Lò Thị Ngần"),
            Signature(["TỔ TRƯỞNG"], "Giàng Seo Lềnh", COMMUNE),
        ],
    )
    return document


MINUTES_TEXT = (
    (
        "Hôm nay, vào hồi 08 giờ 30 phút ngày 28 tháng 9 năm 2026, tại nhà ông Hà Viết Sương, thôn Nà "
        "Lụa, xã Đồi Gió, tỉnh Hạ Vân, Tổ xác minh của Ủy ban nhân dân xã tiến hành xác minh hiện "
        "trạng nhà ở bị hư hỏng do dông lốc ngày 22 tháng 9 năm 2026."
    ),
    "**I. THÀNH PHẦN**",
    "1. Ông Giàng Seo Lềnh, Phó Chủ tịch Ủy ban nhân dân xã, Tổ trưởng;",
    "2. Bà Lò Thị Ngần, công chức Văn hóa - Xã hội, thư ký;",
    "3. Ông Đào Công Rẫy, Trưởng thôn Nà Lụa;",
    "4. Ông Hà Viết Sương, chủ hộ, số định danh cá nhân 000051000002.",
    "**II. NỘI DUNG XÁC MINH**",
    (
        "1. Nhà ở của hộ là nhà cấp 4, tường gạch, mái lợp tôn, xây dựng năm 2009, diện tích sử dụng "
        "62 m2; hộ có 04 nhân khẩu, trong đó có 01 người cao tuổi và 01 trẻ em dưới 16 tuổi."
    ),
    (
        "2. Thiệt hại: mái nhà bị tốc hoàn toàn phần gian giữa và gian phía đông, khoảng 38 m2; 02 vì "
        "kèo gỗ gãy; tường hồi phía đông nứt dài 2,4 m, không bảo đảm an toàn khi có mưa lớn."
    ),
    (
        "3. Đồ dùng sinh hoạt hư hỏng gồm 01 tủ, 02 giường và một số vật dụng khác, ước giá trị "
        "9.500.000 đồng (Chín triệu năm trăm nghìn đồng)."
    ),
    (
        "4. Hộ đã được dân quân và Nhân dân trong thôn giúp che bạt tạm thời, chuyển người già và trẻ "
        "em sang ở nhờ nhà văn hóa thôn từ ngày 23 tháng 9 năm 2026."
    ),
    "**III. Ý KIẾN CỦA CÁC BÊN**",
    (
        "1. Chủ hộ thống nhất với kết quả xác minh, cam đoan chưa nhận khoản hỗ trợ nào khác cho cùng "
        "thiệt hại và đề nghị được hỗ trợ kinh phí sửa chữa nhà trước mùa đông."
    ),
    "2. Trưởng thôn xác nhận nội dung trình bày của chủ hộ là đúng sự thật.",
    "**IV. KẾT LUẬN**",
    (
        "Hộ ông Hà Viết Sương thuộc đối tượng được xem xét trợ giúp xã hội đột xuất về hỗ trợ sửa chữa "
        "nhà ở. Tổ xác minh đề nghị Chủ tịch Ủy ban nhân dân xã xem xét, quyết định mức hỗ trợ theo "
        "quy định trong thời hạn 02 ngày làm việc."
    ),
    (
        "Biên bản kết thúc vào hồi 10 giờ 15 phút cùng ngày, được lập thành 03 bản có giá trị như "
        "nhau, đã đọc cho mọi người cùng nghe, thống nhất và cùng ký tên./."
    ),
)
