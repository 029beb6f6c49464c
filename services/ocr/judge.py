"""Judging a file before any work: what it is by its content, and whether it is fit to be digitised.

Nothing of it is decoded or run, and the file itself stays as it was sent; where it cannot be read
as it is, a working copy is made beside it. Meant for a process of its own that may be killed.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from services.ocr.images import ImagePages
from services.ocr.limits import Limits
from services.ocr.office import active_content
from services.ocr.pages import UnfitPaper
from services.ocr.pdf.inspect import Inspection, inspect, rewrite
from services.ocr.pdfium import PdfPages
from shared.media import JUNK_BYTES, OFFICE, PDF, junk_bytes_of, media_type_of, promises_another
from shared.packages import PackageRefused


@dataclass(frozen=True)
class Judgement:
    """What a file is.

    ``readable`` is what its pages are read from, ``verifiable`` what its signatures are verified on: the
    file itself or copies of it; only the latter may ask for ``password``. An office document has no pages
    until it is converted. ``reasons`` are codes, with what they are about after a colon:
    ``junk-before-pdf:21``, ``active-content:javascript``.
    """

    media_type: str
    pages: int
    readable: Path
    verifiable: Path
    signed: bool = False
    active: tuple[str, ...] = ()
    pdfa: str | None = None
    reasons: tuple[str, ...] = ()
    password: str = field(default="", repr=False)

    @property
    def to_convert(self) -> bool:
        """Whether it must become a PDF before it has pages."""
        return self.media_type in OFFICE


def judge(path: Path, limits: Limits, *, folder: Path | None = None, name: str | None = None) -> Judgement:
    """Judge a file; raises ``UnfitPaper``.

    Working copies are made in ``folder``, by default the file's own. ``name`` is what the file was
    called when it was handed in, where that is known.
    """
    media_type = told_type(path)
    mismatch = ("name-mismatch",) if name and promises_another(name, media_type) else ()
    if media_type == PDF:
        return _judged_pdf(path, limits, folder or path.parent, mismatch)
    if media_type in OFFICE:
        active = active_content(path)
        return Judgement(media_type, 0, path, path, active=active, reasons=(*mismatch, *_told(active)))
    pages = ImagePages(path, media_type, limits)
    only_first = ("first-picture-only",) if pages.only_first else ()
    return Judgement(media_type, pages.count, path, path, reasons=(*mismatch, *only_first))


def told_type(path: Path) -> str:
    """Return the media type of a file by its content; raises ``UnfitPaper``."""
    if not path.stat().st_size:
        raise UnfitPaper(reason="empty")
    try:
        with path.open("rb") as file:
            media_type = media_type_of(file)
    except PackageRefused as error:
        raise UnfitPaper(reason=error.reason) from error
    if media_type is None:
        raise UnfitPaper(reason="unsupported-type")
    return media_type


def _told(active: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"active-content:{code}" for code in active)


def _judged_pdf(path: Path, limits: Limits, folder: Path, reasons: tuple[str, ...]) -> Judgement:
    junk_bytes, stripped = _stripped(path, folder)
    found = inspect(stripped, limits)
    readable, pages, mended = _opened(stripped, found, limits, folder)
    said = {
        f"junk-before-pdf:{junk_bytes}": junk_bytes > 0,
        "signed": found.signed,
        "password-opened": bool(found.password),
        "encrypted-for-all": found.password == "",
        "damaged": mended,
        f"declares-pdfa:{found.pdfa}": found.pdfa is not None,
    }
    reasons = (*reasons, *(code for code, holds in said.items() if holds), *_told(found.active))
    return Judgement(
        PDF, pages, readable, stripped, found.signed, found.active, found.pdfa, reasons, found.password or ""
    )


def _stripped(path: Path, folder: Path) -> tuple[int, Path]:
    """Return how many bytes stand before the PDF, and the file without them."""
    with path.open("rb") as file:
        junk_bytes = junk_bytes_of(file.read(JUNK_BYTES + 5))
        if not junk_bytes:
            return 0, path
        target = folder / f"{path.name}.stripped"
        file.seek(junk_bytes)
        with target.open("wb") as copy:
            shutil.copyfileobj(file, copy)
    return junk_bytes, target


def _opened(path: Path, found: Inspection, limits: Limits, folder: Path) -> tuple[Path, int, bool]:
    """Return a file that opens without a password, its pages, and whether it had to be mended."""
    if not found.password:
        try:
            return path, PdfPages(path, limits).count, False
        except UnfitPaper as error:
            if error.reason != "corrupt":
                raise
    target = folder / f"{path.name}.opened"
    rewrite(path, target, password=found.password or "")
    return target, PdfPages(target, limits).count, not found.password
