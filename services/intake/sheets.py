"""Ruled tables as CSV (RFC 4180) that spreadsheet programs open with Vietnamese letters whole."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes the letters for another alphabet's
# what a spreadsheet would run instead of show; numbers and a lone dash are shown
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.,\s]*$)")


def sheet(tables: Sequence[Mapping[str, Any]]) -> str:
    """Return tables one below the other, an empty line between them.

    A cell over several rows or columns has its text in the first of them. A text that a spreadsheet
    would run as a formula gets an apostrophe before it: whoever hands in a paper decides what is on it.
    """
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    for number, table in enumerate(tables):
        if number:
            out.write("\r\n")
        writer.writerows(_rows(table["cells"]))
    return out.getvalue()


def _rows(cells: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    height = max((cell["row"] + cell["row_span"] for cell in cells), default=0)
    width = max((cell["column"] + cell["column_span"] for cell in cells), default=0)
    rows = [[""] * width for _ in range(height)]
    for cell in cells:
        rows[cell["row"]][cell["column"]] = _shown(cell["text"])
    return rows


def _shown(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
