"""The reasons for which a paper is refused, in words for the person who handed it in."""

from shared.media import taken_names

_TEXTS = {
    "empty": ("tệp rỗng", "the file is empty"),
    "unsupported-type": (f"không phải {taken_names('hoặc')}", f"not a {taken_names('or')}"),
    "encrypted": ("tệp có mật khẩu", "the file asks for a password"),
    "corrupt": ("tệp bị hỏng", "the file is damaged"),
    "archive-bomb": ("tệp nén chứa quá nhiều dữ liệu", "the file would unpack to too much"),
    "page-tree-broken": ("cấu trúc trang bị hỏng", "the order of its pages is broken"),
    "too-many-objects": ("tệp quá phức tạp", "the file is too complex"),
    "no-office-converter": (
        "máy này chưa cài LibreOffice (gói libreoffice-writer-nogui) để chuyển DOCX và ODT",
        "LibreOffice, which converts DOCX and ODT, is not installed here (Debian: libreoffice-writer-nogui)",
    ),
    "conversion-timeout": ("chuyển tệp sang PDF quá lâu", "turning the file into a PDF took too long"),
    "no-pages": ("tệp không có trang nào", "the file has no pages"),
    "too-many-pages": ("tệp có quá nhiều trang", "the file has too many pages"),
    "too-many-pixels": ("ảnh quá lớn", "the picture is too large"),
    "too-many-pages-failed": ("quá nhiều trang không đọc được", "too many pages cannot be read"),
    "file-timed-out": ("xem xét tệp quá lâu", "judging the file takes too long"),
    "file-out-of-memory": ("xem xét tệp cần quá nhiều bộ nhớ", "judging the file needs too much memory"),
    "file-crashed": ("tệp làm hỏng chương trình đọc", "the file crashes what reads it"),
    "picture-truncated": ("ảnh bị cắt cụt, phần thiếu để trắng", "the picture ends early, what is missing is white"),
    "page-unreadable": ("trang bị hỏng", "the page is damaged"),
    "too-much-text": ("trang có quá nhiều chữ", "the page has too much text"),
    "page-timed-out": ("đọc trang quá lâu", "reading the page takes too long"),
    "page-out-of-memory": ("đọc trang cần quá nhiều bộ nhớ", "reading the page needs too much memory"),
    "page-crashed": ("trang làm hỏng chương trình đọc", "the page crashes what reads it"),
    "document-timed-out": ("tạo PDF quá lâu", "making the PDF takes too long"),
    "document-out-of-memory": ("tạo PDF cần quá nhiều bộ nhớ", "making the PDF needs too much memory"),
    "document-crashed": ("tệp làm hỏng chương trình tạo PDF", "the file crashes what makes the PDF"),
    "secret": (
        "có dấu mật: văn bản mật không được số hóa ở đây, hãy xử lý theo quy định về bảo vệ bí mật nhà nước",
        "it bears a mark of secrecy: secret papers are not digitised here, handle it by the rules for state secrets",
    ),
    "original-missing": ("không tìm thấy bản gốc", "the original is not there"),
    "attempts-exhausted": ("xử lý bị ngắt quá nhiều lần", "the work on it ended too often by force"),
}
REASONS = (*_TEXTS, "undecodable", "unexpected-error")


def explain(reason: str) -> str:
    """Return a reason in Vietnamese and English, with its code."""
    vietnamese, english = _TEXTS.get(reason, ("không xử lý được", "it cannot be processed"))
    return f"{vietnamese} / {english} ({reason})"
