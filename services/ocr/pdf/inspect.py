"""Looks a PDF over before it is read: its pages, what is active in it, whether it is signed or declares PDF/A."""

import logging
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Object, Pdf, Stream

from services.ocr.limits import Limits
from services.ocr.pages import UnfitPaper

# it quotes the damaged file it warns of, and what is in a file belongs into no log
logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
MOST_OBJECTS = 1_000_000  # 162 pages of a real decision have some 5,000
MOST_DEPTH = 60  # of a tree of pages; a balanced tree of a million pages has 20 levels
MOST_METADATA_BYTES = 2 * 1024 * 1024
# what qpdf raises, through pikepdf 10.17, on broken files; by the mutated files of bench.ocr.mutate
_BROKEN = (pikepdf.PdfError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, OSError)
_STRINGS = re.compile(rb"\((?:\\.|[^\\)])*\)", re.DOTALL)  # qpdf writes strings with their parentheses escaped
_END = rb"(?![\w.#-])"
# keys and types by which ISO 32000-2 names what acts, is carried along, or leads out of the file
_ACTIVE = {
    "javascript": re.compile(rb"/(?:JavaScript|JS)" + _END),
    "launch-action": re.compile(rb"/S /Launch" + _END),
    "embedded-files": re.compile(rb"/EF <<|/Type /EmbeddedFile" + _END + rb"|/Subtype /FileAttachment" + _END),
    "xfa": re.compile(rb"/XFA" + _END),
    "external-action": re.compile(rb"/S /(?:SubmitForm|ImportData|GoToR|GoToE)" + _END),
    "rich-media": re.compile(
        rb"/S /(?:Rendition|Movie|Sound|RichMediaExecute)" + _END + rb"|/Subtype /RichMedia" + _END
    ),
}
_SIGNED = re.compile(rb"/ByteRange \[")
_PDFA_PART = re.compile(rb"pdfaid:part\s*(?:=\s*[\"']|>)\s*([1-4])")
_PDFA_CONFORMANCE = re.compile(rb"pdfaid:conformance\s*(?:=\s*[\"']|>)\s*([ABUEFabuef])")


@dataclass(frozen=True)
class Inspection:
    """What a PDF holds; ``password`` is what opened it, none where it is not encrypted."""

    pages: int
    password: str | None
    signed: bool
    active: tuple[str, ...]
    pdfa: str | None


@contextmanager
def broken_is_unfit() -> Iterator[None]:
    """Turn what is raised on broken files into ``UnfitPaper``."""
    try:
        yield
    except pikepdf.PasswordError as error:
        raise UnfitPaper(reason="encrypted") from error
    except _BROKEN as error:
        raise UnfitPaper(reason="corrupt") from error


def inspect(path: Path, limits: Limits) -> Inspection:
    """Look a PDF over; raises ``UnfitPaper`` where it is locked, damaged beyond repair, or too much."""
    with broken_is_unfit():
        password, pdf = _unlocked(path, limits.passwords)
        with pdf:
            pages = _count_pages(pdf, limits)
            said = _said_by_objects(pdf)
            active = tuple(sorted(said - {"signed"}))
            used = password if pdf.is_encrypted else None
            return Inspection(pages, used, "signed" in said, active, _pdfa(pdf))


def _unlocked(path: Path, passwords: tuple[str, ...]) -> tuple[str, Pdf]:
    for password in ("", *passwords):
        try:
            return password, Pdf.open(path, password=password, suppress_warnings=True)
        except pikepdf.PasswordError as error:
            locked = error
    raise locked


def rewrite(path: Path, target: Path, *, password: str = "") -> None:
    """Write a PDF anew, without encryption and with its structure mended; raises ``UnfitPaper``."""
    with broken_is_unfit(), Pdf.open(path, password=password, suppress_warnings=True) as pdf:
        pdf.save(target, encryption=False, fix_metadata_version=False)


def _count_pages(pdf: Pdf, limits: Limits) -> int:
    """Count the leaves of the tree of pages, which may be no tree: it is left as soon as that shows."""
    nodes: list[tuple[Object, int]] = [(pdf.Root.Pages, 0)]
    seen: set[tuple[int, int]] = set()
    count = 0
    while nodes:
        node, depth = nodes.pop()
        if not isinstance(node, Dictionary) or "/Kids" not in node:
            count += 1
        elif depth > MOST_DEPTH or node.objgen in seen:
            raise UnfitPaper(reason="page-tree-broken")
        else:
            seen.add(node.objgen)
            nodes.extend((kid, depth + 1) for kid in list(node.Kids)[: limits.pages + 1])
        if count > limits.pages or len(seen) > limits.pages + MOST_DEPTH:
            raise UnfitPaper(reason="too-many-pages")
    limits.check_count(count)
    return count


def _said_by_objects(pdf: Pdf) -> set[str]:
    """Return what any object of the file says, whether or not anything leads to it."""
    said: set[str] = set()
    for number, item in enumerate(pdf.objects):
        if number > MOST_OBJECTS:
            raise UnfitPaper(reason="too-many-objects")
        written = _written(item)
        if b"/" not in written:
            continue
        said |= {name for name, mark in _ACTIVE.items() if name not in said and mark.search(written)}
        if "signed" not in said and _SIGNED.search(written):
            said.add("signed")
    return said


def _written(item: object) -> bytes:
    """Return an object as text without its strings, names in their shortest form, references left as they are."""
    if isinstance(item, Stream):
        item = item.stream_dict
    return _STRINGS.sub(b"()", item.unparse(resolved=True)) if isinstance(item, Object) else b""


def _pdfa(pdf: Pdf) -> str | None:
    """Return the part and the conformance level the file claims, like ``2b``."""
    metadata = pdf.Root.get("/Metadata")
    if not isinstance(metadata, Stream):
        return None
    xmp = _metadata(metadata)
    part, level = _PDFA_PART.search(xmp), _PDFA_CONFORMANCE.search(xmp)
    return (part[1] + (level[1].lower() if level else b"")).decode() if part else None


def _metadata(stream: Stream) -> bytes:
    """Return the beginning of the metadata; packed, it could unpack without end."""
    raw, coding = stream.read_raw_bytes(), stream.get("/Filter")
    if coding is None:
        return raw[:MOST_METADATA_BYTES]
    if coding != pikepdf.Name.FlateDecode:
        return b""
    try:
        return zlib.decompressobj().decompress(raw, MOST_METADATA_BYTES)
    except zlib.error:
        return b""
