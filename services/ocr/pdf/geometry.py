"""Where a page lands: from its own coordinates to an upright, straight page with the origin in its lower left corner.

Matrices are six numbers a b c d e f as PDF writes them: (x, y) becomes (ax + cy + e, bx + dy + f).
"""

import math
from dataclasses import dataclass

Matrix = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]

LEAST_SIDE, MOST_SIDE = 3.0, 14_400.0  # of a page, in units (ISO 19005-2, 6.1.13)
_QUARTERS: dict[int, Matrix] = {
    0: (1, 0, 0, 1, 0, 0),
    90: (0, -1, 1, 0, 0, 0),
    180: (-1, 0, 0, -1, 0, 0),
    270: (0, 1, -1, 0, 0, 0),
}


@dataclass(frozen=True, slots=True)
class Placement:
    """How a page is placed: the matrix for its content, its new size, and the upright page in it.

    ``upright`` is left, bottom, width and height, in units of the new page.
    """

    matrix: Matrix
    width: float
    height: float
    upright: Rectangle


def then(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that does the first, then the second."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def place(box: Rectangle, turn: int, *, skew_degrees: float = 0.0, unit: float = 1.0) -> Placement:
    """Place the part ``box`` of a page: turned clockwise by quarters, then counter-clockwise by the skew.

    The new page is as large as the turned one needs, so that no corner is lost. Where PDF/A does
    not allow its sides, a large one is shrunk and a tiny one gets margins.
    """
    left, bottom, right, top = box
    about_middle: Matrix = (1, 0, 0, 1, -(left + right) / 2, -(bottom + top) / 2)
    width, height = right - left, top - bottom
    if turn % 180:
        width, height = height, width
    radians = math.radians(skew_degrees)
    cosine, sine = math.cos(radians), math.sin(radians)
    wide = width * cosine + height * abs(sine)
    high = height * cosine + width * abs(sine)
    scale = min(unit, MOST_SIDE / max(wide, high))
    page_width, page_height = max(wide * scale, LEAST_SIDE), max(high * scale, LEAST_SIDE)
    upright = then(about_middle, _QUARTERS[turn % 360])
    straight = then(upright, (cosine * scale, sine * scale, -sine * scale, cosine * scale, 0, 0))
    matrix = then(straight, (1, 0, 0, 1, page_width / 2, page_height / 2))
    margins = ((page_width - width * scale) / 2, (page_height - height * scale) / 2)
    return Placement(matrix, page_width, page_height, (*margins, width * scale, height * scale))
