"""Which command is legal in which status, and what it leads to."""

from collections.abc import Mapping
from enum import StrEnum

from services.intake.rejections import Fault, Reason, Rejected
from shared.events import Status


class Command(StrEnum):
    """What a clerk decides about a dossier."""

    ACCEPT = "accept"
    FINISH = "finish"
    RETURN = "return"


TRANSITIONS: Mapping[Status, Mapping[Command, Status]] = {
    Status.REGISTERED: {Command.ACCEPT: Status.ACCEPTED},
    Status.ACCEPTED: {Command.FINISH: Status.FINISHED},
    Status.REFUSED: {},
    Status.IN_PROGRESS: {Command.FINISH: Status.FINISHED},
    Status.AWAITING_SUPPLEMENT: {},
    Status.AWAITING_FEE: {},
    Status.WITHDRAWN: {},
    Status.STOPPED: {},
    Status.FINISHED: {Command.RETURN: Status.RETURNED},
    Status.RETURNED: {},
}


def after(status: Status, command: Command) -> Status:
    """Return the status a command leads to; raises ``Rejected`` where it is not legal."""
    if command not in TRANSITIONS[status]:
        allowed = [Fault("allowed", legal) for legal in TRANSITIONS[status]]
        raise Rejected(Reason.ILLEGAL_TRANSITION, Fault("status", status.name.lower().replace("_", "-")), *allowed)
    return TRANSITIONS[status][command]
