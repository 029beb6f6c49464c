"""The invented province and its vocabulary; laws cited by their numbers are real, everything else is not."""

PROVINCES = ("Hạ Vân", "Sơn Khuê", "Tân Ngạn", "Lũng Cẩm")
COMMUNES = ("xã Đồi Gió", "phường Bến Lam", "xã Vọng Nguyệt", "phường Cầu Sỏi", "xã Thạch Lĩnh", "xã Nà Mường")
SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Quách", "Giàng", "Đỗ", "Trịnh", "Mạc", "Hoàng", "Đặng", "Bùi", "Lương",
)  # fmt: skip
MIDDLES = ("Văn", "Thị", "Đình", "Hữu", "Thế", "Ngọc", "Xuân", "Thị Minh", "Quốc", "Viết")
GIVEN = (
    "Thung", "Phong", "Đường", "Khuê", "Ngạn", "Triền", "Sương", "Mộc", "Thềm", "Kiệm", "Lềnh", "Huệ", "Oanh",
    "Tuyển",
)  # fmt: skip

# department, code; each has other functions than the next, so that no name is another's beginning
DEPARTMENTS = (
    ("Sở Nội vụ", "SNV"), ("Sở Tư pháp", "STP"), ("Sở Tài chính", "STC"), ("Sở Y tế", "SYT"),
    ("Sở Xây dựng", "SXD"), ("Sở Giáo dục và Đào tạo", "SGDĐT"), ("Sở Khoa học và Công nghệ", "SKHCN"),
    ("Sở Nông nghiệp và Môi trường", "SNNMT"), ("Thanh tra tỉnh", "TTr"),
    ("Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL"),
)  # fmt: skip
OFFICES = ("VP", "TCCB", "KHTC", "CCHC", "NC", "VX", "KT")

# offices that no list of names has: their case can come from the letter's own text only
UNLISTED = (
    ("Trung tâm Kiểm soát bệnh tật", "TTKSBT"), ("Ban Quản lý các cụm công nghiệp", "BQLCCN"),
    ("Trung tâm Xúc tiến thương mại", "TTXTTM"), ("Chi cục Chăn nuôi và Thú y", "CCCNTY"),
)  # fmt: skip

MATTERS = (
    "số hóa thành phần hồ sơ ngay từ bước tiếp nhận", "kiện toàn Ban Chỉ đạo cải cách hành chính năm 2026",
    "phê duyệt danh mục vị trí việc làm của các đơn vị sự nghiệp",
    "tổ chức hội nghị tổng kết công tác văn thư, lưu trữ",
    "tăng cường phòng cháy, chữa cháy rừng trong mùa hanh khô",
    "rà soát, cập nhật quy trình điện tử giải quyết thủ tục hành chính",
    "hỗ trợ người dân nộp hồ sơ trực tuyến tại bộ phận một cửa", "phân bổ kinh phí sửa chữa trụ sở làm việc",
    "khẩn trương khắc phục hậu quả mưa lũ trên địa bàn tỉnh", "bảo vệ bí mật nhà nước trên môi trường mạng",
    "trợ cấp ưu đãi hằng tháng đối với thân nhân người có công với cách mạng trên địa bàn tỉnh, đợt 10 năm 2026",
    "ban hành Quy chế tiếp nhận, xử lý phản ánh, kiến nghị của cá nhân, tổ chức về quy định hành chính",
    "điều chỉnh chủ trương đầu tư dự án cải tạo, nâng cấp tuyến đường liên xã và hệ thống thoát nước khu trung tâm",
)  # fmt: skip

LAWS = (
    ("Nghị định số", "61/2018/NĐ-CP", "2018-04-23"), ("Nghị định số", "30/2020/NĐ-CP", "2020-03-05"),
    ("Nghị định số", "118/2025/NĐ-CP", "2025-06-09"), ("Thông tư số", "01/2023/TT-VPCP", "2023-04-05"),
    ("Quyết định số", "1143/QĐ-UBND", "2026-05-19"), ("Kế hoạch số", "86/KH-UBND", "2026-02-02"),
    ("Công văn số", "2210/UBND-NC", "2026-07-14"), ("Tờ trình số", "93/TTr-SNV", "2026-03-08"),
    ("Nghị quyết số", "12-NQ/TU", "2025-11-20"),
)  # fmt: skip

BODY = (
    (
        "Các cơ quan, đơn vị bố trí đủ công chức, trang thiết bị và kinh phí để thực hiện nhiệm vụ được giao; "
        "kịp thời báo cáo những khó khăn, vướng mắc phát sinh trong quá trình triển khai."
    ),
    (
        "Người đứng đầu chịu trách nhiệm toàn diện về tiến độ và chất lượng; không để hồ sơ quá hạn mà không có "
        "văn bản xin lỗi theo quy định."
    ),
    (
        "Thông tin, dữ liệu cá nhân của người dân được bảo vệ theo quy định của pháp luật; nghiêm cấm làm lộ "
        "bí mật đời tư."
    ),
    (
        "Hồ sơ giấy sau khi số hóa được bàn giao cho lưu trữ cơ quan; kết quả số hóa có giá trị pháp lý như bản "
        "giấy khi được ký số."
    ),
    (
        "Đề nghị các đơn vị khẩn trương rà soát, đối chiếu số liệu và thống nhất nội dung trước khi trình cấp có "
        "thẩm quyền."
    ),
)  # fmt: skip

COPIES = (
    "Như trên", "Lãnh đạo đơn vị", "Các phòng chuyên môn", "Cổng thông tin điện tử tỉnh", "UBND các xã, phường",
    "Báo tỉnh",
)  # fmt: skip
ADDRESSEES = (
    "Ủy ban nhân dân các xã, phường", "Các sở, ban, ngành", "Trung tâm Phục vụ hành chính công tỉnh",
    "Công an tỉnh", "Các đơn vị sự nghiệp trực thuộc",
)  # fmt: skip
