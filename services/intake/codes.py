"""The code of a dossier: ``<unit>-<yymmdd>-<number of the day>`` (Circular 01/2018/TT-VPCP, Art. 19)."""

import re
from dataclasses import dataclass
from datetime import date

UNIT_PATTERN = r"^[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*$"
COMPONENT_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"
OPAQUE_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"
_CODE = re.compile(r"[A-Za-z0-9.]{1,35}-(?:\d{8}|\d{6})-\d{4,7}")


def dossier_code(unit: str, day: date, number: int) -> str:
    """Return the code of the dossier ``number`` of a unit's day."""
    return f"{unit}-{day:%y%m%d}-{number:04d}"


@dataclass(frozen=True)
class Addressed:
    """The dossier, and perhaps the component, that a file's name says the file belongs to."""

    code: str
    component: str | None


def addressed(stem: str) -> Addressed | None:
    """Return what a file name without its extension says, if it begins with a dossier's code."""
    match = _CODE.match(stem)
    if match is None or stem[match.end() : match.end() + 1].isalnum():
        return None
    _, mark, component = stem[match.end() :].partition("__")
    return Addressed(match.group(), component if mark and component else None)
