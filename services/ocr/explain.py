"""Says to a person, in Vietnamese and English, what a paper is and why each page went the way it did."""

from collections.abc import Iterator

from services.ocr.facts import PageFacts, PaperFacts, Route, SignatureFacts
from services.ocr.reasons import explain

_ROUTES = {
    Route.RECOGNISED: ("nhận dạng ký tự", "recognised"),
    Route.TEXT_LAYER: ("dùng lớp văn bản có sẵn", "its own text is used"),
    Route.BLANK: ("trang trắng", "blank"),
    Route.FAILED: ("không đọc được", "failed"),
}
_BECAUSE = {
    "picture": ("là ảnh, không có lớp văn bản", "a picture, which has no text"),
    "own-text": ("văn bản khớp với hình ảnh của trang", "the text says what is seen"),
    "no-text": ("trang không có lớp văn bản", "the page has no text of its own"),
    "undecodable": ("ký tự trong lớp văn bản không giải mã được", "the characters of its text stand for nothing"),
    "wrong-encoding": ("lớp văn bản dùng bảng mã cũ hoặc sai", "its text is in an old or wrong encoding"),
    "ink-not-covered": ("lớp văn bản chỉ chứa một phần trang", "its text is only a part of what is seen"),
    "off-ink": ("lớp văn bản ẩn không nằm trên chữ in", "its invisible text does not lie on the print"),
    "not-vietnamese": ("lớp văn bản không phải tiếng Việt đúng", "its recognised text is no good Vietnamese"),
    "redo": ("được yêu cầu đọc lại", "somebody asked to read it again"),
}
_FOUND = {
    "junk-before-pdf": ("có byte thừa trước tiêu đề PDF", "bytes before the PDF's header"),
    "signed": ("đã ký số: giữ nguyên bản gốc", "signed: the original is kept byte for byte"),
    "signatures-unreadable": ("không kiểm tra được chữ ký số", "its signatures cannot be verified"),
    "password-opened": ("mở bằng mật khẩu đã cấu hình", "opened with a password of the settings"),
    "encrypted-for-all": ("mã hóa nhưng mở không cần mật khẩu", "encrypted, and opens without a password"),
    "damaged": ("tệp bị hỏng nhẹ, đã sửa để đọc", "damaged, and mended for reading"),
    "declares-pdfa": ("tự khai báo là PDF/A", "says that it is PDF/A"),
    "active-content": ("có nội dung động, không được chạy", "carries active content, which is not run"),
    "name-mismatch": ("tên tệp không đúng loại nội dung", "its name promises another type"),
    "first-picture-only": ("chỉ đọc ảnh đầu tiên", "only its first picture is read"),
    "converted": ("chuyển từ văn bản soạn thảo sang PDF", "converted from a word processor's file"),
}
_NOTES = {
    "font-not-embedded": (
        "có trang dùng phông chữ không nhúng, được thay bằng ảnh",
        "a font that is not embedded: pages became pictures",
    ),
    "font-unfit": ("có trang dùng phông chữ hỏng, được thay bằng ảnh", "a broken font: pages became pictures"),
    "colour-unfit": (
        "có trang dùng hệ màu không xác định, được thay bằng ảnh",
        "colours without a meaning: pages became pictures",
    ),
    "content-unfit": (
        "có trang không hợp chuẩn PDF/A, được thay bằng ảnh",
        "pages that PDF/A does not allow became pictures",
    ),
    "content-unreadable": ("có trang không đọc được nội dung", "pages whose content cannot be read"),
    "hidden-layers": ("có lớp ẩn, trang được thay bằng ảnh", "hidden layers: pages became pictures"),
    "fields-without-look": (
        "có ô biểu mẫu chỉ phần mềm điền mẫu mới hiện, trang được thay bằng ảnh",
        "form fields that only some readers show: pages became pictures",
    ),
    "larger-than-input": ("lớn hơn tệp gốc", "larger than the original"),
}


def explained(paper: PaperFacts) -> Iterator[str]:
    """Yield the lines that explain a paper."""
    for reason in paper.reasons:
        yield f"  {_both(_FOUND, reason)}"
    yield from map(_signature, paper.signatures)
    yield from map(_page, paper.pages)
    for note in paper.document_note.split(", ") if paper.document_note else ():
        yield f"  PDF: {_both(_NOTES, note) if note.partition(':')[0] in _NOTES else explain(note)}"
    if paper.needs_review:
        asked = ", ".join((*paper.review_reasons, *paper.review_fields))
        yield f"  cần người kiểm tra / a person should look at: {asked}"


def _both(texts: dict[str, tuple[str, str]], reason: str) -> str:
    code, _, about = reason.partition(":")
    vietnamese, english = texts.get(code, (code, code))
    return f"{vietnamese} / {english}" + (f" ({about})" if about else "")


def _signature(signature: SignatureFacts) -> str:
    holds = "hợp lệ / holds" if signature.bottom_line else "KHÔNG hợp lệ / does NOT hold"
    told = ", ".join(filter(None, (signature.signer, signature.signed_at or signature.stamped_at, signature.problem)))
    return f"  chữ ký số / digital signature: {holds}: {told}"


def _page(page: PageFacts) -> str:
    vietnamese, english = _ROUTES[page.route]
    line = f"  trang / page {page.number}: {vietnamese} / {english}"
    if page.because:
        line += f": {_both(_BECAUSE, page.because)}"
    return f"{line} [{', '.join((*_measures(page), f'{page.seconds:.1f} s'))}]"


def _measures(page: PageFacts) -> Iterator[str]:
    if page.dpi:
        yield f"{page.dpi:g} dpi"
    if page.rotation:
        yield f"xoay / turned {page.rotation}°"
    if page.skew_degrees:
        yield f"nghiêng / skew {page.skew_degrees:g}°"
    if page.confidence is not None:
        yield f"{page.words} từ / words"
        yield f"tin cậy / confidence {page.confidence:g}"
    if page.reason:
        yield explain(page.reason)
