"""Draws and prints what citizens hand in: applications, declarations, authorisations, each with its exact truth."""

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass

from bench.ocr.made import words
from bench.ocr.made.printed import DPI, RecordingDocument
from deploy.demo.printing.citizen_papers import field
from deploy.demo.printing.decree30 import TITLE, Signature, national_heading, signatures
from deploy.demo.printing.document import Margins
from deploy.demo.printing.fonts import FREE_SERIF, Style, Typeface
from services.ocr.fields import Value

# kind, the words of its title, over whose signature it ends
KINDS = (
    ("Tờ khai", "TỜ KHAI", "NGƯỜI KHAI"), ("Đơn", "ĐƠN ĐỀ NGHỊ", "NGƯỜI LÀM ĐƠN"),
    ("Giấy ủy quyền", "GIẤY ỦY QUYỀN", "NGƯỜI ỦY QUYỀN"), ("Bản cam kết", "BẢN CAM KẾT", "NGƯỜI CAM KẾT"),
    ("Giấy đề nghị", "GIẤY ĐỀ NGHỊ", "NGƯỜI ĐỀ NGHỊ"), ("Đơn", "ĐƠN XIN", "NGƯỜI VIẾT ĐƠN"),
)  # fmt: skip
WISHES = (
    "Cấp lại giấy phép xây dựng nhà ở riêng lẻ", "Hỗ trợ chi phí mai táng", "Xác nhận tình trạng hôn nhân",
    "Trợ giúp xã hội đột xuất về hỗ trợ sửa chữa nhà ở", "Đính chính thông tin trong giấy chứng nhận",
    "Hưởng trợ cấp thờ cúng liệt sĩ", "Chuyển mục đích sử dụng đất sang đất ở tại nông thôn",
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """What a citizen's paper says."""

    kind: str
    title: str
    wish: str
    office: str
    name: str
    signs_as: str
    place: str
    date: dt.date
    born: dt.date

    def truth(self) -> Mapping[str, Value | None]:
        """Return every field a clerk would record; a word more in the title belongs to the subject."""
        more = self.title[len(self.kind) :].strip()
        return {
            "doc_type": self.kind,
            "subject": f"{more} {self.wish}".strip(),
            "recipients": (self.office,),
            "signer_name": self.name,
            "signer_title": self.signs_as,
            "place": self.place,
            "date": self.date.isoformat(),
        }


def draw_form(seed: int) -> Form:
    """Return the form of a seed; the kinds come up in turn."""
    lot = random.Random(seed)  # noqa: S311  # a lot, not a secret
    kind, title, signs_as = KINDS[seed % len(KINDS)]
    commune = lot.choice(words.COMMUNES)
    return Form(
        kind=kind,
        title=title,
        wish=lot.choice(WISHES),
        office=f"Ủy ban nhân dân {commune}, tỉnh {lot.choice(words.PROVINCES)}",
        name=" ".join((lot.choice(words.SURNAMES), lot.choice(words.MIDDLES), lot.choice(words.GIVEN))),
        signs_as=signs_as,
        place=commune.split(" ", 1)[1],
        date=dt.date(2026, 8, 1) + dt.timedelta(days=lot.randrange(90)),
        born=dt.date(1950, 1, 1) + dt.timedelta(days=lot.randrange(18_000)),
    )


def printed_form(form: Form, *, dpi: int = DPI, typeface: Typeface = FREE_SERIF) -> RecordingDocument:
    """Print a form; what the applicant filled in stands in blue over dots."""
    document = RecordingDocument(dpi, body_pt=13, margins=Margins(top=16, bottom=14, left=28), typeface=typeface)
    national_heading(document)
    document.centred([form.title], TITLE, after=0)
    document.centred([form.wish], Style("bold", 13), after=3)
    document.centred([f"Kính gửi: {form.office}"], Style(size_pt=13), after=3)
    for label, value in (
        ("1. Họ và tên:", form.name.upper()),
        ("2. Ngày, tháng, năm sinh:", f"{form.born:%d/%m/%Y}"),
        ("3. Số định danh cá nhân:", f"0000{form.born:%y%m%d}02"),
        ("4. Nơi thường trú:", f"Thôn Nà Lụa, {form.place}"),
        ("5. Số điện thoại:", "0000 000 098"),
    ):
        field(document, label, value)
    document.paragraph(
        "Tôi xin cam đoan những nội dung trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật về nội dung "
        "đã trình bày."
    )
    said = f"__{form.place}, ngày {form.date.day:02d} tháng {form.date:%m} năm {form.date.year}__"
    document.paragraph(said, align="left", indent=76, after=2)
    signatures(
        document,
        [
            Signature(["NGƯỜI TIẾP NHẬN", "(Ký, ghi rõ họ tên)"], "Lò Thị Ngần"),
            Signature([form.signs_as, "(Ký, ghi rõ họ tên)"], form.name),
        ],
    )
    return document
