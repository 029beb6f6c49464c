"""The faces of the specimens: FreeSerif, the free one nearest to Decree 30's Times New Roman."""

import dataclasses
import functools
import hashlib
import pathlib
from typing import Literal

from PIL import ImageFont

Face = Literal["regular", "bold", "italic", "bold italic"]
Ink = tuple[int, int, int]

FOLDER = pathlib.Path("/usr/share/fonts/truetype/freefont")  # Debian package fonts-freefont-ttf
FILES: dict[Face, str] = {
    "regular": "FreeSerif.ttf",
    "bold": "FreeSerifBold.ttf",
    "italic": "FreeSerifItalic.ttf",
    "bold italic": "FreeSerifBoldItalic.ttf",
}
TONER: Ink = (28, 28, 32)
PEN: Ink = (28, 46, 128)


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
    """Name the font files this machine lacks."""
    return [name for name in FILES.values() if not (FOLDER / name).is_file()]


def fingerprint() -> str:
    """Answer one SHA-256 over all faces: another version of the fonts draws other pixels."""
    return hashlib.sha256(b"".join((FOLDER / name).read_bytes() for name in FILES.values())).hexdigest()


@functools.cache
def load(face: Face, size_px: float) -> ImageFont.FreeTypeFont:
    """Open a face at a size; basic layout, because raqm's presence would change the pixels."""
    return ImageFont.truetype(str(FOLDER / FILES[face]), size_px, layout_engine=ImageFont.Layout.BASIC)
