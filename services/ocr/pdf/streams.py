"""Streams: reading contents whole, making new ones, finding those of a page and mending what is half broken."""

import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

_INFLATED_AT_ONCE = 1 << 20

ObjectNumber = tuple[int, int]


def content_of(contents: Object | None) -> bytes:
    """Return the content of a page or form, decoded; none where there is none.

    Raises ``pikepdf.PdfError`` where a filter cannot be undone.
    """
    parts = list(contents) if isinstance(contents, Array) else [contents]
    return b"\n".join(part.read_bytes() for part in parts if isinstance(part, Stream))


def make_content(document: Pdf, content: bytes, **entries: object) -> Stream:
    """Return a new stream, deflated at once: hundreds of pages wait in memory until the document is saved."""
    stream = Stream(document, zlib.compress(content, 9), **entries)
    stream.Filter = Name.FlateDecode
    document.make_indirect(stream)
    return stream


def reached(page: Object, seen: set[ObjectNumber]) -> Iterator[Object]:
    """Yield the objects a page leads to, not through its parent; each that has a number once, told in ``seen``."""
    waiting: list[object] = [page]
    while waiting:
        found = waiting.pop()
        if not isinstance(found, Dictionary | Stream | Array) or (found.is_indirect and found.objgen in seen):
            continue
        if found.is_indirect:
            seen.add(found.objgen)
        yield found
        if isinstance(found, Array):
            waiting.extend(found)
        else:
            waiting.extend(value for key, value in found.items() if key != "/Parent")


def mend(stream: Stream) -> None:
    """Deflate a stream anew where its data end early: readers forgive that, the checkers of archives do not."""
    filters = stream.get("/Filter")
    if filters not in (Name.FlateDecode, Array([Name.FlateDecode])) or _ends(stream.read_raw_bytes()):
        return
    try:
        content = stream.read_bytes()
    except pikepdf.PdfError:
        return  # not half but wholly broken: readers show what they can
    stream.write(content)


def _ends(deflated: bytes) -> bool:
    """Say whether data inflate without a fault to their very end."""
    inflater = zlib.decompressobj()
    try:
        while not inflater.eof:
            if not inflater.decompress(deflated, _INFLATED_AT_ONCE) and not inflater.eof:
                return False
            deflated = inflater.unconsumed_tail
    except zlib.error:
        return False
    return True
