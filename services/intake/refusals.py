"""Why a file is not taken: a closed list, each with a text for the person who handed it in."""

from dataclasses import dataclass
from enum import StrEnum

from shared.errors import HosoError
from shared.media import taken_names


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    ENCRYPTED = "encrypted"
    UNSUPPORTED = "unsupported"
    CORRUPT = "corrupt"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_MANY_PAGES = "too-many-pages"
    NOT_A_FILE = "not-a-file"
    UNEXPECTED = "unexpected-error"
    SECRET = "secret"  # noqa: S105  # a mark on a paper, no password


@dataclass(frozen=True)
class Text:
    """The same in Vietnamese and in English."""

    vi: str
    en: str


TEXTS = {
    Refusal.EMPTY: Text(
        "Tệp không có nội dung. Hãy quét lại giấy tờ.",
        "The file is empty. Scan the paper again.",
    ),
    Refusal.TOO_LARGE: Text(
        "Tệp lớn hơn mức cho phép. Hãy quét ở 200–300 dpi hoặc chia nhỏ tệp.",
        "The file is larger than allowed. Scan at 200 to 300 dpi or split it.",
    ),
    Refusal.ENCRYPTED: Text(
        "Tệp được bảo vệ bằng mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.",
        "The file is protected by a password. Remove the password and send it again.",
    ),
    Refusal.UNSUPPORTED: Text(
        f"Không nhận loại tệp này. Chỉ nhận {taken_names('và')}.",
        f"This type of file is not taken. {taken_names('and')} are.",
    ),
    Refusal.CORRUPT: Text(
        "Tệp bị hỏng, không đọc được. Hãy quét lại giấy tờ.",
        "The file is damaged and cannot be read. Scan the paper again.",
    ),
    Refusal.TOO_MANY_PIXELS: Text(
        "Ảnh có kích thước quá lớn. Hãy quét ở 200–300 dpi.",
        "The picture is too large. Scan at 200 to 300 dpi.",
    ),
    Refusal.TOO_MANY_PAGES: Text(
        "Tệp có quá nhiều trang. Hãy chia nhỏ tệp.",
        "The file has too many pages. Split it.",
    ),
    Refusal.NOT_A_FILE: Text(
        "Đây là liên kết, không phải tệp. Hãy chép chính tệp vào thư mục.",
        "This is a link or another thing that is no file. Put the file itself here.",
    ),
    Refusal.UNEXPECTED: Text(
        "Hệ thống gặp lỗi khi nhận tệp này. Hãy báo cho người quản trị.",
        "The system failed on this file. Tell whoever runs it.",
    ),
    # Law on protection of state secrets, 29/2018/QH14: its papers are copied and kept by rules of their own
    Refusal.SECRET: Text(
        "Giấy tờ mang dấu độ mật không được số hóa ở hệ thống này. Hãy xử lý theo quy định về bảo vệ bí mật nhà nước.",
        "The paper bears a mark of state secrecy. Secret papers are not digitised here; handle it by their rules.",
    ),
}


class FileRefused(HosoError):
    """A file is not taken, and trying again with the same file cannot help."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(reason=refusal.value)
        self.refusal = refusal
