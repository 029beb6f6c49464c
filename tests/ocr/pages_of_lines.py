"""Lines as an engine might have read them."""

from collections.abc import Sequence

from services.ocr.hocr import Box, Line, Word, around

LETTER, HEIGHT = 12, 24


def line(left: float, top: float, text: str, *, confidence: float = 96, gaps: Sequence[int] = ()) -> Line:
    """Return a line; ``gaps`` widens the space after its words, in order."""
    words, x = [], left
    for place, word in enumerate(text.split()):
        width = LETTER * len(word)
        words.append(Word(word, Box(x, top, x + width, top + HEIGHT), confidence))
        x += width + LETTER + (gaps[place] if place < len(gaps) else 0)
    box = around(word.box for word in words)
    return Line(tuple(words), box, HEIGHT, 0, box.bottom)


def texts(lines: Sequence[Line]) -> list[str]:
    """Return what the lines say."""
    return [line.text for line in lines]
