"""The facts that OCR writes are those that intake reads: boxes, values, tables."""

import json

from services.intake.readings import FieldRead, Reading
from services.intake.sheets import BYTE_ORDER_MARK, sheet
from services.ocr import facts
from services.ocr.fields import Field
from services.ocr.hocr import Box

BOX = Box(100, 200, 300, 250)


def written() -> Reading:
    """Return what intake reads of facts as OCR writes them."""
    cell = facts.CellFacts(row=0, column=1, row_span=1, column_span=1, text="Ô", box=BOX, confidence=None)
    whole = facts.PaperFacts(
        source=facts.Source(sha256="", media_type="image/png", size_bytes=1),
        verdict=facts.Verdict.NEEDS_REVIEW,
        pages=(facts.PageFacts(number=1, route=facts.Route.RECOGNISED, width=2480, height=3508),),
        document_bytes=1,
        tables=(facts.TableFacts(page=1, box=BOX, cells=(cell,)),),
        fields={"number": Field("17", "l7", 1, BOX, 0.5), "date": Field(None, "", 2, BOX, 0)},
        needs_review=True,
        pipeline=facts.Pipeline(version="v", engine="e", models={}, languages="vie"),
    )
    return Reading(json.loads(whole.model_dump_json()))


def test_fields_are_read_as_they_were_written() -> None:
    seen = written().seen()
    assert seen["number"] == FieldRead("17", "l7", 1, (50, 100, 150, 125), 0.5)
    assert seen["date"] == FieldRead(None, "", 2, None, 0), "no picture is known of its page"
    assert written().values() == {"number": "17", "date": None}


def test_tables_are_read_as_they_were_written() -> None:
    assert sheet(written().tables) == f"{BYTE_ORDER_MARK},Ô\r\n"
