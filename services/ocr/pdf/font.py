"""The font of the text layer: a tiny TrueType without letters, made in code.

A reader never draws it; it only needs the widths. Character codes are dense numbers given out as
characters turn up; each leads to the same glyph and, through ToUnicode, to its character.

That glyph is a line there and back, which covers nothing but has the box of a letter: PDFium (5.15
of its binding) leaves text without a box out where a page is turned by a quarter.
"""

import struct

EM = 1000
ADVANCE = 500  # the width of every character, in thousandths of the font size
# how far a letter reaches over and under its base line: what a reader marks when text is selected
ASCENT, DESCENT = 800, -200
_GLYPH = 1  # the glyph all characters are shown with; 0 would mean "not in the font"
_CHARACTERS_AT_ONCE = 100  # the most a CMap section may hold


class Characters:
    """The characters of a document, each with its code."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """Return the text as codes of two bytes, giving out new ones where needed."""
        return b"".join(struct.pack(">H", self._codes.setdefault(c, len(self._codes) + 1)) for c in text)

    def glyphs(self) -> bytes:
        """Return the map from codes to glyphs."""
        return struct.pack(">H", 0) + struct.pack(">H", _GLYPH) * len(self._codes)

    def to_unicode(self) -> bytes:
        """Return the CMap from codes to characters."""
        rows = [f"<{code:04x}> <{c.encode('utf-16-be').hex()}>" for c, code in self._codes.items()]
        chunks = [rows[i : i + _CHARACTERS_AT_ONCE] for i in range(0, len(rows), _CHARACTERS_AT_ONCE)]
        sections = [f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar" for chunk in chunks]
        return "\n".join([_CMAP_HEAD, *sections, _CMAP_TAIL]).encode()


_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange"""
_CMAP_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


_BOX = (0, DESCENT, ADVANCE, ASCENT)
# one contour of two points on the curve: its box, its last point, no instructions, flags, x and y steps
_LINE = struct.pack(">h4hHHBB4h", 1, *_BOX, 1, 0, 1, 1, 0, ADVANCE, DESCENT, ASCENT - DESCENT)


def glyphless_font() -> bytes:
    """Return the TrueType file."""
    tables = {
        b"glyf": _LINE,
        b"head": _head(adjustment=0),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x00010000, ASCENT, DESCENT, 0, ADVANCE, 0, 0, 0, 1, *[0] * 7, 2),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(_LINE) // 2),
        b"maxp": struct.pack(">IHHH11H", 0x00010000, 2, 2, 1, *[0] * 11),
    }
    # the whole file must add up to a constant of the format
    tables[b"head"] = _head(adjustment=(0xB1B0AFBA - _checksum(_file(tables))) & 0xFFFFFFFF)
    return _file(tables)


def _head(*, adjustment: int) -> bytes:
    versions = (0x00010000, 0x00010000, adjustment, 0x5F0F3CF5)
    dates = (0, 0)
    return struct.pack(">4I2H2q4h2H3h", *versions, 0, EM, *dates, *_BOX, 0, 8, 2, 0, 0)


def _file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">I4H", 0x00010000, count, 16 << power, power, (count - (1 << power)) * 16)
    entries, bodies, at = [], [], 12 + 16 * count
    for tag, body in sorted(tables.items()):
        padded = body + b"\0" * (-len(body) % 4)
        entries.append(struct.pack(">4s3I", tag, _checksum(body), at, len(body)))
        bodies.append(padded)
        at += len(padded)
    return head + b"".join(entries) + b"".join(bodies)


def _checksum(body: bytes) -> int:
    padded = body + b"\0" * (-len(body) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
