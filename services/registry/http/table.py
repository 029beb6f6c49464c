"""Answers as JSON or, where asked for, as CSV that a spreadsheet opens."""

import csv
import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from io import StringIO
from typing import Any, Protocol

from fastapi import Request, Response
from pydantic import BaseModel

from services.registry.http.tagged import tagged

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what begins so


class Formatted(Protocol):
    """A question that may ask for CSV."""

    @property
    def format(self) -> str | None:
        """Return json, csv, or none for what the client accepts."""


def wants_csv(request: Request, asked: Formatted) -> bool:
    """Tell whether the client asks for CSV, by the parameter or else by what it accepts."""
    return asked.format == "csv" or (asked.format is None and "text/csv" in request.headers.get("accept", ""))


def table(
    request: Request, asked: Formatted, body: BaseModel, *, rows: Iterable[BaseModel | Mapping[str, Any]]
) -> Response:
    """Return a body with its ETag, or its rows as CSV with theirs; 304 where the client has it already."""
    if not wants_csv(request, asked):
        answer = tagged(request, body)
        answer.headers["Vary"] = "Accept"
        return answer
    content = as_csv([row.model_dump(mode="json") if isinstance(row, BaseModel) else row for row in rows])
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
    return Response(content, media_type="text/csv; charset=utf-8", headers={"ETag": tag, "Vary": "Accept"})


def as_csv(rows: list[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV, the names first; with a mark at its begin, without which Excel takes it for no UTF-8."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
