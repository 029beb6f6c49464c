"""Prints papers of seven layouts after Decree 30/2020 and, for the Party's, Guideline 36-HD/VPTW."""

import datetime as dt
from collections.abc import Callable, Sequence

from bench.ocr.made import words
from bench.ocr.papers.prose import FIELDS, FIRST_DAY, GOODS, VILLAGES, WORKS, Prose, dated
from deploy.demo.printing.decree30 import (
    TITLE,
    Letterhead,
    Row,
    Signature,
    closing,
    column,
    letterhead,
    rule_under,
    signatures,
)
from deploy.demo.printing.document import Document
from deploy.demo.printing.fonts import Style
from deploy.demo.printing.table import table
from deploy.demo.printing.typeset import Block, plain, words_of

PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
Print = Callable[[Document, Prose], None]


def official_letter(document: Document, prose: Prose) -> None:
    """Print a công văn: its subject under the number, addressees, numbered paragraphs."""
    office, code = prose.lot.choice(words.DEPARTMENTS)
    matter = prose.lot.choice(words.MATTERS[:9])
    subject = document.sheet.broken(words_of(f"V/v {matter}", Style(size_pt=12)), width=62)
    head = _head(prose, office, f"{code}-{prose.lot.choice(words.OFFICES)}")
    letterhead(document, Letterhead(*head, subject=[plain(line) for line in subject]))
    document.paragraph("Kính gửi:", align="left", indent=40, after=1)
    for addressee in prose.lot.sample(words.ADDRESSEES, 2):
        document.paragraph(f"- {addressee};", align="left", indent=48, after=1)
    document.skip(3)
    document.paragraph(f"Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh về việc {matter}, {office} đề nghị các đơn vị:")
    _numbered(document, prose, 14)
    document.paragraph("Trong quá trình thực hiện, nếu có vướng mắc, đề nghị phản ánh kịp thời để được hướng dẫn./.")
    _closed(document, prose, ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], office)


def decision(document: Document, prose: Prose) -> None:
    """Print a quyết định: grounds in italics, articles."""
    office, code = prose.lot.choice(words.DEPARTMENTS)
    letterhead(document, Letterhead(*_head(prose, office, f"QĐ-{code}")))
    _titled(document, "QUYẾT ĐỊNH", f"Về việc {prose.lot.choice(words.MATTERS)}")
    document.centred([f"GIÁM ĐỐC {office.upper()}"], TITLE)
    for ground in prose.grounds(4):
        document.paragraph(f"__{ground}__")
    document.paragraph(f"__Theo đề nghị của Trưởng phòng Kế hoạch - Tài chính tại Tờ trình ngày {prose.day()}.__")
    document.centred(["QUYẾT ĐỊNH:"], TITLE, after=1)
    for number in range(1, 10):
        document.paragraph(f"**Điều {number}.** {prose.sentence()}")
    document.paragraph("**Điều 10.** Quyết định này có hiệu lực kể từ ngày ký./.")
    _closed(document, prose, ["GIÁM ĐỐC"], office)


def plan(document: Document, prose: Prose) -> None:
    """Print a kế hoạch: headings in Roman numbers, numbered points, points with letters and dashes."""
    place = prose.lot.choice(words.COMMUNES)
    letterhead(document, Letterhead(*_head(prose, "", "KH-UBND", commune=place)))
    matter = prose.lot.choice(words.MATTERS)
    _titled(document, "KẾ HOẠCH", matter[0].upper() + matter[1:])
    for numeral, heading in zip(
        ("I", "II", "III"), ("MỤC ĐÍCH, YÊU CẦU", "NHIỆM VỤ", "TỔ CHỨC THỰC HIỆN"), strict=True
    ):
        document.paragraph(f"**{numeral}. {heading}**", after=1)
        document.paragraph(f"1. {prose.sentence()}")
        document.paragraph(f"2. {prose.sentence()}")
        for letter in "ab":
            document.paragraph(f"{letter}) {prose.sentence()}")
        document.paragraph(f"- {prose.sentence()}")
    _closed(document, prose, ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], f"UBND {place}")


def minutes(document: Document, prose: Prose) -> None:
    """Print a biên bản: those present, what was said, three signatures side by side."""
    place = prose.lot.choice(words.COMMUNES)
    letterhead(document, Letterhead(*_head(prose, "", "BB-UBND", commune=place)))
    _titled(document, "BIÊN BẢN", f"Kiểm tra hiện trạng {prose.lot.choice(WORKS)}")
    document.paragraph(prose.filled("Hôm nay, vào hồi {hour} ngày {day}, tại thôn {village}, chúng tôi gồm:"))
    document.paragraph("**I. THÀNH PHẦN**", after=1)
    people = [prose.person() for _ in range(5)]
    posts = (
        "Chủ tịch Ủy ban nhân dân xã",
        "công chức Địa chính - Xây dựng",
        "Trưởng thôn",
        "thư ký",
        "đại diện hộ dân",
    )
    for number, (person, post) in enumerate(zip(people, posts, strict=True), 1):
        document.paragraph(f"{number}. Ông (bà) {person}, {post};", after=1)
    document.paragraph("**II. NỘI DUNG**", after=1)
    _numbered(document, prose, 13)
    document.paragraph("Biên bản được lập thành 03 bản, đã đọc cho mọi người cùng nghe và cùng ký tên./.")
    document.skip(4)
    seal = ("ỦY BAN NHÂN DÂN", place.upper())
    titles = (["ĐẠI DIỆN HỘ DÂN"], ["THƯ KÝ"], ["CHỦ TRÌ"])
    people = [people[4], people[3], people[0]]
    signed = [Signature(title, name) for title, name in zip(titles, people, strict=True)]
    signatures(document, [*signed[:2], Signature(titles[2], people[2], seal)])


def report(document: Document, prose: Prose) -> None:
    """Print a báo cáo or tờ trình with a ruled table on an upright page."""
    office, code = prose.lot.choice(words.DEPARTMENTS)
    kind, short = prose.lot.choice((("BÁO CÁO", "BC"), ("TỜ TRÌNH", "TTr")))
    letterhead(document, Letterhead(*_head(prose, office, f"{short}-{code}")))
    _titled(document, kind, f"Về việc {prose.lot.choice(words.MATTERS)}")
    document.paragraph("Kính gửi: Ủy ban nhân dân tỉnh.", align="centre", indent=0)
    _numbered(document, prose, 10)
    document.add_sheet()
    document.paragraph("Kết quả giải quyết thủ tục hành chính theo lĩnh vực như sau:")
    table(
        document,
        widths_mm=(12, 56, 24, 24, 22, 24),
        header=("TT", "Lĩnh vực", "Tiếp nhận", "Đúng hạn", "Quá hạn", "Tỷ lệ"),
        rows=[_counted(prose, number, field) for number, field in enumerate(prose.lot.sample(FIELDS, 11), 1)],
        centred=(0, 2, 3, 4, 5),
        size_pt=13,
    )
    document.skip(4)
    for _ in range(2):
        document.paragraph(prose.sentence())
    _closed(document, prose, ["GIÁM ĐỐC"], office)


def annex(document: Document, prose: Prose) -> None:
    """Print two landscape pages, each filled by a ruled table of whole sentences and amounts."""
    for number in (1, 2):
        document.add_sheet(landscape=True, numbered=number > 1)
        if number == 1:
            del document.sheets[0]  # an annex begins with its own first page
            document.centred(["PHỤ LỤC", f"DANH MỤC CÔNG TRÌNH, {prose.lot.choice(GOODS).upper()}"], TITLE, after=0)
            said = f"(Kèm theo Kế hoạch số {prose.lot.randint(10, 400)}/KH-UBND ngày {prose.day()})"
            document.centred([said], Style("italic", 13), after=3)
        table(
            document,
            widths_mm=(13, 62, 34, 86, 32, 22),
            header=("STT", "Tên công trình", "Địa điểm", "Nội dung thực hiện", "Kinh phí (đồng)", "Ghi chú"),
            rows=[_work(prose, row) for row in range(5 * number - 4, 5 * number + 1)],
            centred=(0, 4, 5),
        )


def party(document: Document, prose: Prose) -> None:
    """Print a paper of a Party committee: no motto, a star under the issuer, the number with a hyphen."""
    province = prose.lot.choice(words.PROVINCES)
    code = f"Số {prose.lot.randint(12, 900)}-CV/BTCTU"
    start, split, x = document.y, document.width * 0.42, document.left
    left: list[Row] = [(f"TỈNH ỦY {province.upper()}", Style(size_pt=13)), ("BAN TỔ CHỨC", Style("bold", 13))]
    column(document, [*left, ("*", Style(size_pt=13)), (code, Style(size_pt=13))], x=x, width=split, block=Block.LEFT)
    bottom, document.y = document.y, start
    right: list[Row] = [(PARTY, Style("bold", 14)), ("", Style(size_pt=8))]
    date = f"{province}, ngày {dated(_a_day(prose))}"
    place = {"x": x + split, "width": document.width - split}
    column(document, [*right, (date, Style("italic", 13))], **place, block=Block.RIGHT)
    rule_under(document, row=right[0], **place, y=start + 6.2, share=1)
    document.y = bottom + 5
    document.paragraph("Kính gửi: Ban thường vụ các đảng ủy trực thuộc Tỉnh ủy", align="centre", indent=0)
    document.paragraph(f"Thực hiện Quy định số {prose.lot.randint(10, 300)}-QĐ/TU, Ban Tổ chức Tỉnh ủy đề nghị:")
    _numbered(document, prose, 15)
    _closed(document, prose, ["K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"], "Ban Tổ chức")


LAYOUTS: dict[str, Print] = {
    "cong-van": official_letter,
    "quyet-dinh": decision,
    "ke-hoach": plan,
    "bien-ban": minutes,
    "bao-cao": report,
    "phu-luc": annex,
    "dang": party,
}


def _head(prose: Prose, office: str, code: str, *, commune: str = "") -> tuple[str, str, str, str]:
    """Return the upper and the issuing office, the number, and the place with the date."""
    province = prose.lot.choice(words.PROVINCES)
    seat = commune.partition(" ")[2] if commune else province
    above, own = ("ỦY BAN NHÂN DÂN", commune.upper()) if commune else (f"UBND TỈNH {province.upper()}", office.upper())
    return above, own, f"{prose.lot.randint(3, 2900):02d}/{code}", f"{seat}, ngày {dated(_a_day(prose))}"


def _a_day(prose: Prose) -> dt.date:
    return FIRST_DAY + dt.timedelta(days=prose.lot.randrange(340))


def _titled(document: Document, kind: str, subject: str) -> None:
    document.centred([kind], TITLE, after=0)
    lines = document.sheet.broken(words_of(subject, TITLE), width=128)
    document.centred([plain(line) for line in lines], TITLE, after=0.5)
    document.middle_rule(45)


def _numbered(document: Document, prose: Prose, count: int) -> None:
    for number in range(1, count + 1):
        document.paragraph(f"{number}. {prose.sentence()}")


def _closed(document: Document, prose: Prose, titles: Sequence[str], office: str) -> None:
    recipients = [f"- {copy};" for copy in prose.lot.sample(words.COPIES, 4)]
    filed = f"- Lưu: VT, {prose.lot.choice(words.OFFICES)} ({prose.lot.randint(3, 12):02d}b)."
    signature = Signature(titles, prose.person(), (office.upper(), "TỈNH HẠ VÂN"))
    closing(document, recipients=[*recipients, filed], signature=signature)


def _counted(prose: Prose, number: int, field: str) -> tuple[str, ...]:
    taken = prose.lot.randint(40, 2600)
    late = prose.lot.randint(0, taken // 12)
    share = f"{100 * (taken - late) / taken:.2f}%".replace(".", ",")
    return str(number), field[0].upper() + field[1:], str(taken), str(taken - late), str(late), share


def _work(prose: Prose, number: int) -> tuple[str, ...]:
    work, village = prose.lot.choice(WORKS), prose.lot.choice(VILLAGES)
    place = f"Thôn {village}, {prose.lot.choice(words.COMMUNES)}"
    said = prose.filled(f"Mua sắm {{few}} {{goods}}; hoàn thành trước ngày {{day}}, do {prose.office()} nghiệm thu")
    return (
        str(number),
        work[0].upper() + work[1:],
        place,
        said,
        prose.money(),
        prose.lot.choice(("Mới", "Chuyển tiếp", "")),
    )
