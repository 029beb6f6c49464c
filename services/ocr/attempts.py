"""Counting how often a slice of a paper was begun, where a killed worker cannot take it along."""

import json
from collections.abc import Callable
from io import BytesIO

from shared.errors import ObjectMissing
from shared.events import PaperWork
from shared.object_store import ObjectStore, derived_name


class Attempts:
    """The counters of each version of a paper's document, in the object store.

    A counter lives from the first try until the slice ends in any orderly way, so only work that
    kills its workers counts up. Two workers at the same slice may count once: that is harmless.
    """

    def __init__(self, store: ObjectStore, version: Callable[[PaperWork], str]) -> None:
        self._store = store
        self._version = version

    def count(self, work: PaperWork) -> int:
        """Note one more try before it begins and return which it is, from 1."""
        name = self._name(work)
        try:
            tries = int(json.loads(self._store.read(work.dossier_id, name))["attempts"]) + 1
        except ObjectMissing:
            tries = 1
        content = json.dumps({"attempts": tries}).encode()
        self._store.put(work.dossier_id, name, BytesIO(content), size_bytes=len(content), media_type="application/json")
        return tries

    def clear(self, work: PaperWork) -> None:
        """Forget the tries of a slice that has ended."""
        self._store.delete(work.dossier_id, self._name(work))

    def _name(self, work: PaperWork) -> str:
        return derived_name(work.paper_id, self._version(work), f"attempts-{work.slice}.json")
