"""The object store on MinIO or any other S3; the one door to minio-py.

minio-py 7.2 waits 300 s to connect and to read, six times over, unless it is handed a pool.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import BinaryIO, cast
from uuid import UUID

from minio import Minio
from minio.datatypes import Object
from minio.error import MinioException, S3Error
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from shared.errors import ObjectMissing, Refused, StoreUnavailable
from shared.object_store import ObjectFacts, checked_name, split_key

CHUNK_BYTES = 256 * 1024
PART_BYTES = 5 * 1024 * 1024  # the smallest S3 allows: an upload holds one part in memory
_REFUSALS = {
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "AllAccessDisabled",
}
# not NoSuchBucket: a store set up wrongly must not look like papers that are gone
_MISSING = {"NoSuchKey", "NoSuchObject"}


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        if error.code in _MISSING:
            raise ObjectMissing(f"the store answers {error.code}") from error
        if error.code in _REFUSALS:
            raise Refused(f"the store refuses us: {error.code}") from error
        raise StoreUnavailable(f"the store answers {error.code}") from error
    except (MinioException, HTTPError, OSError) as error:
        raise StoreUnavailable(f"the store does not answer: {type(error).__name__}") from error


def _pool(connections: int) -> PoolManager:
    return PoolManager(
        maxsize=connections,
        timeout=Timeout(connect=3, read=30),
        retries=Retry(total=2, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
    )


class _Exactly:
    """Reads what was announced, or raises ``ValueError`` before the last byte leaves our hands.

    minio-py 7.2 cuts a longer content off without a word.
    """

    def __init__(self, content: BinaryIO, size_bytes: int) -> None:
        self._content = content
        self._left_bytes = size_bytes

    def read(self, size: int) -> bytes:
        data = self._content.read(size)
        self._left_bytes -= len(data)
        short = not data and self._left_bytes > 0
        long = self._left_bytes < 0 or (self._left_bytes == 0 and self._content.read(1))
        if short or long:
            raise ValueError("the content is not as long as announced")
        return data


class S3Store:
    """Keeps each object in one bucket under ``<dossier id>/<name>``."""

    def __init__(
        self,
        *,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        secure: bool,
    ) -> None:
        self._client = Minio(
            endpoint,
            access_key=access_key,
            secret_key=secret_key,
            secure=secure,
            http_client=_pool(32),
        )
        self._bucket = bucket

    def put(
        self,
        dossier_id: UUID,
        name: str,
        content: BinaryIO,
        *,
        size_bytes: int,
        media_type: str,
    ) -> None:
        """Store the bytes in one request, or in parts of 5 MiB."""
        key = f"{dossier_id}/{checked_name(name)}"
        exact = _Exactly(content, size_bytes)
        if size_bytes == 0:  # minio-py would not read at all
            exact.read(1)
        with _our_errors():
            self._client.put_object(
                self._bucket,
                key,
                cast(BinaryIO, exact),
                length=size_bytes,
                content_type=media_type,
                part_size=PART_BYTES,
                num_parallel_uploads=1,
            )

    @contextmanager
    def open(self, dossier_id: UUID, name: str) -> Iterator[Iterator[bytes]]:
        """Open an object for reading in chunks."""
        with self._response(dossier_id, name) as response:
            yield _chunks(response)

    @contextmanager
    def _response(self, dossier_id: UUID, name: str) -> Iterator[BaseHTTPResponse]:
        with _our_errors():
            response = self._client.get_object(self._bucket, f"{dossier_id}/{checked_name(name)}")
        try:
            yield response
        finally:
            response.close()
            response.release_conn()

    def read(self, dossier_id: UUID, name: str) -> bytes:
        """Return a small object whole."""
        with self._response(dossier_id, name) as response, _our_errors():
            return response.read()

    def stat(self, dossier_id: UUID, name: str) -> ObjectFacts | None:
        """Return the facts of an object, or nothing where there is none."""
        try:
            with _our_errors():
                found = self._client.stat_object(self._bucket, f"{dossier_id}/{checked_name(name)}")
        except ObjectMissing:
            return None
        return _facts(dossier_id, name, found)

    def list(self, dossier_id: UUID | None = None, prefix: str = "") -> Iterator[ObjectFacts]:
        """Yield the objects of one dossier, or of all of them."""
        start = f"{dossier_id}/{prefix}" if dossier_id else ""
        with _our_errors():
            for found in self._client.list_objects(self._bucket, prefix=start, recursive=True):
                key = split_key(found.object_name or "")
                if key and key[1].startswith(prefix):
                    yield _facts(*key, found)

    def delete(self, dossier_id: UUID, name: str) -> None:
        """Delete an object; one that is not there is no error."""
        with _our_errors():
            self._client.remove_object(self._bucket, f"{dossier_id}/{checked_name(name)}")

    def check(self) -> None:
        """Return if the bucket answers; make it where it is not there."""
        with _our_errors():
            if not self._client.bucket_exists(self._bucket):
                self._client.make_bucket(self._bucket)


def _facts(dossier_id: UUID, name: str, found: Object) -> ObjectFacts:
    # S3 always sends the time; minio-py's type allows for answers without
    return ObjectFacts(dossier_id, name, found.size or 0, found.last_modified or datetime.fromtimestamp(0, UTC))


def _chunks(response: BaseHTTPResponse) -> Iterator[bytes]:
    with _our_errors():
        yield from response.stream(CHUNK_BYTES)
