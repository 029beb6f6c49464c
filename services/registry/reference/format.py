"""What a file of reference data is, and columns that many of them have; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.registry.reference import columns as c
from services.registry.reference.columns import Checks
from shared.events import Data

_PLURALS = {"level_criterion": "level_criteria", "assessment_criterion": "assessment_criteria"}

SOURCE = {"source": c.text}
PROVEN = {"evidence": c.evidence, "source": c.text}
BEGINS = {"valid_from": c.day}
ENDS = {"valid_to": c.optional(c.day)}
OF_VERSION = {"procedure_code": c.procedure_code, "version": c.number}
MAYBE = c.optional(c.truth)


@dataclass(frozen=True, eq=False)
class Format:
    """A file: its columns, what names one of its rows, and what a row is."""

    kind: str
    model: type[Data]
    key: tuple[str, ...]
    required: Checks
    optional: Checks = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)  # columns whose name says more than the event's
    whole: tuple[str, ...] = ()  # the rows that agree in these columns are loaded as a whole

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{_PLURALS.get(self.kind, self.kind + 's')}.csv"
