"""``python -m tests.registry.dying DOSSIER``: a registry that is killed when a batch holds that dossier.

The signal comes when the rows are written and the offsets are not.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from sqlalchemy import Connection

import services.registry.app as registry
from services.registry.projection import apply
from services.registry.settings import RegistrySettings
from shared.log import Record
from shared.settings import KafkaSettings


def apply_and_die(connection: Connection, records: Sequence[Record]) -> None:
    """Project a batch, and die if the dossier is in it."""
    apply(connection, records)
    if any(record.key == sys.argv[1].encode() for record in records):
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    registry.apply = apply_and_die  # type: ignore[attr-defined]  # what is imported there is not exported
    asyncio.run(registry.build(RegistrySettings(), KafkaSettings()).serve())
