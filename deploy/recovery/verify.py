"""Looking whether a back-up is whole: its files, its counts, and every original against the ledger."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.recovery import dumps, manifest
from deploy.recovery.backup import OBJECTS
from deploy.recovery.dumps import RecoveryFailed
from deploy.recovery.references import Reference, references
from shared.directory_store import DirectoryStore
from shared.errors import ObjectMissing
from shared.object_store import ObjectStore


@dataclass(frozen=True)
class Verified:
    """What was looked at."""

    rows: int
    objects: int
    originals: int
    original_bytes: int


def verify(folder: Path) -> Verified:
    """Return what a back-up holds; raises ``RecoveryFailed`` where it is not what its manifest and ledger say."""
    told = manifest.load(folder)
    for name, database in told.databases.items():
        path = folder / database.file
        if manifest.digest(path) != database.sha256:
            raise RecoveryFailed(f"{path} is not what it was when the back-up was made")
        if Counter(table for table, _ in dumps.rows(path)) != Counter(database.rows):
            raise RecoveryFailed(f"{name}: other rows than the manifest counts")
    ledger = folder / told.databases["intake"].file
    rows = sum(sum(database.rows.values()) for database in told.databases.values())
    seen = held_against(DirectoryStore(folder.parent / OBJECTS), references(dumps.rows(ledger)), told.deleted_meanwhile)
    return Verified(rows, *seen)


def held_against(store: ObjectStore, spoken_of: Iterator[Reference], may_lack: int) -> tuple[int, int, int]:
    """Return objects, originals and their bytes; raises ``RecoveryFailed`` where some are missing or changed."""
    objects, originals, original_bytes, lacking = 0, 0, 0, 0
    for each in spoken_of:
        objects += 1
        if each.sha256 is None:
            lacking += store.stat(each.dossier_id, each.name) is None
            continue
        found = _sha256(store, each)
        if found not in {None, each.sha256}:
            raise RecoveryFailed(f"{each.dossier_id}/{each.name} is not what was handed in: its SHA-256 is another")
        lacking += found is None
        originals += 1
        original_bytes += each.size_bytes or 0
    if lacking > may_lack:
        raise RecoveryFailed(f"{lacking} objects of the ledger are missing")
    return objects, originals, original_bytes


def _sha256(store: ObjectStore, reference: Reference) -> str | None:
    digest = hashlib.sha256()
    try:
        with store.open(reference.dossier_id, reference.name) as chunks:
            for chunk in chunks:
                digest.update(chunk)
    except ObjectMissing:
        return None
    return digest.hexdigest()
