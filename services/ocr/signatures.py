"""Verifies the digital signatures and time stamps of a PDF; the one door to pyHanko.

Nothing is fetched. What later revisions changed is judged by pyHanko's rules, but that a certified
file may get further visible signatures: here the signing software certifies with the first person's
signature, and further people and the office's seal sign beside it (Decree 30/2020, annex I, II.8).
"""

import logging
import struct
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import diff_analysis
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from services.ocr.facts import SignatureFacts
from services.ocr.pages import UnfitPaper
from services.ocr.pdf.stamps import Stamp, stamps_of

SIGNATURE, TIME_STAMP = "signature", "time-stamp"
_WEAK_DIGESTS = ("md5", "sha1")
# what pyHanko 0.38 and what it stands on raise on broken files; see bench/ocr/mutate.py
_BROKEN = (
    PdfError,
    PathError,
    ValidationError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    struct.error,
    zlib.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)
_CHANGES = diff_analysis.StandardDiffPolicy(
    global_rules=diff_analysis.DEFAULT_DIFF_POLICY.global_rules,
    form_rule=diff_analysis.FormUpdatingRule(
        field_rules=[
            diff_analysis.SigFieldCreationRule(allow_new_visible_after_certify=True),  # type: ignore[no-untyped-call]
            diff_analysis.SigFieldModificationRule(),
            diff_analysis.GenericFieldModificationRule(),
        ]
    ),
)
# both quote names and whole certificates, and who signed belongs into no log
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def signatures_of(
    path: Path, *, trust_roots: tuple[Path, ...] = (), at: datetime | None = None, password: str = ""
) -> tuple[SignatureFacts, ...]:
    """Return the signatures of a PDF, the oldest first; its first byte must be that of its header.

    ``trust_roots`` are files of certificates, PEM or DER; ``at`` is the moment for which their chains
    are checked, now if none. Raises ``UnfitPaper`` for a file that cannot be read at all.
    """
    roots = list(load_certs_from_pemder([str(root) for root in trust_roots]))  # type: ignore[no-untyped-call]
    places = _places(path, password)
    with path.open("rb") as file:
        reader = _reader(file, password)
        found = [_signature(one, roots, at) for one in _embedded(reader)]
    return tuple(_placed(one, places.get(one.field)) for one in found)


def _places(path: Path, password: str) -> dict[str, Stamp]:
    try:
        return stamps_of(path, password=password)
    except UnfitPaper:
        return {}  # a signature counts wherever its stamp is


def _reader(file: BinaryIO, password: str) -> PdfFileReader:
    try:
        # one real file in fifteen breaks a rule of form and verifies all the same
        reader = PdfFileReader(file, strict=False)
        if reader.encrypted:
            reader.decrypt(password)
    except _BROKEN as error:
        raise UnfitPaper(reason="corrupt") from error
    return reader


def _embedded(reader: PdfFileReader) -> Iterator[EmbeddedPdfSignature | str]:
    """Yield the signatures in the order of their revisions, last the fields whose content is none."""
    try:
        fields = [(str(name), field) for name, _, field in enumerate_sig_fields(reader, filled_status=True)]
    except _BROKEN as error:
        raise UnfitPaper(reason="corrupt") from error
    read, unreadable = [], []
    for name, field in fields:
        try:
            read.append(EmbeddedPdfSignature(reader, field, name))
        except _BROKEN:
            unreadable.append(name)
    yield from sorted(read, key=lambda one: one.signed_revision)
    yield from unreadable


def _signature(one: EmbeddedPdfSignature | str, roots: list[object], at: datetime | None) -> SignatureFacts:
    if isinstance(one, str):
        return SignatureFacts(field=one, kind=SIGNATURE, problem="unreadable")
    kind = TIME_STAMP if one.sig_object_type == "/DocTimeStamp" else SIGNATURE
    validate = validate_pdf_timestamp if kind == TIME_STAMP else validate_pdf_signature
    try:
        context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at)
        status = validate(one, context, diff_policy=_CHANGES)
        return _said(str(one.field_name), kind, status, asked_for_trust=bool(roots))
    except _BROKEN:
        return SignatureFacts(field=str(one.field_name), kind=kind, problem="unreadable")


def _said(
    field: str, kind: str, status: PdfSignatureStatus | DocumentTimestampStatus, *, asked_for_trust: bool
) -> SignatureFacts:
    name = status.signing_cert.subject.native
    signed_at, stamps = _moments(status)
    problem = _problem(status, stamps, asked_for_trust=asked_for_trust)
    return SignatureFacts(
        field=str(field),  # pyHanko has a type of its own for it
        kind=kind,
        signer=_text(name.get("common_name")),
        organisation=_text(name.get("organization_name")),
        signed_at=signed_at.isoformat() if signed_at else None,
        stamped_at=stamps[0].timestamp.isoformat() if stamps else None,
        intact=status.intact,
        valid=status.valid,
        trusted=status.trusted if asked_for_trust else None,
        coverage=_code(status.coverage),
        later_changes=_code(status.modification_level),
        bottom_line=problem is None,
        problem=problem or ("weak-digest" if status.md_algorithm in _WEAK_DIGESTS else None),
    )


def _moments(
    status: PdfSignatureStatus | DocumentTimestampStatus,
) -> tuple[datetime | None, list[TimestampSignatureStatus]]:
    """Return when the signer says it was signed, and the time stamps: of the signature, of what was signed."""
    if isinstance(status, DocumentTimestampStatus):
        return None, [status]
    stamps = (status.timestamp_validity, status.content_timestamp_validity)
    return status.signer_reported_dt, [stamp for stamp in stamps if stamp is not None]


def _problem(
    status: PdfSignatureStatus | DocumentTimestampStatus,
    stamps: Sequence[TimestampSignatureStatus],
    *,
    asked_for_trust: bool,
) -> str | None:
    """Return why a signature does not hold.

    It asks for all that pyHanko's own bottom line asks for; that one always asks for trust, and time
    stamps of documents have none.
    """
    both = (status, *stamps)
    level = _code(status.modification_level)
    unchanged = status.docmdp_ok if status.docmdp_ok is not None else level in (None, "none", "lta-updates")
    checks = (
        ("altered", all(one.intact for one in both)),
        ("invalid", all(one.valid for one in both) and getattr(status, "seed_value_ok", True)),
        ("changed-later", unchanged),
        ("untrusted", not asked_for_trust or all(one.trusted for one in both)),
    )
    return next((code for code, holds in checks if not holds), None)


def _text(value: object) -> str | None:
    """Return an attribute of a name; one that is given several times comes as a list."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return None if value is None else str(value)


def _code(level: object) -> str | None:
    name = getattr(level, "name", None)
    return name.lower().replace("_", "-") if isinstance(name, str) else None


def _placed(signature: SignatureFacts, stamp: Stamp | None) -> SignatureFacts:
    return signature if stamp is None else signature.model_copy(update={"page": stamp.page, "box": stamp.box})
