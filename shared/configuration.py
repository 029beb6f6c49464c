"""A service starts with settings that are right, or not at all: all that is wrong is told at once, a line each."""

import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches

from pydantic_settings import BaseSettings

from shared.settings import BadSettings, KafkaSettings, OpsSettings, StoreSettings, read, variable

BAD_SETTINGS = 2  # the exit code
_OURS = "HOSO_"
_SHARED = (KafkaSettings, StoreSettings, OpsSettings)
# each service answers for the variables that bear its name: the machine, or one file, may set them for all
_OF_A_SERVICE = ("HOSO_INTAKE_", "HOSO_OCR_", "HOSO_REGISTRY_")
_OF_THE_TREE = ("HOSO_CACHE", "HOSO_CI", "HOSO_SCANS")  # of building and testing; no service reads them


def check(own: type[BaseSettings] | None = None, environment: Mapping[str, str] = os.environ) -> None:
    """Return if a service may start on these settings: its own block, if it has one, and the shared ones.

    Raises ``BadSettings`` with everything that is wrong, and with every variable that nobody reads: a misspelt one
    would leave its setting at the default, and nobody would know.
    """
    blocks = (own, *_SHARED) if own else _SHARED
    lines = [*_unknown(blocks, environment)]
    for kind in blocks:
        try:
            read(kind)
        except BadSettings as error:
            lines += error.lines
    if lines:
        raise BadSettings(lines)


def refused(own: type[BaseSettings] | None = None, *further: Callable[[], None]) -> int | None:
    """Check, then do the further checks; say on stderr what is wrong and return the exit code for that."""
    try:
        check(own)
        for each in further:
            each()
    except BadSettings as error:
        print(*error.lines, sep="\n", file=sys.stderr)
        return BAD_SETTINGS
    return None


def _unknown(blocks: Collection[type[BaseSettings]], environment: Mapping[str, str]) -> Iterator[str]:
    known = {variable(kind, name) for kind in blocks for name in kind.model_fields}
    ours = {variable(kind, "") for kind in blocks}
    elsewhere = tuple(prefix for prefix in _OF_A_SERVICE if prefix not in ours)
    for name in sorted(map(str.upper, environment)):
        if name.startswith(_OURS) and name not in known and name not in _OF_THE_TREE and not name.startswith(elsewhere):
            yield _told(name, known)


def _told(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"{name}: no such setting; " + (f"did you mean {near[0]}?" if near else "docs/settings.md lists all")
