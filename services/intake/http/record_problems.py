"""What the record of digitisation says no with."""

from collections.abc import Mapping

from services.intake.http.kinds import Kind
from services.intake.rejections import Reason

RECORD_KINDS: Mapping[Reason, Kind] = {
    Reason.NO_SUCH_COMPONENT: Kind(
        404,
        "No such component",
        "The dossier has no component of this code. Read the dossier for the codes it has.",
        "Hồ sơ không có thành phần mang mã này. Hãy đọc hồ sơ để biết các mã thành phần.",
    ),
    Reason.CONTRADICTORY_RECORD: Kind(
        422,
        "Contradictory record",
        "What was sent contradicts itself or what is known. Errors names each field and what is wrong with it.",
        "Nội dung gửi mâu thuẫn với chính nó hoặc với dữ liệu đã có. Xem errors: từng trường và lỗi của trường đó.",
    ),
    Reason.STEP_MISSING: Kind(
        409,
        "Step missing",
        "The steps go in order: copied, extracted, coded, stored. Do the one that errors names first.",
        "Các bước phải theo thứ tự: sao chụp, bóc tách dữ liệu, cấp mã, lưu. Hãy làm bước nêu trong errors trước.",
    ),
    Reason.STEP_DONE: Kind(
        409,
        "Step done",
        "The step was done before, otherwise than asked; errors says how. It is not changed any more.",
        "Bước này đã được thực hiện với nội dung khác, nêu trong errors. Không thể thay đổi nữa.",
    ),
    Reason.CODE_TAKEN: Kind(
        409,
        "Digitisation code taken",
        "Another paper has this digitisation code. Send another code, or none to be given one.",
        "Mã kết quả số hóa này đã cấp cho giấy tờ khác. Hãy gửi mã khác, hoặc để trống để hệ thống cấp mã.",
    ),
    Reason.PERSONAL_CODE: Kind(
        422,
        "Personal code",
        "The code may hold an identity number, and codes are announced to everybody. Send one without it.",
        "Mã có thể chứa số định danh cá nhân, mà mã được công bố cho mọi hệ thống. Hãy gửi mã không chứa số này.",
    ),
    Reason.NOT_RECEIVED: Kind(
        409,
        "Dossier not received",
        "The dossier was never accepted, so it has no result; errors names its status. Accept it first.",
        "Hồ sơ chưa được tiếp nhận nên chưa có kết quả; errors nêu trạng thái. Hãy tiếp nhận hồ sơ trước.",
    ),
    Reason.RESULT_RECORDED: Kind(
        409,
        "Result recorded",
        "This paper was recorded as a result before, otherwise; errors says how. It is not changed any more.",
        "Giấy tờ này đã được ghi nhận là kết quả với nội dung khác, nêu trong errors. Không thể thay đổi nữa.",
    ),
    Reason.UNKNOWN_TRANSFER: Kind(
        404,
        "Unknown transfer",
        "The dossier has no such transfer. Leave transfer_id out to report the first attempt.",
        "Hồ sơ không có lượt chuyển này. Hãy bỏ transfer_id để ghi nhận lần chuyển đầu tiên.",
    ),
    Reason.TRANSFER_ACCEPTED: Kind(
        409,
        "Transfer accepted",
        "This was transferred and accepted before, which is final; errors names the transfer.",
        "Nội dung này đã được chuyển và tiếp nhận, không thể ghi nhận lại; errors nêu lượt chuyển.",
    ),
}
