"""Files that were damaged on purpose, and what becomes of them: ``python -m bench.ocr.mutate FILE...``.

Every file comes from a seed: the same seed and sources give the same files. Each is judged in a child
process that may be killed, its first page is drawn, its own text and its signatures are looked at.
What must come out is a verdict; what must not: a crash, an end by force, an error that is none of ours.
"""

import argparse
import itertools
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from services.ocr.children import CallFailed, Children
from services.ocr.judge import Judgement, judge
from services.ocr.layer_quality import layer_verdict
from services.ocr.limits import Limits
from services.ocr.pages import PageFailed, UnfitPaper
from services.ocr.pdfium import PdfPages
from services.ocr.pipeline import open_pages
from services.ocr.pixels import as_pixels, grey_of
from services.ocr.signatures import signatures_of

LIMITS = Limits(pages=2000, pixels=100_000_000)
SECONDS, MEMORY_BYTES = 60.0, 1_500_000_000
_NOT_SCANS = {".txt", ".json", ".md"}
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_OBJECT = re.compile(rb"\d+ \d+ obj\b.*?endobj", re.DOTALL)
_NUMBER = re.compile(rb"(?<=[ \[])\d{1,9}(?=[ \]\r\n/>])")
_NUMBERS = (b"0", b"-1", b"2147483647", b"4294967296", b"99999999999", b"1e9")
Mutation = Callable[[bytes, random.Random], bytes]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Flip up to 40 bits, in one place of the file or all over it."""
    damaged = bytearray(content)
    begin = chance.randrange(len(content))
    reach = chance.choice((64, 4096, len(content)))
    for _ in range(chance.randint(1, 40)):
        damaged[(begin + chance.randrange(reach)) % len(content)] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def cut_off(content: bytes, chance: random.Random) -> bytes:
    """Leave out the end."""
    return content[: chance.randrange(1, len(content))]


def cut_out(content: bytes, chance: random.Random) -> bytes:
    """Leave out a piece."""
    begin = chance.randrange(len(content))
    return content[:begin] + content[begin + chance.choice((1, 13, 512, 20_000)) :]


def blanked(content: bytes, chance: random.Random) -> bytes:
    """Write zeros over a piece, as a bad sector does."""
    begin, size = chance.randrange(len(content)), chance.choice((16, 512, 4096))
    return content[:begin] + bytes(len(content[begin : begin + size])) + content[begin + size :]


def swapped_streams(content: bytes, chance: random.Random) -> bytes:
    """Put two streams in each other's places; a file with less than two loses a piece."""
    return _swapped(content, list(_STREAM.finditer(content)), chance)


def swapped_objects(content: bytes, chance: random.Random) -> bytes:
    """Put two objects in each other's places."""
    return _swapped(content, list(_OBJECT.finditer(content)), chance)


def _swapped(content: bytes, found: Sequence[re.Match[bytes]], chance: random.Random) -> bytes:
    if len(found) < 2:
        return cut_out(content, chance)
    one, other = sorted(chance.sample(list(found), 2), key=lambda match: match.start())
    between = content[one.end() : other.start()]
    return content[: one.start()] + other[0] + between + one[0] + content[other.end() :]


def doubled_object(content: bytes, chance: random.Random) -> bytes:
    """Append an object once more, under the number of another."""
    found = list(_OBJECT.finditer(content))
    if len(found) < 2:
        return content + content[: chance.randrange(1, len(content))]
    source, number = chance.sample(found, 2)
    copy = re.sub(rb"^\d+ \d+", re.match(rb"\d+ \d+", number[0])[0], source[0])  # type: ignore[index]  # it begins so
    return content[: number.end()] + b"\n" + copy + b"\n" + content[number.end() :]


def other_numbers(content: bytes, chance: random.Random) -> bytes:
    """Replace some numbers by absurd ones: sizes, counts, references."""
    found = list(_NUMBER.finditer(content))
    for match in sorted(chance.sample(found, min(len(found), 4)), key=lambda match: -match.start()):
        content = content[: match.start()] + chance.choice(_NUMBERS) + content[match.end() :]
    return content if found else flipped(content, chance)


MUTATIONS: tuple[Mutation, ...] = (
    flipped,
    flipped,
    cut_off,
    cut_out,
    blanked,
    swapped_streams,
    swapped_objects,
    doubled_object,
    other_numbers,
)


@dataclass(frozen=True)
class Mutant:
    """A damaged file."""

    name: str
    content: bytes


def mutants(files: Sequence[Path], *, count: int, seed: int) -> Iterator[Mutant]:
    """Yield damaged copies of some files, all files in turn."""
    whole = [path for path in files if path.suffix not in _NOT_SCANS and path.stat().st_size]
    for number, path in enumerate(itertools.islice(itertools.cycle(whole), count)):
        chance = random.Random(f"{seed}/{number}/{path.name}")  # noqa: S311  # damage, no secret
        content = path.read_bytes()
        kinds = chance.choices(MUTATIONS, k=chance.choice((1, 1, 2)))
        for mutate in kinds:
            content = mutate(content, chance) if len(content) > 1 else b"\0\0"
        yield Mutant(f"{number:05}-{'-'.join(kind.__name__ for kind in kinds)}-{path.name}", content)


def probe(path: Path) -> str:
    """Judge a file, draw its first page, look at its text and its signatures; return what came out."""
    try:
        found = judge(path, LIMITS)
        if found.to_convert:
            return "to-convert"
        return f"{_page(found)}{_signatures(found)}"
    except UnfitPaper as error:
        return f"refused {error.reason}"


def _page(found: Judgement) -> str:
    pages = open_pages(found.readable, LIMITS)
    try:
        picture = pages.picture(1)
        if isinstance(pages, PdfPages):
            verdict = layer_verdict(pages.layer(1), grey_of(as_pixels(picture.image)))
            return f"drawn, its text {verdict.reason or 'usable'}"
    except PageFailed as error:
        return f"page failed {error.reason}"
    return f"drawn{' in part' if picture.reason else ''}"


def _signatures(found: Judgement) -> str:
    if not found.signed:
        return ""
    try:
        hold = [one.bottom_line for one in signatures_of(found.verifiable)]
    except UnfitPaper:
        return ", signatures unreadable"
    return f", {sum(hold)} of {len(hold)} signatures hold"


def run(damaged: Iterator[Mutant], folder: Path) -> Iterator[tuple[str, str, float]]:
    """Yield the name of each file, what came out, and the seconds it took; a child that died says so."""
    children = Children(1, memory_bytes=MEMORY_BYTES)
    try:
        for mutant in damaged:
            path = folder / "mutant"
            path.write_bytes(mutant.content)
            begin = monotonic()
            try:
                outcome = str(children.call("bench.ocr.mutate:probe", path, seconds=SECONDS))
            except CallFailed as error:
                outcome = f"ENDED {error.reason}"
            yield mutant.name, outcome, monotonic() - begin
    finally:
        children.close()


def main() -> None:
    """Run a campaign and print what came out, how often, and everything that ended by force or took long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, outcome, seconds in run(mutants(asked.files, count=asked.count, seed=asked.seed), Path(folder)):
            outcomes[re.sub(r"\d+ of \d+", "some", outcome)] += 1
            if outcome.startswith("ENDED") or seconds > 5:
                print(f"{name}: {outcome}, {seconds:.1f} s", flush=True)
    for outcome, times in outcomes.most_common():
        print(f"{times:6} {outcome}")
    print(f"{outcomes.total():6} in all, seed {asked.seed}")
    sys.exit(any(outcome.startswith("ENDED") for outcome in outcomes))


if __name__ == "__main__":
    main()
