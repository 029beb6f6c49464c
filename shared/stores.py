"""The object store of the settings."""

from shared.directory_store import DirectoryStore
from shared.object_store import ObjectStore
from shared.s3_store import S3Store
from shared.settings import StoreSettings


def open_store(settings: StoreSettings) -> ObjectStore:
    """Return an S3 where an endpoint is given, else a directory; nothing connects yet."""
    if settings.endpoint is None:
        return DirectoryStore(settings.directory)
    return S3Store(
        endpoint=settings.endpoint,
        access_key=settings.access_key,
        secret_key=settings.secret_key.get_secret_value(),
        bucket=settings.bucket,
        secure=settings.secure,
    )
