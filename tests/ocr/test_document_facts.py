"""A document is titled with what is sure of the paper."""

import datetime as dt

import pytest

from services.ocr.document_facts import document_facts
from services.ocr.fields import Field, Value


def field(value: Value | None, confidence: float = 0.95) -> Field:
    return Field(value, "", 1, None, confidence)


@pytest.mark.parametrize(
    ("number", "symbol", "title"),
    [
        (field("457"), field("QĐ-UBND"), "Quyết định 457/QĐ-UBND"),
        (field("12"), field("QĐ/TU"), "Quyết định 12-QĐ/TU"),
        (field(None), field("QĐ-UBND"), "Quyết định QĐ-UBND"),
        (field("457", 0.5), field("QĐ-UBND", 0.5), "Quyết định"),
    ],
)
def test_the_title_is_what_people_call_the_paper(number: Field, symbol: Field, title: str) -> None:
    said = {"doc_type": field("Quyết định"), "number": number, "symbol": symbol}
    assert document_facts(said, "abc").title == title


def test_day_subject_and_issuer_go_along() -> None:
    said = {"date": field("2026-03-02"), "subject": field("Trợ cấp"), "issuer": field("UBND tỉnh Hạ Vân")}
    facts = document_facts(said, "abc")
    assert facts.created == dt.datetime(2026, 3, 1, 17, tzinfo=dt.UTC)
    assert (facts.subject, facts.author, facts.producer) == ("Trợ cấp", "UBND tỉnh Hạ Vân", "hoso abc")
    assert document_facts({"date": field("29.2.2025")}, "abc").created is None
