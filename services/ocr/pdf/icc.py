"""Two tiny colour profiles of our own (ICC.1:2004-10, version 4.2): sRGB, and ink as screens show it."""

import struct
from collections.abc import Iterable
from itertools import product

_DATE = (2000, 1, 1, 0, 0, 0)  # the same bytes every day
_D50 = (0.9642, 1.0, 0.8249)
# the columns of red, green and blue, and the change from D65 to D50 that is in them (IEC 61966-2-1, Bradford)
_PRIMARIES = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
_ADAPTED = (1.0479, 0.0229, -0.0502, 0.0296, 0.9904, -0.0171, -0.0092, 0.0151, 0.7519)
_GAMMA = 2.2
_CURVE_POINTS = 64
_GRID_POINTS = 4  # a side: readers cut the cells between them into tetrahedra, which two points would show


def srgb() -> bytes:
    """Return a profile of sRGB."""
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    columns = [(f"{name}XYZ".encode(), _xyz(*column)) for name, column in zip("rgb", _PRIMARIES, strict=True)]
    curves = [(f"{name}TRC".encode(), curve) for name in "rgb"]
    adapted = (b"chad", b"sf32\0\0\0\0" + _fixed(*_ADAPTED))
    return _profile(b"mntr", b"RGB ", "sRGB", [adapted, *columns, *curves])


def screen_ink() -> bytes:
    """Return a profile of cyan, magenta, yellow and black that mixes them as (1 - ink) * (1 - black).

    It is what most readers make of DeviceCMYK, which PDF/A does not allow without a profile.
    """
    # with inks on the scale of light the mixture is linear in each of them, and a coarse grid will do
    curve = [1 - (1 - step / (_CURVE_POINTS - 1)) ** _GAMMA for step in range(_CURVE_POINTS)]
    table = b"mft2\0\0\0\0" + struct.pack(">4B", 4, 3, _GRID_POINTS, 0) + _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table += struct.pack(">2H", _CURVE_POINTS, 2)
    table += _sixteen_bits(curve) * 4
    shares = [step / (_GRID_POINTS - 1) for step in range(_GRID_POINTS)]
    grid = [light for inks in product(shares, repeat=4) for light in _light(*inks)]
    table += _sixteen_bits(light * 0x8000 / 0xFFFF for light in grid)
    table += _sixteen_bits((0, 1)) * 3
    return _profile(b"scnr", b"CMYK", "Screen ink", [(b"A2B0", table)])


def _light(cyan: float, magenta: float, yellow: float, black: float) -> Iterable[float]:
    shares = [(1 - ink) * (1 - black) for ink in (cyan, magenta, yellow)]
    return (sum(share * column[axis] for share, column in zip(shares, _PRIMARIES, strict=True)) for axis in range(3))


def _profile(device: bytes, space: bytes, name: str, tags: list[tuple[bytes, bytes]]) -> bytes:
    told = [(b"desc", _text(name)), (b"cprt", _text("No copyright")), (b"wtpt", _xyz(*_D50))]
    tags = [*told, *tags]
    places: dict[bytes, int] = {}  # curves are shared
    start, bodies = 128 + 4 + 12 * len(tags), b""
    for _, body in tags:
        if body not in places:
            places[body] = start + len(bodies)
            bodies += body + b"\0" * (-len(body) % 4)
    index = b"".join(struct.pack(">4s2I", tag, places[body], len(body)) for tag, body in tags)
    size = start + len(bodies)
    head = struct.pack(">I4sI4s4s4s6H4s", size, b"\0" * 4, 0x04200000, device, space, b"XYZ ", *_DATE, b"acsp")
    head += b"\0" * 28 + _fixed(*_D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + bodies


def _fixed(*numbers: float) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(number * 0x10000) for number in numbers))


def _sixteen_bits(shares: Iterable[float]) -> bytes:
    return b"".join(struct.pack(">H", round(share * 0xFFFF)) for share in shares)


def _xyz(*numbers: float) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*numbers)


def _text(text: str) -> bytes:
    content = text.encode("utf-16-be")
    return b"mluc" + struct.pack(">3I4s2I", 0, 1, 12, b"enUS", len(content), 28) + content
