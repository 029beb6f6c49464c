"""Draws the sentences of official papers by lot; offices, people, places and amounts are invented."""

import datetime as dt
import random
import re
from collections.abc import Callable
from pathlib import Path

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

SENTENCES, GROUNDS = (
    tuple(Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines())
    for name in ("sentences.txt", "grounds.txt")
)


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
