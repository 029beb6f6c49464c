"""Every way a dossier can go, as the commands that lead there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.intake.transitions import TRANSITIONS, Command, Standing
from shared.events import Status

# the shortest way to every standing, from the opening on
WAYS: Mapping[Standing, Sequence[Command]] = {
    Standing(Status.REGISTERED): (),
    Standing(Status.ACCEPTED): (Command.ACCEPT,),
    Standing(Status.REFUSED): (Command.REFUSE,),
    Standing(Status.IN_PROGRESS): (Command.ACCEPT, Command.HAND_OVER),
    Standing(Status.AWAITING_SUPPLEMENT, Status.REGISTERED): (Command.REQUEST_SUPPLEMENT,),
    Standing(Status.AWAITING_SUPPLEMENT, Status.ACCEPTED): (Command.ACCEPT, Command.REQUEST_SUPPLEMENT),
    Standing(Status.AWAITING_SUPPLEMENT, Status.IN_PROGRESS): (
        Command.ACCEPT,
        Command.HAND_OVER,
        Command.REQUEST_SUPPLEMENT,
    ),
    Standing(Status.AWAITING_FEE, Status.ACCEPTED): (Command.ACCEPT, Command.REQUEST_FEE),
    Standing(Status.AWAITING_FEE, Status.IN_PROGRESS): (Command.ACCEPT, Command.HAND_OVER, Command.REQUEST_FEE),
    Standing(Status.AWAITING_FEE, Status.FINISHED): (Command.ACCEPT, Command.FINISH, Command.REQUEST_FEE),
    Standing(Status.WITHDRAWN): (Command.ACCEPT, Command.WITHDRAW),
    Standing(Status.STOPPED, Status.ACCEPTED): (Command.ACCEPT, Command.SUSPEND),
    Standing(Status.STOPPED, Status.IN_PROGRESS): (Command.ACCEPT, Command.HAND_OVER, Command.SUSPEND),
    Standing(Status.STOPPED): (Command.ACCEPT, Command.STOP),
    Standing(Status.FINISHED): (Command.ACCEPT, Command.FINISH),
    Standing(Status.RETURNED): (Command.ACCEPT, Command.FINISH, Command.RETURN),
}
# these need another thing beside the dossier, and have tests of their own in intake
APART = frozenset({Command.EXTEND, Command.CLOSE_TASK})


def steps() -> Iterator[tuple[Standing, Command]]:
    """Yield every standing with every command."""
    return ((standing, command) for standing in TRANSITIONS for command in Command if command not in APART)


def legal(standing: Standing, command: Command) -> bool:
    """Return whether a command may be given there."""
    return command in TRANSITIONS[standing]


def body(command: Command, other_unit: str) -> dict[str, Any]:
    """Return what a command must bring."""
    if command is Command.REROUTE:
        return {"to_unit": other_unit}
    if command is Command.OPEN_TASK:
        return {"unit": other_unit, "due_at": (datetime.now(UTC) + timedelta(days=3)).isoformat()}
    return {}
