"""What a file that was handed in is, and what its name promises."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from shared.media import PROMISES


@dataclass(frozen=True)
class Limits:
    """What a file may have at most; ``pixels`` is for each page of a picture."""

    size_bytes: int
    pixels: int
    pages: int


@dataclass(frozen=True)
class Judged:
    """A file that can be taken, open at any place, and the facts about it."""

    stream: BinaryIO
    media_type: str
    name_mismatch: bool
    size_bytes: int
    sha256: str


def without_extension(name: str) -> str:
    """Return a file's name without the extension of a type we take."""
    path = PurePath(name)
    return path.stem if path.suffix.lower() in PROMISES else path.name
