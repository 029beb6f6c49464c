"""The room of the fields: number, date, issuer and the like, read from the text of a paper."""

from collections.abc import Mapping, Sequence
from typing import Any


def extract(texts: Sequence[str]) -> Mapping[str, Any]:  # noqa: ARG001  # nothing is read yet
    """Return the fields found on the pages; none are looked for yet."""
    return {}
