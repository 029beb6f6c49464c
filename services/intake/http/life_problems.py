"""What a person reads when a command about a dossier's life is not done."""

from services.intake.http.kinds import Kind
from services.intake.rejections import Reason

LIFE_KINDS = {
    Reason.UNTIMELY: Kind(
        422,
        "Untimely",
        "The moment given cannot be: it is in the future, or before what it must follow. See errors, correct it.",
        "Thời điểm không hợp lý: ở tương lai, hoặc trước bước đứng trước nó. Xem errors và sửa lại.",
    ),
    Reason.SAME_UNIT: Kind(
        422,
        "Same unit",
        "This unit is competent already. Name the unit the dossier goes to.",
        "Đơn vị này đang có thẩm quyền giải quyết. Hãy nêu đơn vị nhận hồ sơ.",
    ),
    Reason.NO_DUE_DATE: Kind(
        409,
        "No due date",
        "The dossier has no due date yet, so there is none to extend. Load the calendar or the limit it waits for.",
        "Hồ sơ chưa có ngày hẹn trả nên chưa thể gia hạn. Hãy nạp lịch làm việc hoặc thời hạn còn thiếu.",
    ),
    Reason.DUE_NOT_LATER: Kind(
        422,
        "Due date not later",
        "An extension promises a later date than the one promised now; errors says which.",
        "Ngày hẹn trả mới phải sau ngày đang hẹn; errors nêu ngày đó.",
    ),
    Reason.EXTENSIONS_USED_UP: Kind(
        409,
        "Extensions used up",
        "The dossier was extended as often as it may be; errors says how often that is.",
        "Hồ sơ đã được gia hạn đủ số lần cho phép; errors nêu số lần.",
    ),
    Reason.UNKNOWN_APOLOGY: Kind(
        422,
        "Unknown apology",
        "The apology must be a paper of this dossier. Add it to the dossier first.",
        "Văn bản xin lỗi phải là giấy tờ của hồ sơ này. Hãy thêm vào hồ sơ trước.",
    ),
    Reason.UNKNOWN_TASK: Kind(
        422,
        "Unknown task",
        "The dossier has no such task. Read the dossier for those it has.",
        "Hồ sơ không có yêu cầu phối hợp này. Hãy đọc hồ sơ để biết các yêu cầu hiện có.",
    ),
    Reason.TASK_CLOSED: Kind(
        409,
        "Task closed",
        "The task was closed before; nothing is left to do.",
        "Yêu cầu phối hợp đã đóng trước đó; không còn gì phải làm.",
    ),
    Reason.UNKNOWN_NOTE: Kind(404, "Unknown note", "There is no note to this event.", "Không có ghi chú cho bước này."),
}
