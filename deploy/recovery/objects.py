"""Copying an object store: what the copy has already is left alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from itertools import islice
from typing import BinaryIO, cast

from shared.errors import ObjectMissing
from shared.object_store import ObjectFacts, ObjectStore

_AT_ONCE, _THREADS = 1000, 8
_ORIGINAL = "/original"


@dataclass(frozen=True)
class Copied:
    """What a store held, and how much of it was new to the copy."""

    objects: int = 0
    object_bytes: int = 0
    copied: int = 0
    copied_bytes: int = 0


def copy(source: ObjectStore, target: ObjectStore) -> Copied:
    """Copy every object; what is deleted meanwhile is passed over."""
    total = Copied()
    found = source.list()
    with ThreadPoolExecutor(_THREADS) as threads:
        while some := list(islice(found, _AT_ONCE)):
            done = threads.map(lambda facts: _copy(facts, source, target), some)
            new = [facts for facts, is_new in zip(some, done, strict=True) if is_new]
            total = Copied(
                total.objects + len(some),
                total.object_bytes + sum(facts.size_bytes for facts in some),
                total.copied + len(new),
                total.copied_bytes + sum(facts.size_bytes for facts in new),
            )
    return total


def _copy(facts: ObjectFacts, source: ObjectStore, target: ObjectStore) -> bool:
    if _is_there(facts, target):
        return False
    try:
        with _opened(source, facts) as content:
            target.put(
                facts.dossier_id,
                facts.name,
                content,
                size_bytes=facts.size_bytes,
                media_type="application/octet-stream",  # no store is asked for it: the ledger knows
            )
    except ObjectMissing:
        return False
    return True


def _is_there(facts: ObjectFacts, target: ObjectStore) -> bool:
    there = target.stat(facts.dossier_id, facts.name)
    if there is None or there.size_bytes != facts.size_bytes:
        return False
    # an original is never written again: should it have changed, the copy is the better one
    return facts.name.endswith(_ORIGINAL) or there.modified_at >= facts.modified_at


@contextmanager
def _opened(store: ObjectStore, facts: ObjectFacts) -> Iterator[BinaryIO]:
    with store.open(facts.dossier_id, facts.name) as chunks:
        yield cast(BinaryIO, _Chunks(chunks))


class _Chunks(RawIOBase):
    """Chunks as a file to read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, fewer only at the end."""
        parts = [self._rest]
        have = len(self._rest)
        for chunk in self._chunks if size < 0 or have < size else ():
            parts.append(chunk)
            have += len(chunk)
            if 0 <= size <= have:
                break
        content = b"".join(parts)
        self._rest = b"" if size < 0 else content[size:]
        return content if size < 0 else content[:size]
