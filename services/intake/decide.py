"""A clerk decides about a dossier: accept it, finish it, return the result."""

from uuid import UUID

from services.intake import announcements
from services.intake.dossiers import Act, Dossier
from services.intake.once import Once
from services.intake.ports import Answer, Entries
from services.intake.rejections import Reason, Rejected
from services.intake.transitions import Command, after

# which moment of a dossier a command sets
_MOMENTS = {Command.ACCEPT: "accepted_at", Command.FINISH: "finished_at", Command.RETURN: "returned_at"}


def decide(dossier_id: UUID, command: Command, *, act: Act, version: int | None, once: Once[Dossier]) -> Answer:
    """Move a dossier on, if the command is legal and ``version``, where given, is the present one."""
    return once.run(lambda entries: _move(entries, dossier_id, command, act=act, version=version), act.at).answer


def _move(entries: Entries, dossier_id: UUID, command: Command, *, act: Act, version: int | None) -> Dossier:
    dossier = entries.lock(dossier_id)
    if version is not None and version != dossier.version:
        raise Rejected(Reason.STALE_VERSION)
    moved = dossier.changed(announced=1, status=after(dossier.status, command), **{_MOMENTS[command]: act.at})
    entries.save(moved)
    entries.announce([announcements.decided(moved, command, act, before=dossier.status)])
    return entries.dossier(dossier_id)
