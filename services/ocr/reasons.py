"""The reasons for which a paper is refused, in words for the person who handed it in."""

_TEXTS = {
    "empty": ("tệp rỗng", "the file is empty"),
    "unsupported-type": ("không phải PDF, TIFF, JPEG hoặc PNG", "not a PDF, TIFF, JPEG or PNG"),
    "encrypted": ("tệp có mật khẩu", "the file asks for a password"),
    "corrupt": ("tệp bị hỏng", "the file is damaged"),
    "no-pages": ("tệp không có trang nào", "the file has no pages"),
    "too-many-pages": ("tệp có quá nhiều trang", "the file has too many pages"),
    "too-many-pixels": ("ảnh quá lớn", "the picture is too large"),
    "too-many-pages-failed": ("quá nhiều trang không đọc được", "too many pages cannot be read"),
    "original-missing": ("không tìm thấy bản gốc", "the original is not there"),
    "attempts-exhausted": ("xử lý bị ngắt quá nhiều lần", "the work on it ended too often by force"),
}


def explain(reason: str) -> str:
    """Return a reason in Vietnamese and English, with its code."""
    vietnamese, english = _TEXTS.get(reason, ("không xử lý được", "it cannot be processed"))
    return f"{vietnamese} / {english} ({reason})"
