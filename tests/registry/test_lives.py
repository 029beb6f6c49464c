"""The whole life of a dossier: due dates, pauses, the record of digitisation, and what is counted of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry import tables, tallies
from services.registry.dossier_state import DossierState
from services.registry.project import project
from shared.database import Database
from shared.events import (
    ComponentRecorded,
    DossierAccepted,
    DossierDueSoon,
    DossierExtended,
    DossierFinished,
    DossierHandedOver,
    DossierOpened,
    DossierOverdue,
    DossierRefused,
    DossierRerouted,
    DossierResumed,
    DossierReturned,
    DossierStopped,
    DossierSupplemented,
    DossierSuspended,
    DossierWithdrawn,
    DueDateChanged,
    FeePaid,
    FeeRequested,
    FieldAnswer,
    LedgerData,
    PaperAccepted,
    ResultDigitised,
    StepDone,
    SupplementRequested,
    TaskClosed,
    TaskOpened,
    TransferRecorded,
)
from shared.log import Record
from tests.fakes.projection import FakeProjection
from tests.registry.stories import MORNING, Teller, in_batches
from tests.registry.test_projection import keep, rows

DUE = MORNING + timedelta(days=5)
HOUR = timedelta(hours=1)
APOLOGY = UUID(int=77)
NO_DAY = date(1970, 1, 1)
COMPONENTS = [
    {"code": "C1", "copy_kind": 1, "quantity": 1, "duty": "required"},
    {"code": "C2", "copy_kind": 0, "quantity": 2, "duty": "required"},
    {"code": "C3", "copy_kind": 0, "quantity": 1, "duty": "exempt", "exempt_reason": 3},
]
OPENING = {
    "code": "H98.02-261008-0001",
    "procedure_code": "9.990001",
    "procedure_version": 1,
    "channel": 2,
    "receiving_unit": "H98.01.10",
    "competent_unit": "H98.02",
    "components": COMPONENTS,
}


def state(*records: Record) -> DossierState:
    projection = FakeProjection()
    project(projection, records)
    (dossier,) = projection.dossier_states.values()
    return dossier


class Story:
    """One dossier, told step by step."""

    def __init__(self) -> None:
        self.teller = Teller()
        self.id = self.teller.id()
        self.records = [self.teller.said(self.id, DossierOpened, **OPENING)]

    def then(self, kind: Any, /, *, to: int | None = None, wait: float = 0, **fields: Any) -> "Story":
        self.teller.wait(hours=wait)
        if to is not None:
            self.records.append(self.teller.moved(self.id, kind, to=to, **fields))
        else:
            self.records.append(self.teller.said(self.id, kind, **fields))
        return self

    def accepted(self, due_at: datetime | None = DUE) -> "Story":
        return self.then(DossierAccepted, to=2, due_at=due_at)

    @property
    def state(self) -> DossierState:
        return state(*self.records)


def test_what_the_opening_says() -> None:
    dossier = Story().state
    assert (dossier.channel, dossier.submitted_at, dossier.opened_day) == (2, dossier.opened_at, date(2026, 10, 8))
    assert (dossier.components, dossier.components_required, dossier.components_exempt) == (3, 2, 1)
    assert (dossier.received_day, dossier.settled_at, dossier.system_of_record) == (None, None, "hoso")


def test_what_was_entered_late_happened_when_it_says() -> None:
    at = MORNING - timedelta(days=2)
    dossier = Story().then(DossierAccepted, to=2, happened_at=at, due_at=DUE).state
    assert (dossier.accepted_at, dossier.received_day) == (at, date(2026, 10, 6))
    assert dossier.opened_at == at  # nothing happens to a dossier before it is opened


def test_days_are_those_of_viet_nam() -> None:
    at = datetime(2026, 10, 8, 17, 30, tzinfo=UTC)  # half past midnight of the 9th in Viet Nam
    assert Story().then(DossierAccepted, to=2, happened_at=at).state.received_day == date(2026, 10, 9)


def test_a_supplement_moves_both_due_dates_and_its_time_is_kept() -> None:
    story = Story().accepted().then(SupplementRequested, to=5, wait=1, due_at=DUE)
    waiting = story.state
    assert waiting.paused_since == waiting.supplement_since is not None
    later = DUE + 48 * HOUR
    story.then(DossierSupplemented, to=4, wait=48, due_at=later, due_before=DUE)
    dossier = story.state
    assert (dossier.due_at, dossier.counted_due_at, dossier.first_due_at) == (later, later, DUE)
    assert (dossier.supplements, dossier.supplement_seconds, dossier.paused_since) == (1, 48 * 3600 + 2, None)


def test_an_extension_moves_only_what_is_promised() -> None:
    story = Story().accepted()
    story.then(DossierExtended, apology_paper_id=APOLOGY, due_before=DUE, due_at=DUE + 24 * HOUR)
    calendar: dict[str, Any] = {
        "due_before": DUE + 24 * HOUR,
        "due_at": DUE + 72 * HOUR,
        "calendar": "VN",
        "calendar_revision": 2,
    }
    story.then(DueDateChanged, **calendar, provisional=True)
    dossier = story.state
    assert (dossier.due_at, dossier.counted_due_at) == (DUE + 72 * HOUR, DUE + 48 * HOUR)
    assert (dossier.extensions, dossier.first_due_at, dossier.provisional) == (1, DUE, True)
    assert dossier.due_day == date(2026, 10, 15)


@pytest.mark.parametrize(
    ("hours", "expected"), [(24, "early"), (5 * 24 - 2, "on_time"), (5 * 24 + 8, "on_time"), (6 * 24, "overdue")]
)
def test_timeliness_is_a_matter_of_days(hours: int, expected: str) -> None:
    # promised for 8 in the morning of the 13th in Viet Nam
    dossier = Story().accepted().then(DossierFinished, to=9, happened_at=MORNING + hours * HOUR).state
    assert (dossier.timeliness, dossier.settled_at) == (expected, MORNING + hours * HOUR)


@pytest.mark.parametrize("kind", [DossierWithdrawn, DossierStopped])
def test_whoever_withdraws_is_not_late(kind: Any) -> None:
    dossier = Story().accepted().then(kind, to=7, wait=24 * 30).state
    assert (dossier.timeliness, dossier.settled_day) == ("on_time", date(2026, 11, 7))
    never_received = Story().then(kind, to=7).state
    assert (never_received.settled_at, never_received.timeliness) == (None, None)


def test_without_a_due_date_it_is_on_time() -> None:
    assert Story().accepted(None).then(DossierFinished, to=9, wait=9000).state.timeliness == "on_time"


def test_a_fee_asked_after_the_end_settles_nothing_anew() -> None:
    story = Story().accepted().then(DossierFinished, to=9, wait=24)
    first = story.state
    story.then(FeeRequested, to=6, amount=50_000, wait=24 * 20).then(FeePaid, to=9, payment_channel=1, due_at=DUE)
    story.then(DossierFinished, to=9).then(DossierReturned, to=10, return_channel=1)
    dossier = story.state
    assert (dossier.finished_at, dossier.settled_at, dossier.timeliness) == (
        first.finished_at,
        first.settled_at,
        "early",
    )
    assert (dossier.fee_asked, dossier.fee_paid, dossier.payment_channel) == (50_000, 50_000, 1)
    assert (dossier.return_channel, dossier.status) == (1, 10)


def test_suspended_is_not_stopped() -> None:
    story = Story().accepted().then(DossierSuspended, to=8, legal_basis="118/2025/NĐ-CP")
    suspended = story.state
    assert suspended.suspended_since == suspended.paused_since is not None
    assert suspended.settled_at is None
    resumed = story.then(DossierResumed, to=4, wait=5, due_at=DUE + 5 * HOUR, due_before=DUE).state
    assert (resumed.suspended_since, resumed.paused_since, resumed.counted_due_at) == (None, None, DUE + 5 * HOUR)


def test_a_rerouted_dossier_bears_both_codes() -> None:
    rerouted: dict[str, Any] = {
        "from_unit": "H98.02",
        "to_unit": "H98.03",
        "added_code": "H98.03-1",
        "system_of_record": "btp",
    }
    dossier = Story().accepted().then(DossierRerouted, **rerouted).state
    assert (dossier.receiving_unit, dossier.competent_unit) == ("H98.01.10", "H98.03")
    assert (dossier.code, dossier.added_code, dossier.system_of_record) == (OPENING["code"], "H98.03-1", "btp")


def test_components_are_counted_by_what_became_of_them() -> None:
    story = Story()
    paper: dict[str, Any] = {"lane": "express", "media_type": "image/jpeg", "size_bytes": 9}
    story.then(PaperAccepted, paper_id=UUID(int=1), component_code="C1", **paper)
    assert story.state.components_digitised == 1  # pending, required, and a paper is there
    story.then(ComponentRecorded, component_code="C2", state="reused", reused_from="personal-store")
    dossier = story.state
    assert (dossier.components_reused, dossier.reused_from_store) == (1, True)
    story.then(ComponentRecorded, component_code="C1", state="pending")
    assert story.state.components_digitised == 0
    story.then(ComponentRecorded, component_code="C9", state="digitised", paper_id=UUID(int=2))
    assert (story.state.components, story.state.components_digitised) == (4, 1)


def test_a_paper_of_no_component_makes_none() -> None:
    paper: dict[str, Any] = {"lane": "express", "media_type": "image/jpeg", "size_bytes": 9}
    dossier = Story().then(PaperAccepted, paper_id=UUID(int=1), component_code="KQ", **paper).state
    assert (dossier.components, dossier.components_digitised) == (3, 0)


def test_tasks_are_counted_and_the_dossier_once() -> None:
    story = Story().then(TaskOpened, task_id=UUID(int=1), unit="H98.04").then(TaskOpened, task_id=UUID(int=2), unit="X")
    story.then(TaskClosed, task_id=UUID(int=1), unit="H98.04")
    assert (story.state.tasks, story.state.tasks_open) == (2, 1)


def test_our_own_announcements_change_no_state(teller: Teller) -> None:
    dossier_id = teller.id()
    told = [teller.opened(dossier_id), teller.accepted(dossier_id)]
    said = {"dossier_id": dossier_id, "competent_unit": "H98.02", "due_at": DUE}
    own = [
        teller.record(DossierDueSoon(**said, hours=24), dossier_id),
        teller.record(DossierOverdue(**said), dossier_id),
    ]
    projection = FakeProjection()
    project(projection, [own[0], *told, own[1]])
    assert list(projection.dossier_states.values()) == [state(*told)]
    assert len(projection.kept) == 4
    assert not +Counter({name: projection.counts[name] for name in ("duplicate", "unknown", "undecodable")})


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (DossierAccepted, {"from_status": 1, "to_status": 2, "happened_at": datetime(2026, 10, 8, 1)}),  # noqa: DTZ001
        (DossierAccepted, {"from_status": 1, "to_status": 2, "due_at": datetime(1, 1, 1, tzinfo=UTC)}),
        (ComponentRecorded, {"component_code": "\0", "state": "pending"}),
        (DossierOpened, {**OPENING, "components": [{**COMPONENTS[0], "code": "a\0"}]}),
        (FeeRequested, {"from_status": 4, "to_status": 6, "amount": 2**63}),
    ],
)
def test_what_no_database_could_hold_is_left_out(
    kind: type[LedgerData], fields: dict[str, Any], teller: Teller
) -> None:
    projection = FakeProjection()
    project(projection, [teller.said(teller.id(), kind, **fields)])
    assert (projection.dossier_states, projection.counts["undecodable"]) == ({}, 1)


# any order, any repetition, any batches ------------------------------------------------------------------------------

PAPERS = [UUID(int=n) for n in range(1, 4)]
PAPER = {"lane": "express", "media_type": "image/jpeg", "size_bytes": 9}
MOVES: list[tuple[Any, dict[str, Any]]] = [
    (DossierAccepted, {"to_status": 2, "due_at": DUE}),
    (DossierRefused, {"to_status": 3}),
    (DossierHandedOver, {"to_status": 4, "due_at": DUE}),
    (SupplementRequested, {"to_status": 5, "due_at": DUE}),
    (DossierSupplemented, {"to_status": 4, "due_at": DUE + 30 * HOUR, "due_before": DUE}),
    (FeeRequested, {"to_status": 6, "amount": 1000}),
    (FeePaid, {"to_status": 4, "amount": 400, "due_at": DUE + 40 * HOUR}),
    (DossierSuspended, {"to_status": 8}),
    (DossierResumed, {"to_status": 4, "due_at": DUE + 50 * HOUR}),
    (DossierStopped, {"to_status": 8}),
    (DossierWithdrawn, {"to_status": 7}),
    (DossierFinished, {"to_status": 9, "due_at": DUE}),
    (DossierFinished, {"to_status": 9, "happened_at": DUE + 100 * HOUR}),
    (DossierReturned, {"to_status": 10, "return_channel": 2}),
]
SAYINGS: list[tuple[Any, dict[str, Any]]] = [
    *((kind, {"from_status": 2, **fields}) for kind, fields in MOVES),
    (DossierExtended, {"apology_paper_id": APOLOGY, "due_before": DUE, "due_at": DUE + 24 * HOUR}),
    (DueDateChanged, {"due_before": DUE, "due_at": DUE - 24 * HOUR, "calendar": "VN", "calendar_revision": 1}),
    (DossierRerouted, {"from_unit": "H98.02", "to_unit": "H98.03", "added_code": "H98.03-1"}),
    (TaskOpened, {"task_id": UUID(int=50), "unit": "H98.04", "due_at": DUE}),
    (TaskClosed, {"task_id": UUID(int=50), "unit": "H98.04"}),
    *(
        (PaperAccepted, {"paper_id": p, "component_code": c, **PAPER})
        for p, c in zip(PAPERS, ("C1", "C2", None), strict=True)
    ),
    (ComponentRecorded, {"component_code": "C2", "state": "digitised", "paper_id": PAPERS[1]}),
    (ComponentRecorded, {"component_code": "C1", "state": "exempt", "exempt_reason": 2}),
    (ComponentRecorded, {"component_code": "C2", "state": "reused", "reused_from": "personal-store"}),
    (StepDone, {"paper_id": PAPERS[0], "component_code": "C1", "step": 3, "digitisation_code": "D1"}),
    (ResultDigitised, {"paper_id": PAPERS[2], "kind": "digitised"}),
    (TransferRecorded, {"transfer_id": UUID(int=60), "target": "ncc", "object": "dossier", "outcome": "retried"}),
    (TransferRecorded, {"transfer_id": UUID(int=60), "target": "ncc", "object": "dossier", "outcome": "accepted"}),
]


def mine(fields: dict[str, Any], number: int) -> dict[str, Any]:
    """Return fields with ids of this dossier alone."""
    return {k: UUID(int=v.int + 1000 * number) if isinstance(v, UUID) else v for k, v in fields.items()}


def outcomes(teller: Teller, dossier_id: UUID, number: int) -> list[Callable[[], Record]]:
    first, second, _ = [UUID(int=p.int + 1000 * number) for p in PAPERS]
    return [
        lambda: teller.digitised(dossier_id, first, needs_review=True),
        lambda: teller.failed(dossier_id, second),
        lambda: teller.reviewed(dossier_id, first, FieldAnswer.RIGHT),
    ]


@st.composite
def lives(draw: st.DrawFn) -> list[Record]:
    """Draw up to three dossiers to which anything happens in any order, legal or not."""
    teller, records = Teller(), []
    for number in range(draw(st.integers(1, 3))):
        dossier_id = teller.id()
        records.append(teller.said(dossier_id, DossierOpened, **OPENING))
        told = outcomes(teller, dossier_id, number)
        for what in draw(st.lists(st.integers(0, len(SAYINGS) + len(told) - 1), max_size=14)):
            teller.wait(hours=draw(st.sampled_from([0, 7, 30])))
            if what < len(SAYINGS):
                kind, fields = SAYINGS[what]
                records.append(teller.said(dossier_id, kind, **mine(fields, number)))
            else:
                records.append(told[what - len(SAYINGS)]())
    return records


def projected(batches: list[list[Record]]) -> FakeProjection:
    projection = FakeProjection()
    for batch in batches:
        project(projection, batch)
    return projection


@given(records=lives(), data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_order_of_any_life_comes_to_the_same(records: list[Record], data: st.DataObject) -> None:
    in_order = projected([records])
    again = data.draw(st.lists(st.sampled_from(records), max_size=4))
    shuffled = data.draw(st.permutations(records + again))
    sizes = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    for batches in (in_batches(shuffled, sizes), in_batches(records, sizes)):
        projection = projected(batches)
        assert projection.dossier_states == in_order.dossier_states
        assert projection.paper_states == in_order.paper_states
        assert projection.component_states == in_order.component_states
        assert projection.task_states == in_order.task_states
        assert projection.transfer_states == in_order.transfer_states
        assert projection.step_states == in_order.step_states
        assert +projection.tallies == +in_order.tallies
        assert recounted(projection) == {key: n for key, n in projection.tallies.items() if n}


def recounted(projection: FakeProjection) -> dict[tallies.Key, int]:
    """Count the states a second way: one question a tally, as somebody would ask the rows."""
    counts: Counter[tallies.Key] = Counter()
    dossiers: dict[str, dict[str, Any]] = {
        d.dossier_id: {k: "" if v is None else v for k, v in asdict(d).items()}
        for d in projection.dossier_states.values()
    }
    for d in dossiers.values():
        unit, day = d["competent_unit"], d["received_day"]
        is_open = day != "" and d["settled_at"] == ""
        late_day = d["due_day"] if is_open and d["due_day"] and not d["paused_since"] else None
        digitised, result = d["components_digitised"], d["result_at"]
        pending = d["components"] - digitised - d["components_reused"] - d["components_exempt"]
        result_day = (result + timedelta(hours=7)).date() if result else NO_DAY
        counts.update(
            {
                ("status", unit, str(d["status"]), "", NO_DAY): 1,
                ("held", d["receiving_unit"], unit, str(d["status"]), NO_DAY): 1,
                ("missing", "", "", "", NO_DAY): d["last_sequence"] - d["events_seen"],
                ("received", unit, d["procedure_code"], str(d["channel"]), day): day != "",
                ("received_all", unit, str(d["channel"]), "", NO_DAY): day != "",
                ("settled", unit, d["procedure_code"], d["timeliness"], d["settled_day"]): d["settled_at"] != "",
                ("settled_all", unit, str(d["channel"]), d["timeliness"], NO_DAY): d["settled_at"] != "",
                ("open", unit, d["procedure_code"], "", day): is_open,
                ("open_age", unit, "", "", day): is_open,
                ("open_due", unit, "", "", late_day or NO_DAY): late_day is not None,
                ("digitised", "component", unit, "", d["opened_day"]): digitised,
                ("digitised_all", "component", unit, "", NO_DAY): digitised,
                ("digitised", "dossier", unit, "", d["opened_day"]): digitised > 0 and not pending,
                ("digitised_all", "dossier", unit, "", NO_DAY): digitised > 0 and not pending,
                ("digitised", "result", unit, "", result_day): result != "",
                ("digitised_all", "result", unit, "", NO_DAY): result != "",
            }
        )
    for t in projection.transfer_states.values():
        counts["transfer", t.target, t.object, t.outcome, (t.at + timedelta(hours=7)).date()] += 1
    for p in projection.paper_states.values():
        of = dossiers.get(p.dossier_id, {"receiving_unit": "", "competent_unit": ""})
        place = (of["receiving_unit"], of["competent_unit"])
        counts["paper", *place, p.state, NO_DAY] += 1
        counts["pages", *place, "", NO_DAY] += p.pages or 0
        looked_at = p.version is not None and p.reviewed_version == p.version
        counts["awaiting", p.lane or "", "", "", NO_DAY] += bool(p.needs_review) and not looked_at
    return {key: count for key, count in counts.items() if count}


@given(records=lives())
@settings(max_examples=25, deadline=None)
def test_the_fold_survives_its_own_history(records: list[Record]) -> None:
    """Read back from what is kept, the same comes out: what a rebuild would."""
    projection = projected([records])
    assert projected([records[::-1]]).dossier_states == projection.dossier_states


def test_the_tables_hold_a_whole_life(database: Database) -> None:
    teller = Teller()
    told = []
    for number in range(6):
        dossier_id = teller.id()
        told.append(teller.said(dossier_id, DossierOpened, **OPENING))
        for kind, fields in SAYINGS[number::3] + SAYINGS[::4]:
            teller.wait(hours=5)
            told.append(teller.said(dossier_id, kind, **mine(fields, number)))
    fake = projected([told])
    batches = in_batches(told[::2] + told[1::2], [7, 1, 30])
    keep(database, batches)
    by_key = {(*row[:5],): row[5] for row in rows(database, tables.tally)}
    assert by_key == {key: n for key, n in fake.tallies.items() if n}
    for table, states in (
        (tables.dossier, fake.dossier_states),
        (tables.component, fake.component_states),
        (tables.task, fake.task_states),
        (tables.transfer, fake.transfer_states),
        (tables.step, fake.step_states),
    ):
        expected = sorted((tuple(asdict(s).values()) for s in states.values()), key=repr)
        assert [tuple(row) for row in rows(database, table)] == expected
