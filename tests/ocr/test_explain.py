"""What is said of a paper names everything that was found, in words."""

import pytest

from services.ocr.explain import explained
from services.ocr.facts import PageFacts, PaperFacts, Pipeline, Route, SignatureFacts, Source, Verdict

PIPELINE = Pipeline(version="p", engine="e", models={}, languages="vie")
SOURCE = Source(sha256="0", media_type="application/pdf", size_bytes=1)


def paper(*pages: PageFacts, **told: object) -> PaperFacts:
    known = {"verdict": Verdict.DIGITISED, "document_bytes": 1, "needs_review": False, **told}
    return PaperFacts.model_validate({"source": SOURCE, "pages": pages, "pipeline": PIPELINE, **known})


def test_each_page_says_its_way_its_reason_and_its_measures() -> None:
    read = PageFacts(
        number=3,
        route=Route.RECOGNISED,
        because="not-vietnamese",
        dpi=200,
        rotation=90,
        skew_degrees=-0.4,
        confidence=91,
        words=12,
    )
    (line,) = explained(paper(read))
    assert line.startswith("  trang / page 3: nhận dạng ký tự / recognised: lớp văn bản không phải tiếng Việt đúng / ")
    for measure in ("200 dpi", "xoay / turned 90°", "nghiêng / skew -0.4°", "12 từ / words", "tin cậy / confidence 91"):
        assert measure in line


def test_what_judging_found_is_said_before_the_pages() -> None:
    found = ("junk-before-pdf:21", "active-content:javascript")
    signature = SignatureFacts(field="S1", kind="signature", signer="Trần Thị Thung", problem="altered")
    lines = list(explained(paper(reasons=found, signatures=(signature,))))
    assert [line.endswith(end) for line, end in zip(lines, ("(21)", "(javascript)", "altered"), strict=True)] == [
        True
    ] * 3
    assert "KHÔNG hợp lệ / does NOT hold: Trần Thị Thung" in lines[2]


@pytest.mark.parametrize("reason", ["page-timed-out", "page-crashed", "page-unreadable"])
def test_a_failed_page_says_why_in_words(reason: str) -> None:
    (line,) = explained(paper(PageFacts(number=1, route=Route.FAILED, reason=reason)))
    assert f"({reason})" in line
    assert "không xử lý được" not in line


def test_review_names_reasons_and_fields() -> None:
    told = {"needs_review": True, "review_reasons": ("fields-doubtful",), "review_fields": ("number", "date")}
    assert list(explained(paper(**told)))[-1].endswith(": fields-doubtful, number, date")
