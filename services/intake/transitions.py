"""Which command is legal where a dossier stands, and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.intake.rejections import Fault, Reason, Rejected
from shared.events import Status


class Command(StrEnum):
    """What a clerk or an officer decides about a dossier."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    HAND_OVER = "hand-over"
    REQUEST_SUPPLEMENT = "request-supplement"
    SUPPLEMENT = "supplement"
    REQUEST_FEE = "request-fee"
    PAY = "pay"
    SUSPEND = "suspend"
    RESUME = "resume"
    STOP = "stop"
    WITHDRAW = "withdraw"
    FINISH = "finish"
    RETURN = "return"
    EXTEND = "extend"
    REROUTE = "reroute"
    OPEN_TASK = "open-task"
    CLOSE_TASK = "close-task"


# these leave the status as it is, and are no step on a dossier's way
STAYING = frozenset({Command.EXTEND, Command.REROUTE, Command.OPEN_TASK, Command.CLOSE_TASK})


@dataclass(frozen=True)
class Standing:
    """Where a dossier stands: its status, and where it waits, the status it came from.

    Status 8 has two meanings: with ``came_from`` the dossier is suspended and goes on, without it is stopped for good.
    """

    status: Status
    came_from: Status | None = None

    @property
    def name(self) -> str:
        """The status as problems and answers name it."""
        if self.status is Status.STOPPED and self.came_from is not None:
            return "suspended"
        return self.status.name.lower().replace("_", "-")


_ENDS = {Command.STOP: Status.STOPPED, Command.WITHDRAW: Status.WITHDRAWN}
_WAITS = {
    Command.REQUEST_SUPPLEMENT: Status.AWAITING_SUPPLEMENT,
    Command.REQUEST_FEE: Status.AWAITING_FEE,
    Command.SUSPEND: Status.STOPPED,
}
_HANDLED = {**_WAITS, **_ENDS, Command.FINISH: Status.FINISHED}


def _staying(status: Status, *commands: Command) -> dict[Command, Status]:
    return dict.fromkeys(commands, status)


def _with_tasks(status: Status, legal: Mapping[Command, Status]) -> Mapping[Command, Status]:
    return {**legal, Command.CLOSE_TASK: status}


def _moved_about(status: Status, legal: Mapping[Command, Status]) -> Mapping[Command, Status]:
    return _with_tasks(status, {**legal, Command.REROUTE: status})


def _at_work(status: Status, legal: Mapping[Command, Status]) -> Mapping[Command, Status]:
    return _moved_about(status, {**legal, **_staying(status, Command.EXTEND, Command.OPEN_TASK)})


# the other agency's answer may come when the dossier has ended: closing a task is legal wherever there can be one
TRANSITIONS: Mapping[Standing, Mapping[Command, Status]] = {
    Standing(Status.REGISTERED): {
        Command.ACCEPT: Status.ACCEPTED,
        Command.REFUSE: Status.REFUSED,
        Command.REQUEST_SUPPLEMENT: Status.AWAITING_SUPPLEMENT,
        Command.WITHDRAW: Status.WITHDRAWN,
        Command.REROUTE: Status.REGISTERED,
    },
    Standing(Status.ACCEPTED): _at_work(Status.ACCEPTED, {Command.HAND_OVER: Status.IN_PROGRESS, **_HANDLED}),
    Standing(Status.REFUSED): {},
    Standing(Status.IN_PROGRESS): _at_work(Status.IN_PROGRESS, _HANDLED),
    Standing(Status.AWAITING_SUPPLEMENT, Status.REGISTERED): {
        Command.SUPPLEMENT: Status.REGISTERED,
        Command.ACCEPT: Status.ACCEPTED,
        Command.REFUSE: Status.REFUSED,
        Command.REROUTE: Status.AWAITING_SUPPLEMENT,
        **_ENDS,
    },
    **{
        Standing(Status.AWAITING_SUPPLEMENT, origin): _moved_about(
            Status.AWAITING_SUPPLEMENT, {Command.SUPPLEMENT: origin, **_ENDS}
        )
        for origin in (Status.ACCEPTED, Status.IN_PROGRESS)
    },
    **{
        Standing(Status.AWAITING_FEE, origin): _moved_about(
            Status.AWAITING_FEE, {Command.PAY: Status.IN_PROGRESS, Command.FINISH: Status.FINISHED, **_ENDS}
        )
        for origin in (Status.ACCEPTED, Status.IN_PROGRESS)
    },
    # already finished: only the fee is open, and nothing finishes twice
    Standing(Status.AWAITING_FEE, Status.FINISHED): _with_tasks(
        Status.AWAITING_FEE, {Command.PAY: Status.FINISHED, **_ENDS}
    ),
    Standing(Status.WITHDRAWN): _with_tasks(Status.WITHDRAWN, {}),
    **{
        Standing(Status.STOPPED, origin): _moved_about(Status.STOPPED, {Command.RESUME: Status.IN_PROGRESS, **_ENDS})
        for origin in (Status.ACCEPTED, Status.IN_PROGRESS)
    },
    Standing(Status.STOPPED): _with_tasks(Status.STOPPED, {}),
    Standing(Status.FINISHED): _with_tasks(
        Status.FINISHED, {Command.RETURN: Status.RETURNED, Command.REQUEST_FEE: Status.AWAITING_FEE}
    ),
    Standing(Status.RETURNED): _with_tasks(Status.RETURNED, {}),
}


def after(standing: Standing, command: Command) -> Status:
    """Return the status a command leads to; raises ``Rejected`` where it is not legal."""
    legal = TRANSITIONS[standing]
    if command not in legal:
        allowed = [Fault("allowed", name) for name in legal]
        raise Rejected(Reason.ILLEGAL_TRANSITION, Fault("status", standing.name), *allowed)
    return legal[command]
