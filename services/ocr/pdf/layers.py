"""Optional content: a copy has no list of layers, so all of them show in it."""

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from services.ocr.pdf.streams import ObjectNumber, reached

_LAYERS = (Name.OCG, Name.OCMD)


def pages_with_hidden_layers(document: Pdf) -> frozenset[int]:
    """Return the pages, from 1, with layers, where the document hides some of its layers from the beginning."""
    if not _hides_some(document):
        return frozenset()
    return frozenset(n for n, page in enumerate(document.pages, start=1) if _has_layers(page.obj))


def _hides_some(document: Pdf) -> bool:
    properties = document.Root.get("/OCProperties")
    shown = properties.get("/D") if isinstance(properties, Dictionary) else None
    if not isinstance(shown, Dictionary):
        return False
    off = shown.get("/OFF")
    return (isinstance(off, Array) and len(off) > 0) or shown.get("/BaseState") == Name.OFF


def _has_layers(page: Object) -> bool:
    seen: set[ObjectNumber] = set()
    holders = (found for found in reached(page, seen) if isinstance(found, Dictionary | Stream))
    return any("/OC" in found or found.get("/Type") in _LAYERS for found in holders)
