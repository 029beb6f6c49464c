"""The layouts of the forms, as data."""

import tomllib
from functools import cache
from importlib.resources import files

from services.registry.figures.report import Form

KINDS = ("II.06a", "digitisation", "online-payment", "levels")


@cache
def form(kind: str) -> Form:
    """Return the form of a kind of report."""
    return Form.model_validate(tomllib.loads((files(__name__) / f"{kind}.toml").read_text("utf-8")))
