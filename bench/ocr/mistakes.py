"""Says what was read for what: ``python -m bench.ocr.mistakes TRUTHS READINGS [CONDITION]``.

``TRUTHS`` is a folder of NAME.gt.txt (bench.ocr.papers.make), ``READINGS`` one of NAME.txt.
"""

import collections
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.ocr.score import codes, plain, rows, score

MOST_COMMON = 30
AROUND = 2  # characters shown on each side


def mistakes(line: str, reading: str) -> Iterator[tuple[str, str]]:
    """Yield what stands on a line beside what was read for it, at the line's best place, in reading order."""
    edits, wrong = _best_place(line, reading), []
    for at, (printed, read) in enumerate(edits):
        if printed != read:
            wrong.append(at)
        if wrong and (printed == read or at == len(edits) - 1):
            part = edits[wrong[0] : wrong[-1] + 1]
            yield "".join(printed for printed, _ in part), "".join(read for _, read in part)
            wrong = []


def _best_place(line: str, reading: str) -> list[tuple[str, str]]:
    """Return what stands on a line, character by character, beside what was read at its (last) best place."""
    needle, hay = codes(line), codes(reading)
    table = list(rows(needle, hay, np.zeros(len(hay) + 1, dtype=np.int64)))
    down, across = len(needle), len(hay) - int(table[-1][::-1].argmin())
    edits = []
    while down:
        here = table[down][across]
        if across and table[down - 1][across - 1] + (needle[down - 1] != hay[across - 1]) == here:
            edits.append((line[down - 1], reading[across - 1]))
            down, across = down - 1, across - 1
        elif table[down - 1][across] + 1 == here:
            edits.append((line[down - 1], ""))
            down -= 1
        else:
            edits.append(("", reading[across - 1]))
            across -= 1
    return edits[::-1]


def main(truths: Path, readings: Path, condition: str = "") -> None:
    """Print the error of each page and the commonest mistakes of all."""
    counted: collections.Counter[tuple[str, str]] = collections.Counter()
    lines: collections.Counter[tuple[str, str]] = collections.Counter()
    for truth_file in sorted(truths.glob(f"*{condition}.gt.txt")):
        name = truth_file.name.removesuffix(".gt.txt")
        truth = truth_file.read_text(encoding="utf-8")
        reading = (readings / f"{name}.txt").read_text(encoding="utf-8")
        found, read = score(truth, reading), plain(reading)
        print(f"{name:28} line {found.line.rate:6.2%}  character {found.character.rate:6.2%}")
        for line in map(plain, truth.splitlines()):
            here = list(mistakes(line, read))
            counted.update(here)
            if here:
                lines[name, line] += sum(max(len(printed), len(seen)) for printed, seen in here)
    for (printed, seen), times in counted.most_common(MOST_COMMON):
        print(f"{times:4} × {printed!r} read as {seen!r}")
    for (name, line), edits in lines.most_common(MOST_COMMON):
        print(f"{edits:4} in {name}: {line}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
