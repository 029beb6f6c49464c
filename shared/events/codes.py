"""The closed lists of values in events; a new value is a new type of event."""

from enum import IntEnum, StrEnum


class Channel(IntEnum):
    """How a dossier came in (KenhThucHien of the national portal)."""

    IN_PERSON = 1
    ONLINE = 2
    POST = 3


class Status(IntEnum):
    """The ten states of a dossier (TrangThaiHoSo of the national portal)."""

    REGISTERED = 1
    ACCEPTED = 2
    REFUSED = 3
    IN_PROGRESS = 4
    AWAITING_SUPPLEMENT = 5
    AWAITING_FEE = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10


class CopyKind(IntEnum):
    """What kind of paper was handed in (LoaiBan)."""

    ORIGINAL = 0
    COPY = 1
    ELECTRONIC = 2


class Duty(StrEnum):
    """Whether a component is to be digitised (Circular 01/2023/TT-VPCP, Art. 4)."""

    REQUIRED = "required"
    REUSED = "reused"
    EXEMPT = "exempt"


class ServiceLevel(StrEnum):
    """How far a procedure is offered online; the first two are levels of law."""

    FULL = "full"
    PARTIAL = "partial"
    INFO = "info"
    UNCLASSIFIED = "unclassified"


class FieldAnswer(StrEnum):
    """What a person found when looking at a field of a paper."""

    RIGHT = "right"
    CORRECTED = "corrected"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


class TimeUnit(StrEnum):
    """What a time limit is counted in."""

    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"


class PaymentChannel(IntEnum):
    """Where a fee was paid (DuocThanhToanTrucTuyen of the national portal)."""

    OFFLINE = 0
    NATIONAL_PORTAL = 1
    LOCAL_GATEWAY = 2


class ReturnChannel(IntEnum):
    """How a result reaches the citizen (HinhThuc; 2 is ours, for a result sent electronically)."""

    COUNTER = 0
    POST = 1
    ELECTRONIC = 2


class ComponentState(StrEnum):
    """What became of a component's duty to be digitised (Circular 01/2023/TT-VPCP, Art. 4 and 7)."""

    PENDING = "pending"
    DIGITISED = "digitised"
    REUSED = "reused"
    EXEMPT = "exempt"


class ReusedFrom(StrEnum):
    """Where the data of a reused component came from."""

    PERSONAL_STORE = "personal-store"
    SHARED_DATABASE = "shared-database"
    EARLIER_DOSSIER = "earlier-dossier"


class Step(IntEnum):
    """The four steps of digitisation, in order (Circular 01/2023/TT-VPCP, Art. 7)."""

    COPIED = 1
    EXTRACTED = 2
    CODED = 3
    STORED = 4


class ResultKind(StrEnum):
    """How the result of a dossier became electronic."""

    ELECTRONIC = "electronic"
    DIGITISED = "digitised"


class TransferObject(StrEnum):
    """What is transferred to the software of a sector."""

    DOSSIER = "dossier"
    COMPONENT = "component"
    RESULT = "result"


class TransferOutcome(StrEnum):
    """What the software of a sector answered to a transfer."""

    ACCEPTED = "accepted"
    RETRIED = "retried"
    REFUSED = "refused"
