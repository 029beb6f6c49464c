"""Objects stored ahead of the transaction that makes them known."""

import logging
from types import TracebackType
from typing import BinaryIO, Self
from uuid import UUID

from shared.errors import HosoError, Unavailable
from shared.object_store import ObjectStore

log = logging.getLogger(__name__)


class Draft:
    """Stores objects, and deletes them again at the end unless they were kept.

    Where it is unknown whether the ledger took them, they stay, and the sweep judges them later.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._loose: list[tuple[UUID, str]] = []

    def put(self, dossier_id: UUID, name: str, content: BinaryIO, *, size_bytes: int, media_type: str) -> None:
        """Store an object under a name nobody else uses."""
        self._loose.append((dossier_id, name))
        content.seek(0)
        self._store.put(dossier_id, name, content, size_bytes=size_bytes, media_type=media_type)

    def keep(self, dossier_id: UUID, name: str) -> None:
        """Leave an object where it is: the ledger knows it."""
        self._loose.remove((dossier_id, name))

    def keep_all(self) -> None:
        """Leave every object where it is."""
        self._loose.clear()

    def __enter__(self) -> Self:
        """Begin with nothing stored."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Delete what was not kept, if it is certain that nobody knows it."""
        if error is None or (isinstance(error, HosoError) and not error.retriable):
            self._delete()

    def _delete(self) -> None:
        try:
            for dossier_id, name in self._loose:
                self._store.delete(dossier_id, name)
        except Unavailable:
            log.info("objects of a request that failed are left to the sweep")
