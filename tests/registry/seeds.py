"""The figures of the articles the project began with, as files and events of made-up dossiers.

Each article becomes a unit of the made-up province; what the article tells is said of that unit, in the files
``load`` reads and in the events a ledger would have announced. Nothing else is invented into the counts.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from shared.clock import VIETNAM
from shared.events import (
    Channel,
    ComponentRecorded,
    ComponentState,
    DossierAccepted,
    DossierFinished,
    DossierOpened,
    DossierReturned,
    Event,
    LedgerData,
    ResultDigitised,
    ResultKind,
    Status,
    TransferObject,
    TransferOutcome,
    TransferRecorded,
    deterministic_id,
)

SOURCE = "Hư cấu: số liệu của các bài báo nguồn"
MANAGING, CENTRE, COMMUNE = "H98.20", "H98.20.10", "H98.30"  # the article of Ninh Bình
PORT_CITY, EARLY, ISLANDS = "H98.21", "H98.22", "H98.23"  # Hải Phòng, Hải Dương, Kiên Giang
_LEVELS = (("full", 85), ("partial", 30), ("info", 7), ("unclassified", 10))
HANDLED, MANAGED = 132, 178
CUT, CUT_HOURS = 48, 362
RECEIVED, FINISHED = 5707, 5644
DIGITISED, TRANSFERRED = 2999, 1993
Row = Mapping[str, object]


def write_files(folder: Path) -> Path:
    """Write the files of reference data into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "units.csv", _units())
    _write(folder / "procedures.csv", list(_procedures()))
    _write(folder / "assessments.csv", list(_old_services()))
    _write(folder / "task_figures.csv", [_tasks()])
    return folder


def _write(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _units() -> list[Row]:
    names = {MANAGING: "department", CENTRE: "one_stop", COMMUNE: "commune"}
    names |= dict.fromkeys((PORT_CITY, EARLY, ISLANDS), "department")
    return [
        {
            "code": code,
            "name": f"Đơn vị {code}",
            "kind": kind,
            "parent": MANAGING if code == CENTRE else "",
            "valid_from": "2015-01-01",
            "source": SOURCE,
        }
        for code, kind in names.items()
    ]


def _procedures() -> Iterator[Row]:
    levels = [level for level, count in _LEVELS for _ in range(count)]
    levels += ["unclassified"] * (MANAGED - HANDLED)
    # 362 hours over 48 procedures: 7 or 8 each
    cuts = [CUT_HOURS // CUT + (n < CUT_HOURS % CUT) for n in range(CUT)]
    for number, level in enumerate(levels):
        at_department = number < HANDLED
        yield _procedure(
            f"9.97{number:04d}",
            MANAGING,
            level=level,
            handling_unit=MANAGING if at_department else COMMUNE,
            reduction_hours=cuts[number] if number < CUT else "",
        )
    for number, unit in enumerate((PORT_CITY, EARLY, *[ISLANDS] * 10)):
        yield _procedure(f"9.98{number:04d}", unit, level="unclassified", handling_unit=unit, reduction_hours="")


def _procedure(code: str, unit: str, *, level: str, handling_unit: str, reduction_hours: object) -> Row:
    return {
        "code": code,
        "version": 1,
        "name": f"Thủ tục {code}",
        "field_code": "G98-NC01",
        "field_name": "Người có công",
        "managing_unit": unit,
        "handling_level": "province" if handling_unit == unit else "commune",
        "handling_unit": handling_unit,
        "legal_limit": 15,
        "legal_limit_unit": "working_day",
        "reduction_hours": reduction_hours,
        "steps_cut": 1,
        "online_level": level,
        "level_scheme": "ND42_2022",
        "level_decision": "" if level == "unclassified" else "QĐ 118/QĐ-UBND (hư cấu)",
        "valid_from": "2020-01-01",
        "result_is_document": "true",
        "source": SOURCE,
    }


def _old_services() -> Iterator[Row]:
    """Yield levels of the scheme of 2011: of ten services of a unit, four at level 4, three at level 3, three below."""
    for number, level in enumerate((4, 4, 4, 4, 3, 3, 3, 2, 2, 1)):
        yield {
            "procedure_code": f"9.98{number + 2:04d}",
            "scheme": "ND43_2011",
            "level": level,
            "decision": "QĐ 43/QĐ-UBND (hư cấu)",
            "decided_by": "UBND tỉnh Hạ Vân",
            "valid_from": "2020-01-01",
            "valid_to": "2020-12-31",
            "source": SOURCE,
        }


def _tasks() -> Row:
    return {
        "code": "KG-2020",
        "unit": ISLANDS,
        "name": "Nhiệm vụ cải cách hành chính năm 2020",
        "period_from": "2020-01-01",
        "period_to": "2020-12-12",
        "numerator": 17,
        "denominator": 20,
        "stated_pct": 70,
        "source": SOURCE,
    }


class Book:
    """The ledgers of some dossiers of one unit."""

    def __init__(self, unit: str, procedure: str, *, receiving: str | None = None) -> None:
        self._unit, self._procedure, self._receiving = unit, procedure, receiving or unit

    def dossier(self, number: int, at: datetime, *, channel: Channel = Channel.IN_PERSON) -> "Ledger":
        """Open a dossier and return what follows in it."""
        ledger = Ledger(deterministic_id("seeds", self._unit, number), at)
        ledger.tell(
            DossierOpened(
                dossier_id=ledger.id,
                code=f"{self._receiving}-{at:%y%m%d}-{number:05d}",
                procedure_code=self._procedure,
                procedure_version=1,
                channel=channel,
                receiving_unit=self._receiving,
                competent_unit=self._unit,
            )
        )
        return ledger


class Ledger:
    """What is said of one dossier, in order."""

    def __init__(self, dossier_id: UUID, at: datetime) -> None:
        self.id, self.at = dossier_id, at
        self.events: list[Event] = []
        self.due: datetime | None = None

    def tell(self, data: LedgerData, *, after: timedelta = timedelta()) -> None:
        """Say what comes next, some time later."""
        self.at += after
        sequence = len(self.events) + 1
        self.events.append(
            Event(
                id=deterministic_id(self.id, sequence),
                source="/hoso/intake",
                subject=str(self.id),
                time=self.at,
                data=data,
                key=str(self.id),
                sequence=sequence,
            )
        )

    def accept(self, *, days: int) -> None:
        """Accept the dossier with so many days to go."""
        self.due = self.at + timedelta(days=days)
        status = {"from_status": Status.REGISTERED, "to_status": Status.ACCEPTED}
        self.tell(DossierAccepted(dossier_id=self.id, due_at=self.due, **status))

    def finish(self, *, after: timedelta) -> None:
        """Finish it and return the result the next day."""
        status = {"from_status": Status.ACCEPTED, "to_status": Status.FINISHED}
        self.tell(DossierFinished(dossier_id=self.id, due_at=self.due, **status), after=after)
        status = {"from_status": Status.FINISHED, "to_status": Status.RETURNED}
        self.tell(DossierReturned(dossier_id=self.id, due_at=self.due, **status), after=timedelta(days=1))


def _at(year: int, number: int) -> datetime:
    return datetime(year, 1, 2, 8, tzinfo=VIETNAM) + timedelta(days=number % 300, minutes=number % 400)


def port_city() -> Iterator[Ledger]:
    """Yield the dossiers of the article of Hải Phòng: 5,707 received, 5,644 settled, 63 open."""
    book = Book(PORT_CITY, "9.980000")
    for number in range(RECEIVED):
        ledger = book.dossier(number, _at(2020, number))
        ledger.accept(days=15)
        if number < FINISHED:
            ledger.finish(after=timedelta(days=10))
        yield ledger


def early() -> Iterator[Ledger]:
    """Yield dossiers of the article of Hải Dương: more than nine in ten before their date, none late."""
    book = Book(EARLY, "9.980001")
    for number in range(1000):
        ledger = book.dossier(number, _at(2022, number % 250))
        ledger.accept(days=10)
        ledger.finish(after=timedelta(days=10 if number % 12 == 0 else 5))
        yield ledger


def digitised() -> Iterator[Ledger]:
    """Yield the dossiers of the article of Ninh Bình with 2,999 objects digitised, 1,993 of them transferred.

    The article counts dossiers, papers and results together; here every one is a component or a result.
    """
    book = Book(MANAGING, "9.970000", receiving=CENTRE)
    for number in range(1500):
        ledger = book.dossier(number, _at(2024, number % 100))
        ledger.accept(days=15)
        for part in range(2 if number < DIGITISED - 1500 else 1):
            _digitise(ledger, part, transferred=number * 2 + part < TRANSFERRED)
        ledger.finish(after=timedelta(days=9))
        yield ledger


def _digitise(ledger: Ledger, part: int, *, transferred: bool) -> None:
    paper = deterministic_id(ledger.id, "paper", part)
    if part:
        ledger.tell(ResultDigitised(dossier_id=ledger.id, paper_id=paper, kind=ResultKind.DIGITISED))
    else:
        state = ComponentState.DIGITISED
        ledger.tell(ComponentRecorded(dossier_id=ledger.id, component_code="T1", state=state, paper_id=paper))
    if transferred:
        ledger.tell(
            TransferRecorded(
                dossier_id=ledger.id,
                transfer_id=deterministic_id(ledger.id, "transfer", part),
                target="ncc",
                object=TransferObject.RESULT if part else TransferObject.COMPONENT,
                component_code=None if part else "T1",
                paper_id=paper,
                outcome=TransferOutcome.ACCEPTED,
            )
        )


def islands() -> Iterator[Ledger]:
    """Yield a year of the article of Kiên Giang: of 1,000 dossiers 250 are sent online to services of level 3 or 4.

    Ten more are sent online to a service below level 3, and do not count towards the target.
    """
    for number in range(1000):
        service = number % 10
        online = service < 7 and number % 100 < 34 or service == 9 and number < 100  # noqa: RUF021
        book = Book(ISLANDS, f"9.98{service + 2:04d}")
        ledger = book.dossier(number, _at(2020, number), channel=Channel.ONLINE if online else Channel.IN_PERSON)
        ledger.accept(days=10)
        ledger.finish(after=timedelta(days=8))
        yield ledger


def events(*stories: Iterable[Ledger]) -> Iterator[Event]:
    """Yield all events of some stories."""
    for story in stories:
        for ledger in story:
            yield from ledger.events
