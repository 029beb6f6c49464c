"""The typefaces of made papers: FreeSerif, the free one nearest to Decree 30's Times New Roman, and two others."""

import dataclasses
import functools
import hashlib
import pathlib
from typing import Literal

from PIL import ImageFont

Face = Literal["regular", "bold", "italic", "bold italic"]
Ink = tuple[int, int, int]

FOLDER = pathlib.Path("/usr/share/fonts/truetype")
TONER: Ink = (28, 28, 32)
PEN: Ink = (28, 46, 128)


FACES: tuple[Face, ...] = ("regular", "bold", "italic", "bold italic")


@dataclasses.dataclass(frozen=True)
class Typeface:
    """Four faces of one design; ``scale`` makes its lines about as long as FreeSerif's of the same size."""

    files: str
    endings: tuple[str, str, str, str]
    package: str
    scale: float = 1.0

    def path(self, face: Face) -> pathlib.Path:
        """Return the file of a face."""
        return FOLDER / self.files.format(self.endings[FACES.index(face)])

    def missing(self) -> list[str]:
        """Name the font files this machine lacks."""
        return [self.path(face).name for face in FACES if not self.path(face).is_file()]


FREE_SERIF = Typeface("freefont/FreeSerif{}.ttf", ("", "Bold", "Italic", "BoldItalic"), "fonts-freefont-ttf")
NOTO_SERIF = Typeface(
    "noto/NotoSerif-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic"), "fonts-noto-core", scale=0.86
)
DEJAVU_SERIF = Typeface(
    "dejavu/DejaVuSerifCondensed{}.ttf", ("", "-Bold", "-Italic", "-BoldItalic"), "fonts-dejavu-extra", scale=0.86
)


@dataclasses.dataclass(frozen=True)
class Style:
    """How a piece of text is set."""

    face: Face = "regular"
    size_pt: float = 14
    ink: Ink = TONER

    def bold(self) -> "Style":
        """Answer the same style in bold."""
        face: Face = "bold italic" if "italic" in self.face else "bold"
        return dataclasses.replace(self, face=face)

    def italic(self) -> "Style":
        """Answer the same style in italics."""
        face: Face = "bold italic" if "bold" in self.face else "italic"
        return dataclasses.replace(self, face=face)

    def penned(self) -> "Style":
        """Answer the style of a value that the applicant filled in."""
        return dataclasses.replace(self, face="italic", ink=PEN)


def missing() -> list[str]:
    """Name the font files of the specimens that this machine lacks."""
    return FREE_SERIF.missing()


def fingerprint() -> str:
    """Answer one SHA-256 over all faces: another version of the fonts draws other pixels."""
    return hashlib.sha256(b"".join(FREE_SERIF.path(face).read_bytes() for face in FACES)).hexdigest()


@functools.cache
def load(face: Face, size_px: float, typeface: Typeface = FREE_SERIF) -> ImageFont.FreeTypeFont:
    """Open a face at a size; basic layout, because raqm's presence would change the pixels."""
    path = str(typeface.path(face))
    return ImageFont.truetype(path, size_px * typeface.scale, layout_engine=ImageFont.Layout.BASIC)
