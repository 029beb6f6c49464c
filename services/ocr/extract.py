"""Reads the fields of a paper from its pages' lines, whether an engine or a text layer gave them."""

import dataclasses
from collections.abc import Iterator, Sequence

from services.ocr.confidence import KNOWN, calibrated
from services.ocr.doc_types import FORM_NAMES, LETTER, DocType, abbreviated
from services.ocr.extract_arrival import arrival_fields
from services.ocr.extract_letterhead import Letterhead, about_words, find_letterhead, issuer_fields
from services.ocr.extract_marks import secrecy_mark, urgency_mark
from services.ocr.extract_number import closing_date, date_fields, number_fields
from services.ocr.extract_recipients import address_block, copied_to, copies_label, recipients
from services.ocr.extract_references import deadline_field, reference_field
from services.ocr.extract_signature import Signature, declared, find_half_hidden, find_signatures, signature_fields
from services.ocr.extract_title import Title, find_title, subject_field, subject_words
from services.ocr.fields import Field, Fields, Reference, field, known
from services.ocr.language.syllables import legal_bigrams
from services.ocr.layout import Page, height_on_page
from services.ocr.running import running_text
from services.ocr.usage import Usage

Found = Iterator[tuple[str, Field | None]]


def extract(pages: Sequence[Page]) -> Fields:
    """Return the fields of a paper; what is not there is not in the answer."""
    if not pages:
        return {}
    runs = ([word for line in page.lines for word in line.words] for page in pages)
    usage = Usage(runs, legal_bigrams())
    found = known(_head_fields(pages[0], usage))
    found |= known(_body_fields(pages, found, usage))
    if "date" not in found:
        found |= known(next(filter(None, (tuple(closing_date(page, usage)) for page in reversed(pages))), ()))
    found = {name: _calibrated(name, one) for name, one in found.items()}
    found["page_count"] = Field(len(pages), str(len(pages)), 1, None, 1)
    return found


def _calibrated(name: str, found: Field) -> Field:
    return dataclasses.replace(found, confidence=calibrated(name, found.confidence))


def _head_fields(page: Page, usage: Usage) -> Found:
    yield "urgency", urgency_mark(page)
    yield "secrecy", secrecy_mark(page)
    yield from arrival_fields(page)
    head = find_letterhead(page)
    if head is None:
        yield from _titled_fields(page, usage)
        return
    numbered = known(number_fields(page, head))
    yield from numbered.items()
    yield from date_fields(page, head, usage)
    yield from issuer_fields(page, head, usage)
    yield from _subject_fields(page, head, numbered.get("symbol"), usage)


def _subject_fields(page: Page, head: Letterhead, symbol: Field | None, usage: Usage) -> Found:
    title = find_title(page, head.country.box.bottom)
    yield "doc_type", _doc_type(page, title, head, symbol)
    words = subject_words(page, title) if title else about_words(head)
    yield "subject", subject_field(page, words, usage)


def _titled_fields(page: Page, usage: Usage) -> Found:
    """Yield what a title says of a paper that has no letterhead."""
    if title := find_title(page, 0):
        yield "doc_type", field(title.kind.name, title.line.words, page=page.number, confidence=KNOWN)
        yield "subject", subject_field(page, subject_words(page, title), usage)


def _doc_type(page: Page, title: Title | None, head: Letterhead, symbol: Field | None) -> Field | None:
    about, coded = about_words(head), _coded(symbol)
    if title:
        agrees = coded is None or coded == title.kind
        return field(title.kind.name, title.line.words, page=page.number, confidence=KNOWN if agrees else 0.8)
    issued = head.number_at is not None or bool(head.office_rows)  # a letter is an office's, or it is none
    if about or (issued and coded is None and address_block(page)):
        sure = bool(about) and coded is None
        return field(LETTER, about[:1], page=page.number, confidence=KNOWN if sure else 0.8)
    return field(coded.name, [], page=page.number, confidence=0.7) if coded else None


def _coded(symbol: Field | None) -> DocType | None:
    """Return the kind that the symbol's first part names."""
    parts = str(symbol.value).replace("-", "/").split("/") if symbol and symbol.value else []
    return abbreviated(parts[1] if len(parts) > 1 and parts[0].isdigit() else parts[0]) if parts else None


def _body_fields(pages: Sequence[Page], head: Fields, usage: Usage) -> Found:
    yield "recipients", recipients(pages[0], usage)
    yield "copied_to", next(filter(None, (copied_to(page, usage) for page in pages)), None)
    yield from signature_fields(_signatures(pages, is_form=_value(head, "doc_type") in FORM_NAMES), usage)
    text = running_text(_below_head(pages))
    references = reference_field(text, _own_symbol(head))
    yield "references", references
    yield "deadlines", deadline_field(text, _value(head, "date") or _latest(references))


def _signatures(pages: Sequence[Page], *, is_form: bool) -> Sequence[Signature]:
    """Return the signatures of the first page that has some; on a form only those of who hands it in."""
    signed = (declared(found) if is_form else found for found in map(find_signatures, pages))
    with_titles = next(filter(None, signed), ())
    if with_titles or is_form:
        return with_titles
    labels = ((page, label) for page in pages if (label := copies_label(page)))
    return next((found for page, label in labels if (found := find_half_hidden(page, label))), ())


def _latest(references: Field | None) -> str | None:
    """Return the latest date that a paper cites: it was not written before."""
    cited = references.value if references and isinstance(references.value, tuple) else ()
    return max((one.date for one in cited if isinstance(one, Reference) and one.date), default=None)


def _below_head(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without their letterhead: the paper's own number and date are no reference."""
    head = find_letterhead(pages[0])
    if head is None:
        return list(pages)
    body = tuple(line for line in pages[0].lines if height_on_page(line) > head.bottom)
    return [dataclasses.replace(pages[0], lines=body), *pages[1:]]


def _own_symbol(head: Fields) -> str | None:
    number, symbol = _value(head, "number"), _value(head, "symbol")
    party = symbol is not None and "/" in symbol and not symbol[:1].isdigit()
    return f"{number}{'-' if party else '/'}{symbol}" if number and symbol else None


def _value(fields: Fields, name: str) -> str | None:
    found = fields.get(name)
    return str(found.value) if found and found.value else None
