"""The kinds of documents, their names and the abbreviations that their symbols carry."""

import dataclasses

from services.ocr.folding import fold

# Decree 30/2020/NĐ-CP: Art. 7 lists 29 kinds, Appendix III their abbreviations and three kinds of copies.
DECREE_30 = "NĐ 30/2020/NĐ-CP, Phụ lục III"
# Met in practice beside them: legal acts of the Law on Promulgation, papers of the Party, confirmations.
USAGE = "usage"
# What people hand in, by the titles of the forms that procedures publish; none has a number of an office.
FORMS = "forms of administrative procedures"
LETTER = "Công văn"  # the one kind without a title: its symbol has no abbreviation, its subject begins with V/v


@dataclasses.dataclass(frozen=True, slots=True)
class DocType:
    """A kind of document; an empty abbreviation means that symbols do not name the kind."""

    name: str
    abbreviation: str
    source: str = DECREE_30
    openings: tuple[str, ...] = ()  # a name of one word counts at the head of a longer title only before these


DOC_TYPES = (
    DocType("Nghị quyết", "NQ"),
    DocType("Quyết định", "QĐ"),
    DocType("Chỉ thị", "CT"),
    DocType("Quy chế", "QC"),
    DocType("Quy định", "QyĐ"),
    DocType("Thông cáo", "TC"),
    DocType("Thông báo", "TB"),
    DocType("Hướng dẫn", "HD"),
    DocType("Chương trình", "CTr"),
    DocType("Kế hoạch", "KH"),
    DocType("Phương án", "PA"),
    DocType("Đề án", "ĐA"),
    DocType("Dự án", "DA"),
    DocType("Báo cáo", "BC"),
    DocType("Biên bản", "BB"),
    DocType("Tờ trình", "TTr"),
    DocType("Hợp đồng", "HĐ"),
    DocType("Công điện", "CĐ"),
    DocType("Bản ghi nhớ", "BGN"),
    DocType("Bản thỏa thuận", "BTT"),
    DocType("Giấy ủy quyền", "GUQ"),
    DocType("Giấy mời", "GM"),
    DocType("Giấy giới thiệu", "GGT"),
    DocType("Giấy nghỉ phép", "GNP"),
    DocType("Phiếu gửi", "PG"),
    DocType("Phiếu chuyển", "PC"),
    DocType("Phiếu báo", "PB"),
    DocType(LETTER, ""),
    DocType("Thư công", ""),
    DocType("Bản sao y", "SY"),
    DocType("Bản trích sao", "TrS"),
    DocType("Bản sao lục", "SL"),
    DocType("Luật", "QH", USAGE),
    DocType("Nghị định", "NĐ", USAGE),
    DocType("Thông tư", "TT", USAGE),
    DocType("Thông tư liên tịch", "TTLT", USAGE),
    DocType("Kết luận", "KL", USAGE),
    DocType("Giấy xác nhận", "GXN", USAGE),
    DocType("Giấy chứng nhận", "GCN", USAGE),
    DocType("Giấy khai sinh", "", USAGE),
    DocType("Giấy báo tử", "", USAGE),
    DocType("Giấy phép", "GP", USAGE),
    DocType("Trích lục", "TL", USAGE, ("khai sinh", "khai tử", "kết hôn", "hộ tịch", "ghi chú", "bản đồ", "thửa")),
    DocType("Giấy tiếp nhận hồ sơ", "", USAGE),
    DocType("Phiếu", "", USAGE, ("kiểm soát", "yêu cầu", "đề nghị", "đăng ký", "xin lỗi", "lý lịch", "tiếp nhận")),
    DocType("Đơn", "", FORMS, (
        "đề nghị", "xin", "khiếu nại", "tố cáo", "yêu cầu", "đăng ký", "kiến nghị", "trình báo", "phản ánh",
        "khởi kiện",
    )),
    DocType("Tờ khai", "", FORMS),
    DocType("Bản khai", "", FORMS),
    DocType("Bản cam kết", "", FORMS),
    DocType("Bản cam đoan", "", FORMS),
    DocType("Bản tường trình", "", FORMS),
    DocType("Giấy cam đoan", "", FORMS),
    DocType("Giấy cam kết", "", FORMS),
    DocType("Giấy đề nghị", "", FORMS),
    DocType("Sơ yếu lý lịch", "", FORMS),
    DocType("Lý lịch", "", FORMS, ("tự thuật", "cá nhân")),
)  # fmt: skip

_BY_NAME = {fold(kind.name): kind for kind in DOC_TYPES}
_OPENED = {fold(f"{kind.name} {word}"): kind for kind in DOC_TYPES for word in kind.openings}
FORM_NAMES = tuple(kind.name for kind in DOC_TYPES if kind.source == FORMS)


def titled(title: str) -> tuple[DocType, int] | None:
    """Return the kind that a line of folded words begins with, and how many words name it."""
    words = title.split()
    for count in range(len(words), 1, -1):
        begins = " ".join(words[:count])
        if kind := _BY_NAME.get(begins):
            return kind, count
        if kind := _OPENED.get(begins):
            return kind, len(kind.name.split())
    return (_BY_NAME[title], 1) if title in _BY_NAME else None


def abbreviated(symbol_part: str) -> DocType | None:
    """Return the kind that the first part of a symbol stands for; marks count where only they tell (HD, HĐ)."""
    coded = [kind for kind in DOC_TYPES if kind.abbreviation]
    for same in (str, str.upper, fold):
        found = [kind for kind in coded if same(kind.abbreviation) == same(symbol_part)]
        if len(found) == 1:
            return found[0]
    return None
