"""What is known of an engine, and how it fails without a page being to blame."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import Unavailable


class EngineInterrupted(Unavailable):
    """The engine was stopped from outside, or could not be started now; the page is not to blame."""

    reason = "engine-interrupted"


@dataclass(frozen=True)
class EngineFacts:
    """Which engine reads, and with what: another value means another version of our documents."""

    name: str
    languages: str
    models: Mapping[str, str]
