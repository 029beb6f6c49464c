"""The table of a comparison, and its place in the documents."""

import datetime as dt
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.ocr.score import Score
from bench.usage import Usage

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- bench-ocr: written by make bench-ocr -->", "<!-- bench-ocr: end -->"
HEADINGS = (
    "program", "line error", "character error", "word error", "pages/s", "CPU s", "peak memory", "output", "PDF/A-2b",
)  # fmt: skip
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Row:
    """How one program did on one set of pages; ``invalid`` is how many of its documents are no PDF/A-2b."""

    program: str
    errors: Score
    usage: Usage
    pages: int
    documents: int = 0
    output_bytes: int = 0
    invalid: int = 0

    def cells(self) -> tuple[str, ...]:
        """Return the row as a person reads it."""
        return (
            self.program,
            *(f"{part.rate:.2%}" for part in (self.errors.line, self.errors.character, self.errors.word)),
            f"{self.pages / self.usage.wall_seconds:.2f}",
            f"{self.usage.cpu_seconds:.1f}",
            f"{self.usage.peak_bytes / MEGABYTE:.0f} MB",
            f"{self.output_bytes / MEGABYTE:.2f} MB" if self.documents else "–",
            f"{self.documents - self.invalid} of {self.documents}" if self.documents else "–",
        )


@dataclass(frozen=True)
class Table:
    """How all programs did on one set of pages."""

    name: str
    about: str
    rows: Sequence[Row]

    def markdown(self) -> str:
        """Return the table under its name."""
        lines = [_line(HEADINGS), _line("---" for _ in HEADINGS), *(_line(row.cells()) for row in self.rows)]
        return f"**{self.name}**: {self.about}\n\n" + "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """Say what was measured on, and when."""
    models = [line for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if "model name" in line]
    processor = models[0].partition(":")[2].strip() if models else platform.machine()
    today = dt.datetime.now(dt.UTC).date()
    return f"{today}, {len(models)} cores of {processor}, Python {platform.python_version()}"


def keep(report: str, document: Path = DOCUMENT) -> None:
    """Put a report between its marks in a document, at the end where there are none yet."""
    said = document.read_text(encoding="utf-8")
    before, begun, rest = said.partition(BEGIN)
    after = rest.partition(END)[2] if begun else "\n"
    before = before if begun else f"{said.rstrip()}\n\n"
    document.write_text(f"{before}{BEGIN}\n{report}\n{END}{after}", encoding="utf-8")
