"""The words that names of offices, titles and places are made of, as people write them.

Letterheads print them in capitals, where an engine loses most marks; a folded match gives marks and
case back. General vocabulary of Vietnamese administration (Law on the Organisation of Local
Government, Decrees 45/2025 and 150/2025 on specialised offices) and the names of the 63 provinces
until 2025-06-30, among them those of the 34 since (Resolution 202/2025/QH15).
"""

from services.ocr.folding import fold

# An issuing office begins with one of these; a new line that begins with one is a new office.
OFFICE_HEADS = (
    "Ủy ban nhân dân", "Ủy ban Mặt trận", "Ủy ban", "UBND", "UBMTTQ", "Hội đồng nhân dân", "HĐND", "Hội đồng",
    "Quốc hội",
    "Chính phủ", "Thủ tướng Chính phủ", "Văn phòng", "Bộ", "Sở", "Ban", "Phòng", "Cục", "Chi cục", "Tổng cục",
    "Vụ", "Viện",
    "Thanh tra", "Trung tâm", "Trường", "Học viện", "Bệnh viện", "Trạm", "Đội", "Công an", "Công ty", "Tổng công ty",
    "Tòa án nhân dân", "Viện kiểm sát nhân dân", "Kho bạc Nhà nước", "Ngân hàng", "Bảo hiểm xã hội", "Hội",
    "Liên đoàn",
    "Đoàn", "Đảng ủy", "Đảng bộ", "Chi bộ", "Tỉnh ủy", "Thành ủy", "Huyện ủy", "Quận ủy", "Thị ủy", "Đảng đoàn",
    "Ban Chỉ đạo", "Ban Chấp hành", "Ban Thường vụ", "Ban Quản lý", "Tổ công tác", "Tổ", "Hội đồng nghiệm thu", "Thuế",
)  # fmt: skip

# A line that begins with one of these says of which place the office above it is.
PLACE_LEVELS = (
    "tỉnh",
    "thành phố",
    "quận",
    "huyện",
    "thị xã",
    "phường",
    "xã",
    "thị trấn",
    "đặc khu",
    "thôn",
    "khu phố",
)

_FIELDS = (
    "Nội vụ", "Tư pháp", "Tài chính", "Công Thương", "Nông nghiệp và Môi trường",
    "Nông nghiệp và Phát triển nông thôn",
    "Xây dựng", "Giao thông vận tải", "Khoa học và Công nghệ", "Giáo dục và Đào tạo", "Y tế", "Ngoại giao",
    "Quốc phòng",
    "Văn hóa, Thể thao và Du lịch", "Văn hóa và Thể thao", "Du lịch", "Thông tin và Truyền thông",
    "Dân tộc và Tôn giáo",
    "Dân tộc", "Tài nguyên và Môi trường", "Lao động - Thương binh và Xã hội", "Kế hoạch và Đầu tư", "Công an",
    "Quy hoạch - Kiến trúc", "Kinh tế, Hạ tầng và Đô thị", "Kinh tế", "Văn hóa - Xã hội", "Thanh tra", "Ngoại vụ",
    "Người có công", "Tổ chức cán bộ", "Cải cách hành chính", "Tổ chức", "Tuyên giáo", "Dân vận", "Kiểm tra",
)  # fmt: skip
_UNITS = ("Sở", "Bộ", "Phòng", "Ban", "Thanh tra", "Chi cục", "Cục", "Trung tâm", "Trường", "Văn phòng", "Đảng ủy")
_PHRASES = (
    *OFFICE_HEADS, *PLACE_LEVELS, *_FIELDS,
    "Phục vụ hành chính công", "Kiểm soát thủ tục hành chính", "Hội đồng nhân dân và Ủy ban nhân dân",
    "Đảng Cộng sản Việt Nam",
    "Mặt trận Tổ quốc Việt Nam", "Đoàn đại biểu Quốc hội", "Cộng hòa xã hội chủ nghĩa Việt Nam", "Trung ương",
    "Bảo trợ xã hội",
    "trung học phổ thông", "trung học cơ sở", "tiểu học", "mầm non", "đa khoa", "Đại học", "Cao đẳng",
    "giáo dục thường xuyên",
    "một cửa", "các", "của", "và", "khu vực", "về", "cấp", "Tổ chức", "Chỉ đạo", "Quản lý", "Điều hành",
    "khu công nghiệp",
    "Quỹ", "Đầu tư phát triển", "Bộ đội Biên phòng", "Bộ Chỉ huy quân sự", "Kiểm lâm", "Dự án", "Nhà nước", "thuộc",
)  # fmt: skip

# What may stand over a signature, besides an office's name; the deputy of a head signs under KT.
DEPUTIES = {
    "CHỦ TỊCH": "PHÓ CHỦ TỊCH", "GIÁM ĐỐC": "PHÓ GIÁM ĐỐC", "BỘ TRƯỞNG": "THỨ TRƯỞNG", "THỦ TƯỚNG": "PHÓ THỦ TƯỚNG",
    "CHÁNH VĂN PHÒNG": "PHÓ CHÁNH VĂN PHÒNG", "BÍ THƯ": "PHÓ BÍ THƯ", "CỤC TRƯỞNG": "PHÓ CỤC TRƯỞNG",
    "CHI CỤC TRƯỞNG": "PHÓ CHI CỤC TRƯỞNG", "TRƯỞNG PHÒNG": "PHÓ TRƯỞNG PHÒNG", "HIỆU TRƯỞNG": "PHÓ HIỆU TRƯỞNG",
    "TRƯỞNG BAN": "PHÓ TRƯỞNG BAN", "CHÁNH THANH TRA": "PHÓ CHÁNH THANH TRA", "VỤ TRƯỞNG": "PHÓ VỤ TRƯỞNG",
    "VIỆN TRƯỞNG": "PHÓ VIỆN TRƯỞNG", "CHÁNH ÁN": "PHÓ CHÁNH ÁN", "TỔNG GIÁM ĐỐC": "PHÓ TỔNG GIÁM ĐỐC",
    "TỔNG CỤC TRƯỞNG": "PHÓ TỔNG CỤC TRƯỞNG", "TRƯỞNG TRẠM": "PHÓ TRƯỞNG TRẠM", "CHỦ NHIỆM": "PHÓ CHỦ NHIỆM",
}  # fmt: skip
# Over the signature of who hands a paper in; an official who signs beside receives or certifies it.
DECLARANTS = (
    "NGƯỜI LÀM ĐƠN",
    "NGƯỜI VIẾT ĐƠN",
    "NGƯỜI KHAI",
    "NGƯỜI ĐỀ NGHỊ",
    "NGƯỜI YÊU CẦU",
    "NGƯỜI KHIẾU NẠI",
    "NGƯỜI TỐ CÁO",
    "NGƯỜI CAM ĐOAN",
    "NGƯỜI CAM KẾT",
    "NGƯỜI TƯỜNG TRÌNH",
    "NGƯỜI ỦY QUYỀN",
    "BÊN ỦY QUYỀN",
    "NGƯỜI ĐƯỢC ỦY QUYỀN",
    "BÊN ĐƯỢC ỦY QUYỀN",
    "CHỦ HỘ",
)
TITLES = (
    *DEPUTIES, *DEPUTIES.values(), "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH",
    "THỦ TRƯỞNG", "ỦY VIÊN",
    "CHỦ TỌA", "CHỦ TRÌ", "THƯ KÝ", "NGƯỜI LẬP", "KẾ TOÁN TRƯỞNG", "ĐẠI DIỆN", "TRƯỞNG CÔNG AN",
    "PHÓ BÍ THƯ THƯỜNG TRỰC", "PHÓ CHỦ TỊCH THƯỜNG TRỰC", "THƯỜNG TRỰC", "TỔ TRƯỞNG", "TỔ PHÓ", "ĐỘI TRƯỞNG",
    "TRƯỞNG ĐOÀN", "TRƯỞNG THÔN", "NGƯỜI TIẾP NHẬN", "NGƯỜI CHỨNG KIẾN", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", *DECLARANTS,
)  # fmt: skip

PROVINCES = (
    "An Giang", "Bà Rịa - Vũng Tàu", "Bạc Liêu", "Bắc Giang", "Bắc Kạn", "Bắc Ninh", "Bến Tre", "Bình Dương",
    "Bình Định",
    "Bình Phước", "Bình Thuận", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Đắk Nông", "Điện Biên",
    "Đồng Nai",
    "Đồng Tháp", "Gia Lai", "Hà Giang", "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hải Dương", "Hải Phòng", "Hậu Giang",
    "Hòa Bình",
    "Huế", "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum", "Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Long An",
    "Nam Định", "Nghệ An", "Ninh Bình", "Ninh Thuận", "Phú Thọ", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi",
    "Quảng Ninh", "Quảng Trị", "Sóc Trăng", "Sơn La", "Tây Ninh", "Thái Bình", "Thái Nguyên", "Thanh Hóa",
    "Thừa Thiên Huế",
    "Tiền Giang", "Hồ Chí Minh", "Trà Vinh", "Tuyên Quang", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái",
)  # fmt: skip


def _keys(phrases: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    # in a name's own order: the first spelling of a folded phrase is the one that counts
    known: dict[tuple[str, ...], str] = {}
    for phrase in phrases:
        known.setdefault(tuple(fold(phrase).split()), phrase)
    return known


OFFICE_WORDS = _keys((*(f"{unit} {field}" for unit in _UNITS for field in _FIELDS), *_PHRASES, *PROVINCES))
TITLE_WORDS = _keys((*TITLES, *(phrase.upper() for phrase in OFFICE_WORDS.values())))
PLACES = _keys(PROVINCES)
HEADS = frozenset(tuple(fold(head).split()) for head in OFFICE_HEADS)
LEVELS = frozenset(tuple(fold(level).split()) for level in PLACE_LEVELS)
