"""What intake says no with: each rejection as a problem a person can act on."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from services.intake import rejections
from services.intake.http.kinds import Kind
from services.intake.http.life_problems import LIFE_KINDS
from services.intake.http.record_problems import RECORD_KINDS
from services.intake.metrics import Metrics
from services.intake.refusals import TEXTS, Refusal
from services.intake.rejections import Reason, Rejected
from shared.problems import Fault, Problem, answer, answer_with_problems

KINDS = {
    **LIFE_KINDS,
    **RECORD_KINDS,
    Reason.INVALID_REQUEST: Kind(
        422, "Invalid request", "See errors for each field that is wrong.", "Xem errors để biết từng trường bị sai."
    ),
    Reason.UNKNOWN_PROCEDURE: Kind(
        422,
        "Unknown procedure",
        "No procedure of this code is published. Check the code or load the reference data.",
        "Không có thủ tục hành chính mang mã này. Hãy kiểm tra mã hoặc nạp danh mục.",
    ),
    Reason.UNKNOWN_UNIT: Kind(
        422,
        "Unknown unit",
        "No unit of this code is published. Check the code or load the reference data.",
        "Không có đơn vị mang mã này. Hãy kiểm tra mã hoặc nạp danh mục.",
    ),
    Reason.UNKNOWN_COMPONENT: Kind(
        422,
        "Unknown component",
        "The dossier has no component of this code.",
        "Hồ sơ không có thành phần mang mã này.",
    ),
    Reason.UNKNOWN_DOSSIER: Kind(404, "Unknown dossier", "There is no such dossier.", "Không có hồ sơ này."),
    Reason.UNKNOWN_PAPER: Kind(404, "Unknown paper", "There is no such paper.", "Không có giấy tờ này."),
    Reason.REFUSED_FILES: Kind(
        422,
        "Files refused",
        "Nothing was kept: replace the files named in errors and send all of them again.",
        "Chưa nhận tệp nào: hãy thay các tệp nêu trong errors rồi gửi lại tất cả.",
    ),
    Reason.ILLEGAL_TRANSITION: Kind(
        409,
        "Illegal transition",
        "The dossier's status does not allow this; errors names the status and what it allows.",
        "Trạng thái hồ sơ không cho phép thao tác này; errors nêu trạng thái và thao tác được phép.",
    ),
    Reason.STALE_VERSION: Kind(
        412,
        "Stale version",
        "It changed since you read it. Read it again and decide again.",
        "Dữ liệu đã thay đổi sau khi đọc. Hãy đọc lại rồi quyết định lại.",
    ),
    Reason.KEY_REUSED: Kind(
        422,
        "Idempotency key reused",
        "This Idempotency-Key was sent with another request. Use a new key for a new request.",
        "Idempotency-Key này đã dùng cho yêu cầu khác. Hãy dùng khóa mới cho yêu cầu mới.",
    ),
    Reason.NOT_IN_TRAY: Kind(
        409,
        "Not in a tray",
        "The paper waits in no tray any more: it already belongs to a dossier.",
        "Giấy tờ không còn trong khay chờ: đã thuộc về một hồ sơ.",
    ),
    Reason.NOT_A_BACK_FILE: Kind(
        409,
        "Not a back-file",
        "Only a paper of the bulk lane opens a back-file dossier. Attach this one to a dossier.",
        "Chỉ giấy tờ ở luồng bulk mới mở hồ sơ tồn lưu. Hãy gắn giấy tờ này vào một hồ sơ.",
    ),
    Reason.NOT_DIGITISED: Kind(
        409,
        "Not digitised yet",
        "The paper is being digitised. Ask again in a few seconds, or fetch its original.",
        "Giấy tờ đang được số hóa. Hãy hỏi lại sau vài giây, hoặc tải bản gốc.",
    ),
    Reason.DIGITISATION_FAILED: Kind(
        409,
        "Digitisation failed",
        "The paper could not be digitised; errors says why. Its original can be fetched.",
        "Không số hóa được giấy tờ; errors nêu lý do. Vẫn tải được bản gốc.",
    ),
    Reason.NO_DOCUMENT: Kind(
        404,
        "No document",
        "The paper was read, but no PDF could be made of it. Its text, fields and original can be fetched.",
        "Đã đọc giấy tờ nhưng không tạo được tệp PDF. Vẫn tải được văn bản, các trường và bản gốc.",
    ),
    Reason.PAPER_REFUSED: Kind(
        409,
        "Paper refused",
        "The paper is not digitised here; errors says why. Nothing was made of it.",
        "Giấy tờ không được số hóa ở đây; errors nêu lý do. Hệ thống không tạo ra dữ liệu nào.",
    ),
    Reason.IN_TRAY: Kind(
        409,
        "In a tray",
        "The paper waits in a tray and is not digitised yet. Attach it to a dossier first.",
        "Giấy tờ còn trong khay chờ, chưa được số hóa. Hãy gắn vào một hồ sơ trước.",
    ),
    Reason.UNKNOWN_PAGE: Kind(
        404,
        "Unknown page",
        "The paper's newest document has no such page, or no picture of it.",
        "Tài liệu mới nhất của giấy tờ không có trang này, hoặc không có ảnh của trang.",
    ),
    Reason.UNKNOWN_TABLE: Kind(
        404,
        "Unknown table",
        "No such table was read in the paper.",
        "Không đọc được bảng này trong giấy tờ.",
    ),
    Reason.UNKNOWN_REVIEW: Kind(404, "Unknown review", "There is no such review.", "Không có lượt kiểm tra này."),
    Reason.REVIEW_CLOSED: Kind(
        409,
        "Review closed",
        "The review is closed; errors says how. Nothing of it can be changed any more.",
        "Lượt kiểm tra đã đóng; errors nêu trạng thái. Không thể thay đổi nữa.",
    ),
    Reason.REVIEW_HELD: Kind(
        409,
        "Review held",
        "Somebody else holds this review; errors says who and until when. Take another one.",
        "Người khác đang giữ lượt kiểm tra này; errors nêu ai và đến khi nào. Hãy chọn lượt khác.",
    ),
    Reason.NOT_CLAIMED: Kind(
        409,
        "Review not claimed",
        "You do not hold this review. Claim it first.",
        "Bạn chưa nhận lượt kiểm tra này. Hãy nhận trước.",
    ),
    Reason.CLAIM_LAPSED: Kind(
        409,
        "Claim lapsed",
        "Your claim ended when errors says, and this was not kept. Claim the review again; the draft is there.",
        "Lượt giữ của bạn đã hết hạn lúc nêu trong errors, nội dung này chưa được lưu. Hãy nhận lại; bản nháp vẫn còn.",
    ),
    Reason.INCOMPLETE_REVIEW: Kind(
        422,
        "Incomplete review",
        "Every field asked for needs one answer; beside them only fields that were read have one. See errors.",
        "Mỗi trường được hỏi cần đúng một câu trả lời, ngoài ra chỉ trả lời trường đã đọc được; xem errors.",
    ),
    Reason.PRECONDITION_REQUIRED: Kind(
        428,
        "Precondition required",
        "Send If-Match with the ETag of what you read, so that nobody's work is lost.",
        "Hãy gửi If-Match với ETag đã đọc, để không làm mất công việc của người khác.",
    ),
}


def _fault(fault: rejections.Fault, status: int) -> Fault:
    text = TEXTS[Refusal(fault.reason)] if fault.reason in TEXTS else None
    return Fault(
        at=f"body/{fault.field}" if status == 422 else fault.field,
        reason=fault.reason,
        index=fault.index,
        detail=text and text.en,
        detail_vi=text and text.vi,
    )


def _problem(error: Rejected) -> Problem:
    kind = KINDS[error.kind]
    return Problem(
        error.kind.value,
        status=kind.status,
        title=kind.title,
        detail=kind.en,
        detail_vi=kind.vi,
        errors=[_fault(fault, kind.status) for fault in error.faults],
    )


def add_problems(app: FastAPI, metrics: Metrics) -> None:
    """Let every error of an application leave as a problem."""
    answer_with_problems(app)

    @app.exception_handler(Rejected)
    def rejected(_: Request, error: Rejected) -> JSONResponse:
        if error.kind is Reason.REFUSED_FILES:
            metrics.refused(fault.reason for fault in error.faults)
        return answer(_problem(error))
