"""What intake says no to, as a closed list, and the error that carries it."""

from dataclasses import dataclass
from enum import StrEnum

from shared.errors import HosoError


class Reason(StrEnum):
    """Why a request is not done; the last part of a problem's type."""

    INVALID_REQUEST = "invalid-request"
    UNKNOWN_PROCEDURE = "unknown-procedure"
    UNKNOWN_UNIT = "unknown-unit"
    UNKNOWN_COMPONENT = "unknown-component"
    UNKNOWN_DOSSIER = "unknown-dossier"
    UNKNOWN_PAPER = "unknown-paper"
    REFUSED_FILES = "refused-files"
    ILLEGAL_TRANSITION = "illegal-transition"
    STALE_VERSION = "stale-version"
    KEY_REUSED = "idempotency-key-reused"
    NOT_IN_TRAY = "not-in-tray"
    NOT_A_BACK_FILE = "not-a-back-file"
    NOT_DIGITISED = "not-digitised-yet"
    DIGITISATION_FAILED = "digitisation-failed"
    NO_DOCUMENT = "no-document"
    PAPER_REFUSED = "paper-refused"
    IN_TRAY = "in-tray"
    UNKNOWN_PAGE = "unknown-page"
    UNKNOWN_TABLE = "unknown-table"
    UNKNOWN_REVIEW = "unknown-review"
    REVIEW_CLOSED = "review-closed"
    REVIEW_HELD = "review-held"
    NOT_CLAIMED = "review-not-claimed"
    CLAIM_LAPSED = "review-claim-lapsed"
    INCOMPLETE_REVIEW = "incomplete-review"
    PRECONDITION_REQUIRED = "precondition-required"
    UNTIMELY = "untimely"
    SAME_UNIT = "same-unit"
    NO_DUE_DATE = "no-due-date"
    DUE_NOT_LATER = "due-date-not-later"
    EXTENSIONS_USED_UP = "extensions-used-up"
    UNKNOWN_APOLOGY = "unknown-apology"
    UNKNOWN_TASK = "unknown-task"
    TASK_CLOSED = "task-closed"
    UNKNOWN_NOTE = "unknown-note"

    # of the record of digitisation
    NO_SUCH_COMPONENT = "no-such-component"
    CONTRADICTORY_RECORD = "contradictory-record"
    STEP_MISSING = "step-missing"
    STEP_DONE = "step-done"
    CODE_TAKEN = "digitisation-code-taken"
    PERSONAL_CODE = "personal-code"
    NOT_RECEIVED = "dossier-not-received"
    RESULT_RECORDED = "result-recorded"
    UNKNOWN_TRANSFER = "unknown-transfer"
    TRANSFER_ACCEPTED = "transfer-accepted"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, and the reason; ``index`` counts files from 0."""

    field: str
    reason: str
    index: int | None = None


class Rejected(HosoError):
    """A request is not done because of what was asked; nothing was kept of it."""

    def __init__(self, reason: Reason, *faults: Fault) -> None:
        super().__init__(reason=reason.value)
        self.kind = reason
        self.faults = faults
