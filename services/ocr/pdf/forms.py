"""Form fields that have a value but no look that shows it: only a reader that fills in forms draws them."""

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

_MOST_PARENTS = 20
_WRITTEN = (Name.Tx, Name.Ch)  # text and choice


def believe_looks(document: Pdf) -> None:
    """Take the looks that fields have as they are: qpdf leaves out those of a form that wants them made anew."""
    form = document.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and "/NeedAppearances" in form:
        del form["/NeedAppearances"]


def pages_with_bare_fields(document: Pdf) -> frozenset[int]:
    """Return the pages, from 1, with a field that says something and has no look, or one the form wants made anew."""
    told = (number for number, page in enumerate(document.pages, start=1) if any(map(_says_something, _widgets(page))))
    if _wants_looks(document):
        return frozenset(told)
    return frozenset(n for n in told if any(map(_is_bare, _widgets(document.pages[n - 1]))))


def _wants_looks(document: Pdf) -> bool:
    form = document.Root.get("/AcroForm")
    return isinstance(form, Dictionary) and bool(form.get("/NeedAppearances", False))


def _widgets(page: Page) -> Iterator[Dictionary]:
    annotations = page.obj.get("/Annots")
    for annotation in annotations if isinstance(annotations, Array) else ():
        if isinstance(annotation, Dictionary) and annotation.get("/Subtype") == Name.Widget:
            yield annotation


def _is_bare(widget: Dictionary) -> bool:
    look = widget.get("/AP")
    return _says_something(widget) and not (isinstance(look, Dictionary) and "/N" in look)


def _says_something(widget: Dictionary) -> bool:
    value = _inherited(widget, "/V")
    return isinstance(value, String) and bool(str(value).strip()) and _inherited(widget, "/FT") in _WRITTEN


def _inherited(field: Object, key: str) -> Object | None:
    """Return an entry of a field or of the fields it is part of."""
    for _ in range(_MOST_PARENTS):
        if not isinstance(field, Dictionary):
            return None
        if key in field:
            return field.get(key)
        field = field.get("/Parent")  # type: ignore[assignment]
    return None
