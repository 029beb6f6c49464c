"""The line error: how far each printed line is from its best place in what was read.

Reading order is no part of it: letter heads stand in two columns, and engines differ.
"""

import unicodedata


def line_error(printed: str, read: str) -> float:
    """Return the edit distance of all printed lines in per cent of their characters."""
    text = _plain(read)
    lines = [line for line in map(_plain, printed.splitlines()) if line]
    return 100 * sum(distance(line, text) for line in lines) / sum(map(len, lines))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def distance(pattern: str, text: str) -> int:
    """Return the least edit distance of ``pattern`` to any part of ``text``.

    Myers 1999, one bit a character of the pattern, in one integer however long it is.
    """
    at: dict[str, int] = {}
    for n, character in enumerate(pattern):
        at[character] = at.get(character, 0) | 1 << n
    last, every = 1 << len(pattern) - 1, (1 << len(pattern)) - 1
    plus, minus, score = every, 0, len(pattern)
    best = score
    for character in text:
        equal = at.get(character, 0)
        vertical = equal | minus
        horizontal = (((equal & plus) + plus) ^ plus) | equal
        grow, shrink = minus | ~(horizontal | plus) & every, plus & horizontal
        score += bool(grow & last) - bool(shrink & last)
        best = min(best, score)
        grow, shrink = (grow << 1) & every, (shrink << 1) & every
        plus, minus = shrink | ~(vertical | grow) & every, grow & vertical
    return best
