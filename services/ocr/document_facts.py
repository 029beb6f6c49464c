"""What a document says of itself, from what was read on the paper."""

import datetime as dt
import re

from services.ocr.fields import Fields
from services.ocr.pdf.plans import DocumentFacts

_SURE = 0.9  # what is less sure than that is asked of a person and not yet written into a file
_HERE = dt.timezone(dt.timedelta(hours=7))
_OF_THE_PARTY = re.compile(r"[^-/]+/.+")  # QĐ/TU after 7-, where the State writes 7/QĐ-UBND


def document_facts(fields: Fields, pipeline: str) -> DocumentFacts:
    """Return title, subject, issuer and the day the paper bears, as far as they are sure.

    No clock is asked, so that the same paper and pipeline give the same bytes.
    """
    said = {name: str(one.value) for name, one in fields.items() if one.value and one.confidence >= _SURE}
    return DocumentFacts(
        title=" ".join(filter(None, (said.get("doc_type"), _number(said)))),
        producer=f"hoso {pipeline}",
        created=_midnight(said.get("date")),
        subject=said.get("subject"),
        author=said.get("issuer"),
    )


def _number(said: dict[str, str]) -> str:
    number, symbol = said.get("number", ""), said.get("symbol", "")
    joint = "-" if _OF_THE_PARTY.fullmatch(symbol) else "/"
    return joint.join(filter(None, (number, symbol)))


def _midnight(day: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(day or ""), dt.time(), _HERE)
    except ValueError:
        return None
