"""What a back-up consists of, in a file beside it."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.recovery.dumps import RecoveryFailed, Row
from deploy.recovery.objects import Copied

FILE = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True)
class Database:
    """A database's file, and how many rows of each table are in it."""

    file: str
    size_bytes: int
    sha256: str
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Manifest:
    """A back-up: when it was made, of what, and how much is in it."""

    begun_at: str
    ended_at: str
    seconds: float
    databases: Mapping[str, Database]
    objects: Copied
    deleted_meanwhile: int
    search_key: str
    format: int = _FORMAT

    def write(self, folder: Path) -> None:
        """Write it into the back-up's folder."""
        (folder / FILE).write_text(json.dumps(asdict(self), indent=2) + "\n")


def load(folder: Path) -> Manifest:
    """Return the manifest of a back-up; raises ``RecoveryFailed`` where it is none of ours."""
    found = json.loads((folder / FILE).read_text())
    if found["format"] != _FORMAT:
        raise RecoveryFailed(f"{folder} was made by another version of hoso (format {found['format']})")
    databases = {name: Database(**told) for name, told in found.pop("databases").items()}
    return Manifest(databases=databases, objects=Copied(**found.pop("objects")), **found)


def database(path: Path, rows: Iterable[tuple[str, Row]]) -> Database:
    """Describe a database's file."""
    return Database(path.name, path.stat().st_size, digest(path), dict(Counter(table for table, _ in rows)))


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_mark(search_key: str) -> str:
    """Return a mark that tells one search key from another and gives none away."""
    return hmac.new(search_key.encode(), b"hoso back-up", hashlib.sha256).hexdigest()[:16]
