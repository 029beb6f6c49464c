"""Content streams: reading them whole, and making new ones."""

import zlib

from pikepdf import Array, Name, Object, Pdf, Stream


def content_of(contents: Object | None) -> bytes:
    """Return the content of a page or form, decoded; none where there is none.

    Raises ``pikepdf.PdfError`` where a filter cannot be undone.
    """
    parts = list(contents) if isinstance(contents, Array) else [contents]
    return b"\n".join(part.read_bytes() for part in parts if isinstance(part, Stream))


def make_content(document: Pdf, content: bytes, **entries: object) -> Stream:
    """Return a new stream, deflated at once: hundreds of pages wait in memory until the document is saved."""
    stream = Stream(document, zlib.compress(content, 6), **entries)
    stream.Filter = Name.FlateDecode
    document.make_indirect(stream)
    return stream
