"""An engine that looks at its pictures enlarged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.ocr.engine import Engine, Segmentation
from services.ocr.hocr import Layout
from services.ocr.pixels import Pixels, scaled


@dataclass(frozen=True)
class Enlarging:
    """Reads with another engine what it enlarges so many times; its boxes are pixels of what it was given."""

    engine: Engine
    times: float

    def read(self, pictures: Sequence[Pixels], *, dpi: float, segmentation: Segmentation) -> list[Layout]:
        """Read each picture."""
        large = [scaled(picture, self.times) for picture in pictures]
        layouts = self.engine.read(large, dpi=dpi, segmentation=segmentation) if large else []
        return [self._as_given(layout) for layout in layouts]

    def _as_given(self, layout: Layout) -> Layout:
        lines = tuple(line.scaled(1 / self.times) for line in layout.lines)
        return replace(layout, width=layout.width / self.times, height=layout.height / self.times, lines=lines)

    def quarters(self, picture: Pixels, *, dpi: float) -> int:
        """Ask the other engine about the picture as it is."""
        return self.engine.quarters(picture, dpi=dpi)
