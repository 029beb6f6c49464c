"""A PDF that shows pictures and nothing else, written picture by picture.

Written by hand rather than with pikepdf, which holds every new stream in memory until the file
is saved: sixty colour pages would be 300 MB.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.ocr.pages import POINTS_PER_INCH

# where a unit square lands for each EXIF orientation (CIPA DC-008, 4.6.4): a b c d e f of `cm`
_TURNED = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
_COLOURS = {"L": ("/DeviceGray", 1), "RGB": ("/DeviceRGB", 3)}


@dataclass(frozen=True)
class Encoded:
    """A picture as PDF stores it: its bytes, its size and the entries of its dictionary."""

    content: bytes
    size: tuple[int, int]
    entries: str

    @classmethod
    def jpeg(cls, content: bytes, size: tuple[int, int], mode: str) -> "Encoded":
        """Return a JPEG file as it is."""
        colour, _ = _COLOURS[mode]
        return cls(content, size, f"/ColorSpace {colour} /BitsPerComponent 8 /Filter /DCTDecode")

    @classmethod
    def flate(
        cls, content: bytes, size: tuple[int, int], mode: str, *, depth: int = 8, palette: bytes | None = None
    ) -> "Encoded":
        """Return the compressed rows of a PNG; the palette is red, green and blue of each entry."""
        colour, channels = _COLOURS[mode]
        if palette is not None:
            colour = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
        rows = f"<</Predictor 15 /Colors {channels} /BitsPerComponent {depth} /Columns {size[0]}>>"
        entries = f"/ColorSpace {colour} /BitsPerComponent {depth} /Filter /FlateDecode /DecodeParms {rows}"
        return cls(content, size, entries)

    @classmethod
    def group4(cls, content: bytes, size: tuple[int, int], *, black_is_one: bool) -> "Encoded":
        """Return a fax strip (CCITT Group 4)."""
        fax = f"<</K -1 /Columns {size[0]} /Rows {size[1]} /BlackIs1 {str(black_is_one).lower()}>>"
        return cls(
            content, size, f"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms {fax}"
        )


@dataclass(frozen=True)
class PicturePage:
    """A page that shows one picture, or nothing where the picture cannot be read."""

    picture: Encoded | None
    dpi: float
    orientation: int = 1

    @property
    def box(self) -> tuple[float, float]:
        """The size of the page in points, as it is seen."""
        if self.picture is None:
            return 595.28, 841.89  # A4
        width, height = (side * POINTS_PER_INCH / self.dpi for side in self.picture.size)
        return (height, width) if self.orientation >= 5 else (width, height)


def write_picture_pdf(target: Path, pages: Iterable[PicturePage]) -> None:
    """Write the pages to ``target``; the same pages give the same bytes."""
    with target.open("wb") as file:
        writer = _Writer(file)
        kids = [_write_page(writer, page) for page in pages]
        writer.write_object(1, b"<</Type /Catalog /Pages 2 0 R>>")
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        writer.write_object(2, f"<</Type /Pages /Count {len(kids)} /Kids [{listed}]>>".encode())
        writer.finish()


def _write_page(writer: "_Writer", page: PicturePage) -> int:
    width, height = page.box
    entries = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.3f} {height:.3f}]"
    if page.picture is None:
        return writer.add(f"<<{entries} /Resources <<>>>>".encode())
    columns, rows = page.picture.size
    facts = f"/Type /XObject /Subtype /Image /Width {columns} /Height {rows} {page.picture.entries}"
    picture = writer.add_stream(facts, page.picture.content)
    turned = " ".join(str(n) for n in _TURNED.get(page.orientation, _TURNED[1]))
    content = writer.add_stream("", f"q {width:.3f} 0 0 {height:.3f} 0 0 cm {turned} cm /Picture Do Q".encode())
    resources = f"/Resources <</XObject <</Picture {picture} 0 R>>>>"
    return writer.add(f"<<{entries} {resources} /Contents {content} 0 R>>".encode())


class _Writer:
    """Writes the objects of a PDF one after the other; 1 is the catalogue, 2 the page tree."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offsets = {1: 0, 2: 0}
        file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, body: bytes) -> int:
        """Write an object and return its number."""
        number = len(self._offsets) + 1
        self.write_object(number, body)
        return number

    def add_stream(self, entries: str, content: bytes) -> int:
        """Write a stream and return its number."""
        head = f"<<{entries} /Length {len(content)}>>\nstream\n".encode()
        return self.add(head + content + b"\nendstream")

    def write_object(self, number: int, body: bytes) -> None:
        """Write the object of a given number."""
        self._offsets[number] = self._file.tell()
        self._file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def finish(self) -> None:
        """Write the table of objects."""
        start = self._file.tell()
        count = len(self._offsets) + 1
        rows = b"".join(b"%010d 00000 n \n" % self._offsets[n] for n in range(1, count))
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, rows))
        self._file.write(b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start))
