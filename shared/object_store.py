"""The object store as a port, and the names of what lies in it.

Every call names the dossier, so that a key per dossier fits behind the port later. A name is
``<dossier id>/<paper id>/…`` with random ids: nothing in it tells anything about a person.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol
from uuid import UUID


@dataclass(frozen=True)
class ObjectFacts:
    """What the store knows about an object without opening it."""

    dossier_id: UUID
    name: str
    size_bytes: int
    modified_at: datetime


class ObjectStore(Protocol):
    """Keeps bytes; the adapters are a directory and any S3, and one contract suite runs on all.

    Every method raises ``StoreUnavailable`` when the store does not answer in time and
    ``Refused`` when it denies us access. Safe to call from several threads.
    """

    def put(
        self,
        dossier_id: UUID,
        name: str,
        content: BinaryIO,
        *,
        size_bytes: int,
        media_type: str,
    ) -> None:
        """Store exactly ``size_bytes`` of ``content``; return when they are durable.

        An object of that name is replaced as a whole: nobody ever reads a mixture or a part.
        Raises ``ValueError`` for a name that leaves its dossier and, storing nothing, for a
        content that is shorter or longer.
        """

    def open(self, dossier_id: UUID, name: str) -> AbstractContextManager[Iterator[bytes]]:
        """Open an object for reading in chunks; raises ``ObjectMissing``."""

    def read(self, dossier_id: UUID, name: str) -> bytes:
        """Return a small object whole; raises ``ObjectMissing``."""

    def stat(self, dossier_id: UUID, name: str) -> ObjectFacts | None:
        """Return the facts of an object, or nothing where there is none."""

    def list(self, dossier_id: UUID | None = None, prefix: str = "") -> Iterator[ObjectFacts]:
        """Yield the objects of one dossier whose name begins with ``prefix``, or of all dossiers."""

    def delete(self, dossier_id: UUID, name: str) -> None:
        """Delete an object; one that is not there is no error."""

    def check(self) -> None:
        """Return if the store serves us now."""


APPLICANT_FORM = "applicant.json"


def original_name(paper_id: UUID) -> str:
    """Return the name of a paper's original, as it was handed in."""
    return f"{paper_id}/original"


def derived_name(paper_id: UUID, version: str, part: str) -> str:
    """Return the name of something made from a paper by one version of the pipeline."""
    return f"{paper_id}/{version}/{part}"


DOCUMENT, TEXT, FACTS = "document.pdf", "text.txt", "facts.json"


def page_name(paper_id: UUID, version: str, number: int, kind: str) -> str:
    """Return the name of a page's checkpoint (``json``) or of its layout (``hocr``)."""
    return derived_name(paper_id, version, f"pages/{number:05d}.{kind}")


def split_key(key: str) -> tuple[UUID, str] | None:
    """Return dossier and name of a full object key, or nothing for one that is none of ours."""
    dossier, _, name = key.partition("/")
    try:
        return UUID(dossier), checked_name(name)
    except ValueError:
        return None


def checked_name(name: str) -> str:
    """Return ``name`` if it stays inside its dossier, else raise ``ValueError``."""
    parts = name.split("/")
    plain = name.isascii() and name.isprintable() and "\\" not in name
    if not plain or any(not part or part.startswith(".") for part in parts):
        raise ValueError("an object name is a relative ASCII path without hidden parts")
    return name
