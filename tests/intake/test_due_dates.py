"""When a result is promised: at acceptance, after waits, by whose calendar, and where nobody can count."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from services.intake.due_dates import LifeRules
from services.intake.following import CalendarMissing, check_calendar
from services.intake.settings import IntakeSettings
from services.intake.waits import WaitKind
from shared.events import (
    DossierAccepted,
    DossierResumed,
    DossierSupplemented,
    Event,
    FeePaid,
    Procedure,
    SupplementRequested,
    TimeUnit,
)
from tests.intake.living import LAW, Case, at, calendar, told
from tests.intake.office import DEPARTMENT, PROCEDURE, Office, reference_data


def procedure(**changes: Any) -> Procedure:
    """Return the procedure as the registry published it, or changed."""
    found = next(d for d in reference_data() if isinstance(d, Procedure) and d.code == PROCEDURE)
    return found.model_copy(update=changes)


def accepted(office: Office, *, hour: int = 14) -> Case:
    """Return a dossier that was accepted on Thursday."""
    case = Case(office)
    case.do_at(at(8, hour), "accept")
    return case


def last_data(case: Case, kind: type[Any]) -> Any:
    """Return what the last event of a dossier says."""
    event: Event = case.events()[-1]
    assert isinstance(event.data, kind)
    return event.data


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, at(15, 14)),
        ({"limit": 8, "limit_unit": "working_hour"}, at(9, 14)),
        ({"limit": 3, "limit_unit": "calendar_day"}, at(12, 14)),
        ({"limit": 1, "limit_unit": "month"}, at(9, 14, month=11)),
        ({"committed_limit": 3}, at(13, 14)),
        ({"committed_limit": 4, "committed_limit_unit": TimeUnit.WORKING_HOUR}, at(9, 8)),
        ({"cut_off": "13:30"}, at(16, 7)),
    ],
    ids=str,
)
def test_acceptance_promises_a_date(any_office: Office, changes: dict[str, Any], expected: datetime) -> None:
    any_office.learn(calendar(), procedure(**changes))
    case = accepted(any_office)
    dossier = case.read()
    assert (told(dossier["due_at"]), told(dossier["first_due_at"])) == (expected, expected)
    assert (dossier["provisional"], dossier["warnings"]) == (False, [])
    data = last_data(case, DossierAccepted)
    assert (data.due_at, data.limit) == (expected, dossier["time_limit"])
    assert data.limit_unit == dossier["limit_unit"]


def test_nothing_is_promised_before_acceptance(office: Office) -> None:
    office.learn(calendar())
    dossier = Case(office).do("request-supplement", "supplement")
    assert (dossier["due_at"], dossier["time_limit"], dossier["warnings"]) == (None, None, [])
    assert [wait["stops_clock"] for wait in dossier["supplements"]] == [False]


def test_a_later_version_of_the_procedure_changes_no_promise(office: Office) -> None:
    office.learn(calendar())
    case = accepted(office)
    case.do_at(at(9, 9), "request-supplement")
    office.learn(procedure(limit=50, version=4))
    assert told(case.do_at(at(9, 10), "supplement")["due_at"]) == at(15, 15)


def test_the_clock_stands_still_while_a_dossier_waits(any_office: Office) -> None:
    any_office.learn(calendar())
    case = accepted(any_office)
    case.do_at(at(9, 9), "request-supplement", component_codes=["TP01"], reason_code="TP-THIEU")
    asked = last_data(case, SupplementRequested)
    assert (asked.number, asked.component_codes, asked.reason_code) == (1, ("TP01",), "TP-THIEU")
    assert asked.due_at == at(15, 14)
    case.do_at(at(12, 9), "supplement")  # eight hours of work later
    handed_in = last_data(case, DossierSupplemented)
    assert (handed_in.number, handed_in.due_before, handed_in.due_at) == (1, at(15, 14), at(16, 14))
    case.do_at(at(13, 7), "request-fee", amount=150_000)
    case.do_at(at(13, 9), "pay", payment_channel=1)
    paid = last_data(case, FeePaid)
    assert (paid.amount, paid.payment_channel, paid.due_before, paid.due_at) == (150_000, 1, at(16, 14), at(16, 16))
    case.do_at(at(14, 10), "suspend", legal_basis=LAW, reason_code="TAM-DUNG")
    dossier = case.do_at(at(16, 10), "resume")  # two days of work later
    resumed = last_data(case, DossierResumed)
    assert (resumed.due_before, resumed.due_at) == (at(16, 16), at(20, 16))
    check_told(dossier)


def check_told(dossier: dict[str, Any]) -> None:
    """Check what a dossier tells of its three waits."""
    assert (told(dossier["due_at"]), told(dossier["first_due_at"])) == (at(20, 16), at(15, 14))
    (supplement,), (fee,), (suspension,) = dossier["supplements"], dossier["fees"], dossier["suspensions"]
    assert (supplement["component_codes"], supplement["reason_code"]) == (["TP01"], "TP-THIEU")
    assert (told(supplement["begins"]), told(supplement["ends"])) == (at(9, 9), at(12, 9))
    assert (told(supplement["due_before"]), told(supplement["due_after"])) == (at(15, 14), at(16, 14))
    assert (fee["amount"], fee["payment_channel"]) == (150_000, 1)
    assert (suspension["legal_basis"], suspension["reason_code"]) == (LAW, "TAM-DUNG")


def test_a_second_supplement_has_its_own_number(office: Office) -> None:
    office.learn(calendar())
    case = accepted(office)
    case.do("request-supplement", "supplement", "request-supplement")
    assert last_data(case, SupplementRequested).number == 2
    assert [wait["number"] for wait in case.read()["supplements"]] == [1, 2]


def test_a_fee_that_ends_by_finishing_has_stopped_the_clock_too(office: Office) -> None:
    office.learn(calendar())
    case = accepted(office)
    case.do_at(at(13, 7), "request-fee")
    assert told(case.do_at(at(13, 9), "finish")["due_at"]) == at(15, 16)


def test_after_the_result_nothing_moves_a_due_date(office: Office) -> None:
    office.learn(calendar())
    case = accepted(office)
    case.do("finish", "request-fee")
    dossier = case.do_at(at(20, 9), "pay", amount=0)
    assert (dossier["status"], told(dossier["due_at"])) == (9, at(15, 14))
    assert dossier["fees"][0]["stops_clock"] is False


def test_the_settings_say_what_stops_the_clock(office: Office) -> None:
    settings = IntakeSettings(search_key="s" * 32, fee_stops_clock=False, extensions=3)
    assert settings.life_rules() == LifeRules(frozenset({WaitKind.SUPPLEMENT, WaitKind.SUSPENSION}), 3)
    office.app.state.desk = replace(office.desk, rules=settings.life_rules())
    office.learn(calendar())
    case = accepted(office)
    case.do_at(at(12, 7), "request-fee")
    case.do_at(at(14, 7), "pay")
    assert told(case.read()["due_at"]) == at(15, 14)
    case.do_at(at(14, 8), "request-supplement")
    case.do_at(at(14, 9), "supplement")
    assert told(case.read()["due_at"]) == at(15, 15)


def test_without_a_calendar_a_dossier_is_accepted_all_the_same(office: Office) -> None:
    with pytest.raises(CalendarMissing):
        check_calendar(office.database)
    case = accepted(office)
    dossier = case.read()
    assert (dossier["status"], dossier["due_at"], dossier["time_limit"]) == (2, None, 5)
    (warning,) = dossier["warnings"]
    assert warning["reason"] == "no-calendar"
    assert warning["detail"]
    assert warning["detail_vi"]
    data = last_data(case, DossierAccepted)
    assert (data.due_at, data.limit, data.limit_unit) == (None, 5, "working_day")
    assert case.do("finish")["warnings"] == []


def test_the_calendar_may_come_while_a_dossier_waits(office: Office) -> None:
    case = accepted(office)
    case.do_at(at(9, 9), "request-supplement")
    office.learn(calendar())
    check_calendar(office.database)
    case.do_at(at(12, 9), "supplement")
    data = last_data(case, DossierSupplemented)
    assert (data.due_before, data.due_at) == (None, at(16, 14))
    assert told(case.read()["first_due_at"]) == at(16, 14)


def test_nothing_is_promised_past_what_a_calendar_knows(office: Office) -> None:
    office.learn(calendar(), procedure(limit=24, limit_unit="month"))
    assert accepted(office).read()["warnings"][0]["reason"] == "no-calendar"
    office.learn(calendar(revision=2).model_copy(update={"last_day": date(2026, 10, 14)}), procedure())
    assert accepted(office, hour=15).read()["due_at"] is None
    office.learn(calendar(revision=3).model_copy(update={"last_day": date(2026, 10, 15)}))
    assert told(accepted(office, hour=16).read()["due_at"]) == at(15, 16)


def test_undecided_days_are_told_of(office: Office) -> None:
    office.learn(calendar(undecided=[date(2026, 10, 13)]))
    case = accepted(office)
    assert told(case.read()["due_at"]) == at(16, 14)
    assert [warning["reason"] for warning in case.read()["warnings"]] == ["provisional"]
    assert last_data(case, DossierAccepted).provisional is True


def test_the_calendar_of_the_competent_unit_counts(any_office: Office) -> None:
    any_office.learn(calendar(date(2026, 10, 9)), calendar(date(2026, 10, 12), code=DEPARTMENT, hours=()))
    assert told(accepted(any_office).read()["due_at"]) == at(19, 14), "both days are off there"
    elsewhere = Case(any_office, any_office.open_dossier(procedure_code="9.990002"))
    assert told(elsewhere.do_at(at(8, 15), "accept")["due_at"]) == at(16, 15), "only the national one is here"


def test_an_unusable_calendar_holds_up_nobody(office: Office) -> None:
    office.learn(calendar(hours=()))  # nobody says when anybody works
    assert accepted(office).read()["warnings"][0]["reason"] == "no-calendar"


def test_an_unusable_limit_holds_up_nobody(office: Office) -> None:
    office.learn(calendar(), procedure(limit=0))
    assert accepted(office).read()["warnings"][0]["reason"] == "no-limit"
    office.learn(procedure(cut_off="late"))
    assert accepted(office, hour=15).read()["due_at"] is None
