"""An object store in memory, and one that fails in each way a store does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from shared.clock import Clock, SystemClock
from shared.errors import ObjectMissing, Refused, StoreUnavailable
from shared.object_store import ObjectFacts, checked_name

CHUNK_BYTES = 64 * 1024


class FakeStore:
    """Keeps objects in a dictionary."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._objects: dict[tuple[UUID, str], tuple[bytes, ObjectFacts]] = {}
        self._lock = threading.Lock()

    def _serve(self) -> None:
        """Raise instead of serving; the fakes below do."""

    def put(self, dossier_id: UUID, name: str, content: BinaryIO, *, size_bytes: int, media_type: str) -> None:
        """Store exactly ``size_bytes`` of ``content``."""
        key = (dossier_id, checked_name(name))
        value = b"".join(iter(lambda: content.read(CHUNK_BYTES), b""))
        if len(value) != size_bytes:
            raise ValueError("the content is not as long as announced")
        facts = ObjectFacts(dossier_id, name, size_bytes, self._clock.now())
        with self._lock:
            self._serve()
            self._objects[key] = (value, facts)

    @contextmanager
    def open(self, dossier_id: UUID, name: str) -> Iterator[Iterator[bytes]]:
        """Open an object for reading in chunks."""
        content = BytesIO(self.read(dossier_id, name))
        yield iter(lambda: content.read(CHUNK_BYTES), b"")

    def read(self, dossier_id: UUID, name: str) -> bytes:
        """Return an object whole."""
        return self._found(dossier_id, name)[0]

    def _found(self, dossier_id: UUID, name: str) -> tuple[bytes, ObjectFacts]:
        key = (dossier_id, checked_name(name))
        with self._lock:
            self._serve()
            if key not in self._objects:
                raise ObjectMissing("no such object")
            return self._objects[key]

    def stat(self, dossier_id: UUID, name: str) -> ObjectFacts | None:
        """Return the facts of an object, or nothing where there is none."""
        try:
            return self._found(dossier_id, name)[1]
        except ObjectMissing:
            return None

    def list(self, dossier_id: UUID | None = None, prefix: str = "") -> Iterator[ObjectFacts]:
        """Yield the objects of one dossier, or of all of them."""
        with self._lock:
            self._serve()
            found = [facts for _, facts in self._objects.values()]
        for facts in sorted(found, key=lambda f: (str(f.dossier_id), f.name)):
            if dossier_id in (None, facts.dossier_id) and facts.name.startswith(prefix):
                yield facts

    def delete(self, dossier_id: UUID, name: str) -> None:
        """Delete an object; one that is not there is no error."""
        with self._lock:
            self._serve()
            self._objects.pop((dossier_id, checked_name(name)), None)

    def check(self) -> None:
        """Return."""
        self._serve()


class AwayStore(FakeStore):
    """A store that does not answer while ``failing``, with what was put before still in it."""

    def __init__(self, *, failing: bool = True) -> None:
        super().__init__()
        self.failing = failing

    def _serve(self) -> None:
        if self.failing:
            raise StoreUnavailable("the fake store is away")


class RefusingStore(FakeStore):
    """A store that refuses us while ``failing``."""

    def __init__(self, *, failing: bool = True) -> None:
        super().__init__()
        self.failing = failing

    def _serve(self) -> None:
        if self.failing:
            raise Refused("the fake store refuses us")


class DyingStore(FakeStore):
    """A store that answers ``calls`` calls and then no more, until it is given more."""

    def __init__(self, *, calls: int) -> None:
        super().__init__()
        self.calls = calls

    def _serve(self) -> None:
        if self.calls <= 0:
            raise StoreUnavailable("the fake store went away")
        self.calls -= 1
