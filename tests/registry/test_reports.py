"""Reports over the API: in three formats, filed for ever, compared with the one before, with the causes found."""

import csv
import shutil
import subprocess
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, update

from services.registry.figures.forms import KINDS, form
from services.registry.report_tables import filed_report
from services.registry.tables import FOLLOWER, dossier, positions
from shared.database import Database
from shared.events import (
    Actor,
    Channel,
    Data,
    DossierAccepted,
    DossierExtended,
    DossierFinished,
    DossierOpened,
    DossierRerouted,
    DossierResumed,
    DossierSuspended,
    Event,
    FeePaid,
    FeeRequested,
    LedgerData,
    PaymentChannel,
    Status,
    deterministic_id,
    encode,
)
from shared.log import Record
from shared.topics import DOSSIERS
from tests.registry.dossier_rows import a_dossier, at
from tests.registry.reporting import MARCH, Office
from tests.registry.test_projection import keep

ASSESSMENTS = "procedure_code,scheme,level,decision,decided_by,valid_from,source"


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


@pytest.fixture
def small(sqlite: Database, tmp_path: Path) -> Office:
    """Return an office on SQLite, with five dossiers."""
    office = Office(sqlite, tmp_path)
    office.put(five())
    return office


def five() -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"finished_at": at("2026-03-10"), "due_at": at("2026-03-12")},
        {"finished_at": at("2026-03-20"), "due_at": at("2026-03-12"), "channel": 2},
        {"due_at": at("2026-03-12"), "procedure_code": "9.990005"},
        {"accepted_at": at("2026-02-02"), "withdrawn_at": at("2026-03-02"), "competent_unit": "H98.61"},
        {"accepted_at": at("2026-04-01")},
    ]
    return [a_dossier(n, **{"accepted_at": at("2026-03-02"), **fact}) for n, fact in enumerate(facts)]


class Ledger:
    """Tells what happens to a dossier, each event recorded at a moment of its own."""

    def __init__(self, number: int) -> None:
        self.id = deterministic_id("dossier", number)
        self._sequence = 0

    def tell(self, data: LedgerData, recorded: Any) -> Record:
        """Tell the next event of the ledger."""
        self._sequence += 1
        return self._record(data, recorded)

    def _record(self, data: Data, recorded: Any) -> Record:
        event = Event(
            id=deterministic_id(str(self.id), self._sequence),
            source="/test",
            subject=str(self.id),
            time=recorded,
            data=data,
            key=str(self.id),
            sequence=self._sequence,
        )
        message = encode(event, DOSSIERS.name)
        return Record(message.topic, message.key, message.value, message.headers, partition=0, offset=self._sequence)

    def accepted(self, day: str = "2026-03-02", due: str = "2026-03-12") -> list[Record]:
        """Tell that it was opened and accepted."""
        opened = DossierOpened(
            dossier_id=self.id,
            actor=Actor(subject="clerk-7"),
            code=f"H98.02-260302-{self.id.int % 10000:04}",
            procedure_code="9.990001",
            procedure_version=1,
            channel=Channel.IN_PERSON,
            receiving_unit="H98.01.10",
            competent_unit="H98.02",
        )
        accepted = DossierAccepted(
            dossier_id=self.id, from_status=Status.REGISTERED, to_status=Status.ACCEPTED, due_at=at(due, "17:00")
        )
        return [self.tell(opened, at(day)), self.tell(accepted, at(day))]


def test_a_draft_says_what_would_be_filed(office: Office) -> None:
    office.put(five())
    draft = office.get("reports/draft", kind="II.06a", **MARCH)
    assert draft["difference"] is None
    total = draft["report"]["rows"][0]
    assert {name: count for name, count in total["values"].items() if count} == {
        "received": 4,
        "received_online": 1,
        "received_direct": 2,
        "carried": 1,
        "settled": 3,
        "settled_early": 1,
        "settled_on_time": 1,
        "settled_overdue": 1,
        "open": 1,
        "open_overdue": 1,
    }
    only = office.get("reports/draft", kind="II.06a", **{**MARCH, "unit": "H98.61"})["report"]
    assert (only["rows"][0]["values"]["received"], only["scope_name"]) == (1, "Ủy ban nhân dân xã Đồi Gió")
    assert [unit["code"] for unit in only["units"]] == ["H98.61", "H98.61.01"]


def test_the_digitisation_table(office: Office) -> None:
    office.put(
        [
            a_dossier(1, accepted_at=at("2026-03-02"), components=2, components_digitised=2),
            a_dossier(2, accepted_at=at("2026-03-02"), components=2, components_reused=1, reused_from_store=True),
            a_dossier(3, accepted_at=at("2026-03-02"), components=1, components_exempt=1),
            a_dossier(4, accepted_at=at("2026-03-02"), components=1, finished_at=at("2026-03-04")),
            a_dossier(
                5,
                accepted_at=at("2026-02-02"),
                components=1,
                finished_at=at("2026-03-04"),
                result_kind="electronic",
            ),
            a_dossier(6, accepted_at=at("2026-02-02"), withdrawn_at=at("2026-03-04")),
            a_dossier(7, accepted_at=at("2026-02-02"), components_digitised=1),
        ]
    )
    rows = office.get("reports/draft", kind="digitisation", **MARCH)["report"]["rows"]
    assert rows[0]["values"] == {
        "received": 4,
        "not_digitised": 2,
        "nothing_to_digitise": 1,
        "digitised": 2,
        "reused": 1,
        "reused_from_store": 1,
        "settled": 3,
        "result_not_digitised": 2,
        "no_result": 1,
        "result_digitised": 1,
    }
    assert [(row["style"], row["label"]) for row in rows[1:]] == [
        ("group", "Sở, ban, ngành"),
        ("line", "Sở Nội vụ tỉnh Hạ Vân"),
    ]


def test_the_table_of_online_payment(office: Office) -> None:
    paid = {"fee_asked": 50_000, "fee_paid": 50_000}
    office.put(
        [
            a_dossier(1, accepted_at=at("2026-03-02"), payment_channel=1, **paid),
            a_dossier(2, accepted_at=at("2026-03-02"), payment_channel=2, **paid),
            a_dossier(3, accepted_at=at("2026-03-02"), payment_channel=0, **paid),
            a_dossier(4, accepted_at=at("2026-03-02"), fee_asked=70_000),
            a_dossier(5, accepted_at=at("2026-03-02"), fee_asked=0),
            a_dossier(6, accepted_at=at("2026-03-02")),
            a_dossier(7, accepted_at=at("2026-02-02"), payment_channel=1, **paid),
        ]
    )
    rows = office.get("reports/draft", kind="online-payment", **MARCH)["report"]["rows"]
    assert rows[0]["values"] == {
        "received": 6,
        "obliged": 4,
        "paid": 3,
        "paid_portal": 1,
        "paid_gateway": 1,
        "paid_online": 2,
        "online_ratio": 0.5,
        "amount_paid": 150_000,
        "amount_online": 100_000,
    }


def test_the_table_of_levels(office: Office) -> None:
    office.put(
        [
            a_dossier(1, accepted_at=at("2026-03-02"), channel=2),
            a_dossier(2, accepted_at=at("2026-03-03"), channel=2),
            a_dossier(3, accepted_at=at("2026-03-02"), channel=2, procedure_code="9.990004"),  # information only
            a_dossier(4, accepted_at=at("2026-03-02")),
        ]
    )
    asked = {**MARCH, "unit": "H98.02"}
    (total, *_) = office.get("reports/draft", kind="levels", **asked)["report"]["rows"]
    assert total["values"] == {
        "procedures": 9,
        "full": 3,
        "partial": 3,
        "info": 2,
        "unclassified": 1,
        "used": 1,
        "used_ratio": 0.1667,
        "received": 4,
        "received_online": 3,
        "online_ratio": 0.75,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_csv_has_a_line_a_row(small: Office, kind: str) -> None:
    answer = small.client.get("/v1/reports/draft", params={**MARCH, "kind": kind, "format": "csv"})
    assert answer.headers["content-disposition"] == f'attachment; filename="{kind}_2026-03-01_2026-03-31.csv"'
    head, *lines = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    report = small.get("reports/draft", kind=kind, **MARCH)["report"]
    assert len(lines) == len(report["rows"]) + len(report["by_unit"])
    assert head[7:] == [column.key for column in form(kind).counted]
    first = dict(zip(head, lines[0], strict=True))
    values = report["rows"][0]["values"]
    assert {name: first[name] for name in values} == {n: "" if v is None else str(v) for n, v in values.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_xlsx_is_laid_out_like_the_form(small: Office, kind: str) -> None:
    answer = small.client.get("/v1/reports/draft", params={**MARCH, "kind": kind, "format": "xlsx"})
    book = load_workbook(BytesIO(answer.content))
    sheet = book.worksheets[0]
    texts = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}
    said = list(texts.values())
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        form(kind).title.vi,
        "Đơn vị báo cáo: Toàn bộ các đơn vị",
        "Kỳ báo cáo: từ ngày 01/03/2026 đến ngày 31/03/2026",
        *form(kind).signatures,
    ):
        assert text in said
    assert headings(sheet, kind) == [column.vi for column in form(kind).columns]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows


def headings(sheet: Any, kind: str) -> list[tuple[str, ...]]:
    """Read the headings over each column again, from the outermost down, through the merged cells."""
    numbers = [column.number for column in form(kind).columns]
    last = next(row for row in range(1, 40) if sheet.cell(row, 1).value == numbers[0])
    assert [sheet.cell(last, n).value for n in range(1, len(numbers) + 1)] == numbers
    merged = {(r, c): sheet.cell(m.min_row, m.min_col) for m in sheet.merged_cells.ranges for r, c in m.cells}
    depth = max(len(column.vi) for column in form(kind).columns)
    found = []
    for column in range(1, len(numbers) + 1):
        boxes = [merged.get((row, column), sheet.cell(row, column)) for row in range(last - depth, last)]
        found.append(tuple(dict.fromkeys(box.coordinate for box in boxes)))
    return [tuple(sheet[coordinate].value for coordinate in path) for path in found]


def test_xlsx_holds_the_figures_as_numbers(small: Office) -> None:
    answer = small.client.get("/v1/reports/draft", params={**MARCH, "kind": "II.06a", "format": "xlsx"})
    sheets = load_workbook(BytesIO(answer.content)).worksheets
    assert [sheet.title for sheet in sheets] == ["Tổng hợp", "Theo đơn vị"]
    report = small.get("reports/draft", kind="II.06a", **MARCH)["report"]
    for sheet, rows in zip(sheets, (report["rows"], report["by_unit"]), strict=True):
        first = next(row for row in range(1, 40) if sheet.cell(row, 2).value == "TỔNG CỘNG")
        for offset, row in enumerate(rows):
            cells = [sheet.cell(first + offset, position).value for position in range(3, 14)]
            assert cells == [row["values"][column.key] for column in form("II.06a").counted]


@pytest.mark.parametrize("kind", KINDS)
def test_libreoffice_opens_it_as_pages(small: Office, kind: str, tmp_path: Path) -> None:
    answer = small.client.get("/v1/reports/draft", params={**MARCH, "kind": kind, "format": "xlsx"})
    (tmp_path / "report.xlsx").write_bytes(answer.content)
    soffice = shutil.which("soffice")
    assert soffice, "make setup-servers installs libreoffice-calc-nogui"
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [soffice, "--headless", home, "--convert-to", "pdf", "--outdir", str(tmp_path), "report.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    text = subprocess.run(["pdftotext", "-layout", "report.pdf", "-"], cwd=tmp_path, check=True, capture_output=True)
    assert form(kind).title.vi in " ".join(text.stdout.decode().split())


def test_a_filed_report_is_read_again_as_filed(office: Office) -> None:
    office.put(five())
    filed = office.file()
    office.put(five()[:1])
    again = office.get(f"reports/{filed['report_id']}")
    assert again == filed
    assert again["made_by"]["subject"] == "manager-1"
    assert again["difference"] is None
    assert again["report"]["rows"][0]["values"]["received"] == 4
    for kind in ("csv", "xlsx"):
        path = f"/v1/reports/{filed['report_id']}?format={kind}"
        answer = office.client.get(path)
        assert answer.status_code == 200
        assert filed["report_id"] in answer.headers["content-disposition"]
        tag = answer.headers["etag"]
        assert office.client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_filed_reports_are_listed_newest_first(office: Office) -> None:
    filed = [office.file(kind) for kind in ("II.06a", "levels", "II.06a")]
    ids = [each["report_id"] for each in filed]
    link, seen = "/v1/reports?unit=all&limit=2", []
    while link:
        page = office.client.get(link).json()
        seen += [item["report_id"] for item in page["items"]]
        link = page["next"]
    assert seen == ids[::-1]
    assert "report" not in office.get("reports", unit="all")["items"][0]
    assert [item["report_id"] for item in office.get("reports", unit="all", kind="levels")["items"]] == [ids[1]]
    assert office.get("reports", unit="H98.02")["items"] == []
    own = office.file(unit=["H98.61", "H98.02"])
    assert own["scope"] == ["H98.02", "H98.61"]
    assert [item["report_id"] for item in office.get("reports", unit="H98.02")["items"]] == [own["report_id"]]


def test_a_report_changed_behind_our_back_is_not_shown(small: Office) -> None:
    filed = small.file()
    with small.database.transaction() as connection:
        connection.execute(update(filed_report).values(body=filed_report.c.body + " "))
    answer = small.client.get(f"/v1/reports/{filed['report_id']}")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:hoso:problem:filed-report-damaged")


def test_the_same_again_does_not_differ(office: Office) -> None:
    office.put(five())
    first = office.file()
    second = office.file()
    assert second["difference"] == {
        "earlier_id": first["report_id"],
        "earlier_made_at": first["made_at"],
        "differs": False,
        "cells": [],
        "causes": [],
        "unexplained": False,
    }
    assert office.file(to="2026-03-30")["difference"] is None  # another period is another report
    assert office.file("levels")["difference"] is None


def test_a_back_dated_level_changes_the_new_report_and_not_yesterdays(office: Office) -> None:
    asked: dict[str, Any] = {"unit": ["H98.02"], "from": "2026-07-01", "to": "2026-09-30"}
    yesterday = office.file("levels", **asked)
    office.clock.advance(seconds=86400)
    office.load(
        "assessments.csv",
        ASSESSMENTS,
        "9.990003,ND224_2026,full,QĐ 2000/QĐ-UBND,Chủ tịch UBND tỉnh,2026-08-01,Hư cấu",
    )
    assert office.get(f"reports/{yesterday['report_id']}") == yesterday
    difference = office.file("levels", **asked)["difference"]
    assert difference["earlier_id"] == yesterday["report_id"]
    changes = {c["column"]: (c["before"], c["after"]) for c in difference["cells"] if c["unit"] == "H98.02"}
    assert changes == {"full": (3, 4), "partial": (3, 2)}
    (cause,) = difference["causes"]
    assert (cause["reason"], difference["unexplained"]) == ("levels-recorded-later", False)
    assert cause["said"]["vi"] != cause["said"]["en"]
    (level,) = cause["levels"]
    assert level.pop("recorded_at")
    assert level == {
        "procedure_code": "9.990003",
        "unit": "H98.02",
        "level_before": "partial",
        "level": "full",
        "decision": "QĐ 2000/QĐ-UBND",
        "valid_from": "2026-08-01",
    }


def test_late_entries_are_named(office: Office) -> None:
    one, other = Ledger(1), Ledger(2)
    keep(office.database, [one.accepted() + other.accepted()])
    first = office.file()
    finished = DossierFinished(
        dossier_id=one.id,
        from_status=Status.ACCEPTED,
        to_status=Status.FINISHED,
        happened_at=at("2026-03-10"),
    )
    on_the_day = DossierFinished(dossier_id=other.id, from_status=Status.ACCEPTED, to_status=Status.FINISHED)
    now = office.clock.now()
    keep(office.database, [[one.tell(finished, now), other.tell(on_the_day, now)]])
    second = office.file()
    changes = {c["column"]: (c["before"], c["after"]) for c in second["difference"]["cells"] if c["label"][0] == "T"}
    assert changes == {
        "settled": (0, 1),
        "settled_early": (0, 1),
        "open": (2, 1),
        "open_overdue": (2, 1),
    }
    (cause,) = second["difference"]["causes"]
    assert (cause["reason"], cause["dossiers"]["count"]) == ("entered-later", 1)
    assert cause["dossiers"]["codes"] == [one.accepted()[0].value and f"H98.02-260302-{one.id.int % 10000:04}"]
    assert office.get(f"reports/{first['report_id']}") == first


def test_due_dates_that_moved_are_named(office: Office) -> None:
    one = Ledger(1)
    suspended = DossierSuspended(
        dossier_id=one.id, from_status=Status.ACCEPTED, to_status=Status.STOPPED, due_at=at("2026-03-12", "17:00")
    )
    keep(office.database, [[*one.accepted(), one.tell(suspended, at("2026-04-05"))]])
    assert office.file()["report"]["rows"][0]["values"]["open_overdue"] == 1
    resumed = DossierResumed(
        dossier_id=one.id,
        from_status=Status.STOPPED,
        to_status=Status.IN_PROGRESS,
        due_before=at("2026-03-12", "17:00"),
        due_at=at("2026-11-12", "17:00"),
    )
    keep(office.database, [[one.tell(resumed, office.clock.now())]])
    difference = office.file()["difference"]
    assert [cause["reason"] for cause in difference["causes"]] == ["due-dates-moved"]
    assert difference["causes"][0]["dossiers"]["count"] == 1


def test_an_extension_with_an_apology_changes_no_report(office: Office) -> None:
    one = Ledger(1)
    keep(office.database, [one.accepted()])
    office.file()
    extended = DossierExtended(
        dossier_id=one.id,
        apology_paper_id=UUID(int=1),
        due_before=at("2026-03-12", "17:00"),
        due_at=at("2026-12-12", "17:00"),
    )
    keep(office.database, [[one.tell(extended, office.clock.now())]])
    assert office.file()["difference"]["differs"] is False


def test_a_dossier_that_went_to_another_unit_is_named(office: Office) -> None:
    one = Ledger(1)
    keep(office.database, [one.accepted()])
    office.file(unit=["H98.02"])
    rerouted = DossierRerouted(dossier_id=one.id, from_unit="H98.02", to_unit="H98.03", added_code="H98.03-260302-0001")
    keep(office.database, [[one.tell(rerouted, office.clock.now())]])
    difference = office.file(unit=["H98.02"])["difference"]
    assert {c["column"]: (c["before"], c["after"]) for c in difference["cells"] if c["label"][0] == "T"} == {
        "received": (1, 0),
        "received_direct": (1, 0),
        "open": (1, 0),
        "open_overdue": (1, 0),
    }
    assert [cause["reason"] for cause in difference["causes"]] == ["rerouted"]


def test_a_reroute_between_other_units_is_no_cause(office: Office) -> None:
    one = Ledger(1)
    keep(office.database, [one.accepted()])
    office.put([*five()[3:4]])
    office.file(unit=["H98.61"])
    rerouted = DossierRerouted(dossier_id=one.id, from_unit="H98.02", to_unit="H98.03", added_code="H98.03-260302-0001")
    keep(office.database, [[one.tell(rerouted, office.clock.now())]])
    with office.database.transaction() as connection:
        connection.execute(delete(dossier).where(dossier.c.competent_unit == "H98.61"))
    difference = office.file(unit=["H98.61"])["difference"]
    assert (difference["differs"], difference["causes"], difference["unexplained"]) == (True, [], True)


def test_what_was_paid_since_is_named(office: Office) -> None:
    one = Ledger(1)
    asked = FeeRequested(dossier_id=one.id, from_status=Status.ACCEPTED, to_status=Status.AWAITING_FEE, amount=90_000)
    keep(office.database, [[*one.accepted(), one.tell(asked, at("2026-03-03"))]])
    office.file("online-payment")
    paid = FeePaid(
        dossier_id=one.id,
        from_status=Status.AWAITING_FEE,
        to_status=Status.IN_PROGRESS,
        amount=90_000,
        payment_channel=PaymentChannel.NATIONAL_PORTAL,
    )
    keep(office.database, [[one.tell(paid, office.clock.now())]])
    difference = office.file("online-payment")["difference"]
    assert {c["column"]: c["after"] for c in difference["cells"] if c["label"][0] == "T"} == {
        "paid": 1,
        "paid_portal": 1,
        "paid_online": 1,
        "online_ratio": 1.0,
        "amount_paid": 90_000,
        "amount_online": 90_000,
    }
    assert [cause["reason"] for cause in difference["causes"]] == ["updated-later"]


def test_a_merged_unit_is_named(office: Office) -> None:
    office.put(five())
    asked: dict[str, Any] = {"unit": ["H98.61"], "from": "2026-03-01", "to": "2026-03-31"}
    office.file(**asked)
    office.load(
        "units.csv",
        "code,name,kind,parent,valid_from,source,valid_to,successor",
        "H98.61,Ủy ban nhân dân xã Đồi Gió,commune,,2025-07-01,Hư cấu,2026-09-30,H98.62",
    )
    office.put([])
    (cause,) = office.file(**asked)["difference"]["causes"]
    assert cause["reason"] == "units-changed"
    assert cause["units"] == [
        {"code": "H98.61", "name": "Ủy ban nhân dân xã Đồi Gió", "successor": "H98.62", "change": "merged"}
    ]


def test_a_report_made_before_its_period_was_over_says_so(office: Office) -> None:
    asked = {"from": "2026-10-01", "to": "2026-10-31"}
    office.put([a_dossier(1, accepted_at=at("2026-10-02"), due_at=at("2026-10-20"))])
    office.file(**asked)
    office.clock.advance(seconds=timedelta(days=30).total_seconds())
    difference = office.file(**asked)["difference"]
    assert [cause["reason"] for cause in difference["causes"]] == ["period-was-running"]


def test_a_difference_without_a_cause_says_so(office: Office) -> None:
    office.put(five())
    office.file()
    office.put(five()[1:])
    difference = office.file()["difference"]
    assert (difference["differs"], difference["causes"], difference["unexplained"]) == (True, [], True)


def test_where_the_projection_stood_is_kept(office: Office) -> None:
    assert office.file()["made_from"] == {"cluster_id": None, "positions": {}}
    with office.database.transaction() as connection:
        positions.begin(connection, FOLLOWER, "cluster-1")
        positions.save(connection, FOLLOWER, {(DOSSIERS.name, 0): 7, (DOSSIERS.name, 1): 12})
    standing = {"cluster_id": "cluster-1", "positions": {"hoso.dossiers/0": 7, "hoso.dossiers/1": 12}}
    filed = office.file()
    assert filed["made_from"] == office.get(f"reports/{filed['report_id']}")["made_from"] == standing


BAD = [
    ({"to": "2026-02-28"}, "to", "before-from"),
    ({"from": "2026-12-01", "to": "2026-12-31"}, "from", "in-the-future"),
    ({"from": "1999-12-31"}, "from", "out-of-range"),
    ({"unit": ["H98.77"]}, "unit", "unknown-unit"),
    ({"kind": "CANARY"}, "kind", "literal_error"),
    ({"from": "31/03/2026"}, "from", "date_from_datetime_parsing"),
    ({"unit": []}, "unit", "too_short"),
]


@pytest.mark.parametrize(("wrong", "at_", "reason"), BAD)
def test_what_is_wrong_is_told_by_name(small: Office, wrong: dict[str, Any], at_: str, reason: str) -> None:
    body = {**MARCH, "unit": ["all"], "kind": "II.06a", **wrong}
    answer = small.client.post("/v1/reports", json=body, headers={"Hoso-Actor": "manager-1"})
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["at"].split("/")[1], fault["reason"]) == (422, at_, reason)
    assert fault["detail"]
    assert fault["detail_vi"] != fault["detail"]
    if wrong.get("unit") != []:  # no parameter at all is another mistake
        (fault,) = small.client.get("/v1/reports/draft", params=body).json()["errors"]
        assert (fault["at"].split("/")[:2], fault["reason"]) == (["query", at_], reason)
    assert "CANARY" not in answer.text


def test_a_report_is_filed_by_somebody(small: Office) -> None:
    body = {**MARCH, "unit": ["all"], "kind": "II.06a"}
    answer = small.client.post("/v1/reports", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "header/hoso-actor")
    named = small.client.post("/v1/reports", json=body, headers={"Hoso-Actor": "Nguyen Van A"})
    assert named.json()["errors"][0]["at"] == "header/hoso-actor"


@pytest.mark.parametrize(
    ("path", "status", "type_"),
    [
        ("reports/00000000-0000-4000-8000-000000000000", 404, "unknown-report"),
        ("reports/CANARY", 422, "invalid-request"),
        ("reports?unit=all&after=CANARY", 422, "invalid-request"),
        ("reports?unit=all&after=2026-10-08T05:00:00_00000000-0000-4000-8000-000000000000", 422, "invalid-request"),
        ("reports", 422, "invalid-request"),
    ],
)
def test_problems(small: Office, path: str, status: int, type_: str) -> None:
    answer = small.client.get(f"/v1/{path}")
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:hoso:problem:{type_}")
    assert "CANARY" not in answer.text
