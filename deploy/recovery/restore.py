"""Making a system of a back-up: databases and store as they were, and a log that hears everything anew."""

import asyncio
import shutil
from collections import Counter
from pathlib import Path

from deploy.recovery import dumps, manifest, objects
from deploy.recovery.backup import OBJECTS
from deploy.recovery.dumps import RecoveryFailed
from deploy.recovery.place import SEARCH_KEY, Place
from deploy.recovery.references import TABLES, references
from deploy.recovery.verify import held_against
from services.intake import tables as intake
from services.registry import tables as registry
from shared.database import Database
from shared.directory_store import DirectoryStore
from shared.errors import LogUnavailable
from shared.log import Log
from shared.topics import DOSSIERS


def restore(folder: Path, place: Place) -> objects.Copied:
    """Restore a back-up into empty databases and a store, and return what was copied into that.

    Raises ``RecoveryFailed`` before anything is written where the place is not empty, the log holds dossiers already,
    or the search key is another; and afterwards where the place is not what the back-up says.
    """
    told = manifest.load(folder)
    _check_key(told, place)
    if place.log is not None:
        asyncio.run(_check_log(place.log))
    for name, url in place.urls.items():
        dumps.restore(folder / told.databases[name].file, url)
        _check_rows(name, url, told)
    place.store.check()  # makes the folder or the bucket
    copied = objects.copy(DirectoryStore(folder.parent / OBJECTS), place.store)
    spoken_of = references(dumps.live_rows(place.urls["intake"], TABLES))
    held_against(place.store, spoken_of, told.deleted_meanwhile)
    _forget_the_log(place)
    return copied


def bring_key(folder: Path, data: Path) -> None:
    """Put the search key of an embedded system back where it lay, unless there is one."""
    kept, target = folder / SEARCH_KEY, data / SEARCH_KEY
    if kept.exists() and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept, target)


def _check_key(told: manifest.Manifest, place: Place) -> None:
    if manifest.key_mark(place.search_key) != told.search_key:
        raise RecoveryFailed("HOSO_INTAKE_SEARCH_KEY is not the one of the back-up: nobody would be found any more")


async def _check_log(log: Log) -> None:
    """Raise where the log knows dossiers: what it heard after the back-up would contradict the restored ledger."""
    try:
        reader = await log.reader([DOSSIERS.name], {})
    except LogUnavailable:  # away, or without the topic: it is made anew
        return
    try:
        if held := await reader.lag():
            raise RecoveryFailed(f"{DOSSIERS.name} holds {held} messages: restore beside an empty log, see the runbook")
    finally:
        await reader.close()


def _check_rows(name: str, url: str, told: manifest.Manifest) -> None:
    expected = told.databases[name].rows
    found = Counter(table for table, _ in dumps.live_rows(url, list(expected)))
    if found != Counter(expected):
        raise RecoveryFailed(f"{name} holds other rows than the back-up")


def _forget_the_log(place: Place) -> None:
    """Let both journals be announced from their beginning, and every follower begin there."""
    for url, tables in ((place.urls["intake"], intake), (place.urls["registry"], registry)):
        database = Database(url)
        try:
            with database.transaction() as connection:
                tables.journal.forget_cluster(connection)
                tables.positions.forget_all(connection)
        finally:
            database.close()
