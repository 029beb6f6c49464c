"""Pictures in JPEG 2000: which of them PDF/A takes, and the wrapping that a bare code stream lacks."""

import struct
from collections.abc import Iterator

_CODE_STREAM = b"\xff\x4f\xff\x51"  # SOC, SIZ
_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
_FILE_TYPE = b"\0\0\0\x14ftypjp2 \0\0\0\0jp2 "
_SRGB, _GREY, _SYCC = 16, 17, 18  # enumerated colour spaces (ISO 15444-1, I.5.3.3)
_ENUMERATED, _PROFILED = b"\1", b"\2"  # ways to say the colours
_CHANNELS = (1, 3, 4)  # ISO 19005-2, 6.2.8.3
_VARIOUS_DEPTHS = 255

Boxes = Iterator[tuple[bytes, bytes]]


def wrapped(content: bytes) -> bytes | None:
    """Return a bare code stream of grey or RGB as a JP2 file; None for anything else."""
    if not content.startswith(_CODE_STREAM) or len(content) < 42:
        return None
    right, bottom, left, top = struct.unpack_from(">4I", content, 8)
    (channels,) = struct.unpack_from(">H", content, 40)
    if channels not in (1, 3):
        return None
    depth = content[42] if len(content) > 42 else 7
    header = struct.pack(">2IH4B", bottom - top, right - left, channels, depth, 7, 0, 0)
    colour = struct.pack(">3BI", 1, 0, 0, _GREY if channels == 1 else _SRGB)
    boxes = _box(b"jp2h", _box(b"ihdr", header) + _box(b"colr", colour))
    return _SIGNATURE + _FILE_TYPE + boxes + _box(b"jp2c", content)


def fits(content: bytes) -> bool:
    """Say whether a JP2 file is one that PDF/A-2 takes, and in grey or RGB (ISO 19005-2, 6.2.8.3)."""
    sizes, colours = _header(content)
    if len(sizes) != 14 or len(colours) != 1:
        return False
    channels, depth = struct.unpack_from(">HB", sizes, 8)
    return channels in _CHANNELS and depth != _VARIOUS_DEPTHS and _colour_fits(colours[0])


def components(content: bytes) -> int | None:
    """Return 1 for a JP2 file that says it is grey, 3 for sRGB, None for any other."""
    _, colours = _header(content)
    said = [colour[3:7] for colour in colours if colour[:1] == _ENUMERATED]
    return {_number(_GREY): 1, _number(_SRGB): 3}.get(said[0]) if len(said) == 1 else None


def _header(content: bytes) -> tuple[bytes, list[bytes]]:
    """Return the box of the sizes and those of the colours."""
    if not content.startswith(_SIGNATURE):
        return b"", []
    header = next((inside for name, inside in _boxes(content) if name == b"jp2h"), b"")
    boxes = list(_boxes(header))
    sizes = next((inside for name, inside in boxes if name == b"ihdr"), b"")
    return sizes, [inside for name, inside in boxes if name == b"colr"]


def _colour_fits(colour: bytes) -> bool:
    enumerated = colour[:1] == _ENUMERATED and colour[3:7] in [_number(space) for space in (_SRGB, _GREY, _SYCC)]
    return enumerated or colour[:1] == _PROFILED


def _number(space: int) -> bytes:
    return struct.pack(">I", space)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def _boxes(content: bytes) -> Boxes:
    at = 0
    while at + 8 <= len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        start = at + 8
        if size == 1 and at + 16 <= len(content):  # its size needs eight bytes
            (size,) = struct.unpack_from(">Q", content, start)
            start = at + 16
        end = at + size if size else len(content)
        if end < start:
            return
        yield name, content[start:end]
        at = end
