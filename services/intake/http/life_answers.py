"""What the API tells of a dossier's life: what it waited for, who else has a part in it, what is promised."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.intake.dossiers import Dossier
from services.intake.waits import WaitKind
from shared.events import PaymentChannel


class Told(BaseModel):
    """A part of an answer, made of a noun."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class WaitOut(Told):
    """A wait; ``sequence`` is that of the event that began it, under which its note is found."""

    sequence: int
    number: int
    begins: datetime
    ends: datetime | None
    stops_clock: bool
    due_before: datetime | None
    due_after: datetime | None


class SupplementOut(WaitOut):
    """A request to supplement the dossier."""

    component_codes: list[str]
    reason_code: str | None


class SuspensionOut(WaitOut):
    """A time in which handling stood still on a legal ground."""

    reason_code: str | None
    legal_basis: str | None


class FeeOut(WaitOut):
    """A fee or tax that was asked for, and how it was paid."""

    amount: int | None
    payment_channel: PaymentChannel | None


class TaskOut(Told):
    """The part of another agency."""

    id: UUID
    unit: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    done: bool | None


class CodeOut(Told):
    """A further code of a dossier, of the unit or system it went to."""

    code: str
    unit: str
    system_of_record: str
    added_at: datetime


class WarningOut(Told):
    """Something a person should know about a dossier, in English and Vietnamese."""

    reason: str
    detail: str
    detail_vi: str


NO_LIMIT = WarningOut(
    reason="no-limit",
    detail="No time limit of the procedure is known, so nothing is promised. Load the procedure's limit.",
    detail_vi="Chưa biết thời hạn giải quyết của thủ tục nên chưa có ngày hẹn trả. Hãy nạp thời hạn của thủ tục.",
)
NO_CALENDAR = WarningOut(
    reason="no-calendar",
    detail="No working calendar is known for the days in question. The due date is set once it is loaded.",
    detail_vi="Chưa có lịch làm việc cho khoảng thời gian này. Ngày hẹn trả sẽ được tính khi nạp lịch.",
)
PROVISIONAL = WarningOut(
    reason="provisional",
    detail="The due date counts days the State has not decided on yet; it may still move.",
    detail_vi="Ngày hẹn trả tính cả những ngày Nhà nước chưa quyết định nghỉ hay làm; có thể còn thay đổi.",
)


def life_of(dossier: Dossier) -> dict[str, Any]:
    """Return the parts of an answer that tell of a dossier's life."""
    waits = {kind: [wait for wait in dossier.waits if wait.kind is kind] for kind in WaitKind}
    return {
        "suspended": dossier.standing.name == "suspended",
        "supplements": [SupplementOut.model_validate(wait) for wait in waits[WaitKind.SUPPLEMENT]],
        "suspensions": [SuspensionOut.model_validate(wait) for wait in waits[WaitKind.SUSPENSION]],
        "fees": [FeeOut.model_validate(wait) for wait in waits[WaitKind.FEE]],
        "tasks": [TaskOut.model_validate(task) for task in dossier.tasks],
        "added_codes": [CodeOut.model_validate(code) for code in dossier.added_codes],
        "allowed": dossier.allowed,
        "warnings": warnings(dossier),
    }


def warnings(dossier: Dossier) -> list[WarningOut]:
    """Return what a person should know about the promise of an open dossier."""
    if dossier.accepted_at is None or dossier.is_settled:
        return []
    if dossier.due_at is None:
        return [NO_LIMIT if dossier.limit is None else NO_CALENDAR]
    return [PROVISIONAL] if dossier.provisional else []
