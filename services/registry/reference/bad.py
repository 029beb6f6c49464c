"""What is wrong with reference data, and where."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class BadLine:
    """What is wrong with reference data, and where."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        """Return it as compilers print it."""
        return f"{self.file}:{self.line}: {self.column}: {self.reason}"


class BadReference(Exception):
    """The files cannot be loaded; nothing was."""

    def __init__(self, lines: Iterable[BadLine]) -> None:
        self.lines = sorted(set(lines))
        super().__init__(f"{len(self.lines)} errors in the reference data")
