"""Making a back-up while papers are being accepted: the databases first, the store after them.

An original is in the store before its row is in the ledger, so whatever the dumped ledger speaks of was there when
the copy of the store began. What is accepted meanwhile is copied without a row and does no harm.
"""

import shutil
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from deploy.recovery import dumps, manifest, objects
from deploy.recovery.dumps import RecoveryFailed
from deploy.recovery.place import SEARCH_KEY, Place
from deploy.recovery.references import TABLES, Reference, references
from services.registry.tables import PROJECTION
from shared.directory_store import DirectoryStore
from shared.object_store import ObjectStore

OBJECTS = "objects"
# rebuilt from the log, and most of that database
_LEFT_OUT = {"intake": (), "registry": tuple(table.name for table in PROJECTION)}


def back_up(place: Place, to: Path) -> Path:
    """Add a back-up to a folder and return it; objects the folder has already are not copied again.

    Raises ``RecoveryFailed`` where something that the ledger speaks of is not in the store.
    """
    begun, started = datetime.now(UTC), time.monotonic()
    folder = to / begun.strftime("%Y%m%dT%H%M%SZ")
    partial = folder.with_name(folder.name + ".partial")
    to.mkdir(parents=True, mode=0o700, exist_ok=True)  # scans of citizens are in it
    partial.mkdir(mode=0o700)
    for name, url in place.urls.items():
        dumps.dump(url, partial / f"{name}.dump", without=_LEFT_OUT[name])
    copy = DirectoryStore(to / OBJECTS)
    copy.check()  # makes its folder
    copied = objects.copy(place.store, copy)
    gone = _deleted_meanwhile(place, partial / "intake.dump", copy)
    if place.key_file is not None:
        shutil.copy(place.key_file, partial / SEARCH_KEY)  # with its rights: the owner's only
    manifest.Manifest(
        begun_at=begun.isoformat(),
        ended_at=datetime.now(UTC).isoformat(),
        seconds=round(time.monotonic() - started, 1),
        databases={name: _described(partial / f"{name}.dump") for name in place.urls},
        objects=copied,
        deleted_meanwhile=gone,
        search_key=manifest.key_mark(place.search_key),
    ).write(partial)
    return partial.rename(folder)


def _described(path: Path) -> manifest.Database:
    return manifest.database(path, dumps.rows(path))


def _deleted_meanwhile(place: Place, ledger: Path, copy: ObjectStore) -> int:
    """Return how many objects were deleted between dump and copy, as a draft is that gives way to the next.

    Each must be gone from the ledger in use as well; raises ``RecoveryFailed`` for one that is not.
    """
    missing = {each for each in references(dumps.rows(ledger)) if not _kept(each, copy)}
    if not missing:
        return 0
    spoken_of = _names(references(dumps.live_rows(place.urls["intake"], TABLES)))
    if lost := _names(missing) & spoken_of:
        raise RecoveryFailed(f"the store lacks {len(lost)} objects of the ledger, {min(map(str, lost))} the first")
    return len(missing)


def _kept(reference: Reference, copy: ObjectStore) -> bool:
    return copy.stat(reference.dossier_id, reference.name) is not None


def _names(found: Iterable[Reference]) -> set[str]:
    return {f"{each.dossier_id}/{each.name}" for each in found}
