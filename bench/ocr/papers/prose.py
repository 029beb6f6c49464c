"""Draws the sentences of official papers by lot; offices, people, places and amounts are invented."""

import datetime as dt
import random
import re
from collections.abc import Callable

from bench.ocr.made import words

SLOT = re.compile(r"\{(\w+)\}")
FIRST_DAY = dt.date(2026, 1, 5)

VILLAGES = ("Nà Lụa", "Đầu Ghềnh", "Khuổi Lếch", "Vằng Chỏ", "Ao Sậy", "Tràng Kênh Hạ", "Phiêng Ngoạng", "Cổ Rồng")
FIELDS = (
    "hộ tịch", "đất đai", "người có công", "bảo trợ xã hội", "lâm nghiệp", "xây dựng", "việc làm", "thủy sản",
    "giáo dục nghề nghiệp", "an toàn thực phẩm", "chứng thực", "đường bộ", "quảng cáo", "lý lịch tư pháp",
)  # fmt: skip
GOODS = (
    "máy quét tài liệu khổ A3", "bàn ghế tiếp công dân", "thiết bị lưu điện", "giá sắt để hồ sơ", "máy phát điện",
    "phao cứu sinh", "vở ghi và sách giáo khoa", "quạt trần", "bồn chứa nước sạch", "tủ thuốc dùng chung",
)  # fmt: skip
WORKS = (
    "kè chống sạt lở bờ hữu sông Ngạn", "trạm bơm tiêu úng Cầu Sỏi", "nhà văn hóa liên thôn", "đường vào khu sản xuất",
    "trường mầm non phường Bến Lam", "hệ thống chiếu sáng công cộng", "chợ trung tâm xã Vọng Nguyệt",
    "cầu treo dân sinh Khuổi Lếch",
)  # fmt: skip

SENTENCES = (
    "Rà soát, thống kê đầy đủ {n} hồ sơ thuộc lĩnh vực {field} còn tồn đọng đến hết ngày {day}, phân loại theo nguyên "
    "nhân và đề xuất hướng xử lý đối với từng trường hợp cụ thể.",
    "{Office} chủ trì, phối hợp với {office} kiểm tra việc chấp hành quy định về {field} tại {commune}; báo cáo kết quả "
    "bằng văn bản trước ngày {day}.",
    "Tỷ lệ hồ sơ nộp trực tuyến toàn trình đạt {percent}, tăng {percent} so với cùng kỳ; hồ sơ giải quyết đúng hạn và "
    "trước hạn đạt {percent}.",
    "Tổng kinh phí thực hiện là {money} đồng, trong đó ngân sách tỉnh {money} đồng, phần còn lại huy động từ các nguồn "
    "hợp pháp khác.",
    "Thực hiện Nghị định số 61/2018/NĐ-CP ngày 23 tháng 4 năm 2018 của Chính phủ, {office} đã bố trí {n} công chức "
    "trực tại Bộ phận Một cửa, không để người dân phải đi lại nhiều lần.",
    "Công trình {work} được khởi công ngày {day}, đến nay đã hoàn thành {percent} khối lượng; phần việc còn lại chậm "
    "tiến độ do vướng mắc về giải phóng mặt bằng.",
    "Đề nghị {office} xem xét, bố trí bổ sung {money} đồng để mua sắm {goods} phục vụ nhiệm vụ phòng, chống thiên tai "
    "trước mùa mưa bão.",
    "Ông {person}, Trưởng thôn {village}, {commune} phản ánh tuyến đường xuống cấp nghiêm trọng, gây khó khăn cho việc "
    "đi lại của học sinh và bà con trong vùng.",
    "Niêm yết công khai địa chỉ, số điện thoại đường dây nóng, hộp thư tiếp nhận phản ánh, kiến nghị; bảo đảm {percent} "
    "ý kiến của tổ chức, cá nhân được trả lời trong thời hạn {few} ngày làm việc.",
    "Trường hợp hồ sơ quá hạn, thủ trưởng cơ quan gửi văn bản xin lỗi, nêu rõ lý do và hẹn lại thời gian trả kết quả; "
    "việc hẹn lại không quá 01 lần.",
    "Bà {person}, sinh năm {year}, thường trú tại thôn {village}, {commune}, được hưởng mức trợ cấp {money} đồng/tháng "
    "kể từ ngày {day}.",
    "Số hóa {n} trang tài liệu lưu trữ có thời hạn bảo quản vĩnh viễn; ảnh quét ở định dạng PDF/A, độ phân giải tối "
    "thiểu 200 dpi, có ký số của cơ quan lưu trữ.",
    "Các hộ chăn nuôi thực hiện nghiêm việc tiêm phòng, vệ sinh khử trùng chuồng trại; tuyệt đối không vứt xác gia súc, "
    "gia cầm ra kênh, mương, sông, suối.",
    "Giao Văn phòng theo dõi, đôn đốc việc thực hiện; định kỳ vào ngày {few} hằng tháng tổng hợp, báo cáo lãnh đạo "
    "những khó khăn, vướng mắc vượt thẩm quyền.",
    "Tổ kiểm tra đã làm việc với {n} cơ sở, phát hiện {few} cơ sở vi phạm, xử phạt vi phạm hành chính tổng số tiền "
    "{money} đồng, buộc tiêu hủy {goods} không rõ nguồn gốc.",
    "Người nộp hồ sơ xuất trình thẻ căn cước hoặc tài khoản định danh điện tử mức độ 2; không yêu cầu nộp bản sao sổ hộ "
    "khẩu, sổ tạm trú dưới bất kỳ hình thức nào.",
    "Hội nghị được tổ chức vào hồi {hour} ngày {day} tại Hội trường {commune}; mỗi đơn vị cử {few} đại biểu, gửi danh "
    "sách qua hộp thư công vụ trước 02 ngày.",
    "Nguyên nhân chủ yếu là do hạ tầng công nghệ thông tin chưa đồng bộ, đường truyền ở một số thôn, bản vùng sâu không "
    "ổn định; kỹ năng số của một bộ phận công chức còn hạn chế.",
    "Kết quả đánh giá mức độ hài lòng quý vừa qua đạt {percent}; có {n} lượt phản ánh, trong đó {few} lượt về thái độ "
    "phục vụ đã được kiểm điểm, rút kinh nghiệm.",
    "Diện tích rừng bị thiệt hại ước khoảng {few},5 ha, chủ yếu là keo, bạch đàn trồng năm {year} tại khu vực giáp ranh "
    "giữa {commune} và {commune}.",
    "Yêu cầu nhà thầu tập trung nhân lực, máy móc, thi công “3 ca, 4 kíp” hạng mục {work}; hoàn thành, bàn giao đưa vào "
    "sử dụng trước ngày {day}.",
    "Phân công đồng chí {person} phụ trách lĩnh vực {field}, đồng chí {person} phụ trách lĩnh vực {field} và trực tiếp "
    "tiếp công dân vào sáng thứ Năm hằng tuần.",
    "Mọi tổ chức, cá nhân có quyền tố giác hành vi nhũng nhiễu, gây phiền hà; thông tin về người tố giác được giữ kín "
    "theo quy định của Luật Tố cáo.",
    "Căn cứ biên bản nghiệm thu ngày {day}, bên giao đã bàn giao đủ {few} bộ {goods}, chất lượng bảo đảm, có phiếu xuất "
    "xưởng và giấy bảo hành kèm theo.",
    "Tuyên truyền sâu rộng trên hệ thống truyền thanh cơ sở, mỗi tuần ít nhất {few} buổi, bằng tiếng phổ thông và tiếng "
    "dân tộc, về lợi ích của dịch vụ công trực tuyến.",
    "Đối với khoản nợ đọng xây dựng cơ bản {money} đồng của dự án {work}, chủ đầu tư lập kế hoạch trả nợ dứt điểm trong "
    "năm ngân sách {year_next}.",
    "Việc luân chuyển hồ sơ giữa Bộ phận Một cửa và phòng chuyên môn phải được cập nhật trên hệ thống; nghiêm cấm giữ "
    "hồ sơ giấy ngoài sổ theo dõi.",
    "Chỉ tiêu tuyển sinh lớp 10 năm học tới là {n} học sinh, trong đó hệ giáo dục thường xuyên {few} lớp; xét tuyển kết "
    "hợp thi tuyển ba môn Toán, Ngữ văn, Ngoại ngữ.",
)  # fmt: skip

GROUNDS = (
    "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    "Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ về thực hiện thủ tục hành chính theo cơ chế một "
    "cửa, một cửa liên thông",
    "Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư",
    "Luật Ngân sách nhà nước ngày 25 tháng 6 năm 2015",
    "Thông tư số 01/2023/TT-VPCP ngày 05 tháng 4 năm 2023 của Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ",
    "Kế hoạch số {n}/KH-UBND ngày {day} của Ủy ban nhân dân tỉnh về cải cách hành chính nhà nước",
)  # fmt: skip


class Prose:
    """Sentences of one paper, each drawn once; the same seed says the same."""

    def __init__(self, seed: str) -> None:
        self.lot = random.Random(seed)  # noqa: S311  # a lot, not a secret
        self._sentences = self.lot.sample(SENTENCES, len(SENTENCES))
        self._drawn: dict[str, Callable[[], str]] = {
            "n": lambda: str(self.lot.randint(11, 2980)),
            "few": lambda: f"{self.lot.randint(2, 28):02d}",
            "day": self.day,
            "year": lambda: str(self.lot.randint(1938, 2019)),
            "year_next": lambda: "2027",
            "hour": lambda: f"{self.lot.randint(7, 15):02d} giờ {self.lot.choice(('00', '15', '30', '45'))} phút",
            "percent": lambda: f"{self.lot.randint(1, 99)},{self.lot.randint(1, 9)}%",
            "money": self.money,
            "person": self.person,
            "field": lambda: self.lot.choice(FIELDS),
            "goods": lambda: self.lot.choice(GOODS),
            "work": lambda: self.lot.choice(WORKS),
            "village": lambda: self.lot.choice(VILLAGES),
            "commune": lambda: self.lot.choice(words.COMMUNES),
            "office": self.office,
            "Office": self.office,
        }

    def sentence(self) -> str:
        """Return the next sentence."""
        return self.filled(self._sentences.pop())

    def filled(self, said: str) -> str:
        """Return a sentence with its slots filled by lot."""
        return SLOT.sub(lambda slot: self._drawn[slot.group(1)](), said)

    def grounds(self, count: int) -> list[str]:
        """Return laws and plans that a paper cites."""
        return [f"Căn cứ {self.filled(ground)};" for ground in self.lot.sample(GROUNDS, count)]

    def day(self) -> str:
        """Return a day of the year as papers write it."""
        day = FIRST_DAY + dt.timedelta(days=self.lot.randrange(340))
        return f"{day:%d/%m/%Y}" if self.lot.random() < 0.5 else dated(day)

    def money(self) -> str:
        """Return an amount with points between its thousands."""
        return f"{self.lot.randint(15, 98000) * 50_000:,}".replace(",", ".")

    def person(self) -> str:
        """Return a full name."""
        return " ".join(self.lot.choice(part) for part in (words.SURNAMES, words.MIDDLES, words.GIVEN))

    def office(self) -> str:
        """Return the name of a department."""
        return str(self.lot.choice(words.DEPARTMENTS)[0])


def dated(day: dt.date) -> str:
    """Return a day in words: Decree 30/2020 asks for a nought before days under 10 and months 1 and 2."""
    month = str(day.month) if day.month > 2 else f"{day.month:02d}"
    return f"{day.day:02d} tháng {month} năm {day.year}"
