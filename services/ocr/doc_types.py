"""The kinds of documents, their names and the abbreviations that their symbols carry."""

import dataclasses

from services.ocr.folding import fold

# Decree 30/2020/NĐ-CP: Art. 7 lists 29 kinds, Appendix III their abbreviations and three kinds of copies.
DECREE_30 = "NĐ 30/2020/NĐ-CP, Phụ lục III"
# Met in practice beside them: legal acts of the Law on Promulgation, papers of the Party, confirmations.
USAGE = "usage"
LETTER = "Công văn"  # the one kind without a title: its symbol has no abbreviation, its subject begins with V/v


@dataclasses.dataclass(frozen=True, slots=True)
class DocType:
    """A kind of document; an empty abbreviation means that symbols do not name the kind."""

    name: str
    abbreviation: str
    source: str = DECREE_30


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
)

_BY_NAME = {fold(kind.name): kind for kind in DOC_TYPES}


def titled(title: str) -> tuple[DocType, int] | None:
    """Return the kind that a line of folded words begins with, and how many words name it."""
    words = title.split()
    for count in range(len(words), 1, -1):
        if kind := _BY_NAME.get(" ".join(words[:count])):
            return kind, count
    return (_BY_NAME[title], 1) if title in _BY_NAME else None


def abbreviated(symbol_part: str) -> DocType | None:
    """Return the kind that the first part of a symbol stands for; marks count where only they tell (HD, HĐ)."""
    coded = [kind for kind in DOC_TYPES if kind.abbreviation]
    for same in (str, str.upper, fold):
        found = [kind for kind in coded if same(kind.abbreviation) == same(symbol_part)]
        if len(found) == 1:
            return found[0]
    return None
