"""Draws letters by lot from a seed: what each says, and what a clerk would record of it."""

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bench.ocr.made import words
from services.ocr.fields import Reference, Value

# kind, abbreviation; the empty one is the letter without a title (công văn)
KINDS = (
    ("Quyết định", "QĐ"), ("Công văn", ""), ("Chỉ thị", "CT"), ("Thông báo", "TB"), ("Kế hoạch", "KH"),
    ("Tờ trình", "TTr"), ("Báo cáo", "BC"), ("Nghị quyết", "NQ"), ("Giấy mời", "GM"), ("Biên bản", "BB"),
    ("Hướng dẫn", "HD"), ("Công văn", ""), ("Giấy chứng nhận", "GCN"), ("Công điện", "CĐ"), ("Giấy xác nhận", "GXN"),
    ("Quyết định", "QĐ"), ("Phương án", "PA"),
)  # fmt: skip
ADDRESSED = ("Công văn", "Tờ trình", "Giấy mời")
OF_THE_PARTY = ("Kế hoạch", "Thông báo", "Báo cáo", "Nghị quyết", "Quyết định", "Hướng dẫn", "Tờ trình")


@dataclass(frozen=True)
class Signatory:
    """Who signs: the rows of titles, the modes in them, the name."""

    titles: tuple[str, ...]
    modes: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Letter:
    """What a letter says."""

    kind: str
    office: "Office"
    number: str
    code: str
    date: dt.date
    subject: str
    signatories: tuple[Signatory, ...]
    party: bool = False
    penned: bool = False
    urgency: str | None = None
    addressees: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    grounds: tuple[tuple[str, str, str], ...] = ()
    deadlines: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    stamped: bool = False

    @property
    def authority(self) -> str | None:
        """Who decides, in a row of its own under the subject of a decision."""
        return f"{self.signatories[0].titles[-1]} {self.office.name}".upper() if self.kind == "Quyết định" else None

    def truth(self) -> Mapping[str, Value | None]:
        """Return every field a clerk would record; nothing for what a pen wrote."""
        said: dict[str, Value | None] = {
            "doc_type": self.kind,
            "number": None if self.penned else self.number,
            "symbol": self.code,
            "date": None if self.penned else self.date.isoformat(),
            "place": self.office.place,
            "issuer": self.office.name,
            "issuer_parent": self.office.parent,
            "subject": self.subject,
            "urgency": self.urgency,
            "recipients": self.addressees,
            "copied_to": self.copies,
            "signer_name": "; ".join(one.name for one in self.signatories),
            "signer_title": "; ".join(" / ".join(one.titles) for one in self.signatories),
            "signing_mode": tuple(mode for one in self.signatories for mode in one.modes),
            "deadlines": self.deadlines,
            "references": tuple(Reference(symbol, date) for _, symbol, date in self.grounds),
        }
        return {name: value for name, value in said.items() if value or name in ("number", "date")}


@dataclass(frozen=True)
class Office:
    """An issuing office: its rows in the letterhead, its names as people write them, its place and code."""

    rows: tuple[str, ...]
    name: str
    parent: str | None
    place: str
    code: str
    head: str
    collective: str | None = field(default=None)


def draw(seed: int) -> Letter:
    """Return the letter of a seed; the kinds come up in turn."""
    lot = random.Random(seed)  # noqa: S311  # a lot, not a secret
    kind, abbreviation = KINDS[seed % len(KINDS)]
    party = seed % 11 == 4 and kind in OF_THE_PARTY
    office = _party_office(lot) if party else _office(lot, kind)
    letter = Letter(
        kind=kind,
        office=office,
        number=f"{lot.randint(1, 3200):02d}",
        code=_code(lot, abbreviation, office, party=party),
        date=dt.date(2026, 8, 1) + dt.timedelta(days=lot.randrange(90)),
        subject=_subject(lot, kind),
        signatories=_signatories(lot, kind, office, party=party),
        party=party,
        penned=seed % 5 == 3,
        copies=_copies(lot),
        grounds=tuple(lot.sample(words.LAWS, lot.randint(1, 4))),
        addressees=tuple(lot.sample(words.ADDRESSEES, lot.randint(1, 3))) if kind in ADDRESSED else (),
        urgency=lot.choice((None, None, "HỎA TỐC", "KHẨN", "THƯỢNG KHẨN")) if kind == "Công văn" else None,
        paragraphs=tuple(lot.sample(words.BODY, lot.randint(2, len(words.BODY)))),
        stamped=seed % 7 == 2,
    )
    return _with_deadlines(lot, letter)


def _office(lot: random.Random, kind: str) -> Office:
    province, commune = lot.choice(words.PROVINCES), lot.choice(words.COMMUNES)
    if kind == "Nghị quyết":
        rows = ("HỘI ĐỒNG NHÂN DÂN", f"TỈNH {province.upper()}")
        name = f"Hội đồng nhân dân tỉnh {province}"
        return Office(rows, name, None, province, "HĐND", "CHỦ TỊCH", "HỘI ĐỒNG NHÂN DÂN")
    shape = lot.randrange(5)
    if shape < 2:
        place, seat = (f"tỉnh {province}", province) if shape else (commune, commune.split(" ", 1)[1])
        rows = ("ỦY BAN NHÂN DÂN", place.upper())
        return Office(rows, f"Ủy ban nhân dân {place}", None, seat, "UBND", "CHỦ TỊCH", "ỦY BAN NHÂN DÂN")
    parent = f"UBND tỉnh {province}"
    name, code = lot.choice(words.UNLISTED if shape == 4 else words.DEPARTMENTS)
    head = "CHÁNH THANH TRA" if name.startswith("Thanh") else "GIÁM ĐỐC"
    head = {"Ban": "TRƯỞNG BAN", "Chi": "CHI CỤC TRƯỞNG"}.get(name.split()[0], head)
    return Office((parent.upper(), name.upper()), name, parent, province, code, head)


def _party_office(lot: random.Random) -> Office:
    province = lot.choice(words.PROVINCES)
    if lot.random() < 0.5:
        rows = (f"TỈNH ỦY {province.upper()}", "BAN TỔ CHỨC")
        return Office(rows, "Ban Tổ chức", f"Tỉnh ủy {province}", province, "BTCTU", "TRƯỞNG BAN")
    rows = (f"ĐẢNG BỘ TỈNH {province.upper()}", "ĐẢNG ỦY SỞ NỘI VỤ")
    parent = f"Đảng bộ tỉnh {province}"
    return Office(rows, "Đảng ủy Sở Nội vụ", parent, province, "ĐUSNV", "BÍ THƯ", "BAN THƯỜNG VỤ")


def _code(lot: random.Random, abbreviation: str, office: Office, *, party: bool) -> str:
    if party:
        return f"{abbreviation}/{office.code}"
    if not abbreviation:
        return f"{office.code}-{lot.choice(words.OFFICES)}"
    return f"{abbreviation}-{office.code}"


def _subject(lot: random.Random, kind: str) -> str:
    matter = lot.choice(words.MATTERS)
    if kind == "Công văn":
        return f"V/v {lot.choice(words.MATTERS[:8])}"
    if kind in ("Kế hoạch", "Báo cáo", "Biên bản", "Giấy mời"):
        return matter[0].upper() + matter[1:]
    return f"Về việc {matter}"


def _person(lot: random.Random) -> str:
    return " ".join((lot.choice(words.SURNAMES), lot.choice(words.MIDDLES), lot.choice(words.GIVEN)))


def _signatories(lot: random.Random, kind: str, office: Office, *, party: bool) -> tuple[Signatory, ...]:
    if kind == "Biên bản":
        return (Signatory(("THƯ KÝ",), (), _person(lot)), Signatory(("CHỦ TRÌ",), (), _person(lot)))
    deputy = {"BÍ THƯ": "PHÓ BÍ THƯ", "CHI CỤC TRƯỞNG": "PHÓ CHI CỤC TRƯỞNG", "CHÁNH THANH TRA": "PHÓ CHÁNH THANH TRA"}
    under = deputy.get(office.head, f"PHÓ {office.head}")
    on_behalf = (f"TM. {office.collective}",) if office.collective else ()
    way = lot.randrange(4)
    ways = (
        ((*on_behalf, office.head), ("TM.",) if on_behalf else ()),
        ((*on_behalf, f"KT. {office.head}", under), (*(("TM.",) if on_behalf else ()), "KT.")),
        ((f"TL. {office.head}", "CHÁNH VĂN PHÒNG"), ("TL.",)),
        ((f"Q. {office.head}",), ("Q.",)),
    )
    titles, modes = ways[way if way < 2 or not party else 1]
    return (Signatory(titles, modes, _person(lot)),)


def _copies(lot: random.Random) -> tuple[str, ...]:
    return (*lot.sample(words.COPIES, lot.randint(2, 5)), f"Lưu: VT, {lot.choice(words.OFFICES)}")


def _with_deadlines(lot: random.Random, letter: Letter) -> Letter:
    """Add a day, sometimes with an hour, until which a report is due."""
    if letter.kind not in ("Công văn", "Kế hoạch", "Chỉ thị") or lot.random() < 0.4:
        return letter
    day = letter.date + dt.timedelta(days=lot.randint(5, 60))
    form = lot.randrange(5)
    said = (
        f"Báo cáo kết quả về {letter.office.name} trước ngày {day:%d/%m/%Y} để tổng hợp.",
        f"Gửi danh sách về {letter.office.name} trước 16 giờ 30 ngày {day.day:02d} tháng {day.month} năm {day.year}.",
        f"Thời gian hoàn thành: chậm nhất là ngày {day.day:02d} tháng {day.month} năm {day.year}.",
        f"Hạn cuối: ngày {day.day}/{day.month}/{day.year}, quá hạn coi như không có ý kiến.",
        f"Văn bản gửi về {letter.office.name} trước 9 giờ 00 ngày {day:%d/%m/%Y}.",
    )[form]
    due = day.isoformat() + {1: "T16:30", 4: "T09:00"}.get(form, "")
    return replace(letter, deadlines=(due,), paragraphs=(*letter.paragraphs, said))
