"""A running system's stores, as its own settings name them."""

import os
from dataclasses import dataclass
from pathlib import Path

from services.__main__ import embedded_settings
from services.intake.settings import IntakeSettings
from services.registry.settings import RegistrySettings
from shared.kafka import KafkaLog
from shared.log import Log
from shared.object_store import ObjectStore
from shared.settings import KafkaSettings, StoreSettings, read
from shared.stores import open_store

SEARCH_KEY = "search.key"


@dataclass(frozen=True)
class Place:
    """Where a system keeps what a back-up is made of."""

    urls: dict[str, str]
    store: ObjectStore
    search_key: str
    key_file: Path | None
    log: Log | None


def place(data: Path) -> Place:
    """Return what the ``HOSO_`` variables name; what they do not is embedded, under ``data``."""
    kept_here = "HOSO_INTAKE_SEARCH_KEY" not in os.environ
    external_log = "HOSO_KAFKA_BOOTSTRAP_SERVERS" in os.environ
    os.environ |= embedded_settings(data.absolute(), os.environ)
    intake = read(IntakeSettings)
    return Place(
        urls={
            "intake": intake.database_url.get_secret_value(),
            "registry": read(RegistrySettings).database_url.get_secret_value(),
        },
        store=open_store(read(StoreSettings)),
        search_key=intake.search_key.get_secret_value(),
        key_file=data / SEARCH_KEY if kept_here else None,
        log=KafkaLog(read(KafkaSettings)) if external_log else None,
    )
