"""Recognition as a port: a grey picture of a page in, its text and layout out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared.errors import Unavailable


class EngineInterrupted(Unavailable):
    """The engine was stopped from outside, or could not be started now; the page is not to blame."""

    reason = "engine-interrupted"


@dataclass(frozen=True)
class Recognised:
    """What the engine read on a page: plain text in NFC, and hOCR with boxes and confidences."""

    text: str
    hocr: bytes


@dataclass(frozen=True)
class EngineFacts:
    """Which engine reads, and with what: another value means another version of our documents."""

    name: str
    languages: str
    models: Mapping[str, str]


class PageEngine(Protocol):
    """Reads pages; safe to use from several threads."""

    facts: EngineFacts

    def recognise(self, picture: Path, *, dpi: float) -> Recognised:
        """Read a page; may leave files beside the picture.

        Raises ``PageFailed`` when it cannot or takes too long, and ``EngineInterrupted``.
        """
