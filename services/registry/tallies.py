"""What a dossier, a paper and a transfer add to the tallies; pure.

A tally is changed by the difference of what a state adds before and after, in the transaction that
writes the state, so nobody ever counts rows. Names and keys (a, b, c, day):

| name          | a              | b              | c          | day        | value |
|---------------|----------------|----------------|------------|------------|-------|
| received      | competent unit | procedure      | channel    | received   | dossiers |
| received_all  | competent unit | channel        |            |            | dossiers |
| settled       | competent unit | procedure      | timeliness | settled    | dossiers |
| settled_all   | competent unit | channel        | timeliness |            | dossiers |
| open          | competent unit | procedure      |            | received   | dossiers received, not settled |
| open_age      | competent unit |                |            | received   | the same |
| open_due      | competent unit |                |            | due        | the same, with a due date and not paused |
| status        | competent unit | status         |            |            | dossiers |
| held          | receiving unit | competent unit | status     |            | dossiers |
| missing       |                |                |            |            | events not seen |
| digitised     | object         | competent unit |            | see below  | objects |
| digitised_all | object         | competent unit |            |            | objects |
| transfer      | target         | object         | outcome    | answered   | transfers, by the last answer |
| paper         | receiving unit | competent unit | state      |            | papers |
| pages         | receiving unit | competent unit |            |            | pages of the newest documents |
| awaiting      | lane           |                |            |            | papers that wait for a person |

Components and dossiers are counted as digitised on the day the dossier was opened, results on the
day they were there. A dossier is digitised once a component of it is and none is pending. What is
not known is ``""``; where no day is needed it is ``NO_DAY``.
"""

from collections.abc import Iterator
from datetime import date

from services.registry.dossier_state import DossierState, TransferState
from services.registry.fold import day_of
from services.registry.paper_state import PaperState

NO_DAY = date(1970, 1, 1)
Key = tuple[str, str, str, str, date]
Added = Iterator[tuple[Key, int]]


def of_dossier(dossier: DossierState) -> Added:
    """Yield what a dossier adds."""
    unit, receiving = dossier.competent_unit or "", dossier.receiving_unit or ""
    status = _text(dossier.status)
    yield ("status", unit, status, "", NO_DAY), 1
    yield ("held", receiving, unit, status, NO_DAY), 1
    yield ("missing", "", "", "", NO_DAY), dossier.last_sequence - dossier.events_seen
    if dossier.received_day is not None:
        yield from _of_received(dossier, unit, dossier.received_day)
    if dossier.components_digitised or dossier.result_at is not None:
        yield from _of_digitised(dossier, unit)


def _of_received(dossier: DossierState, unit: str, day: date) -> Added:
    procedure, channel = dossier.procedure_code or "", _text(dossier.channel)
    yield ("received", unit, procedure, channel, day), 1
    yield ("received_all", unit, channel, "", NO_DAY), 1
    if dossier.settled_day is not None:
        timeliness = dossier.timeliness or ""
        yield ("settled", unit, procedure, timeliness, dossier.settled_day), 1
        yield ("settled_all", unit, channel, timeliness, NO_DAY), 1
        return
    yield ("open", unit, procedure, "", day), 1
    yield ("open_age", unit, "", "", day), 1
    if dossier.due_day is not None and dossier.paused_since is None:
        yield ("open_due", unit, "", "", dossier.due_day), 1


def _of_digitised(dossier: DossierState, unit: str) -> Added:
    day, digitised = dossier.opened_day or NO_DAY, dossier.components_digitised
    done = digitised + dossier.components_reused + dossier.components_exempt == dossier.components
    yield from _digitised("component", unit, day, digitised)
    yield from _digitised("dossier", unit, day, int(digitised > 0 and done))
    yield from _digitised("result", unit, day_of(dossier.result_at) or NO_DAY, int(dossier.result_at is not None))


def _digitised(kind: str, unit: str, day: date, count: int) -> Added:
    yield ("digitised", kind, unit, "", day), count
    yield ("digitised_all", kind, unit, "", NO_DAY), count


def of_transfer(transfer: TransferState) -> Added:
    """Yield what a transfer adds."""
    yield ("transfer", transfer.target, transfer.object, transfer.outcome, day_of(transfer.at) or NO_DAY), 1


def of_paper(paper: PaperState, receiving: str, competent: str) -> Added:
    """Yield what a paper of a dossier of these units adds; they may be unknown yet."""
    yield ("paper", receiving, competent, paper.state, NO_DAY), 1
    yield ("pages", receiving, competent, "", NO_DAY), paper.pages or 0
    yield ("awaiting", paper.lane or "", "", "", NO_DAY), int(paper.awaits_review)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
