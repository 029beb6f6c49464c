"""Reference data: from the texts of CSV files to checked rows; pure.

The files are described in ``docs/reference-data.md``.
"""

from services.registry.reference.bad import BadLine, BadReference
from services.registry.reference.formats import FORMATS, PROCEDURES, UNITS, Format
from services.registry.reference.items import Items, Key, Known, key_of
from services.registry.reference.parse import Reference, parse

UNITS_FILE = UNITS.file
PROCEDURES_FILE = PROCEDURES.file

__all__ = [
    "FORMATS",
    "PROCEDURES_FILE",
    "UNITS_FILE",
    "BadLine",
    "BadReference",
    "Format",
    "Items",
    "Key",
    "Known",
    "Reference",
    "key_of",
    "parse",
]
