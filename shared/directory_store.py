"""The object store in a directory: the embedded default, for one machine."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from shared.errors import ObjectMissing, Refused, StoreUnavailable
from shared.object_store import ObjectFacts, checked_name

CHUNK_BYTES = 256 * 1024
_PARTIAL = ".partial"  # the folder of files that are being written; readers never look there
_LEFTOVER_SECONDS = 24 * 3600  # no upload takes that long: whoever wrote it died


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise Refused("the store's directory denies us access") from error
    except OSError as error:
        raise StoreUnavailable(f"the store's directory fails: {error.strerror}") from error


@contextmanager
def _looking_in(root: Path) -> Iterator[None]:
    with _our_errors():
        try:
            yield
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            if not root.is_dir():  # a disk that is not mounted must not look like papers that are gone
                raise
            raise ObjectMissing("no such object") from error


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
        media_type: str,  # noqa: ARG002  # a file system keeps none
    ) -> None:
        """Store the bytes under a partial name, make them durable, then rename."""
        path = self._path(dossier_id, name)
        with _our_errors():
            _make_durable_parents(path.parent, self._root)
            (self._root / _PARTIAL).mkdir(exist_ok=True)
            with _written(self._root / _PARTIAL, content, size_bytes) as partial:
                partial.replace(path)
            _sync_directory(path.parent)

    @contextmanager
    def open(self, dossier_id: UUID, name: str) -> Iterator[Iterator[bytes]]:
        """Open an object for reading in chunks."""
        with _looking_in(self._root):
            file = self._path(dossier_id, name).open("rb")
        with file:
            yield _chunks(file)

    def read(self, dossier_id: UUID, name: str) -> bytes:
        """Return a small object whole."""
        with _looking_in(self._root):
            return self._path(dossier_id, name).read_bytes()

    def stat(self, dossier_id: UUID, name: str) -> ObjectFacts | None:
        """Return the facts of an object, or nothing where there is none."""
        try:
            with _looking_in(self._root):
                return _facts(dossier_id, name, self._path(dossier_id, name))
        except ObjectMissing:
            return None

    def list(self, dossier_id: UUID | None = None, prefix: str = "") -> Iterator[ObjectFacts]:
        """Yield the objects of one dossier, or of all of them."""
        for dossier in [dossier_id] if dossier_id else self._dossiers():
            folder = self._root / str(dossier)
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                facts = self.stat(dossier, name) if name.startswith(prefix) else None
                if facts:
                    yield facts

    def _dossiers(self) -> Iterator[UUID]:
        with _our_errors():
            folders = sorted(self._root.iterdir()) if self._root.exists() else []
        for folder in folders:
            with suppress(ValueError):  # lost+found and its like are none of ours
                yield UUID(folder.name)

    def delete(self, dossier_id: UUID, name: str) -> None:
        """Delete an object; one that is not there is no error."""
        with suppress(ObjectMissing), _looking_in(self._root):
            self._path(dossier_id, name).unlink()

    def check(self) -> None:
        """Return if the directory is there and can be written; drop what a crash left half written."""
        with _our_errors():
            (self._root / _PARTIAL).mkdir(parents=True, exist_ok=True)
            for leftover in (self._root / _PARTIAL).iterdir():
                _drop_if_old(leftover)
        if not os.access(self._root, os.W_OK | os.X_OK):
            raise Refused("the store's directory denies us access")


def _facts(dossier_id: UUID, name: str, path: Path) -> ObjectFacts:
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode):
        raise ObjectMissing("no such object")
    return ObjectFacts(dossier_id, name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, tz=UTC))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with _our_errors():
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


@contextmanager
def _written(folder: Path, content: BinaryIO, size_bytes: int) -> Iterator[Path]:
    """Yield a durable file with the content, and remove it unless it was moved away."""
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        path = Path(file.name)
        try:
            shutil.copyfileobj(content, file, CHUNK_BYTES)
            if file.tell() != size_bytes:
                raise ValueError("the content is not as long as announced")
            file.flush()
            os.fsync(file.fileno())
            yield path
        finally:
            path.unlink(missing_ok=True)


def _drop_if_old(leftover: Path) -> None:
    with suppress(FileNotFoundError):  # another process dropped it, or its writer moved it
        if time.time() - leftover.stat().st_mtime > _LEFTOVER_SECONDS:
            leftover.unlink()


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
