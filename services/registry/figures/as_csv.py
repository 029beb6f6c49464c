"""A report as CSV: a line a row, keys first, for programs; with a mark that makes spreadsheets read Vietnamese."""

import csv
from io import StringIO

from services.registry.figures.report import Report, Row

KEYS = ("table", "style", "number", "label", "unit", "handling_level", "field_code")


def as_csv(report: Report) -> str:
    """Return the rows of a report; the first line names the columns, in the language of programs."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    columns = [column.key for column in report.form.counted]
    writer.writerow([*KEYS, *columns])
    for table, rows in zip(("all", "by-unit"), report.tables, strict=False):
        writer.writerows(_line(table, row, columns) for row in rows)
    return "\ufeff" + out.getvalue()


def _line(table: str, row: Row, columns: list[str]) -> list[object]:
    facts = (row.style, row.number, row.label, row.unit, row.handling_level, row.field_code)
    # what a spreadsheet would take for a formula stays text
    cells = ["" if fact is None else _safe(fact) for fact in facts]
    return [table, *cells, *("" if row.values.get(key) is None else row.values[key] for key in columns)]


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
