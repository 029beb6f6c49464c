"""One-page papers that offices of the made-up tỉnh Hạ Vân issue.

The laws and decrees cited are real; every office, person, number and amount is invented.
"""

from deploy.demo.printing.decree30 import (
    CENTRE,
    COMMUNE,
    HOME_AFFAIRS,
    TITLE,
    Letterhead,
    Signature,
    closing,
    letterhead,
)
from deploy.demo.printing.document import Document


def official_letter(dpi: int) -> Document:
    """Print a one-page công văn: its subject stands under the number."""
    document = Document(dpi)
    head = Letterhead(
        parent="UBND TỈNH HẠ VÂN",
        issuer="SỞ NỘI VỤ",
        number="1290/SNV-VP",
        place_and_date="Hạ Vân, ngày 19 tháng 10 năm 2026",
        subject=("V/v số hóa thành phần hồ sơ ngay", "từ bước tiếp nhận"),
    )
    letterhead(document, head)
    document.paragraph("Kính gửi:", align="left", indent=40, after=1)
    for recipient in (
        "- Ủy ban nhân dân các xã, phường;",
        "- Trung tâm Phục vụ hành chính công tỉnh.",
    ):
        document.paragraph(recipient, align="left", indent=48, after=1)
    document.skip(3)
    for text in LETTER_TEXT:
        document.paragraph(text)
    closing(
        document,
        recipients=[
            "- Như trên;",
            "- Giám đốc Sở (để báo cáo);",
            "- Các phòng thuộc Sở;",
            "- Lưu: VT, VP.",
        ],
        signature=Signature(["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "Trịnh Thị Hải Đường", HOME_AFFAIRS),
    )
    return document


LETTER_TEXT = (
    (
        "Thực hiện Thông tư số 01/2023/TT-VPCP ngày 05 tháng 4 năm 2023 của Bộ trưởng, Chủ nhiệm Văn "
        "phòng Chính phủ và Kế hoạch số 86/KH-UBND ngày 02 tháng 02 năm 2026 của Ủy ban nhân dân tỉnh, "
        "Sở Nội vụ đề nghị các đơn vị thực hiện một số nội dung sau:"
    ),
    (
        "1. Quét và số hóa toàn bộ thành phần hồ sơ thuộc lĩnh vực Người có công, Việc làm ngay khi "
        "tiếp nhận; ảnh quét màu, độ phân giải tối thiểu 200 dpi, mỗi loại giấy tờ một tệp riêng."
    ),
    (
        "2. Không yêu cầu người dân nộp lại giấy tờ đã được số hóa và còn giá trị sử dụng; tái sử dụng "
        "kết quả số hóa trong kho dữ liệu điện tử của tổ chức, cá nhân."
    ),
    (
        "3. Kiểm tra số định danh, họ tên và ngày cấp trước khi lưu; trường hợp chữ mờ, con dấu đè lên "
        "chữ thì chuyển công chức được giao xác nhận lại bằng mắt thường."
    ),
    (
        "4. Báo cáo kết quả về Sở Nội vụ trước ngày 25 tháng 11 năm 2026, nêu rõ số hồ sơ đã tiếp "
        "nhận, số hồ sơ đã số hóa và nguyên nhân chưa số hóa (nếu có)."
    ),
    (
        "Trong quá trình thực hiện, nếu có vướng mắc, đề nghị các đơn vị liên hệ Văn phòng Sở (ông Bàn "
        "Văn Kiệm, điện thoại 0000.000.098) để được hướng dẫn./."
    ),
)


def notice(dpi: int) -> Document:
    """Print a one-page notice of the province's one-stop centre."""
    document = Document(dpi)
    head = Letterhead(
        parent="VĂN PHÒNG UBND TỈNH HẠ VÂN",
        issuer="TRUNG TÂM PVHCC TỈNH",
        number="88/TB-TTPVHCC",
        place_and_date="Hạ Vân, ngày 02 tháng 11 năm 2026",
    )
    letterhead(document, head)
    document.centred(["THÔNG BÁO"], TITLE, after=0)
    document.centred(
        ["Lịch tiếp nhận và trả kết quả giải quyết thủ tục hành chính", "tháng 11 năm 2026"],
        TITLE,
        after=0.5,
    )
    document.middle_rule(44)
    for text in NOTICE_TEXT:
        document.paragraph(text)
    closing(
        document,
        recipients=[
            "- Văn phòng UBND tỉnh;",
            "- Các sở, ban, ngành;",
            "- UBND các xã, phường;",
            "- Niêm yết tại Trung tâm;",
            "- Lưu: VT.",
        ],
        signature=Signature(["GIÁM ĐỐC"], "Mạc Thế Phong", CENTRE),
    )
    return document


NOTICE_TEXT = (
    (
        "Căn cứ quy chế hoạt động của Trung tâm Phục vụ hành chính công tỉnh Hạ Vân, Trung tâm thông "
        "báo lịch làm việc tháng 11 năm 2026 như sau:"
    ),
    (
        "1. Thời gian tiếp nhận và trả kết quả: từ thứ Hai đến thứ Sáu hằng tuần; buổi sáng từ 07 giờ "
        "00 đến 11 giờ 30, buổi chiều từ 13 giờ 30 đến 17 giờ 00."
    ),
    (
        "2. Ngày 24 tháng 11 năm 2026 (thứ Ba) Trung tâm nghỉ lễ. Hồ sơ có hạn trả kết quả trong ngày "
        "này được trả vào ngày 25 tháng 11 năm 2026."
    ),
    (
        "3. Tổ chức, cá nhân có thể nộp hồ sơ trực tuyến hoặc qua dịch vụ bưu chính công ích vào mọi "
        "thời điểm; hồ sơ nộp sau 17 giờ 00 được tính từ ngày làm việc tiếp theo."
    ),
    "4. Người cao tuổi, người khuyết tật và phụ nữ mang thai được ưu tiên tại quầy số 02.",
    "Trung tâm trân trọng thông báo để tổ chức, cá nhân được biết và liên hệ công việc./.",
)


def confirmation(dpi: int) -> Document:
    """Print a commune's one-page confirmation for one citizen."""
    document = Document(dpi)
    head = Letterhead(
        parent="ỦY BAN NHÂN DÂN",
        issuer="XÃ ĐỒI GIÓ",
        number="215/GXN-UBND",
        place_and_date="Đồi Gió, ngày 05 tháng 10 năm 2026",
    )
    letterhead(document, head)
    document.skip(4)
    document.centred(["GIẤY XÁC NHẬN", "Về việc thờ cúng liệt sĩ"], TITLE, after=0.5)
    document.middle_rule(30)
    document.centred(["ỦY BAN NHÂN DÂN XÃ ĐỒI GIÓ XÁC NHẬN:"], TITLE, after=3)
    for text in CONFIRMATION_TEXT:
        document.paragraph(text)
    closing(
        document,
        recipients=["- Bà Lương Thị Mộc;", "- Lưu: VT, VHXH."],
        signature=Signature(["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "Giàng Seo Lềnh", COMMUNE),
    )
    return document


CONFIRMATION_TEXT = (
    "Bà: **LƯƠNG THỊ MỘC**, sinh ngày 14 tháng 02 năm 1949.",
    "Số định danh cá nhân: 000049000001.",
    "Nơi thường trú: Thôn Đầu Ghềnh, xã Đồi Gió, tỉnh Hạ Vân.",
    "Là vợ của liệt sĩ Hoàng Văn Dốc, hy sinh ngày 30 tháng 3 năm 1972; Bằng Tổ quốc ghi công số HV-000072.",
    (
        "Bà Lương Thị Mộc hiện là người trực tiếp thờ cúng liệt sĩ theo biên bản họp gia đình ngày 20 "
        "tháng 9 năm 2026, có chữ ký của toàn bộ thân nhân đang sống của liệt sĩ."
    ),
    (
        "Giấy xác nhận này được cấp theo đề nghị của bà Lương Thị Mộc để bổ sung hồ sơ đề nghị hưởng "
        "trợ cấp thờ cúng liệt sĩ và có giá trị trong thời hạn 06 tháng kể từ ngày ký./."
    ),
)
