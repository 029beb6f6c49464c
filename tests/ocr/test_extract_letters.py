"""Whole letters: made ones with exact truth, real ones where they are at hand."""

import json
from pathlib import Path

import pypdfium2
import pytest
from jsonschema import Draft202012Validator

from bench.ocr.made.form import draw_form, printed_form
from bench.ocr.made.layer import layered
from bench.ocr.made.letter import draw
from bench.ocr.made.printed import printed
from deploy.demo.printing import fonts
from services.ocr.extract import extract
from services.ocr.facts import PaperFacts, Pipeline, Source, Verdict
from services.ocr.fields import NAMES, Field
from services.ocr.hocr import Box
from services.ocr.layer import Glyph, lines_of
from services.ocr.limits import Limits
from services.ocr.pdfium import PdfPages
from services.ocr.required import USUAL, Demands, to_review

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "paper-facts.json"


@pytest.mark.skipif(bool(fonts.missing()), reason="fonts-freefont-ttf is not installed: letters cannot be set")
@pytest.mark.parametrize("seed", range(24))
def test_made_letter_is_read_as_it_was_drawn(seed: int) -> None:
    letter = draw(seed)
    found = extract(printed(letter, seed).pages())
    read = {name: one.value for name, one in found.items() if not name.startswith("arrival") and name != "page_count"}
    assert read == letter.truth()
    assert ("arrival_number" in found) == letter.stamped


@pytest.mark.skipif(bool(fonts.missing()), reason="fonts-freefont-ttf is not installed: letters cannot be set")
def test_letter_that_a_pen_numbered_is_reviewed_and_a_printed_one_is_not() -> None:
    penned, clean = draw(3), draw(6)
    assert penned.penned
    assert not clean.penned
    assert set(to_review(extract(printed(penned, 3).pages()), USUAL)) >= {"number", "date"}
    assert to_review(extract(printed(clean, 6).pages()), USUAL) == ()


@pytest.mark.skipif(bool(fonts.missing()), reason="fonts-freefont-ttf is not installed: forms cannot be set")
@pytest.mark.parametrize("seed", range(12))
def test_made_form_is_read_as_it_was_drawn(seed: int) -> None:
    form = draw_form(seed)
    found = extract(printed_form(form).pages())
    assert {name: one.value for name, one in found.items() if name != "page_count"} == form.truth()
    assert to_review(found, USUAL) == ()


@pytest.mark.skipif(bool(fonts.missing()), reason="fonts-freefont-ttf is not installed: letters cannot be set")
@pytest.mark.parametrize("seed", [0, 1, 4, 26])
def test_text_layer_of_a_made_letter_gives_the_same_fields(seed: int, tmp_path: Path) -> None:
    letter, path = draw(seed), tmp_path / "letter.pdf"
    path.write_bytes(layered(printed(letter, seed).pages()))
    source = PdfPages(path, Limits(pages=9, pixels=10**8))
    found = extract([source.text(number) for number in range(1, source.count + 1)])
    truth = letter.truth()
    assert {name: found[name].value for name in truth} == truth
    assert all(0 < one.box.left < one.box.right < 1654 for one in found.values() if one.box)


def test_required_field_that_is_missing_is_named() -> None:
    found = {"doc_type": Field("Công văn", "V/v", 1, None, 1)}
    assert to_review(found, USUAL) == ("number", "symbol", "date", "issuer", "subject", "recipients", "signer_name")
    assert to_review({}, USUAL) == ()


@pytest.mark.parametrize("kind", ["Tờ khai", "Đơn", "Giấy ủy quyền", "Bản cam kết"])
def test_no_office_field_is_demanded_of_a_citizen(kind: str) -> None:
    assert to_review({"doc_type": Field(kind, "", 1, None, 1)}, USUAL) == ()


def test_paper_of_an_office_whose_kind_was_not_read_is_reviewed() -> None:
    found = {"issuer": Field("Sở Nội vụ", "", 1, None, 1), "number": Field("12", "", 1, None, 1)}
    assert to_review(found, USUAL) == ("doc_type", "symbol", "date", "subject", "signer_name")


def test_what_only_helps_a_search_asks_nobody() -> None:
    doubtful = {name: Field("?", "", 1, None, 0.1) for name in ("copied_to", "references", "place", "signing_mode")}
    assert to_review(doubtful, USUAL) == ()
    assert to_review({**doubtful, "deadlines": Field("?", "", 1, None, 0.1)}, USUAL) == ("deadlines",)


@pytest.mark.parametrize("pen", ["number", "arrival_number", "date"])
def test_what_a_pen_wrote_is_always_asked_for(pen: str) -> None:
    assert pen in to_review({pen: Field(None, "", 1, Box(0, 0, 1, 1), 0)}, USUAL)


def test_threshold_of_a_field_is_its_own() -> None:
    found = {"doc_type": Field("Biên bản", "", 1, None, 1), "subject": Field("Họp", "", 1, None, 0.8)}
    assert to_review(found, Demands({"": ()}, 0.9, {})) == ("subject",)
    assert to_review(found, Demands({"": ()}, 0.9, {"subject": 0.8})) == ()


def test_glyphs_become_words_in_nfc_and_lines() -> None:
    def at(x: int, y: int) -> Box:
        return Box(x, y, x + 8, y + 12)

    text = [("S", 0, 0), ("o\u0302\u0301", 10, 0), (" ", 0, 0), ("1", 30, 0), ("\r", 0, 0), ("\n", 0, 0), ("A", 0, 20)]
    glyphs = [Glyph(letter, None if letter.isspace() else at(x, y)) for letter, x, y in text]
    lines = lines_of(glyphs)
    assert [line.text for line in lines] == ["Số 1", "A"]
    assert lines[0].words[0].box == Box(0, 0, 18, 12)


def facts() -> PaperFacts:
    """Return the facts of a made letter."""
    fields = extract(printed(draw(1), 1).pages())
    return PaperFacts(
        source=Source(sha256="0" * 64, media_type="application/pdf", size_bytes=1),
        verdict=Verdict.NEEDS_REVIEW,
        pages=(),
        document_bytes=1,
        fields=fields,
        review_fields=to_review(fields, USUAL),
        needs_review=True,
        pipeline=Pipeline(version="p1", engine="e", models={}, languages="vie"),
    )


@pytest.mark.skipif(bool(fonts.missing()), reason="fonts-freefont-ttf is not installed: letters cannot be set")
def test_facts_come_back_as_they_went() -> None:
    said = facts()
    assert PaperFacts.model_validate_json(said.model_dump_json()) == said
    assert set(said.fields) <= set(NAMES)


@pytest.mark.skipif(bool(fonts.missing()), reason="fonts-freefont-ttf is not installed: letters cannot be set")
def test_facts_fit_the_published_schema() -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    said = json.loads(facts().model_dump_json())
    validator.validate(said)
    assert list(validator.iter_errors({**said, "verdict": "perhaps"}))
    said["fields"]["subject"]["confidence"] = "high"
    assert list(validator.iter_errors(said))


BORN_DIGITAL = {
    "qd86_botuphap_borndigital.pdf": {"number": "86", "symbol": "QĐ-BTP", "date": "2025-01-14", "issuer": "Bộ Tư pháp"},
    "qd246_camau_borndigital_unsigned.pdf": {"number": "246", "date": "2025-02-18", "place": "Cà Mau"},
}


@pytest.mark.scans
@pytest.mark.parametrize("name", BORN_DIGITAL)
def test_text_layer_of_a_real_decision_gives_its_fields(name: str, scans_folder: Path) -> None:
    path = scans_folder / "letters" / name
    if not path.is_file():
        pytest.skip(f"{path.name} is not among the scans at hand")
    truth = next(one for one in json.loads(path.with_name("fields.json").read_text()) if one["file"] == name)
    pages = PdfPages(path, Limits(pages=100, pixels=10**8))
    found = extract([pages.text(number) for number in range(1, pages.count + 1)])
    assert {field: found[field].value for field in BORN_DIGITAL[name]} == BORN_DIGITAL[name]
    assert found["subject"].value == truth["trich_yeu"]
    assert found["signing_mode"].value == ("KT.",)
    assert all(one.confidence > 0.9 for one in found.values())


def test_text_layer_stands_where_a_turned_page_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "turned.pdf"
    with pypdfium2.PdfDocument.new() as document:
        page = document.new_page(200, 100)
        font = pypdfium2.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
        text = pypdfium2.raw.FPDFPageObj_CreateTextObj(document, font, 10.0)
        pypdfium2.raw.FPDFText_SetText(text, (pypdfium2.raw.FPDF_WCHAR * 3)(*map(ord, "So"), 0))
        pypdfium2.raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, 20, 80)
        pypdfium2.raw.FPDFPage_InsertObject(page, text)
        page.set_rotation(90)
        page.gen_content()
        document.save(path)
    shown = PdfPages(path, Limits(pages=1, pixels=10**8)).text(1)
    assert (round(shown.width), round(shown.height)) == (278, 556)
    (word,) = shown.lines[0].words
    assert word.text == "So"
    assert word.box.left > shown.width / 2  # the top of the page before it was turned
    assert word.box.bottom < shown.height / 3
