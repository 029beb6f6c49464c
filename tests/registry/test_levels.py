"""Levels by assessments: on any date, as known now or then, by service and unit, and why."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.effective import Levels
from services.registry.http.api import api
from services.registry.queries import Queries
from services.registry.reference import Items, Known, key_of, parse
from services.registry.reference.criteria import attainable
from services.registry.reference.kinds import Assessment, Criterion, SchemeLevel
from shared.database import Database
from shared.events import Data, ServiceLevel
from tests.fakes.clock import FakeClock
from tests.registry.client import Client
from tests.registry.reference_files import GOOD, NATIONAL, loaded

CODE = "9.990002"
ASSESSMENT_HEADER = "procedure_code,service_code,unit,scheme,level,decision,decided_by,valid_from,valid_to,source\n"


def national(model: type[Data]) -> list[Any]:
    """Return the shipped rows of a kind."""
    return Items(parse(NATIONAL, known=Items(), today=date(2026, 10, 8)).items).of(model)


SCHEMES = {key_of(row): Known(row, 1) for row in national(SchemeLevel)}


def levels_of(*assessments: tuple[Assessment, datetime | None]) -> Levels:
    known = {key_of(row): Known(row, 1, at) for row, at in assessments}
    return Levels(known | SCHEMES)


def assessed(level: str, begins: str, decision: str, **more: Any) -> Assessment:
    told = {"scheme": "ND42_2022", "decided_by": "UBND", "source": "s", "procedure_code": CODE, **more}
    return Assessment(level=level, valid_from=date.fromisoformat(begins), decision=decision, **told)


EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def test_the_newest_decision_stands_whenever_it_was_recorded() -> None:
    levels = levels_of((assessed("partial", "2025-01-01", "A"), LATE), (assessed("full", "2025-06-01", "B"), EARLY))
    days = ("2024-12-31", "2025-01-01", "2025-05-31", "2025-06-01")
    told = [levels.level(CODE, date.fromisoformat(day)) for day in days]
    assert told == ["unclassified", "partial", "partial", "full"]


def test_of_two_decisions_from_one_day_the_later_recorded_stands() -> None:
    first, second = assessed("full", "2025-01-01", "A"), assessed("info", "2025-01-01", "B")
    assert levels_of((first, EARLY), (second, LATE)).level(CODE, date(2025, 1, 1)) == "info"
    assert levels_of((first, LATE), (second, EARLY)).level(CODE, date(2025, 1, 1)) == "full"


def test_a_decision_that_ended_leaves_nothing_behind_and_a_withdrawn_one_never_was() -> None:
    ending = assessed("full", "2025-06-01", "B", valid_to=date(2025, 6, 30))
    older = assessed("partial", "2025-01-01", "A")
    levels = levels_of((older, EARLY), (ending, EARLY))
    assert [levels.level(CODE, date(2025, 6, 30)), levels.level(CODE, date(2025, 7, 1))] == ["full", "unclassified"]
    withdrawn = ending.model_copy(update={"withdrawn": True})
    assert levels_of((older, EARLY), (withdrawn, EARLY)).level(CODE, date(2025, 7, 1)) == "partial"


def test_several_services_count_once_at_the_highest_and_a_unit_s_own_only_there() -> None:
    levels = levels_of(
        (assessed("partial", "2025-01-01", "A", service_code="S1"), EARLY),
        (assessed("info", "2025-02-01", "A", service_code="S2"), EARLY),
        (assessed("full", "2025-02-01", "A", service_code="S2", unit="H98.61"), EARLY),
    )
    day = date(2025, 3, 1)
    told = [levels.level(CODE, day, unit=unit) for unit in (None, "H98.61", "H98.62")]
    assert told == ["full", "full", "partial"]
    assert levels.level(CODE, date(2025, 1, 15)) == "partial"


@pytest.mark.parametrize(("old", "proposed"), [("1", "info"), ("2", "info"), ("3", "partial"), ("4", "full")])
def test_an_old_level_is_a_proposal_and_counts_as_unclassified(old: str, proposed: str) -> None:
    standing = levels_of((assessed(old, "2020-01-01", "A", scheme="ND43_2011"), EARLY)).of(CODE, date(2026, 1, 1))
    assert standing is not None
    assert (standing.level, standing.proposed) == ("unclassified", proposed)


def test_a_scheme_that_waits_for_the_law_is_used_as_data() -> None:
    standing = levels_of((assessed("full", "2026-08-01", "A", scheme="ND224_2026"), EARLY)).of(CODE, date(2026, 9, 1))
    assert standing is not None
    assert standing.scheme_level is not None
    assert (standing.level, standing.scheme_level.confirmed) == ("full", False)


DAYS = [date(2025, 1, 1) + timedelta(days=30 * n) for n in range(6)]
MOMENTS = [EARLY + timedelta(days=n) for n in range(4)]
DECISIONS = st.lists(
    st.tuples(
        st.sampled_from(["S1", "S2", ""]),
        st.sampled_from(["full", "partial", "info", "unclassified"]),
        st.sampled_from(DAYS),
        st.sampled_from(["open", *DAYS]),
        st.sampled_from(MOMENTS),
        st.booleans(),
    ),
    max_size=8,
)


def naive(told: list[Any], on: date) -> str:
    """Return the level by going through all decisions for each service."""
    best = "unclassified"
    for service in {each[0] for each in told}:
        newest = None
        for number, (its, level, begins, ends, at, withdrawn) in enumerate(told):
            if its == service and begins <= on and not withdrawn:
                place = (begins, at, f"QĐ {number}")
                newest = max(newest or (place, level, ends), (place, level, ends), key=lambda each: each[0])
        if newest is not None and (newest[2] == "open" or on <= newest[2]):
            best = min(best, newest[1], key=list(ServiceLevel).index)
    return best


@given(told=DECISIONS, on=st.sampled_from([*DAYS, date(2024, 12, 31), date(2025, 2, 15)]))
def test_levels_are_what_going_through_all_decisions_gives(told: list[Any], on: date) -> None:
    rows = []
    for number, (service, level, begins, ends, at, withdrawn) in enumerate(told):
        until = None if ends == "open" else max(begins, ends)
        told[number] = (service, level, begins, until or "open", at, withdrawn)
        more = {"service_code": service, "valid_to": until, "withdrawn": withdrawn}
        rows.append((assessed(level, begins.isoformat(), f"QĐ {number}", **more), at))
    assert levels_of(*rows).level(CODE, on) == naive(told, on)


FULL = dict.fromkeys(
    (
        "info_complete",
        "submit_online",
        "process_online",
        "no_in_person_step",
        "fee_online_or_none",
        "result_online_or_post",
    ),
    True,
)
MACHINE_TEST: list[tuple[Mapping[str, bool], list[str]]] = [
    (FULL, ["full"]),
    *((FULL | {criterion: False}, ["partial"]) for criterion in FULL if criterion != "submit_online"),
    (FULL | {"submit_online": False}, ["info"]),
    (dict.fromkeys(FULL, False), ["info"]),
    ({}, ["full", "partial", "info"]),
    ({"submit_online": True}, ["full", "partial"]),
    ({"no_in_person_step": False}, ["partial", "info"]),
]


@pytest.mark.parametrize("scheme", ["ND42_2022", "ND224_2026"])
def test_the_machine_test_of_full(scheme: str) -> None:
    schemes = [row for row in national(SchemeLevel) if row.scheme == scheme]
    criteria = [row for row in national(Criterion) if row.scheme == scheme]
    for answers, expected in MACHINE_TEST:
        assert [level.level for level in attainable(schemes, criteria, answers)] == expected, answers


# From here on through the API, on both databases.


class Desk:
    """A registry with the good set, a clock to move, and a client."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.clock = FakeClock()
        self._folder, self._database = folder, database
        self.load(GOOD)
        self._client = Client(api(Queries(database, self.clock), clock=self.clock))

    def load(self, files: Mapping[str, str]) -> None:
        """Load files."""
        loaded(self._folder, self._database, files, self.clock)

    def assess(self, *lines: str) -> None:
        """Load assessments."""
        self.load({"assessments.csv": ASSESSMENT_HEADER + "\n".join(lines) + "\n"})

    def get(self, path: str, **asked: Any) -> Any:
        """Return what is answered."""
        answer = self._client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def counts(self, unit: str = "H98.02", **asked: Any) -> dict[str, int]:
        """Return the levels of a unit that are not 0."""
        (item,) = self.get("/v1/levels", unit=unit, **asked)["items"]
        assert sum(item["counts"].values()) == item["total"]
        return {level: count for level, count in item["counts"].items() if count}


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(tmp_path, database)


def test_what_is_managed_and_what_is_handled(desk: Desk) -> None:
    assert desk.counts() == {"full": 2, "unclassified": 1}
    assert desk.counts(scope="handled") == {"full": 1}  # the others are handled by communes, or by one of them
    assert desk.counts("H98.61", scope="handled") == {"partial": 1, "unclassified": 1}
    assert desk.counts("H98.62", scope="handled") == {"full": 1}  # its own service
    table = desk.get("/v1/levels", unit="all", scope="handled")
    assert table["total"]["counts"] == {"full": 2, "partial": 0, "info": 0, "unclassified": 1}  # each procedure once
    assert desk.counts("H98.07") == {}


def test_levels_on_a_past_day_are_of_the_versions_of_that_day(desk: Desk) -> None:
    assert desk.counts(on="2023-12-31") == {}
    assert desk.counts(on="2024-01-01") == {"partial": 1}
    assert desk.counts(on="2025-06-30") == {"partial": 1}
    assert desk.counts(on="2025-07-01") == {"full": 1, "unclassified": 2}
    assert desk.counts(on="2025-08-01") == {"full": 1, "partial": 1, "unclassified": 1}


def test_a_back_dated_decision_leaves_the_report_of_yesterday_as_it_was(desk: Desk) -> None:
    asked = {"unit": "H98.02", "on": "2026-09-30", "known_at": desk.clock.now().isoformat()}
    yesterday = desk.get("/v1/levels", **asked)
    desk.clock.advance(seconds=86_400)
    desk.assess("9.990003,,,ND42_2022,full,QĐ 9,UBND tỉnh,2025-10-01,,Hư cấu")
    assert desk.get("/v1/levels", **asked) == yesterday
    assert desk.counts(on="2026-09-30") == {"full": 3}
    assert desk.counts(on="2025-09-30") == {"full": 2, "unclassified": 1}
    told = desk.get("/v1/procedures/9.990003/levels", on="2026-09-30")
    (decision,) = [d for d in told["decisions"] if d["decision"] == "QĐ 9"]
    assert decision["recorded_at"] == desk.clock.now().isoformat().replace("+00:00", "Z")
    then = desk.get("/v1/procedures/9.990003/levels", on="2026-09-30", known_at=asked["known_at"])
    assert (then["level"], told["level"]) == ("unclassified", "full")


def test_a_corrected_or_withdrawn_assessment_stays_as_it_was_known(desk: Desk) -> None:
    known = [desk.clock.now()]
    line = "9.990003,,,ND42_2022,full,QĐ 9,UBND tỉnh,2025-10-01,,Hư cấu"
    for changed in (line, line.replace("full", "info"), line):
        desk.clock.advance(seconds=60)
        desk.assess(changed)
        known.append(desk.clock.now())
    desk.clock.advance(seconds=60)
    header = ASSESSMENT_HEADER.replace("valid_to,", "valid_to,withdrawn,")
    desk.load({"assessments.csv": header + line.replace(",,Hư cấu", ",,true,Hư cấu") + "\n"})
    told = [desk.get("/v1/procedures/9.990003/levels", known_at=at.isoformat())["level"] for at in known]
    assert told == ["unclassified", "full", "info", "full"]
    assert desk.get("/v1/procedures/9.990003/levels")["level"] == "unclassified"
    written = desk.get("/v1/procedures/9.990003/history")["items"]
    writings = [(w["revision"], w["fields"]) for w in written if w["key"][-1] == "QĐ 9"]
    assert writings == [(1, []), (2, ["level"]), (3, ["level"]), (4, ["withdrawn"])]


def test_a_level_changed_in_procedures_csv_is_as_bitemporal(desk: Desk) -> None:
    before = desk.clock.now()
    desk.clock.advance(seconds=60)
    desk.load({"procedures.csv": GOOD["procedures.csv"].replace("full,ND42_2022,QĐ 2", "partial,ND42_2022,QĐ 2a")})
    assert desk.counts(on="2025-07-15") == {"partial": 1, "unclassified": 2}
    assert desk.counts(on="2025-07-15", known_at=before.isoformat()) == {"full": 1, "unclassified": 2}


def test_before_anything_was_known_there_is_nothing(desk: Desk) -> None:
    asked = {"unit": "all", "known_at": (desk.clock.now() - timedelta(seconds=1)).isoformat()}
    assert desk.get("/v1/levels", **asked)["total"]["total"] == 0


def test_a_future_decision_counts_from_its_day_on(desk: Desk) -> None:
    desk.assess("9.990003,,,ND42_2022,partial,QĐ 9,UBND tỉnh,2026-12-01,,Hư cấu")
    assert desk.counts() == {"full": 2, "unclassified": 1}
    assert desk.counts(on="2026-12-01") == {"full": 2, "partial": 1}
    (listed,) = [
        p for p in desk.get("/v1/procedures", unit="H98.02", on="2026-12-01")["items"] if p["code"] == "9.990003"
    ]
    assert (listed["level"], listed["level_decision"]) == ("partial", "QĐ 9")


def test_it_explains_what_keeps_a_procedure_from_full(desk: Desk) -> None:
    told = desk.get(f"/v1/procedures/{CODE}/levels")
    assert told["level"] == "full"  # by the service of one commune
    own, other = sorted(told["services"], key=lambda each: each["level"])
    assert (other["service_code"], other["keeping_from_full"]) == ("DVC1", ["no_in_person_step"])
    assert other["unanswered"] == ["process_online", "fee_online_or_none", "result_online_or_post"]
    assert "Chưa toàn trình vì chưa đáp ứng: Không có bước bắt buộc phải có mặt" in other["detail_vi"]
    assert "Not full, for it is not so: No step demands presence" in other["detail"]
    (criterion,) = [c for c in other["criteria"] if c["criterion"] == "no_in_person_step"]
    assert (criterion["met"], criterion["evidence"], criterion["needed_for_full"]) == (False, "Nộp bản gốc", True)
    assert (own["service_code"], own["unit"]) == ("DVC2", "H98.62")
    assert own["detail"] == "Stands at full by QĐ 5, without criteria."


def test_it_explains_a_full_one_a_declared_one_and_one_nobody_assessed(desk: Desk) -> None:
    header, *_ = GOOD["assessment_criteria.csv"].splitlines()
    answers = "\n".join(f"9.990003,,,QĐ 9,{criterion},true,Biên bản,Hư cấu" for criterion in FULL)
    desk.load(
        {
            "assessments.csv": ASSESSMENT_HEADER + "9.990003,,,ND42_2022,full,QĐ 9,UBND,2026-01-01,,Hư cấu\n",
            "assessment_criteria.csv": f"{header}\n{answers}\n",
        }
    )
    details = {code: desk.get(f"/v1/procedures/{code}/levels")["services"] for code in ("9.990001", "9.990003")}
    assert details["9.990003"][0]["detail_vi"] == "Toàn trình: đáp ứng mọi tiêu chí."
    assert details["9.990001"][0]["detail_vi"] == "Mức toàn trình theo QĐ 2, không kèm tiêu chí đánh giá."
    (nobody,) = desk.get(f"/v1/procedures/{CODE}/levels", on="2025-07-01")["services"]
    assert nobody["detail_vi"].startswith("Chưa ai đánh giá")


def test_the_timeline_of_a_procedure(desk: Desk) -> None:
    told = desk.get(f"/v1/procedures/{CODE}/levels")["timeline"]
    assert [(span["level"], span["valid_from"], span["valid_to"]) for span in told] == [
        ("partial", "2025-08-01", "2025-08-31"),
        ("full", "2025-09-01", "2026-12-31"),
        ("partial", "2027-01-01", None),
    ]


def test_proposals_wait_until_somebody_confirms_them(desk: Desk) -> None:
    (waiting,) = desk.get("/v1/level-proposals")["items"]
    told = (waiting["procedure_code"], waiting["scheme"], waiting["level"], waiting["proposed"], waiting["decision"])
    assert told == ("9.990003", "ND43_2011", "4", "full", "QĐ 6")
    explained = desk.get("/v1/procedures/9.990003/levels")["services"][0]
    assert explained["proposed"] == ServiceLevel.FULL
    assert "chưa được tính cho đến khi có người xác nhận; đề xuất: toàn trình" in explained["detail_vi"]
    desk.assess("9.990003,,,ND42_2022,partial,QĐ 9,UBND tỉnh,2026-01-01,,Hư cấu")
    assert desk.get("/v1/level-proposals")["items"] == []
    assert len(desk.get("/v1/level-proposals", on="2025-12-31")["items"]) == 1


def test_levels_of_the_old_scheme_are_counted_as_their_decisions_word_them(desk: Desk) -> None:
    (item,) = desk.get("/v1/levels", unit="H98.02", scope="managed")["items"]
    assert item["by_scheme"] == {"ND42_2022": {"full": 2}, "ND43_2011": {"4": 1}}
