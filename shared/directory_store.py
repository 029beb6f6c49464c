"""The object store in a directory: the embedded default, for one machine."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from shared.errors import ObjectMissing, Refused, StoreUnavailable
from shared.object_store import ObjectFacts, checked_name

CHUNK_BYTES = 256 * 1024
_PARTIAL = (
    ".partial-"  # leads the name of a file that is being written; readers never see it
)


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ObjectMissing("no such object") from error
    except PermissionError as error:
        raise Refused("the store's directory denies us access") from error
    except OSError as error:
        raise StoreUnavailable(
            f"the store's directory fails: {error.strerror}"
        ) from error


class DirectoryStore:
    """Keeps each object in a file ``<root>/<dossier id>/<name>``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, dossier_id: UUID, name: str) -> Path:
        return self._root / str(dossier_id) / checked_name(name)

    def put(
        self,
        dossier_id: UUID,
        name: str,
        content: BinaryIO,
        *,
        size_bytes: int,
        media_type: str,
    ) -> None:
        """Store the bytes under a partial name, make them durable, then rename."""
        path = self._path(dossier_id, name)
        with _our_errors():
            _make_durable_parents(path.parent, self._root)
            partial = _write_partial(path.parent, content, size_bytes)
            partial.replace(path)
            _sync_directory(path.parent)

    @contextmanager
    def open(self, dossier_id: UUID, name: str) -> Iterator[Iterator[bytes]]:
        """Open an object for reading in chunks."""
        with _our_errors():
            file = self._path(dossier_id, name).open("rb")
        with file:
            yield iter(lambda: file.read(CHUNK_BYTES), b"")

    def read(self, dossier_id: UUID, name: str) -> bytes:
        """Return a small object whole."""
        with _our_errors():
            return self._path(dossier_id, name).read_bytes()

    def stat(self, dossier_id: UUID, name: str) -> ObjectFacts | None:
        """Return the facts of an object, or nothing where there is none."""
        try:
            with _our_errors():
                return _facts(dossier_id, name, self._path(dossier_id, name))
        except ObjectMissing:
            return None

    def list(
        self, dossier_id: UUID | None = None, prefix: str = ""
    ) -> Iterator[ObjectFacts]:
        """Yield the objects of one dossier, or of all of them."""
        for dossier in [dossier_id] if dossier_id else self._dossiers():
            folder = self._root / str(dossier)
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                if name.startswith(prefix) and not path.name.startswith(_PARTIAL):
                    facts = self.stat(dossier, name) if path.is_file() else None
                    if facts:
                        yield facts

    def _dossiers(self) -> Iterator[UUID]:
        with _our_errors():
            folders = sorted(self._root.iterdir()) if self._root.exists() else []
        for folder in folders:
            yield UUID(folder.name)

    def delete(self, dossier_id: UUID, name: str) -> None:
        """Delete an object; one that is not there is no error."""
        with _our_errors():
            self._path(dossier_id, name).unlink(missing_ok=True)

    def check(self) -> None:
        """Return if the directory is there and can be written."""
        with _our_errors():
            self._root.mkdir(parents=True, exist_ok=True)
        if not os.access(self._root, os.W_OK | os.X_OK):
            raise Refused("the store's directory denies us access")


def _facts(dossier_id: UUID, name: str, path: Path) -> ObjectFacts:
    facts = path.stat()
    return ObjectFacts(
        dossier_id, name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, tz=UTC)
    )


def _write_partial(folder: Path, content: BinaryIO, size_bytes: int) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, prefix=_PARTIAL, delete=False) as file:
        shutil.copyfileobj(content, file, CHUNK_BYTES)
        if file.tell() != size_bytes:
            Path(file.name).unlink()
            raise ValueError(f"{size_bytes} bytes were announced, {file.tell()} came")
        file.flush()
        os.fsync(file.fileno())
        return Path(file.name)


def _make_durable_parents(folder: Path, root: Path) -> None:
    """Create the folders down to ``folder`` and make each new entry durable in its parent."""
    if folder.exists():
        return
    if folder != root:
        _make_durable_parents(folder.parent, root)
    folder.mkdir(parents=True, exist_ok=True)
    _sync_directory(folder.parent)


def _sync_directory(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
