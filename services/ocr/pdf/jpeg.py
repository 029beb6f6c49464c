"""What the header of a JPEG says, which no dictionary of a PDF can be trusted to repeat."""

import struct
from dataclasses import dataclass

_START = b"\xff\xd8"
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2  # the frames that every reader decodes
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_SCAN, _END = 0xDA, 0xD9


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a JPEG in pixels, its components, and whether every reader of PDF decodes it."""

    width: int
    height: int
    components: int
    common: bool


def frame_of(content: bytes) -> Frame | None:
    """Return the frame of a JPEG file; None where it has none before its picture begins."""
    if not content.startswith(_START):
        return None
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
        elif marker in (_SCAN, _END):
            return None
        elif marker in (_BASELINE, _EXTENDED, _PROGRESSIVE) or marker in _OTHER_FRAMES:
            return _frame(content[at + 4 : at + 10], common=marker not in _OTHER_FRAMES)
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _frame(head: bytes, *, common: bool) -> Frame | None:
    if len(head) < 6:
        return None
    depth, height, width, components = struct.unpack(">BHHB", head)
    return Frame(width, height, components, common=common and depth == 8 and height > 0 and width > 0)
